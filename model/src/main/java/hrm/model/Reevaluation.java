package hrm.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A stretch of one device that must be judged again, because a reading or what judges came late.
 * One writer: the job that judges the device.
 *
 * <pre>
 *  marked ──▶ a correction names its number ──▶ something was wrong, or came since ──▶ marked anew
 *                                          └──▶ nothing wrong ──▶ waits: judged_until
 *  waits ──▶ something comes, or the device's clock is further ──▶ marked anew
 *  nothing wrong, and the clock far enough beyond ──▶ settled: a tombstone
 * </pre>
 *
 * @param from earliest event time touched
 * @param reason null when it is settled
 * @param number of this record within its device, what a correction names; 0 in records of earlier
 *     releases
 * @param clock the device's clock when this was written: judging again goes so far and no further;
 *     null in records of earlier releases
 * @param judgedUntil the stretch was judged again up to here and nothing is known to be wrong; null
 *     when it is yet to be judged
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reevaluation(
        @JsonProperty("user_id") String userId,
        @JsonProperty("device_id") String deviceId,
        @JsonProperty("from") Instant from,
        @JsonProperty("reason") Reason reason,
        @JsonProperty("number") long number,
        @JsonProperty("clock") Instant clock,
        @JsonProperty("judged_until") Instant judgedUntil) {
    public enum Reason {
        LATE_READING,
        LATE_BASELINE,
        LATE_PROFILE,
        LATE_PATTERN
    }

    /** As records of earlier releases are read. */
    public Reevaluation(String userId, String deviceId, Instant from, Reason reason) {
        this(userId, deviceId, from, reason, 0, null, null);
    }

    /** Nothing is left to be judged again of what was marked from there. */
    public static Reevaluation settled(
            String userId, String deviceId, Instant from, Instant until) {
        return new Reevaluation(userId, deviceId, from, null, 0, null, until);
    }

    @JsonIgnore
    public boolean isSettled() {
        return reason == null;
    }

    /** Whether nobody has judged it again since it was written. */
    @JsonIgnore
    public boolean isPending() {
        return reason != null && judgedUntil == null;
    }
}
