package hrm.importers;

import hrm.model.Reading;
import hrm.model.ReadingCodec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Steps by minute of one person, from every counter they wear; of several counters the greatest
 * counts, for they count the same steps. Takes three kilobytes for each day and counter.
 */
final class MinuteSteps {
    private static final long MINUTE_MS = 60_000;
    private static final int MINUTES = 1_440;

    private final boolean gapsAreZero;
    private final Map<String, Counter> counters = new HashMap<>();

    private static final class Counter {
        final Map<Long, short[]> days = new HashMap<>();
        long firstMinute = Long.MAX_VALUE;
        long lastMinute = Long.MIN_VALUE;
    }

    /**
     * @param gapsAreZero whether counters write nothing for a minute without a step. On a day with
     *     none at all, and before their first and after their last, steps are unknown all the same
     */
    MinuteSteps(boolean gapsAreZero) {
        this.gapsAreZero = gapsAreZero;
    }

    /** The count of a whole minute; of several the last. */
    void put(String counter, long timestampMs, int steps) {
        set(counter, Math.floorDiv(timestampMs, MINUTE_MS), steps, false);
    }

    /**
     * Steps of some time, spread evenly over its minutes; their sum stays.
     *
     * @param untilMs not before {@code fromMs}
     */
    void spread(String counter, long fromMs, long untilMs, int steps) {
        long first = Math.floorDiv(fromMs, MINUTE_MS);
        long last = Math.floorDiv(Math.max(fromMs, untilMs - 1), MINUTE_MS);
        long given = 0;
        for (long minute = first; minute <= last; minute++) {
            long until = Math.min(untilMs, (minute + 1) * MINUTE_MS);
            long due =
                    minute == last
                            ? steps
                            : Math.round((double) steps * (until - fromMs) / (untilMs - fromMs));
            set(counter, minute, (int) (due - given), true);
            given = due;
        }
    }

    private void set(String name, long minute, int steps, boolean more) {
        var counter = counters.computeIfAbsent(name, n -> new Counter());
        counter.firstMinute = Math.min(counter.firstMinute, minute);
        counter.lastMinute = Math.max(counter.lastMinute, minute);
        var day = counter.days.computeIfAbsent(Math.floorDiv(minute, MINUTES), d -> emptyDay());
        int at = Math.floorMod(minute, MINUTES);
        int before = more ? Math.max(0, day[at]) : 0;
        day[at] = (short) Math.min(ReadingCodec.MAX_STEPS, before + steps);
    }

    private static short[] emptyDay() {
        var day = new short[MINUTES];
        Arrays.fill(day, (short) Reading.UNKNOWN);
        return day;
    }

    /** Steps of the minute of a time; {@link Reading#UNKNOWN}. */
    int at(long timestampMs) {
        long minute = Math.floorDiv(timestampMs, MINUTE_MS);
        int steps = Reading.UNKNOWN;
        for (var counter : counters.values()) {
            steps = Math.max(steps, at(counter, minute));
        }
        return steps;
    }

    private int at(Counter counter, long minute) {
        var day = counter.days.get(Math.floorDiv(minute, MINUTES));
        if (day == null) {
            return Reading.UNKNOWN;
        }
        int steps = day[Math.floorMod(minute, MINUTES)];
        boolean isGap =
                steps == Reading.UNKNOWN
                        && minute > counter.firstMinute
                        && minute < counter.lastMinute;
        return isGap && gapsAreZero ? 0 : steps;
    }
}
