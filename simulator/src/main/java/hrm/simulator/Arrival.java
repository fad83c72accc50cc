package hrm.simulator;

import java.util.Arrays;

/**
 * A message as it reaches Kafka.
 *
 * @param afterMs when it arrives, milliseconds after the replay's start
 * @param recordTimestampMs the Kafka timestamp to give it, milliseconds since the epoch: when it
 *     arrives, on the readings' own calendar
 * @param userId the record's key
 * @param value the message's bytes, good or bad; not to be modified
 */
public record Arrival(long afterMs, long recordTimestampMs, String userId, byte[] value) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Arrival that
                && afterMs == that.afterMs
                && recordTimestampMs == that.recordTimestampMs
                && userId.equals(that.userId)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(recordTimestampMs) * 31 + Arrays.hashCode(value);
    }

    /** Says nothing of the person: readings and user ids do not belong in logs. */
    @Override
    public String toString() {
        return "Arrival[…]";
    }
}
