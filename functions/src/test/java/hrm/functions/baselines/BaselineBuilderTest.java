package hrm.functions.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Generated;
import hrm.functions.Histogram;
import hrm.model.Baseline;
import hrm.model.Baseline.State;
import hrm.model.Reading;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.junit.jupiter.api.Test;

class BaselineBuilderTest {
    private static final long TODAY = 20_000;
    private final BaselineBuilder builder = new BaselineBuilder();

    private Baseline build() {
        return builder.build("u", "run", TODAY, Instant.EPOCH);
    }

    /** A day, so many days ago, with so many worn minutes at rest from 3:00 on. */
    private static DayHistograms day(int daysAgo, int minutes) {
        var day = new DayHistograms(TODAY - daysAgo);
        for (int i = 0; i < minutes; i++) {
            var bpm = new Histogram();
            bpm.add(60);
            day.add(3, true, bpm);
            day.addWornMinute();
        }
        return day;
    }

    private void days(int from, int to, int minutes) {
        for (int daysAgo = from; daysAgo <= to; daysAgo++) {
            builder.add(day(daysAgo, minutes));
        }
    }

    @Test
    void sevenUsableDaysMakeItReady() {
        days(1, 6, 240);
        assertThat(build().state()).isEqualTo(State.LEARNING);
        builder.add(day(7, 240));
        assertThat(build().state()).isEqualTo(State.READY);
        assertThat(build().daysUsed()).isEqualTo(7);
        assertThat(build().readingsUsed()).isEqualTo(7 * 240);
        assertThat(build().windowDays()).isEqualTo(28);
    }

    @Test
    void aDayIsUsableFromFourHoursOn() {
        days(1, 6, 240);
        builder.add(day(7, 239));
        assertThat(build().state()).isEqualTo(State.LEARNING);
        assertThat(build().daysUsed()).isEqualTo(6);
    }

    @Test
    void twoDevicesOfADayAreOneDay() {
        days(1, 7, 120);
        days(1, 7, 120);
        assertThat(build().state()).isEqualTo(State.READY);
        assertThat(build().daysUsed()).isEqualTo(7);
    }

    @Test
    void wornTooLittleForTwoWeeksIsInsufficient() {
        builder.add(day(13, 100));
        assertThat(build().state()).isEqualTo(State.LEARNING);
        builder.add(day(14, 100));
        assertThat(build().state()).isEqualTo(State.INSUFFICIENT);
    }

    @Test
    void daysEnoughButNoCellIsInsufficient() {
        for (int daysAgo = 1; daysAgo <= 7; daysAgo++) {
            var day = new DayHistograms(TODAY - daysAgo);
            for (int i = 0; i < 600; i++) {
                day.addWornMinute(); // no steps reported: rest unknown
            }
            builder.add(day);
        }
        assertThat(build().state()).isEqualTo(State.INSUFFICIENT);
        assertThat(build().cells()).isEmpty();
        assertThat(build().restingBpm()).isNull();
    }

    @Test
    void noUsableDayForFourteenDaysIsStale() {
        days(14, 20, 240);
        assertThat(build().state()).as("the last 14 days ago").isEqualTo(State.READY);
        assertThat(builder.build("u", "run", TODAY + 1, Instant.EPOCH).state())
                .as("15 days ago")
                .isEqualTo(State.STALE);
    }

    @Test
    void wornAgainButTooLittleStaysStale() {
        days(15, 21, 240);
        days(1, 5, 100);
        assertThat(build().state()).isEqualTo(State.STALE);
    }

    @Test
    void anEmptyWindowIsStale() {
        assertThat(build().state()).isEqualTo(State.STALE);
        assertThat(build().cells()).isEmpty();
    }

    @Test
    void theWindowIsTheTwentyEightDaysBefore() {
        builder.add(day(0, 240));
        builder.add(day(1, 240));
        builder.add(day(28, 240));
        builder.add(day(29, 240));
        assertThat(build().daysUsed()).isEqualTo(2);
    }

