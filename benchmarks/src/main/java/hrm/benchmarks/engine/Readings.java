package hrm.benchmarks.engine;

import hrm.model.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * Readings of many people, one every 5 seconds from each, held as compactly as can be: what every
 * engine is fed with. They may be given in several laps, each a day and more after the one before,
 * so that nothing of one lap reaches into the next.
 */
public final class Readings {
    static final long BASE_MS = Instant.parse("2026-03-02T06:00:00Z").toEpochMilli();
    static final long INTERVAL_MS = 5_000;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    /** What happens to people. */
    public enum Scenario {
        /** Two in a hundred readings, anybody's at any time, may begin or end something. */
        SCATTERED("2 % interesting readings"),
        /** One in a hundred people has a high heart rate all the time; all others are calm. */
        LASTING("1 % of people in a condition that lasts");

        final String words;

        Scenario(String words) {
            this.words = words;
        }
    }

    private final String[] users;
    private final int ticks;
    private final short[] bpm;
    private final byte[] steps;
    private final int inCondition;

    private Readings(int people, int ticks, int inCondition) {
        this.users = new String[people];
        for (int i = 0; i < people; i++) {
            users[i] = "user-%06d".formatted(i);
        }
        this.ticks = ticks;
        this.bpm = new short[people * ticks];
        this.steps = new byte[people * ticks];
        this.inCondition = inCondition;
    }

    /**
     * @param ticks readings of each person
     */
    public static Readings generate(Scenario scenario, int people, int ticks, long seed) {
        boolean lasting = scenario == Scenario.LASTING;
        var readings = new Readings(people, ticks, lasting ? Math.max(1, people / 100) : 0);
        var random = new Random(seed);
        for (int at = 0; at < people * ticks; at++) {
            if (at % people < readings.inCondition) {
                readings.set(at, 150 + random.nextInt(21), 0);
            } else if (lasting || random.nextInt(100) >= 2) {
                readings.set(
                        at,
                        55 + random.nextInt(40),
                        random.nextInt(5) > 0 ? 0 : random.nextInt(30));
            } else {
                readings.interesting(at, random);
            }
        }
        return readings;
    }

    /** In their last two readings all people match something, so that one sees when all is done. */
    Readings withFinale() {
        for (int person = 0; person < users.length; person++) {
            set((ticks - 2) * users.length + person, 132, 0);
            set((ticks - 1) * users.length + person, 133, 0);
        }
        return this;
    }

    private void interesting(int at, Random random) {
        int kind = random.nextInt(20);
        if (kind < 14) {
            set(at, 100 + random.nextInt(81), 0);
        } else if (kind < 17) {
            set(at, 30 + random.nextInt(21), 0);
        } else {
            set(at, 95 + random.nextInt(31), 40 + random.nextInt(80));
        }
    }

    private void set(int at, int bpm, int steps) {
        this.bpm[at] = (short) bpm;
        this.steps[at] = (byte) steps;
    }

    int people() {
        return users.length;
    }

    /** People below this number are in the condition. */
    int inCondition() {
        return inCondition;
    }

    int ticks() {
        return ticks;
    }

    long size() {
        return (long) users.length * ticks;
    }

    String user(int person) {
        return users[person];
    }

    long timestampMs(int lap, int tick) {
        return BASE_MS + lap * lapMs() + tick * INTERVAL_MS;
    }

    int bpm(int tick, int person) {
        return bpm[tick * users.length + person];
    }

    int steps(int tick, int person) {
        return steps[tick * users.length + person];
    }

    Reading reading(int lap, int tick, int person) {
        return Reading.of(
                users[person],
                Reading.DEFAULT_DEVICE,
                timestampMs(lap, tick),
                bpm(tick, person),
                steps(tick, person));
    }

    /** How far a lap is from the next. */
    long lapMs() {
        return (ticks * INTERVAL_MS / DAY_MS + 2) * DAY_MS;
    }
}
