package hrm.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;

/**
 * Value of the topic {@code baselines}: a person's versions that may still be needed (35 days).
 *
 * @param versions by {@code effective_from}, oldest first
 */
public record Baselines(
        @JsonProperty("user_id") String userId, @JsonProperty("versions") List<Baseline> versions) {
    public Baselines {
        versions = versions.stream().sorted(Comparator.comparing(Baseline::effectiveFrom)).toList();
    }
}
