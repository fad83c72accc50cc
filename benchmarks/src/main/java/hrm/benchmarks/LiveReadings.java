package hrm.benchmarks;

import hrm.model.Reading;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Readings as a live topic holds them: a reading every five seconds from each device, everybody's
 * interleaved by time. One in eleven devices is a strap with RR intervals, worn beside a watch. The
 * same seed gives the same readings.
 *
 * <p>They end soon after a minute has begun, for a device's last minute is written only when the
 * device falls silent.
 */
final class LiveReadings {
    /** 42 minutes, and the reading that ends the last of them. */
    static final int OF_EACH = 42 * 12 + 1;

    private static final long START_MS = Instant.parse("2026-03-02T08:00:00Z").toEpochMilli();
    private static final int EVERY_MS = 5_000;
    private static final int STRAP = 11;

    private final long seed;
    private final long count;

    /**
     * @param count how many in all, at least 1
     */
    LiveReadings(long seed, long count) {
        this.seed = seed;
        this.count = count;
    }

    int devices() {
        return (int) Math.max(1, count / OF_EACH);
    }

    /** In the order of their timestamps, which grow. */
    void forEach(Consumer<Reading> consumer) {
        int devices = devices();
        var users = new String[devices];
        var bpm = new int[devices];
        var random = new SplittableRandom(seed);
        for (int device = 0; device < devices; device++) {
            // A strap belongs to the person whose watch is the one before.
            users[device] = "person-%05d".formatted(isStrap(device) ? device - 1 : device);
            bpm[device] = random.nextInt(55, 95);
        }
        long left = count;
        for (long tick = 0; left > 0; tick++) {
            for (int device = 0; device < devices && left > 0; device++, left--) {
                int next = bpm[device] + random.nextInt(-2, 3);
                bpm[device] = Math.min(180, Math.max(45, next));
                long timestampMs = START_MS + tick * EVERY_MS + (long) device * EVERY_MS / devices;
                consumer.accept(
                        isStrap(device)
                                ? strap(users[device], timestampMs, bpm[device], random)
                                : watch(users[device], timestampMs, bpm[device], device));
            }
        }
    }

    private static boolean isStrap(int device) {
        return device % STRAP == STRAP - 1;
    }

    private static Reading watch(String user, long timestampMs, int bpm, int device) {
        // One in five walks; the count is the minute's so far.
        int steps = device % 5 == 0 ? (int) (timestampMs % 60_000 / 1_000) * 2 : 0;
        return Reading.of(user, "watch-1", timestampMs, bpm, steps);
    }

    private static Reading strap(String user, long timestampMs, int bpm, SplittableRandom random) {
        var intervals = new int[EVERY_MS * bpm / 60_000];
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = 60_000 / bpm + random.nextInt(-30, 31);
        }
        return new Reading(
                user,
                "strap-1",
                timestampMs,
                bpm,
                Reading.UNKNOWN,
                null,
                intervals,
                true,
                Double.NaN);
    }
}
