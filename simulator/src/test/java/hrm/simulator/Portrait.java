package hrm.simulator;

import hrm.model.Reading;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What one device's readings look like in numbers, real or simulated: the same arithmetic for both.
 *
 * <p>Most are taken from minutes, each the median of its readings, so that devices of different
 * intervals compare. At rest means no step in this minute and the twelve before, as for baselines.
 */
final class Portrait {
    /** Whose recordings say what is usual. */
    enum Against {
        /** All of them. */
        ALL,
        /**
         * Watches in daily life: what depends on steps, which the strap's actigraph counts
         * otherwise.
         */
        WATCH
    }

    /** What is measured. Hours are local, shares percent. */
    enum Statistic {
        NIGHT_REST("resting rate, still minutes 0–7 h, bpm", Against.ALL),
        NIGHT_SPREAD("its SD from night to night, bpm", Against.WATCH),
        NIGHT_WIDTH("1–5 h, p95 − p05, bpm", Against.ALL),
        DIP_BPM("night dip, 10–20 h less 1–5 h, bpm", Against.ALL),
        DIP_SHARE("night dip, % of the day", Against.ALL),
        REST_P05("at rest p05, bpm", Against.WATCH),
        REST_P50("at rest p50, bpm", Against.WATCH),
        REST_P95("at rest p95, bpm", Against.WATCH),
        REST_P99("at rest p99, bpm", Against.WATCH),
        DAY_REST_P50("at rest 9–21 h p50, bpm", Against.WATCH),
        DAY_REST_WIDTH("at rest 9–21 h, p95 − p05, bpm", Against.WATCH),
        ACTIVE_P05("not at rest p05, bpm", Against.WATCH),
        ACTIVE_P50("not at rest p50, bpm", Against.WATCH),
        ACTIVE_P95("not at rest p95, bpm", Against.WATCH),
        WALKING_P50("over 60 steps a minute p50, bpm", Against.WATCH),
        OVER_120("minutes over 120 bpm, %", Against.ALL),
        AFTER_1("autocorrelation, 1 min", Against.ALL),
        AFTER_5("autocorrelation, 5 min", Against.ALL),
        AFTER_15("autocorrelation, 15 min", Against.ALL),
        AFTER_60("autocorrelation, 60 min", Against.ALL),
        REST_AFTER_1("the same at rest 9–21 h, 1 min", Against.WATCH),
        REST_AFTER_5("the same at rest 9–21 h, 5 min", Against.WATCH),
        REST_AFTER_15("the same at rest 9–21 h, 15 min", Against.WATCH),
        CHANGE_5S("mean change in 5 s, bpm", Against.ALL),
        CHANGE_5S_NIGHT("mean change in 5 s, 1–5 h, bpm", Against.ALL),
        CHANGES_AFTER_5S("autocorrelation of changes in 5 s, next", Against.ALL),
        CHANGE_MINUTE("mean change in a minute at rest, bpm", Against.WATCH),
        STEPS("steps a day", Against.WATCH),
        STEPS_P50("steps of a minute that has any, p50", Against.WATCH),
        MOVING("minutes with a step 9–21 h, %", Against.WATCH),
        WALKING("minutes over 60 steps 9–21 h, %", Against.WATCH),
        AT_REST("minutes at rest 9–21 h, %", Against.WATCH),
        WORN("minutes worn, %", Against.ALL),
        GAPS("gaps over 2 min a day", Against.ALL),
        GAP_LENGTH("their median length, min", Against.ALL),
        IMPOSSIBLE("outside 20–300 bpm, of 100,000", Against.ALL),
        JUMPS("jumps over 40 bpm in 10 s, of 100,000", Against.ALL),
        STUCK("in a run of 15 min and 60 readings, %", Against.ALL);

        final String title;
        final Against against;

        Statistic(String title, Against against) {
            this.title = title;
            this.against = against;
        }
    }

    private static final int DAY = 1440;
    private static final int REST_MINUTES = 12;

    // By minute; 0 bpm where nothing was measured.
    private final double[] bpm;
    private final int[] steps;
    private final int[] hour;
    private final boolean[] rest;
    private final Map<Statistic, Double> values = new EnumMap<>(Statistic.class);

