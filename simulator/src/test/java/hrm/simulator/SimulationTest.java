package hrm.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 11);
    private static final Person PERSON =
            Person.of("p", ZoneId.of("Asia/Tokyo"), 60, Device.watch("watch", 5));

    @Test
    void sameSeedGivesTheSameReadingsHoweverManyPeopleThereAre() {
        var few = Simulation.of(7, 3);
        var many = Simulation.of(7, 40);

        assertThat(many.people().subList(0, 3)).isEqualTo(few.people());
        for (var person : few.people()) {
            assertThat(many.day(person, DAY)).containsExactlyElementsOf(list(few.day(person, DAY)));
        }
    }

    @Test
    void readingsDoNotDependOnTheOrderInWhichTheyAreAskedFor() {
        var once = Simulation.of(7, 3);
        var person = once.people().get(1);
        var second = list(once.day(person, DAY.plusDays(1)));
        var first = list(once.day(person, DAY));

        var again = Simulation.of(7, 3);
        assertThat(list(again.day(person, DAY))).isEqualTo(first);
        assertThat(list(again.day(person, DAY.plusDays(1)))).isEqualTo(second);
        assertThat(list(again.readings(DAY).filter(r -> r.userId().equals(person.id()))))
                .isEqualTo(first);
    }

    @Test
    void otherSeedsPeopleAndDaysGiveOtherReadings() {
        var simulation = Simulation.of(7, 2);
        var person = simulation.people().get(0);
        var bpm = bpm(simulation.day(person, DAY).limit(200));

        assertThat(bpm(simulation.day(person, DAY.plusDays(1)).limit(200))).isNotEqualTo(bpm);
        assertThat(bpm(Simulation.of(8, List.of(person), List.of()).day(person, DAY).limit(200)))
                .isNotEqualTo(bpm);
        assertThat(bpm(simulation.day(simulation.people().get(1), DAY).limit(200)))
                .isNotEqualTo(bpm);
    }

    @Test
    void aDayIsSortedHasNoTimeTwiceOnADeviceAndStaysInside() {
        var simulation = Simulation.of(7, 60);
        long from = DAY.toEpochDay() * 86_400_000;

        for (var person : simulation.people()) {
            long last = Long.MIN_VALUE;
            var times = new HashSet<String>();
            for (var reading : list(simulation.day(person, DAY))) {
                assertThat(reading.timestampMs())
                        .isBetween(Math.max(from, last), from + 86_399_999);
                assertThat(times.add(reading.deviceId() + reading.timestampMs())).isTrue();
                assertThat(reading.bpm()).isBetween(20, 300);
                assertThat(reading.steps()).isBetween(-1, 250);
                last = reading.timestampMs();
            }
        }
    }

    @Test
    void readingsOfAllAreSortedAndComplete() {
        var simulation = Simulation.of(7, 12);
        var all = list(simulation.readings(DAY));

        assertThat(all)
                .isSortedAccordingTo((a, b) -> Long.compare(a.timestampMs(), b.timestampMs()));
        long each =
                simulation.people().stream().mapToLong(p -> simulation.day(p, DAY).count()).sum();
        assertThat(all).hasSize((int) each);
    }

    @Test
    void stepsAreTheWholeMinutesCountOnEachReadingOfIt() {
        var byMinute =
                calm().day(PERSON, DAY)
                        .collect(
                                Collectors.groupingBy(
                                        r -> r.timestampMs() / 60_000,
                                        Collectors.mapping(Reading::steps, Collectors.toSet())));

        assertThat(byMinute.values()).allMatch(steps -> steps.size() == 1);
        assertThat(byMinute.values().stream().filter(steps -> !steps.contains(0)).count())
                .as("minutes with steps")
                .isBetween(60L, 600L);
    }

    @Test
    void theNightIsStillAndLowAndItsMedianIsTheRestingRate() {
        for (int resting : new int[] {48, 60, 75}) {
            var person =
                    Person.of("n", ZoneId.of("Asia/Tokyo"), resting, Device.watch("watch", 10));
            var simulation = Simulation.of(3, List.of(person), List.of());
            var readings = twoWeeks(simulation, person);

            double night = median(bpm(readings.stream().filter(local(person, 1, 5))));
            double day =
                    median(
                            bpm(
                                    readings.stream()
                                            .filter(local(person, 10, 20))
                                            .filter(r -> r.steps() == 0)));
            double steps =
                    readings.stream()
                            .filter(local(person, 1, 5))
                            .mapToInt(r -> r.steps() > 0 ? 1 : 0)
                            .average()
                            .orElseThrow();
            assertThat(night).isCloseTo(resting, within(2.0));
            assertThat(day - night).isBetween(5.0, 15.0);
            assertThat(steps).isLessThan(0.02);
        }
    }

    @Test
    void activeIsHigherThanStillAndNoCalmPersonReachesALimitAtRest() {
        var readings = twoWeeks(calm(), PERSON);
        double still =
                median(
                        bpm(
                                readings.stream()
                                        .filter(local(PERSON, 9, 21))
                                        .filter(r -> r.steps() == 0)));
        double active = median(bpm(readings.stream().filter(r -> r.steps() > 60)));
        assertThat(active - still).isBetween(12.0, 50.0);

        // At rest: no step for 12 minutes, as the baselines mean it.
        var rest = new ArrayList<Integer>();
        long movedMs = Long.MIN_VALUE / 2;
        for (var reading : readings) {
            movedMs = reading.steps() > 0 ? reading.timestampMs() : movedMs;
            if (reading.timestampMs() - movedMs > 13 * 60_000) {
                rest.add(reading.bpm());
            }
        }
        rest.sort(null);
        assertThat(rest.get(rest.size() / 100)).isGreaterThan(45);
        assertThat(rest.get(rest.size() * 99 / 100)).isLessThan(85);
        assertThat(rest.get(0)).isGreaterThan(40);
        assertThat(rest.get(rest.size() - 1)).isLessThan(100);
    }

    /**
     * Recordings of a strap and of wrist devices: 0.9 to 0.99 after one reading, 0.3 to 0.7 after
     * five minutes.
     */
    @Test
    void neighbouringReadingsResembleEachOtherAsInRecordings() {
        var night =
                calm().day(PERSON, DAY)
                        .filter(local(PERSON, 9, 21))
                        .mapToDouble(Reading::bpm)
                        .toArray();

        assertThat(autocorrelation(night, 1)).isBetween(0.85, 0.995);
        assertThat(autocorrelation(night, 12)).isBetween(0.4, 0.95);
        double change = 0;
        for (int i = 1; i < night.length; i++) {
            change += Math.abs(night[i] - night[i - 1]) / (night.length - 1);
        }
        assertThat(change).as("mean change in 5 s, bpm").isBetween(0.8, 3.5);
    }

    @Test
    void dayFollowsDayWithoutABreak() {
        var simulation = calm();
        for (var day = DAY; day.isBefore(DAY.plusDays(20)); day = day.plusDays(1)) {
            var evening = list(simulation.day(PERSON, day));
            var last = evening.get(evening.size() - 1);
            var first = simulation.day(PERSON, day.plusDays(1)).findFirst().orElseThrow();
            if (first.timestampMs() - last.timestampMs() < 30_000) {
                assertThat(Math.abs(first.bpm() - last.bpm())).isLessThan(25);
            }
        }
    }

    @Test
    void devicesFallSilentNowAndThen() {
        var simulation = calm();
        long readings = 0;
        int gaps = 0;
        for (int i = 0; i < 14; i++) {
            var day = list(simulation.day(PERSON, DAY.plusDays(i)));
            readings += day.size();
            for (int j = 1; j < day.size(); j++) {
                gaps += day.get(j).timestampMs() - day.get(j - 1).timestampMs() >= 120_000 ? 1 : 0;
            }
        }
        assertThat(readings / (14 * 17_280.0)).isBetween(0.93, 0.995);
        assertThat(gaps).isBetween(10, 60);
    }

    @Test
    void peopleDiffer() {
        var people = Simulation.of(7, 400).people();

        assertThat(people).extracting(Person::restingBpm).contains(55, 60, 65);
        assertThat(people.stream().map(Person::timeZone).distinct()).hasSizeGreaterThan(6);
        assertThat(people.stream().map(p -> p.devices().get(0).interval()).distinct()).hasSize(4);
        assertThat(people).anyMatch(p -> p.devices().size() == 2);
        var kinds =
                people.stream().map(p -> p.devices().get(0).reports()).collect(Collectors.toSet());
        assertThat(kinds).contains(Set.of(), Set.of(Device.Signal.STEPS)).hasSize(4);
        assertThat(people).allMatch(p -> p.maxBpm() >= 140 && p.maxBpm() <= 215);
    }

    @Test
    void aDeviceSendsWhatItSaysItReports() {
        var all =
                Device.strap("strap", 5)
                        .reporting(
                                Device.Signal.STEPS,
                                Device.Signal.CONFIDENCE,
                                Device.Signal.ACTIVITY);
        var person =
                Person.of("p", ZoneId.of("UTC"), 60, all, Device.watch("w", 30).withoutSteps());
        var readings = list(Simulation.of(1, List.of(person), List.of()).day(person, DAY));

        assertThat(readings.stream().filter(r -> r.deviceId().equals("strap")))
                .allMatch(Reading::hasSteps)
                .allMatch(r -> r.rrIntervalsMs().length > 0 && r.sensorContact())
                .allMatch(r -> r.confidence() > 0.5 && r.confidence() <= 1)
                .allMatch(r -> Set.of("sleep", "rest", "walking", "running").contains(r.activity()))
                .allSatisfy(
                        r ->
                                assertThat(60_000 / mean(r.rrIntervalsMs()))
                                        .isCloseTo(r.bpm(), within(0.12 * r.bpm())));
        assertThat(readings.stream().filter(r -> r.deviceId().equals("w")))
                .isNotEmpty()
                .noneMatch(Reading::hasSteps)
                .allMatch(r -> r.rrIntervalsMs() == null && r.sensorContact() == null)
                .allMatch(r -> Double.isNaN(r.confidence()) && r.activity() == null);
    }

    @Test
    void aStrapForWorkoutsIsWornForWorkoutsOnly() {
        var person =
                Person.of(
                                "p",
                                ZoneId.of("UTC"),
                                55,
                                Device.watch("watch", 5),
                                Device.strap("strap", 5).worn(Device.Wear.WORKOUTS))
                        .exercising(7, true);
        var simulation = Simulation.of(1, List.of(person), List.of());
        var strap = list(simulation.day(person, person.devices().get(1), DAY));

        assertThat(strap).hasSizeBetween(300, 800);
        assertThat(median(bpm(strap.stream()))).isGreaterThan(110);
    }

    @Test
    void historyIsTheDaysThinnedToRowsOfAMinute() {
        var simulation = Simulation.of(7, 4);
        var rows = simulation.history(DAY, DAY.plusDays(2), Duration.ofMinutes(1)).toList();
        var full =
                Stream.concat(simulation.readings(DAY), simulation.readings(DAY.plusDays(1)))
                        .collect(Collectors.toSet());

        assertThat(rows).allMatch(row -> row.readings().size() == 1);
        assertThat(rows).allMatch(row -> full.contains(row.readings().get(0)));
        assertThat(rows).extracting(SimulationTest::key).doesNotHaveDuplicates();
        assertThat(rows).extracting(MinuteRow::userId).contains(ids(simulation));

        var whole = simulation.history(DAY, DAY.plusDays(2), Duration.ZERO).toList();
        assertThat(whole.stream().flatMap(row -> row.readings().stream())).hasSize(full.size());
        assertThat(whole)
                .extracting(SimulationTest::key)
                .containsExactlyElementsOf(rows.stream().map(SimulationTest::key).toList());
    }

    @Test
    void aScriptForSomeoneUnknownIsRefused() {
        var event = ScriptedEvent.of(PERSON, ScriptedEvent.Kind.SUDDEN_DROP, Instant.EPOCH);
        assertThatThrownBy(() -> Simulation.of(1, List.of(), List.of(event)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SUDDEN_DROP");
        assertThatThrownBy(() -> Simulation.of(1, List.of(PERSON, PERSON), List.of()))
                .hasMessageContaining("differ");
    }

    /**
     * So that a replay or a benchmark is never bound by it. Thread time: others use the machine.
     */
    @Test
    void generatesMoreThanHalfAMillionReadingsASecond() {
        var simulation = Simulation.of(7, 60);
        var threads = ManagementFactory.getThreadMXBean();
        double best = 0;
        for (int i = 0; i < 4; i++) {
            long from = threads.getCurrentThreadCpuTime();
            long count = simulation.readings(DAY.plusDays(i)).filter(Reading::hasBpm).count();
            best = Math.max(best, count * 1e9 / (threads.getCurrentThreadCpuTime() - from));
        }
        System.out.printf("simulator: %.2f M readings/s of thread time%n", best / 1e6);
        assertThat(best).isGreaterThan(500_000);
    }

    private static Simulation calm() {
        return Simulation.of(11, List.of(PERSON), List.of());
    }

    private static List<Reading> twoWeeks(Simulation simulation, Person person) {
        return DAY.datesUntil(DAY.plusDays(14))
                .flatMap(day -> simulation.day(person, day))
                .toList();
    }

    private static Predicate<Reading> local(Person person, int fromHour, int toHour) {
        return reading -> {
            int hour =
                    Instant.ofEpochMilli(reading.timestampMs()).atZone(person.timeZone()).getHour();
            return hour >= fromHour && hour < toHour;
        };
    }

    private static String[] ids(Simulation simulation) {
        return simulation.people().stream().map(Person::id).toArray(String[]::new);
    }

    private static String key(MinuteRow row) {
        return row.userId() + " " + row.deviceId() + " " + row.minuteMs();
    }

    private static <T> List<T> list(Stream<T> stream) {
        return stream.toList();
    }

    private static List<Integer> bpm(Stream<Reading> readings) {
        return readings.map(Reading::bpm).toList();
    }

    private static double median(List<Integer> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static double mean(int[] values) {
        return java.util.Arrays.stream(values).average().orElseThrow();
    }

    private static double autocorrelation(double[] values, int lag) {
        double mean = java.util.Arrays.stream(values).average().orElseThrow();
        double with = 0;
        double all = 0;
        for (int i = 0; i < values.length; i++) {
            all += (values[i] - mean) * (values[i] - mean);
            with += i + lag < values.length ? (values[i] - mean) * (values[i + lag] - mean) : 0;
        }
        return with / all;
    }
}