    @Test
    void aCellNeedsAnHourAndThreeDays() {
        assertThat(cellsOf(20, 20, 19)).as("59 minutes").isEmpty();
        assertThat(cellsOf(20, 20, 20)).as("60 minutes").hasSize(1);
        assertThat(cellsOf(30, 30)).as("two days").isEmpty();
    }

    private static java.util.List<Baseline.Cell> cellsOf(int... minutesAtNine) {
        var builder = new BaselineBuilder();
        for (int i = 0; i < 7; i++) {
            var day = new DayHistograms(TODAY - 1 - i);
            for (int minute = 0; minute < 240; minute++) {
                day.addWornMinute();
                if (i < minutesAtNine.length && minute < minutesAtNine[i]) {
                    var bpm = new Histogram();
                    bpm.add(70);
                    day.add(9, false, bpm);
                }
            }
            builder.add(day);
        }
        return builder.build("u", "run", TODAY, Instant.EPOCH).cells();
    }

    @Test
    void restingHeartRateIsTheMedianOfTheNightsWithAnHourEach() {
        int[] minutes = {59, 60, 300, 60};
        double[] bpm = {90, 58, 61.5, 60};
        for (int night = 0; night < minutes.length; night++) {
            var day = day(night + 1, 240);
            for (int i = 0; i < minutes[night]; i++) {
                day.addNightMinute(bpm[night]);
            }
            builder.add(day);
        }
        assertThat(build().restingBpm()).isEqualTo(60.0);
    }

    @Test
    void cellsEqualTheQuantilesOfAllTheirReadings() {
        Generated.cases(
                30,
                random -> {
                    var gatherer = new DayGatherer();
                    var rest = new ArrayList<Double>();
                    int days = 7 + random.nextInt(10);
                    for (int d = days; d >= 1; d--) {
                        long start = (TODAY - d) * 86_400_000L;
                        // Steps at 2:47, so rest from 3:00 on; a reading a minute until 8:00.
                        for (int m = 0; m < 313; m++) {
                            int bpm = 50 + (int) Math.abs(random.nextGaussian() * 8);
                            if (m >= 13 && m < 193) {
                                rest.add((double) bpm);
                            }
                            add(gatherer, start + (167 + m) * 60_000L, bpm, m == 0 ? 9 : 0);
                        }
                    }
                    var all = new BaselineBuilder();
                    all.addAll(gatherer.days());
                    var baseline = all.build("u", "run", TODAY, Instant.EPOCH);
                    double[] values = rest.stream().mapToDouble(Double::doubleValue).toArray();
                    var cell = baseline.cell(3, true);
                    var percentile = new Percentile().withEstimationType(EstimationType.R_2);
                    assertThat(baseline.state()).isEqualTo(State.READY);
                    assertThat(cell.readings()).isEqualTo(values.length);
                    assertThat(cell.p01()).isEqualTo(percentile.evaluate(values, 1));
                    assertThat(cell.p50()).isEqualTo(new Median().evaluate(values));
                    assertThat(cell.p99()).isEqualTo(percentile.evaluate(values, 99));
                    double median = cell.p50();
                    assertThat(cell.mad())
                            .isEqualTo(
                                    new Median()
                                            .evaluate(
                                                    Arrays.stream(values)
                                                            .map(v -> Math.abs(v - median))
                                                            .toArray()));
                });
    }

    private static void add(DayGatherer gatherer, long timestampMs, int bpm, int steps) {
        gatherer.add(Reading.of("u", "d", timestampMs, bpm, steps), ZoneOffset.UTC);
    }

    @Test
    void oneFaultInAHundredDoesNotMoveMedianAndSpread() {
        for (int daysAgo = 1; daysAgo <= 7; daysAgo++) {
            var day = day(daysAgo, 240);
            var faults = new Histogram();
            faults.add(250, 2);
            day.add(3, true, faults);
            builder.add(day);
        }
        var cell = build().cell(3, true);
        assertThat(cell.p50()).isEqualTo(60);
        assertThat(cell.mad()).isZero();
        assertThat(cell.p99()).as("fewer than 1 %").isEqualTo(60);
    }
}
