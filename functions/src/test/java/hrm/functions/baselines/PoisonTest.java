package hrm.functions.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Generated;
import hrm.model.Baseline;
import hrm.model.Baseline.State;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How far faults of a sensor may move what is learnt, through the whole of learning. */
class PoisonTest {
    private static final long FIRST_DAY = 20_000;
    private static final int DAYS = 28;
    private static final long DAY_MS = 86_400_000;

    /** A reading every 30 s: calm nights, a walk of half an hour in each group of hours by day. */
    private static List<Reading> healthy(Random random) {
        var readings = new ArrayList<Reading>();
        for (long at = FIRST_DAY * DAY_MS; at < (FIRST_DAY + DAYS) * DAY_MS; at += 30_000) {
            int minuteOfDay = (int) (at % DAY_MS / 60_000);
            int hour = minuteOfDay / 60;
            boolean walks = hour >= 7 && hour < 22 && minuteOfDay % 180 < 30;
            double level = walks ? 105 : hour < 7 ? 56 : 68;
            int bpm = (int) Math.round(level + random.nextGaussian() * (walks ? 8 : 4));
            readings.add(Reading.of("u", "watch", at, bpm, walks ? 60 : 0));
        }
        return readings;
    }

    private static Baseline learn(List<Reading> readings) {
        var days = new PersonDays();
        List<Reading> minute = new ArrayList<>();
        for (var reading : readings) {
            if (!minute.isEmpty()
                    && minute.get(0).timestampMs() / 60_000 != reading.timestampMs() / 60_000) {
                days.add(row(minute));
                minute = new ArrayList<>();
            }
            minute.add(reading);
        }
        days.add(row(minute));
        var builder = new BaselineBuilder();
        days.finish().forEach(day -> builder.add(day.histograms()));
        return builder.build("u", "run", FIRST_DAY + DAYS, Instant.EPOCH);
    }

    private static HistoryMinute row(List<Reading> readings) {
        long at = readings.get(0).timestampMs();
        return new HistoryMinute(
                new MinuteRow("u", "watch", at - at % 60_000, readings), ZoneOffset.UTC);
    }

    private static Reading with(Reading reading, int bpm) {
        return Reading.of("u", "watch", reading.timestampMs(), bpm, reading.steps());
    }

    /**
     * Poisons and compares.
     *
     * @param bounds how far each may move, bpm
     */
    private static void assertMovesAtMost(
            Bounds bounds, List<Reading> readings, UnaryOperator<List<Reading>> poison) {
        var clean = learn(readings);
        var poisoned = learn(poison.apply(readings));
        assertThat(poisoned.state()).isEqualTo(State.READY).isEqualTo(clean.state());
        assertThat(Math.abs(poisoned.restingBpm() - clean.restingBpm()))
                .as("resting heart rate")
                .isLessThanOrEqualTo(bounds.resting);
        assertThat(clean.cells()).hasSizeGreaterThan(10);
        for (var cell : clean.cells()) {
            var now = poisoned.cell(3 * cell.hourGroup(), cell.atRest());
            var name = "group " + cell.hourGroup() + (cell.atRest() ? " at rest" : " active");
            assertThat(now).as(name).isNotNull();
            assertMoved(name + " p50", cell.p50(), now.p50(), bounds.median);
            assertMoved(name + " mad", cell.mad(), now.mad(), bounds.mad);
            assertMoved(name + " p01", cell.p01(), now.p01(), bounds.tails);
            assertMoved(name + " p99", cell.p99(), now.p99(), bounds.tails);
        }
    }

    private record Bounds(double resting, double median, double mad, double tails) {}

    private static void assertMoved(String what, double from, double to, double atMost) {
        assertThat(Math.abs(to - from))
                .as(what + " from " + from + " to " + to)
                .isLessThanOrEqualTo(atMost);
    }

    @Test
    void oneRandomValueInAHundredMovesMediansByOneAndTailsByFiveAtMost() {
        Generated.cases(
                3,
                random ->
                        assertMovesAtMost(
                                new Bounds(0.5, 1, 1, 5),
                                healthy(random),
                                readings ->
                                        readings.stream()
                                                .map(
                                                        reading ->
                                                                random.nextInt(100) == 0
                                                                        ? with(
                                                                                reading,
                                                                                20
                                                                                        + random
                                                                                                .nextInt(
                                                                                                        281))
                                                                        : reading)
                                                .toList()));
    }

    @Test
    void aSensorThatIsStuckForHoursEveryThirdDayMovesMediansByOneAndTailsByFiveAtMost() {
        Generated.cases(
                3,
                random -> {
                    int hour = random.nextInt(20);
                    int stuckAt = 40 + random.nextInt(100);
                    assertMovesAtMost(
                            new Bounds(0.5, 1, 1, 5),
                            healthy(random),
                            readings ->
                                    readings.stream()
                                            .map(
                                                    reading ->
                                                            isStuck(reading, hour)
                                                                    ? with(reading, stuckAt)
                                                                    : reading)
                                            .toList());
                });
    }

    /** For four hours. */
    private static boolean isStuck(Reading reading, int fromHour) {
        long day = reading.timestampMs() / DAY_MS;
        long hour = reading.timestampMs() % DAY_MS / 3_600_000;
        return day % 3 == 0 && hour >= fromHour && hour < fromHour + 4;
    }
}
