package hrm.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A stretch of one device that must be judged again, because a reading or what judges came late.
 *
 * @param from earliest event time touched
 */
public record Reevaluation(
        @JsonProperty("user_id") String userId,
        @JsonProperty("device_id") String deviceId,
        @JsonProperty("from") Instant from,
        @JsonProperty("reason") Reason reason) {
    public enum Reason {
        LATE_READING,
        LATE_BASELINE,
        LATE_PROFILE,
        LATE_PATTERN
    }
}
