package hrm.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * What judging a device's marked stretches again has found, for the job that judges the device: it
 * alone writes alerts. Applied as a whole or not at all, and once: by the numbers of its marks.
 *
 * @param marks the records of {@code reevaluations} that were judged
 * @param until the newest reading that was judged
 * @param quietSince the first reading after the device's latest long silence: what went wrong
 *     before it has no part in what was judged since; null when there was none
 * @param episodes those that were told otherwise; none when nothing was wrong
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Correction(
        @JsonProperty("user_id") String userId,
        @JsonProperty("device_id") String deviceId,
        @JsonProperty("marks") List<Mark> marks,
        @JsonProperty("until") Instant until,
        @JsonProperty("quiet_since") Instant quietSince,
        @JsonProperty("episodes") List<Corrected> episodes) {
    public Correction {
        marks = List.copyOf(marks);
        episodes = List.copyOf(episodes);
    }

    /**
     * @param from of the record
     * @param reason of the record
     * @param number of the record
     */
    public record Mark(
            @JsonProperty("from") Instant from,
            @JsonProperty("reason") Reevaluation.Reason reason,
            @JsonProperty("number") long number) {}

    /**
     * One episode.
     *
     * @param events what there is to tell of it, in order, at least one; without {@code event_id}
     *     and {@code sequence}, which who tells them gives
     * @param lasts whether its pattern still remembers it at {@link Correction#until}
     * @param lastMatch the newest match that it stands for; null unless it lasts
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Corrected(
            @JsonProperty("events") List<Alert> events,
            @JsonProperty("lasts") boolean lasts,
            @JsonProperty("last_match") Instant lastMatch) {
        public Corrected {
            events = List.copyOf(events);
        }
    }
}
