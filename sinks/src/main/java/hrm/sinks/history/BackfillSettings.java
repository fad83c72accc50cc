package hrm.sinks.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import hrm.model.PatternVersions;
import java.time.Instant;
import java.util.List;

/**
 * What a run of the backfill was asked for; kept, so that one that was interrupted goes on as it
 * began.
 *
 * @param from episodes detected from then on; null for all
 * @param until readings before then; null for all
 * @param users whose; empty for everybody's
 * @param baselines by which, as the job's option says
 * @param published whether its alerts go to the topic as well
 * @param patterns by which
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillSettings(
        @JsonProperty("from") Instant from,
        @JsonProperty("until") Instant until,
        @JsonProperty("users") List<String> users,
        @JsonProperty("baselines") String baselines,
        @JsonProperty("published") boolean published,
        @JsonProperty("patterns") List<PatternVersions> patterns) {
    public BackfillSettings {
        users = users.stream().distinct().toList();
        patterns = List.copyOf(patterns);
    }
}
