package hrm.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Something that happens to one person or their device at a known time, and what must be noticed.
 *
 * @param userId to whom
 * @param deviceId to which of their devices; null for all
 * @param kind what happens
 * @param from when it begins, a whole minute
 * @param length how long it takes, from the first sign until all is as before
 */
public record ScriptedEvent(
        String userId, String deviceId, Kind kind, Instant from, Duration length) {

    /** The person sits still this long before an event at rest, so that they count as at rest. */
    static final Duration STILL_BEFORE = Duration.ofMinutes(30);

    private static final Duration NONE = Duration.ZERO;

    public ScriptedEvent {
        if (!from.equals(from.truncatedTo(ChronoUnit.MINUTES))) {
            throw new IllegalArgumentException("a scripted event begins on a whole minute");
        }
        if (length.compareTo(kind.shortest()) < 0) {
            throw new IllegalArgumentException(
                    kind + " takes at least " + kind.shortest() + ", not " + length);
        }
    }

    public static ScriptedEvent of(Person person, Kind kind, Instant from) {
        return new ScriptedEvent(person.id(), null, kind, from, kind.usual());
    }

    public ScriptedEvent lasting(Duration other) {
        return new ScriptedEvent(userId, deviceId, kind, from, other);
    }

    public ScriptedEvent on(Device device) {
        return new ScriptedEvent(userId, device.id(), kind, from, length);
    }

    public Instant to() {
        return from.plus(length);
    }

    /** When the heart rate begins to differ: after the exertion that leads up to it, if any. */
    public Instant effectFrom() {
        return from.plus(kind.lead);
    }

    /**
     * What must be noticed: an alert of this pattern with {@code detected_at} in this span. Empty
     * when nothing must be said.
     */
    public List<Expected> expected() {
        return kind.noticedBy == null
                ? List.of()
                : List.of(new Expected(userId, kind.noticedBy, effectFrom(), to()));
    }

    /** An alert that must come: {@code from} inclusive to {@code to} exclusive, device time. */
    public record Expected(String userId, String patternId, Instant from, Instant to) {
        public boolean covers(String user, String pattern, Instant detectedAt) {
            return userId.equals(user)
                    && patternId.equals(pattern)
                    && !detectedAt.isBefore(from)
                    && detectedAt.isBefore(to);
        }
    }

    /** What can happen. Numbers lie well beyond the limits of the shipped patterns. */
    public enum Kind {
        /** Still; slowly up to 128 bpm, twenty minutes there, slowly back. */
        RESTING_TACHYCARDIA("resting-tachycardia", NONE, 0, minutes(10), minutes(10), minutes(40)),
        /** Still; slowly down to 37 bpm, about 25 minutes there, slowly back. */
        RESTING_BRADYCARDIA("resting-bradycardia", NONE, 0, minutes(6), minutes(6), minutes(38)),
        /** Still; to 185 bpm within a minute and a half. */
        EXTREME_TACHYCARDIA("extreme-tachycardia", NONE, 0, seconds(90), minutes(3), minutes(8)),
        /** Still; to 26 bpm within a minute. */
        EXTREME_BRADYCARDIA("extreme-bradycardia", NONE, 0, seconds(60), minutes(3), minutes(8)),
        /**
         * Ten minutes' stroll at 92 bpm, then 48 from one reading to the next: as much as a heart
         * does within 5 s, so that it is no sensor fault.
         */
        SUDDEN_DROP("sudden-drop", minutes(10), 70, NONE, minutes(5), minutes(22)),
        /** Still; 52 bpm more within 40 s, and back within minutes. */
        SUDDEN_RISE_AT_REST("sudden-rise-at-rest", NONE, 0, seconds(40), minutes(3), minutes(6)),
        /** The same rise, but it stays for seven minutes: too short for a resting tachycardia. */
        RISE_WITHOUT_MOVEMENT(
                "rise-without-movement", NONE, 0, seconds(40), minutes(3), minutes(10)),
        /** Still; slowly to 30 bpm above the person's own normal, under every general limit. */
        PERSONAL_DEVIATION("personal-deviation", NONE, 0, minutes(10), minutes(10), minutes(70)),
        /** 25 minutes' run, then still but at 155 to 135 bpm for half an hour. */
        NO_RECOVERY("resting-tachycardia", minutes(25), 165, NONE, minutes(8), minutes(65)),
        /** The same run with a normal recovery: nothing must be said. */
        RUN_AND_RECOVER(null, minutes(25), 165, NONE, NONE, minutes(65)),
        /** 10 bpm more by night and 5 by day while it lasts; for the patterns of nights. */
        FEVER(null, NONE, 0, NONE, NONE, Duration.ofDays(3)),
        /** The device repeats one value, whatever the person does. */
        STUCK_SENSOR("sensor-fault", NONE, 0, NONE, NONE, minutes(90)),
        /**
         * Values jump between about 60 and 190 bpm: nothing must be said of the heart. (The shipped
         * {@code sensor-fault} asks for a minute without one plausible value, which this is not.)
         */
        STRAP_FAULTS(null, NONE, 0, NONE, NONE, minutes(15)),
        /** What was measured meanwhile arrives at the end, in order and at once. */
        LATE_SYNC(null, NONE, 0, NONE, NONE, Duration.ofHours(3)),
        /** The first ten minutes arrive at the end, after newer readings of the same device. */
        LATE_READINGS(null, NONE, 0, NONE, NONE, minutes(40)),
        /** Every reading arrives twice. */
        DUPLICATES(null, NONE, 0, NONE, NONE, minutes(60)),
        /** Every tenth reading is followed by a broken message, each kind in turn. */
        BROKEN_MESSAGES(null, NONE, 0, NONE, NONE, minutes(60));

        private final String noticedBy;
        final Duration lead;
        final int leadSteps;
        private final Duration rampUp;
        private final Duration rampDown;
        private final Duration usual;

        Kind(
                String noticedBy,
                Duration lead,
                int leadSteps,
                Duration rampUp,
                Duration rampDown,
                Duration usual) {
            this.noticedBy = noticedBy;
            this.lead = lead;
            this.leadSteps = leadSteps;
            this.rampUp = rampUp;
            this.rampDown = rampDown;
            this.usual = usual;
        }

        /** The id of the pattern that must notice it; null when nothing must be said. */
        public String noticedBy() {
            return noticedBy;
        }

        /** How long it takes unless said otherwise. */
        public Duration usual() {
            return usual;
        }

        Duration shortest() {
            return movesHeart() ? lead.plus(rampUp).plus(rampDown) : Duration.ofMinutes(1);
        }

        /** Whether the heart itself does something, so that the person's day makes room for it. */
        boolean movesHeart() {
            return switch (this) {
                case FEVER,
                        STUCK_SENSOR,
                        STRAP_FAULTS,
                        LATE_SYNC,
                        LATE_READINGS,
                        DUPLICATES,
                        BROKEN_MESSAGES ->
                        false;
                default -> true;
            };
        }

        /** Exertion of the time that leads up to it, 0 rest to 1 the limit. */
        double leadIntensity() {
            return leadSteps > 140 ? 0.86 : 0.2;
        }

        /**
         * What the heart rate tends to, bpm; NaN when it follows the person's day.
         *
         * @param secondsIn since the effect began; negative during what leads up to it
         */
        double level(Person person, double secondsIn) {
            return switch (this) {
                case RESTING_TACHYCARDIA -> 128;
                case RESTING_BRADYCARDIA -> 37;
                case EXTREME_TACHYCARDIA -> 185;
                case EXTREME_BRADYCARDIA -> 26;
                case SUDDEN_DROP -> secondsIn < 0 ? 92 : 48;
                case SUDDEN_RISE_AT_REST, RISE_WITHOUT_MOVEMENT -> person.awakeBpm() + 52;
                case PERSONAL_DEVIATION -> person.awakeBpm() + 30;
                case NO_RECOVERY ->
                        secondsIn < 0 ? Double.NaN : Math.max(135, 155 - secondsIn / 90);
                default -> Double.NaN;
            };
        }

        /** How far the event has taken hold, 0 to 1. */
        double weight(double secondsIn, double secondsLeft) {
            // A walk warms up like the person's own; the drop at its end is at once.
            double taken =
                    secondsIn < 0
                            ? share(secondsIn + lead.toSeconds(), minutes(4))
                            : share(secondsIn, rampUp);
            return Math.min(taken, share(secondsLeft, rampDown));
        }

        private static double share(double seconds, Duration ramp) {
            return ramp.isZero() ? 1 : Math.max(0, Math.min(1, seconds / ramp.toSeconds()));
        }
    }

    private static Duration minutes(int minutes) {
        return Duration.ofMinutes(minutes);
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