    /**
     * @param readings of one device by time; what goes back in time is left out
     * @param zone in which its person's hours are
     */
    static Portrait of(Iterator<Reading> readings, ZoneId zone) {
        return new Portrait(readings, zone);
    }

    /** NaN where the readings do not say. */
    double get(Statistic statistic) {
        return values.getOrDefault(statistic, Double.NaN);
    }

    /**
     * A quantile of the minutes of three local hours, as baselines group them; NaN with fewer than
     * 30 of them.
     *
     * @param group 0 for hours 0 to 2, up to 7
     * @param atRest at rest; else known not to be
     */
    double hours(int group, boolean atRest, double share) {
        return quantile(minutes(i -> known(i) && rest[i] == atRest && hour[i] / 3 == group), share);
    }

    private Portrait(Iterator<Reading> readings, ZoneId zone) {
        var gatherer = new Gatherer();
        readings.forEachRemaining(gatherer::add);
        var minutes = gatherer.finish();
        long first = minutes.get(0).index();
        int length = (int) (minutes.get(minutes.size() - 1).index() - first + 1);
        bpm = new double[length];
        steps = new int[length];
        rest = new boolean[length];
        hour = new int[length];
        Arrays.fill(steps, Reading.UNKNOWN);
        for (var minute : minutes) {
            int i = (int) (minute.index() - first);
            bpm[i] = minute.bpm();
            steps[i] = minute.steps();
        }
        int still = 0;
        for (int i = 0; i < length; i++) {
            still = steps[i] == 0 ? still + 1 : 0;
            rest[i] = still > REST_MINUTES;
            hour[i] = Instant.ofEpochSecond((first + i) * 60).atZone(zone).getHour();
        }
        levels();
        memory();
        changes(minutes, first);
        movement();
        wear();
    }

    private void levels() {
        nights();
        put(Statistic.REST_P05, quantile(minutes(i -> rest[i]), 0.05));
        put(Statistic.REST_P50, quantile(minutes(i -> rest[i]), 0.5));
        put(Statistic.REST_P95, quantile(minutes(i -> rest[i]), 0.95));
        put(Statistic.REST_P99, quantile(minutes(i -> rest[i]), 0.99));
        put(Statistic.DAY_REST_P50, quantile(minutes(i -> rest[i] && hours(i, 9, 21)), 0.5));
        width(Statistic.DAY_REST_WIDTH, i -> rest[i] && hours(i, 9, 21));
        put(Statistic.ACTIVE_P05, quantile(minutes(i -> known(i) && !rest[i]), 0.05));
        put(Statistic.ACTIVE_P50, quantile(minutes(i -> known(i) && !rest[i]), 0.5));
        put(Statistic.ACTIVE_P95, quantile(minutes(i -> known(i) && !rest[i]), 0.95));
        put(Statistic.WALKING_P50, quantile(minutes(i -> steps[i] > 60), 0.5));
        width(Statistic.NIGHT_WIDTH, i -> hours(i, 1, 5));
        double night = quantile(minutes(i -> hours(i, 1, 5)), 0.5);
        double day = quantile(minutes(i -> hours(i, 10, 20)), 0.5);
        put(Statistic.DIP_BPM, day - night);
        put(Statistic.DIP_SHARE, 100 * (day - night) / day);
        share(Statistic.OVER_120, i -> bpm[i] > 120, i -> true);
    }

    private void nights() {
        var nights = DoubleStream.builder();
        for (int from = 0; from < bpm.length; from++) {
            if (hour[from] < 7 && (from == 0 || hour[from - 1] > 7)) {
                int start = from;
                double night =
                        quantile(
                                minutes(
                                        i ->
                                                i >= start
                                                        && i < start + 8 * 60
                                                        && hour[i] < 7
                                                        && steps[i] == 0),
                                0.5,
                                60);
                if (!Double.isNaN(night)) {
                    nights.add(night);
                }
            }
        }
        var medians = nights.build().toArray();
        put(Statistic.NIGHT_REST, quantile(medians, 0.5, 1));
        put(Statistic.NIGHT_SPREAD, medians.length < 5 ? Double.NaN : sd(medians));
    }

