package hrm.simulator;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a person wears and what it sends beside heart rate.
 *
 * @param id the reading's {@code device_id}
 * @param interval between two readings; a divisor of a minute, at least a second
 * @param wear when it is worn
 * @param reports what it sends beside heart rate
 */
public record Device(String id, Duration interval, Wear wear, Set<Signal> reports) {
    /** When a device is worn. */
    public enum Wear {
        /** Day and night, but for charging and short losses of contact. */
        ALWAYS,
        /** Taken off for the night. */
        AWAKE,
        /** Put on for a workout only. */
        WORKOUTS
    }

    /** What a device may send beside heart rate. */
    public enum Signal {
        STEPS,
        RR_INTERVALS,
        CONTACT,
        CONFIDENCE,
        ACTIVITY
    }

    public Device {
        long ms = interval.toMillis();
        if (ms < 1_000 || 60_000 % ms != 0) {
            throw new IllegalArgumentException(
                    "a device's interval divides a minute and is at least 1s, not " + interval);
        }
        reports = Set.copyOf(reports);
    }

    /** A wrist device that counts steps. */
    public static Device watch(String id, int intervalSeconds) {
        return new Device(
                id, Duration.ofSeconds(intervalSeconds), Wear.ALWAYS, EnumSet.of(Signal.STEPS));
    }

    /** A chest strap: beats and skin contact, no steps. */
    public static Device strap(String id, int intervalSeconds) {
        return new Device(
                id,
                Duration.ofSeconds(intervalSeconds),
                Wear.ALWAYS,
                EnumSet.of(Signal.RR_INTERVALS, Signal.CONTACT));
    }

    /** The same device that also sends this. */
    public Device reporting(Signal... signals) {
        var all = EnumSet.noneOf(Signal.class);
        all.addAll(reports);
        all.addAll(Set.of(signals));
        return new Device(id, interval, wear, all);
    }

    /** The same device without steps: whether its person is at rest is unknown. */
    public Device withoutSteps() {
        var rest = EnumSet.noneOf(Signal.class);
        rest.addAll(reports);
        rest.remove(Signal.STEPS);
        return new Device(id, interval, wear, rest);
    }

    public Device worn(Wear when) {
        return new Device(id, interval, when, reports);
    }

    boolean sends(Signal signal) {
        return reports.contains(signal);
    }
}
