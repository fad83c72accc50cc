package hrm.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.simulator.ScriptedEvent.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each event is there and unmistakable, by simple arithmetic on the readings. */
@ParameterizedClass
@MethodSource("days")
class DemoDayTest {
    private final DemoDay demo;

    /** The demo's day is yesterday by default, so it must be a good one whichever it is. */
    static Stream<LocalDate> days() {
        var first = LocalDate.of(2026, 3, 11);
        return IntStream.range(0, 4).mapToObj(i -> first.plusDays(29L * i));
    }

    DemoDayTest(LocalDate day) {
        this.demo = DemoDay.of(42, day);
    }

    @Test
    void everythingHappensToSomebodyAndEveryShippedPatternIsExpected() {
        assertThat(demo.simulation().script())
                .extracting(ScriptedEvent::kind)
                .containsAll(EnumSet.allOf(Kind.class));
        assertThat(demo.expected())
                .extracting(ScriptedEvent.Expected::patternId)
                .contains(
                        "resting-tachycardia",
                        "resting-bradycardia",
                        "extreme-tachycardia",
                        "extreme-bradycardia",
                        "personal-deviation",
                        "sudden-drop",
                        "sudden-rise-at-rest",
                        "sensor-fault",
                        "rise-without-movement");
        assertThat(demo.people()).hasSizeBetween(12, 20);
    }

    @Test
    void eventsFitIntoTheUtcDayInEveryMonth() {
        for (var day = LocalDate.of(2026, 1, 3); day.getYear() == 2026; day = day.plusDays(9)) {
            var demo = DemoDay.of(42, day);
            for (var event : demo.simulation().script()) {
                if (event.kind() != Kind.FEVER) {
                    assertThat(event.from()).isAfter(demo.liveFrom().plus(Duration.ofMinutes(40)));
                    assertThat(event.to()).isBefore(demo.liveFrom().plus(Duration.ofDays(1)));
                }
            }
        }
    }

    @Test
    void yesterdayIsTheClocksInUtc() {
        var clock = Clock.fixed(Instant.parse("2026-03-12T00:30:00Z"), ZoneOffset.ofHours(-8));
        assertThat(DemoDay.yesterday(clock)).isEqualTo(LocalDate.of(2026, 3, 11));
    }

    @Test
    void theLiveDayHasABearableNumberOfReadings() {
        assertThat(demo.simulation().readings(demo.day()).count()).isBetween(150_000L, 300_000L);
    }

    @Test
    void historyIsFourPlainWeeksOfMinutes() {
        long began = System.nanoTime();
        long lastMs = 0;
        long rows = 0;
        long more = 0;
        for (var items = demo.history().iterator(); items.hasNext(); rows++) {
            MinuteRow row = items.next();
            lastMs = Math.max(lastMs, row.minuteMs());
            more += row.readings().size() - 1;
        }
        assertThat(more).isZero();
        System.out.printf(
                "demo history: %d rows in %d ms%n", rows, (System.nanoTime() - began) / 1_000_000);
        assertThat(Instant.ofEpochMilli(lastMs)).isEqualTo(demo.liveFrom().minusSeconds(60));
        assertThat(rows)
                .isBetween(
                        demo.people().size() * 28 * 1440 * 9 / 10L,
                        demo.people().size() * 28 * 1440 * 12 / 10L);
        assertThat(demo.history(Duration.ofMinutes(5)).count())
                .isCloseTo(rows / 5, within(rows / 50));
    }

    @Test
    void sustainedTachycardiaIsHighAndStillForTenMinutes() {
        for (var event : events(Kind.RESTING_TACHYCARDIA)) {
            var plateau = readings(event, 11, 29);
            assertThat(plateau).allMatch(r -> r.bpm() > 123 && r.bpm() < 133 && r.steps() == 0);
            assertThat(readings(event, -13, 40)).allMatch(r -> r.steps() == 0);
            assertThat(steepestRise(readings(event, -5, 40), 120)).isLessThan(30);
        }
    }