    private void memory() {
        put(Statistic.AFTER_1, autocorrelation(1, i -> true));
        put(Statistic.AFTER_5, autocorrelation(5, i -> true));
        put(Statistic.AFTER_15, autocorrelation(15, i -> true));
        put(Statistic.AFTER_60, autocorrelation(60, i -> true));
        IntPredicate calm = i -> rest[i] && hours(i, 9, 21);
        put(Statistic.REST_AFTER_1, autocorrelation(1, calm));
        put(Statistic.REST_AFTER_5, autocorrelation(5, calm));
        put(Statistic.REST_AFTER_15, autocorrelation(15, calm));
        put(
                Statistic.CHANGE_MINUTE,
                IntStream.range(1, bpm.length)
                        .filter(i -> bpm[i] > 0 && bpm[i - 1] > 0 && rest[i] && rest[i - 1])
                        .mapToDouble(i -> Math.abs(bpm[i] - bpm[i - 1]))
                        .average()
                        .orElse(Double.NaN));
    }

    private void changes(List<Minute> minutes, long first) {
        put(Statistic.CHANGE_5S, change(minutes));
        put(
                Statistic.CHANGE_5S_NIGHT,
                change(
                        minutes.stream()
                                .filter(minute -> hours((int) (minute.index() - first), 1, 5))
                                .toList()));
    }

    private static double change(List<Minute> minutes) {
        int all = minutes.stream().mapToInt(Minute::changes).sum();
        double sum = minutes.stream().mapToDouble(Minute::change).sum();
        return all < 200 ? Double.NaN : sum / all;
    }

    private void movement() {
        // Hour by hour, so that it counts the same whether it is worn by night or not.
        double steps = 0;
        for (int h = 0; h < 24; h++) {
            int at = h;
            steps +=
                    60
                            * IntStream.range(0, bpm.length)
                                    .filter(i -> known(i) && hour[i] == at)
                                    .map(i -> this.steps[i])
                                    .average()
                                    .orElse(0);
        }
        put(Statistic.STEPS, minutes(this::known).length < 720 ? Double.NaN : steps);
        share(Statistic.MOVING, i -> this.steps[i] > 0, i -> known(i) && hours(i, 9, 21));
        share(Statistic.WALKING, i -> this.steps[i] > 60, i -> known(i) && hours(i, 9, 21));
        share(Statistic.AT_REST, i -> rest[i], i -> known(i) && hours(i, 9, 21));
        var moving = IntStream.range(0, bpm.length).filter(i -> known(i) && this.steps[i] > 0);
        put(Statistic.STEPS_P50, quantile(moving.mapToDouble(i -> this.steps[i]).toArray(), 0.5));
    }

    private void wear() {
        int gap = 0;
        var gaps = IntStream.builder();
        for (double value : bpm) {
            if (value > 0 && gap > 2) {
                gaps.add(gap);
            }
            gap = value > 0 ? 0 : gap + 1;
        }
        var lengths = gaps.build().asDoubleStream().toArray();
        put(Statistic.GAPS, lengths.length * (double) DAY / bpm.length);
        put(Statistic.GAP_LENGTH, quantile(lengths, 0.5, 1));
        double worn = Arrays.stream(bpm).filter(value -> value > 0).count();
        put(Statistic.WORN, 100 * worn / bpm.length);
    }

    private boolean known(int minute) {
        return bpm[minute] > 0 && steps[minute] != Reading.UNKNOWN;
    }

    private boolean hours(int minute, int from, int to) {
        return hour[minute] >= from && hour[minute] < to;
    }

    private double[] minutes(IntPredicate which) {
        return IntStream.range(0, bpm.length)
                .filter(i -> bpm[i] > 0 && which.test(i))
                .mapToDouble(i -> bpm[i])
                .toArray();
    }

    private void put(Statistic statistic, double value) {
        values.put(statistic, value);
    }

    private void width(Statistic statistic, IntPredicate which) {
        var minutes = minutes(which);
        put(statistic, quantile(minutes, 0.95) - quantile(minutes, 0.05));
    }

    private void share(Statistic statistic, IntPredicate which, IntPredicate among) {
        double all = minutes(among).length;
        double some = minutes(i -> among.test(i) && which.test(i)).length;
        put(statistic, all < 60 ? Double.NaN : 100 * some / all);
    }

