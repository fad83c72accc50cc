package hrm.model;

import java.util.Arrays;
import java.util.Objects;

/**
 * One message of a device: what it measured at one moment.
 *
 * <p>What the device did not say is unknown, never zero: {@link #UNKNOWN} for whole numbers, {@code
 * NaN} for {@code confidence}, {@code null} for the rest. Primitive on purpose: this is the hot
 * path's record.
 *
 * @param userId whose reading it is; 1 to 128 characters
 * @param deviceId which device of theirs; {@value #DEFAULT_DEVICE} when the message names none
 * @param timestampMs when it was measured, milliseconds since the epoch
 * @param bpm heart rate, beats per minute, 20 to 300
 * @param steps steps of the reading's whole minute so far
 * @param activity the device's own word for what the person does
 * @param rrIntervalsMs times between beats, milliseconds, oldest first; not to be modified
 * @param sensorContact whether the sensor touches the skin
 * @param confidence the device's trust in the reading, 0 to 1
 * @see "Bluetooth Heart Rate Measurement 0x2A37; Open mHealth heart-rate 2.0"
 */
public record Reading(
        String userId,
        String deviceId,
        long timestampMs,
        int bpm,
        int steps,
        String activity,
        int[] rrIntervalsMs,
        Boolean sensorContact,
        double confidence) {

    /** A whole number that the device did not say. */
    public static final int UNKNOWN = -1;

    public static final String DEFAULT_DEVICE = "default";

    public Reading {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(deviceId, "deviceId");
    }

    /** A reading of heart rate and steps alone, as most devices send. */
    public static Reading of(String userId, String deviceId, long timestampMs, int bpm, int steps) {
        return new Reading(userId, deviceId, timestampMs, bpm, steps, null, null, null, Double.NaN);
    }

    public boolean hasBpm() {
        return bpm != UNKNOWN;
    }

    public boolean hasSteps() {
        return steps != UNKNOWN;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Reading that
                && timestampMs == that.timestampMs
                && bpm == that.bpm
                && steps == that.steps
                && Double.compare(confidence, that.confidence) == 0
                && userId.equals(that.userId)
                && deviceId.equals(that.deviceId)
                && Objects.equals(activity, that.activity)
                && Objects.equals(sensorContact, that.sensorContact)
                && Arrays.equals(rrIntervalsMs, that.rrIntervalsMs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(userId, deviceId, timestampMs);
    }

    /** Says nothing of the person: readings and user ids do not belong in logs. */
    @Override
    public String toString() {
        return "Reading[…]";
    }
}