    @Test
    void sustainedBradycardiaIsLowAndStillForTenMinutesButNotExtreme() {
        for (var event : events(Kind.RESTING_BRADYCARDIA)) {
            var plateau = readings(event, 7, 31);
            assertThat(plateau).allMatch(r -> r.bpm() < 41 && r.bpm() > 33 && r.steps() == 0);
            assertThat(minuteMedians(plateau)).allMatch(bpm -> bpm < 40);
        }
    }

    @Test
    void extremesLastMinutesAndComeNoFasterThanAHeart() {
        for (var event : events(Kind.EXTREME_TACHYCARDIA)) {
            assertThat(readings(event, 2, 5)).allMatch(r -> r.bpm() > 175 && r.steps() == 0);
            assertThat(biggestStep(readings(event, -5, 13))).isLessThan(25);
        }
        for (var event : events(Kind.EXTREME_BRADYCARDIA)) {
            assertThat(readings(event, 1, 5)).allMatch(r -> r.bpm() < 31 && r.bpm() >= 20);
        }
    }

    @Test
    void aDropIsFortyBeatsFromOneReadingToTheNextAndNotTheEndOfEffort() {
        for (var event : events(Kind.SUDDEN_DROP)) {
            var before = readings(event, 5, 10);
            var after = readings(event, 10, 17);
            int drop = before.get(before.size() - 1).bpm() - after.get(0).bpm();
            assertThat(drop).isBetween(38, 49);
            assertThat(before).allMatch(r -> r.steps() > 60 && r.bpm() < 100);
            assertThat(after).allMatch(r -> r.steps() == 0 && r.bpm() < 53 && r.bpm() > 40);
        }
    }

    @Test
    void aRiseAtRestIsMoreThanFortyBeatsWithinAMinuteAndSoonOver() {
        for (var event : events(Kind.SUDDEN_RISE_AT_REST)) {
            assertThat(rise(event)).isGreaterThan(40);
            assertThat(readings(event, 1, 3)).allMatch(r -> r.bpm() > 105);
            assertThat(readings(event, -2, 12).stream().filter(r -> r.bpm() >= 100))
                    .as("under 5 minutes of a reading every 5 s")
                    .hasSizeLessThan(58);
        }
    }

    @Test
    void aRiseWithoutMovementStaysForMoreThanFiveMinutesAndLessThanTen() {
        for (var event : events(Kind.RISE_WITHOUT_MOVEMENT)) {
            assertThat(rise(event)).isGreaterThan(40);
            assertThat(readings(event, 1, 7)).allMatch(r -> r.bpm() > 105);
            assertThat(minuteMedians(readings(event, -2, 20)).stream().filter(bpm -> bpm >= 100))
                    .hasSizeBetween(7, 9);
        }
    }

    /** The median within the second minute against the last five before it, while still. */
    private double rise(ScriptedEvent event) {
        assertThat(readings(event, -13, 11)).allMatch(r -> r.steps() == 0);
        return median(readings(event, 1, 2)) - median(readings(event, -5, 0));
    }

    @Test
    void aDeviationIsFarFromOnesOwnAndUnderEveryLimit() {
        for (var event : events(Kind.PERSONAL_DEVIATION)) {
            var person = person(event);
            var own = new ArrayList<Reading>();
            for (int i = 1; i <= 14; i++) {
                long shift = i * 86_400_000L;
                demo.simulation()
                        .day(person, demo.day().minusDays(i))
                        .filter(
                                r ->
                                        in(
                                                r,
                                                event.from().toEpochMilli() - shift,
                                                event.to().toEpochMilli() - shift))
                        .filter(r -> r.steps() == 0)
                        .forEach(own::add);
            }
            double normal = median(own);
            double mad = median(own.stream().map(r -> Math.abs(r.bpm() - normal)).toList(), 0.5);
            var plateau = readings(event, 11, 59);
            assertThat(plateau).allMatch(r -> r.bpm() < 99 && r.steps() == 0);
            assertThat(minuteMedians(plateau))
                    .allMatch(bpm -> (bpm - normal) / Math.max(2.5, 1.4826 * mad) > 4.5);
        }
    }