    private double autocorrelation(int lag, IntPredicate which) {
        double mean = Arrays.stream(minutes(which)).average().orElse(Double.NaN);
        double with = 0;
        double one = 0;
        double other = 0;
        int pairs = 0;
        for (int i = lag; i < bpm.length; i++) {
            int j = i - lag;
            if (bpm[i] > 0 && bpm[j] > 0 && which.test(i) && which.test(j)) {
                with += (bpm[i] - mean) * (bpm[j] - mean);
                one += (bpm[i] - mean) * (bpm[i] - mean);
                other += (bpm[j] - mean) * (bpm[j] - mean);
                pairs++;
            }
        }
        return pairs < 60 ? Double.NaN : with / Math.sqrt(one * other);
    }

    private static double sd(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }

    private static double quantile(double[] values, double share) {
        return quantile(values, share, 30);
    }

    /** Between neighbours in proportion; NaN with fewer values than asked for. */
    static double quantile(double[] values, double share, int fewest) {
        if (values.length < Math.max(1, fewest)) {
            return Double.NaN;
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** Cuts readings into minutes and counts what is odd. */
    private final class Gatherer {
        private static final long MINUTE_MS = 60_000;

        private final List<Minute> minutes = new ArrayList<>();
        private final int[] ofMinute = new int[200];
        private int inMinute;
        private int stepsOfMinute;
        private double changeOfMinute;
        private int changesOfMinute;
        private Reading last;
        private int readings;
        private int impossible;
        private int jumps;
        private long sameSinceMs;
        private int same;
        private int stuck;
        private double lastChange;
        private double squares;
        private double products;

        void add(Reading reading) {
            if (!reading.hasBpm() || last != null && reading.timestampMs() <= last.timestampMs()) {
                return;
            }
            readings++;
            if (reading.bpm() < 20 || reading.bpm() > 300) {
                impossible++;
                return;
            }
            if (last != null && minuteOf(reading) != minuteOf(last)) {
                finishMinute();
            }
            if (last != null) {
                compare(reading, reading.timestampMs() - last.timestampMs());
            }
            last = reading;
            stepsOfMinute = reading.steps();
            if (inMinute < ofMinute.length) {
                ofMinute[inMinute++] = reading.bpm();
            }
        }

        private void compare(Reading reading, long apartMs) {
            int change = reading.bpm() - last.bpm();
            jumps += apartMs <= 10_000 && Math.abs(change) > 40 ? 1 : 0;
            same = change == 0 && apartMs <= 2 * MINUTE_MS ? same + 1 : 0;
            sameSinceMs = same <= 1 ? reading.timestampMs() - same * apartMs : sameSinceMs;
            long sameMs = reading.timestampMs() - sameSinceMs;
            stuck += same >= 60 && sameMs >= 15 * MINUTE_MS ? 1 : 0;
            boolean fiveSeconds = apartMs >= 4_000 && apartMs <= 6_000;
            if (fiveSeconds) {
                changeOfMinute += Math.abs(change);
                changesOfMinute++;
                if (!Double.isNaN(lastChange)) {
                    products += change * lastChange;
                    squares += (change * change + lastChange * lastChange) / 2;
                }
            }
            lastChange = fiveSeconds ? change : Double.NaN;
        }

        private void finishMinute() {
            Arrays.sort(ofMinute, 0, inMinute);
            double middle = (ofMinute[(inMinute - 1) / 2] + ofMinute[inMinute / 2]) / 2.0;
            minutes.add(
                    new Minute(
                            minuteOf(last),
                            middle,
                            stepsOfMinute,
                            changeOfMinute,
                            changesOfMinute));
            inMinute = 0;
            changeOfMinute = 0;
            changesOfMinute = 0;
        }

        List<Minute> finish() {
            if (last != null) {
                finishMinute();
            }
            put(Statistic.IMPOSSIBLE, 1e5 * impossible / readings);
            put(Statistic.JUMPS, 1e5 * jumps / readings);
            put(Statistic.STUCK, 100.0 * stuck / readings);
            put(Statistic.CHANGES_AFTER_5S, products / squares);
            return minutes;
        }

        private static long minuteOf(Reading reading) {
            return Math.floorDiv(reading.timestampMs(), MINUTE_MS);
        }
    }

    /**
     * @param index minutes since the epoch
     * @param change sum of the absolute changes between readings 5 s apart, bpm
     */
    private record Minute(long index, double bpm, int steps, double change, int changes) {}
}
