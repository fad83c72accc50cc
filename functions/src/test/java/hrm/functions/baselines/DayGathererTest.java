package hrm.functions.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.functions.Bytes;
import hrm.functions.Generated;
import hrm.model.Reading;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DayGathererTest {
    private static final LocalDate DAY = LocalDate.of(2026, 1, 10);
    private ZoneId zone = ZoneOffset.UTC;
    private final DayGatherer gatherer = new DayGatherer();

    private static long utc(int day, int hour, int minute, int second) {
        return LocalDateTime.of(2026, 1, day, hour, minute, second).toEpochSecond(ZoneOffset.UTC)
                * 1000;
    }

    private void add(long timestampMs, int bpm, int steps) {
        gatherer.add(Reading.of("u", "d", timestampMs, bpm, steps), zone);
    }

    /** A reading a minute on 10 January, from one time to another, the second exclusive. */
    private void minutes(int fromHour, int fromMinute, int count, int bpm, int steps) {
        for (int i = 0; i < count; i++) {
            add(utc(10, fromHour, fromMinute, 0) + 60_000L * i, bpm + i % 3, steps);
        }
    }

    private List<DayHistograms> days() {
        return new ArrayList<>(gatherer.days());
    }

    @Test
    void readingsAreActiveUntilTwelveMinutesWithoutAStep() {
        minutes(10, 0, 10, 100, 20);
        minutes(10, 10, 20, 70, 0);
        var day = days().get(0);
        assertThat(day.epochDay()).isEqualTo(DAY.toEpochDay());
        // The last step's minute ends at 10:10, so rest begins at 10:22.
        assertThat(day.minutes(10, false)).isEqualTo(22);
        assertThat(day.bpm(10, false).total()).isEqualTo(22);
        assertThat(day.minutes(10, true)).isEqualTo(8);
        assertThat(day.bpm(10, true).total()).isEqualTo(8);
        assertThat(day.wornMinutes()).isEqualTo(30);
    }

    @Test
    void readingsOfUnknownRestAreWornButInNoCell() {
        minutes(10, 0, 60, 70, Reading.UNKNOWN);
        var day = days().get(0);
        assertThat(day.wornMinutes()).isEqualTo(60);
        assertThat(day.minutes(10, false) + day.minutes(10, true)).isZero();
        assertThat(day.bpm(10, false).isEmpty() && day.bpm(10, true).isEmpty()).isTrue();
    }

    @Test
    void theFirstTwelveMinutesOfADeviceAreUnknownUnlessAStepIsSeen() {
        minutes(10, 0, 15, 70, 0);
        var day = days().get(0);
        assertThat(day.minutes(10, false)).isZero();
        assertThat(day.minutes(10, true)).isEqualTo(3);
    }

    @Test
    void hourDayAndNightAreLocal() {
        zone = ZoneId.of("America/New_York"); // UTC−5 in January
        minutes(11, 58, 4, 60, 0); // 6:58 to 7:01
        add(utc(11, 4, 59, 0), 60, 9); // 23:59
        add(utc(11, 5, 0, 0), 60, 9); // 0:00
        var days = days();
        assertThat(days)
                .extracting(DayHistograms::epochDay)
                .containsExactly(DAY.toEpochDay(), DAY.toEpochDay() + 1);
        assertThat(days.get(0).nightMinutes()).as("6:58 and 6:59").isEqualTo(2);
        assertThat(days.get(0).minutes(23, false)).isEqualTo(1);
        assertThat(days.get(1).minutes(0, false)).isEqualTo(1);
    }

    @Test
    void theNightCountsMinutesWithoutAStepByTheirMedian() {
        add(utc(10, 3, 0, 0), 60, 0);
        add(utc(10, 3, 0, 30), 61, 0);
        add(utc(10, 3, 1, 0), 80, 0);
        add(utc(10, 3, 1, 30), 80, 5); // a step at the end makes it no still minute
        add(utc(10, 3, 2, 0), 60, 0);
        add(utc(10, 3, 3, 0), 60, Reading.UNKNOWN); // not known to be still
        var day = days().get(0);
        assertThat(day.nightMinutes()).isEqualTo(2);
        assertThat(day.nightBpm()).as("of 60.5 and 60").isEqualTo(60.25);
    }

    @Test
    void sensorFaultsDoNotCount() {
        minutes(10, 0, 1, 70, 20);
        add(utc(10, 10, 0, 5), 190, 20);
        add(utc(10, 10, 0, 10), 20, 20);
        add(utc(10, 10, 0, 15), 72, 20);
        var notWorn = utc(10, 10, 0, 20);
        gatherer.add(new Reading("u", "d", notWorn, 72, 20, null, null, false, Double.NaN), zone);
        var active = days().get(0).bpm(10, false);
        assertThat(active.count(190)).isZero();
        assertThat(active.total()).as("70, 20 (50 less in 10 s), 72").isEqualTo(3);
    }

    @Test
    void ofAStuckValueNoReadingCountsAndOfOneThatLastsALittleAllDo() {
        for (int s = 0; s < 3_600; s += 5) {
            add(utc(10, 10, 0, 0) + 1000L * s, s < 1_800 ? 70 : s < 2_400 ? 74 : 76, 20);
        }
        var active = days().get(0).bpm(10, false);
        assertThat(active.count(70)).as("half an hour").isZero();
        assertThat(active.count(74)).as("ten minutes").isEqualTo(600 / 5);
        assertThat(active.count(76)).as("twenty minutes").isZero();
        assertThat(days().get(0).wornMinutes()).isEqualTo(10);
    }

    @Test
    void moreReadingsMayFollowAfterDaysWereRead() {
        minutes(10, 0, 5, 100, 20);
        assertThat(days().get(0).wornMinutes()).isEqualTo(5);
        minutes(10, 5, 5, 100, 20);
        assertThat(days().get(0).wornMinutes()).isEqualTo(10);
    }

    @Test
    void aDayThatIsTakenHoldsItsLastMinutesThoughTheirValueMayTurnOutToBeStuck() {
        minutes(23, 50, 10, 100, 20);
        add(utc(11, 0, 0, 0), 100, 20);
        var taken = gatherer.takeBefore(DAY.toEpochDay() + 1);
        assertThat(taken).extracting(DayHistograms::wornMinutes).containsExactly(10);
        add(utc(11, 0, 1, 0), 100, 20);
        assertThat(days()).extracting(DayHistograms::wornMinutes).containsExactly(2);
    }

    @Test
    void mergedDaysHoldWhatBothHeldAndComeBackFromBytes() {
        Generated.cases(
                50,
                random -> {
                    var first = new DayGatherer();
                    var second = new DayGatherer();
                    long now = utc(10, 0, 0, 0);
                    int readings = 0;
                    while (now < utc(11, 0, 0, 0)) {
                        var reading =
                                Reading.of(
                                        "u",
                                        "d",
                                        now,
                                        60 + random.nextInt(30),
                                        random.nextInt(40) == 0 ? 5 : 0);
                        (random.nextInt(3) == 0 ? first : second).add(reading, ZoneOffset.UTC);
                        readings++;
                        now += 1 + random.nextInt(200_000);
                    }
                    var a = first.days().iterator().next();
                    var b = second.days().iterator().next();
                    var merged = Bytes.roundTrip(a::write, DayHistograms::read);
                    assertThat(merged).isEqualTo(a).hasSameHashCodeAs(a);
                    var copy = a.copy();
                    merged.merge(b);
                    assertThat(copy).isEqualTo(a);
                    long inCells = 0;
                    for (int hour = 0; hour < 24; hour++) {
                        for (boolean rest : new boolean[] {false, true}) {
                            long total = merged.bpm(hour, rest).total();
                            assertThat(total)
                                    .isEqualTo(
                                            a.bpm(hour, rest).total() + b.bpm(hour, rest).total());
                            inCells += total;
                        }
                    }
                    assertThat(inCells).isLessThanOrEqualTo(readings);
                    assertThat(merged.nightMinutes())
                            .isEqualTo(a.nightMinutes() + b.nightMinutes());
                });
    }

    @Test
    void anotherDayIsNotMerged() {
        assertThatThrownBy(() -> new DayHistograms(1).merge(new DayHistograms(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("day 2");
    }
}
