package hrm.model;

import java.util.Arrays;
import java.util.Objects;

/**
 * The readings of one device in one minute, column by column as the store has them: what history is
 * read in. A reading is made when it is asked for, so that a minute costs a handful of objects
 * however many readings it has. Arrays are not to be modified.
 */
public final class MinuteColumns {
    private final String userId;
    private final String deviceId;
    private final long minuteMs;
    private final int[] offsetMs;
    private final short[] bpm;
    private final short[] steps;
    private final Extras extras;

    /**
     * What few devices send. Each column has an element a reading, or is null when no reading of
     * the minute has it.
     *
     * @param activity null where a reading has none
     * @param sensorContact null where a reading says nothing
     * @param confidence {@code NaN} where a reading says nothing
     * @param rrIntervalsMs null where a reading sent no list
     */
    public record Extras(
            String[] activity,
            Boolean[] sensorContact,
            double[] confidence,
            int[][] rrIntervalsMs) {}

    /**
     * @param minuteMs the minute's start, milliseconds since the epoch
     * @param offsetMs of each reading since then, ascending, no two the same; at least one
     * @param bpm {@link Reading#UNKNOWN} where a reading has none; null when none has
     * @param steps the same
     * @param extras null when no reading has any of them
     */
    public MinuteColumns(
            String userId,
            String deviceId,
            long minuteMs,
            int[] offsetMs,
            short[] bpm,
            short[] steps,
            Extras extras) {
        this.userId = Objects.requireNonNull(userId, "userId");
        this.deviceId = Objects.requireNonNull(deviceId, "deviceId");
        this.minuteMs = minuteMs;
        this.offsetMs = offsetMs;
        this.bpm = bpm;
        this.steps = steps;
        this.extras = extras;
    }

    public static MinuteColumns of(MinuteRow row) {
        var readings = row.readings();
        int n = readings.size();
        var offsetMs = new int[n];
        var bpm = new short[n];
        var steps = new short[n];
        var activity = new String[n];
        var contact = new Boolean[n];
        var confidence = new double[n];
        var rr = new int[n][];
        boolean plain = true;
        for (int i = 0; i < n; i++) {
            var reading = readings.get(i);
            offsetMs[i] = (int) (reading.timestampMs() - row.minuteMs());
            bpm[i] = (short) reading.bpm();
            steps[i] = (short) reading.steps();
            activity[i] = reading.activity();
            contact[i] = reading.sensorContact();
            confidence[i] = reading.confidence();
            rr[i] = reading.rrIntervalsMs();
            plain &=
                    activity[i] == null
                            && contact[i] == null
                            && rr[i] == null
                            && Double.isNaN(confidence[i]);
        }
        return new MinuteColumns(
                row.userId(),
                row.deviceId(),
                row.minuteMs(),
                offsetMs,
                bpm,
                steps,
                plain ? null : new Extras(activity, contact, confidence, rr));
    }

    public String userId() {
        return userId;
    }

    public String deviceId() {
        return deviceId;
    }

    public long minuteMs() {
        return minuteMs;
    }

    /** How many readings. */
    public int size() {
        return offsetMs.length;
    }

    /**
     * @param i from 0, by time
     */
    public Reading reading(int i) {
        int heartRate = bpm == null ? Reading.UNKNOWN : bpm[i];
        int stepCount = steps == null ? Reading.UNKNOWN : steps[i];
        if (extras == null) {
            return Reading.of(userId, deviceId, minuteMs + offsetMs[i], heartRate, stepCount);
        }
        return new Reading(
                userId,
                deviceId,
                minuteMs + offsetMs[i],
                heartRate,
                stepCount,
                extras.activity == null ? null : extras.activity[i],
                extras.rrIntervalsMs == null ? null : extras.rrIntervalsMs[i],
                extras.sensorContact == null ? null : extras.sensorContact[i],
                extras.confidence == null ? Double.NaN : extras.confidence[i]);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof MinuteColumns that)
                || minuteMs != that.minuteMs
                || size() != that.size()
                || !userId.equals(that.userId)
                || !deviceId.equals(that.deviceId)) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            if (!reading(i).equals(that.reading(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Objects.hash(userId, deviceId, minuteMs, Arrays.hashCode(offsetMs));
    }

    /** Says nothing of the person. */
    @Override
    public String toString() {
        return "MinuteColumns[" + size() + " readings]";
    }
}