    @Test
    void exertionIsNotFollowedByRecovery() {
        for (var event : events(Kind.NO_RECOVERY)) {
            assertThat(readings(event, 10, 25)).allMatch(r -> r.bpm() > 145 && steps(r) > 150);
            assertThat(readings(event, 25, 55)).allMatch(r -> r.bpm() > 128 && steps(r) == 0);
        }
        for (var event : events(Kind.RUN_AND_RECOVER)) {
            assertThat(readings(event, 10, 25)).allMatch(r -> r.bpm() > 142 && r.steps() > 150);
            assertThat(readings(event, 33, 65)).allMatch(r -> r.bpm() < 100 && r.steps() == 0);
        }
    }

    @Test
    void feverRaisesTheNightsOfItsTime() {
        for (var event : events(Kind.FEVER)) {
            var person = person(event);
            double ill = nightMedian(person, demo.day());
            double illBefore = nightMedian(person, demo.day().minusDays(1));
            double well = nightMedian(person, demo.day().minusDays(3));
            assertThat(ill - well).isBetween(6.0, 14.0);
            assertThat(illBefore - well).isBetween(6.0, 14.0);
        }
    }

    @Test
    void aStuckSensorRepeatsOneValueAndAFaultyStrapJumpsFasterThanAnyHeart() {
        for (var event : events(Kind.STUCK_SENSOR)) {
            var stuck = readings(event, 0, 90);
            assertThat(stuck.stream().map(Reading::bpm).distinct()).hasSize(1);
            assertThat(stuck).hasSizeGreaterThan(400);
        }
        for (var event : events(Kind.STRAP_FAULTS)) {
            var faulty = readings(event, 0, 15);
            long jumps = 0;
            for (int i = 1; i < faulty.size(); i++) {
                jumps += Math.abs(faulty.get(i).bpm() - faulty.get(i - 1).bpm()) > 100 ? 1 : 0;
            }
            assertThat(jumps).isGreaterThan(faulty.size() / 3);
        }
    }

