package hrm.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * A version of a pattern that came from the topic and cannot be run: what ran before goes on.
 *
 * @param patternId the key it was published under
 * @param version its number, as published
 * @param effectiveFrom when it would have taken effect
 * @param findings what is wrong, each as a person reads it; at least one
 * @param rejectedAt wall clock
 */
public record PatternRejection(
        @JsonProperty("pattern_id") String patternId,
        @JsonProperty("version") int version,
        @JsonProperty("effective_from") Instant effectiveFrom,
        @JsonProperty("findings") List<String> findings,
        @JsonProperty("rejected_at") Instant rejectedAt) {
    public PatternRejection {
        findings = List.copyOf(findings);
    }
}