    /** So that an alert which no event explains is a false one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 42, 4711})
    void outsideOfTheEventsEverybodyIsCalm(long seed) {
        var other = DemoDay.of(seed, demo.day());
        var unrest = new ArrayList<String>();
        for (var person : other.people()) {
            var events =
                    other.simulation().script().stream()
                            .filter(event -> event.userId().equals(person.id()))
                            .filter(event -> event.kind() != Kind.FEVER)
                            .toList();
            for (var device : person.devices()) {
                Reading before = null;
                long movedMs = Long.MAX_VALUE;
                int same = 0;
                for (var r : other.simulation().day(person, device, demo.day()).toList()) {
                    long apart =
                            before == null
                                    ? Long.MAX_VALUE
                                    : r.timestampMs() - before.timestampMs();
                    // What they did while nothing was measured is unknown.
                    movedMs = r.steps() != 0 || apart > 60_000 ? r.timestampMs() : movedMs;
                    boolean quiet =
                            events.stream()
                                    .noneMatch(
                                            e ->
                                                    in(
                                                            r,
                                                            e.from().toEpochMilli(),
                                                            e.to().toEpochMilli() + 60_000));
                    boolean next = apart <= 60_000;
                    same = quiet && next && r.bpm() == before.bpm() ? same + 1 : 0;
                    boolean jump = apart <= 10_000 && Math.abs(r.bpm() - before.bpm()) >= 34;
                    boolean rest = r.timestampMs() - movedMs > 13 * 60_000;
                    boolean beyond = rest && (r.bpm() <= 40 || r.bpm() > 100);
                    if (quiet && (jump || beyond || same >= 60)) {
                        unrest.add(person.id() + " " + Instant.ofEpochMilli(r.timestampMs()));
                    }
                    before = r;
                }
            }
        }
        assertThat(unrest).isEmpty();
    }

    @Test
    void profilesSayWhereEachPersonLives() {
        assertThat(demo.profiles()).hasSameSizeAs(demo.people());
        assertThat(demo.profiles().get(0).versions().get(0).limitHigh()).isEqualTo(115);
        assertThat(demo.profiles().get(1).versions().get(0).limitHigh()).isNull();
        assertThat(demo.profiles().get(0).versions().get(0).timeZone())
                .isEqualTo(demo.people().get(0).timeZone());
        assertThat(Set.copyOf(demo.people().stream().map(Person::id).collect(Collectors.toList())))
                .hasSameSizeAs(demo.people());
    }

    private List<ScriptedEvent> events(Kind kind) {
        var all = demo.simulation().script().stream().filter(e -> e.kind() == kind).toList();
        assertThat(all).isNotEmpty();
        return all;
    }

    private Person person(ScriptedEvent event) {
        return demo.people().stream()
                .filter(p -> p.id().equals(event.userId()))
                .findFirst()
                .orElseThrow();
    }

    /** Of the person's first device, these minutes after the event's beginning. */
    private List<Reading> readings(ScriptedEvent event, int fromMinute, int toMinute) {
        var person = person(event);
        long from = event.from().toEpochMilli();
        var readings =
                demo.simulation()
                        .day(person, person.devices().get(0), demo.day())
                        .filter(r -> in(r, from + fromMinute * 60_000L, from + toMinute * 60_000L))
                        .toList();
        assertThat(readings).hasSizeGreaterThan((toMinute - fromMinute) * 5);
        return readings;
    }

    private static boolean in(Reading reading, long from, long to) {
        return reading.timestampMs() >= from && reading.timestampMs() < to;
    }

    private static int steps(Reading reading) {
        assertThat(reading.hasSteps()).isTrue();
        return reading.steps();
    }

    private double nightMedian(Person person, LocalDate day) {
        return median(
                demo.simulation()
                        .day(person, day)
                        .filter(
                                r -> {
                                    int hour =
                                            Instant.ofEpochMilli(r.timestampMs())
                                                    .atZone(person.timeZone())
                                                    .getHour();
                                    return hour >= 1 && hour < 5;
                                })
                        .toList());
    }

    private static List<Double> minuteMedians(List<Reading> readings) {
        return readings.stream()
                .collect(Collectors.groupingBy(r -> r.timestampMs() / 60_000))
                .values()
                .stream()
                .map(DemoDayTest::median)
                .toList();
    }

    private static double median(List<Reading> readings) {
        return median(readings.stream().map(r -> (double) r.bpm()).toList(), 0.5);
    }

    private static double median(List<Double> values, double share) {
        var sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        return sorted[(int) (sorted.length * share)];
    }

    private static int biggestStep(List<Reading> readings) {
        var bpm = readings.stream().mapToInt(Reading::bpm).toArray();
        int biggest = 0;
        for (int i = 1; i < bpm.length; i++) {
            biggest = Math.max(biggest, Math.abs(bpm[i] - bpm[i - 1]));
        }
        return biggest;
    }

    /** The greatest rise within so many seconds. */
    private static int steepestRise(List<Reading> readings, int seconds) {
        int steepest = 0;
        for (var a : readings) {
            for (var b : readings) {
                long apart = b.timestampMs() - a.timestampMs();
                if (apart > 0 && apart <= seconds * 1000L) {
                    steepest = Math.max(steepest, b.bpm() - a.bpm());
                }
            }
        }
        return steepest;
    }
}
