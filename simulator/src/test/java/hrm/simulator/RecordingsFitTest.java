package hrm.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hrm.importers.CsvReadings;
import hrm.simulator.Portrait.Against;
import hrm.simulator.Portrait.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How close ordinary simulated people are to recorded ones, as the module's README says it.
 *
 * <p>The README's tables are this test's output with {@code -Dhrm.fit.people=30 -Dhrm.fit.days=14}.
 */
class RecordingsFitTest {
    private static final Path HOME =
            Path.of(System.getProperty("hrm.home", "..")).toAbsolutePath().normalize();

    private static final Path DATA = HOME.resolveSibling("shared").resolve("data");

    /** Of each seed; those whose watch is slower than the recorded ones are left out. */
    private static final int PEOPLE = Integer.getInteger("hrm.fit.people", 8);

    private static final int DAYS = Integer.getInteger("hrm.fit.days", 7);
    private static final Duration SLOWEST = Duration.ofSeconds(10);
    private static final LocalDate FROM = LocalDate.of(2026, 3, 2);

    private static List<Portrait> simulated;

    @BeforeAll
    static void simulate() {
        simulated =
                LongStream.of(1, 42, 4711)
                        .mapToObj(seed -> Simulation.of(seed, PEOPLE))
                        .flatMap(
                                simulation ->
                                        simulation.people().stream()
                                                .filter(RecordingsFitTest::isQuick)
                                                .map(person -> portrait(simulation, person)))
                        .toList();
    }

    /** Real recordings are not part of the project; where they are not, this is skipped. */
    @Test
    void theMedianSimulatedPersonLiesWithinTheMiddleEightTenthsOfTheRecorded() throws IOException {
        assumeTrue(Files.isDirectory(DATA.resolve("mmash")), "no recordings at ../shared/data");
        var strap = recorded("mmash", "");
        // One of them was recorded for some hours only.
        var watch = recorded("fitbit-2016", "2026352035");
        var both = Stream.concat(strap.stream(), watch.stream()).toList();

        for (var statistic : Statistic.values()) {
            boolean all = statistic.against == Against.ALL;
            System.out.printf(
                    "| %s | %s | %s | %s | %s |%n",
                    statistic.title,
                    all ? Range.of(strap, statistic) : "–",
                    Range.of(watch, statistic),
                    all ? Range.of(both, statistic) : "–",
                    Range.of(simulated, statistic));
        }
        for (int group = 0; group < 8; group++) {
            System.out.printf(
                    "| %d–%d h | %s | %s | %s | %s |%n",
                    3 * group,
                    3 * group + 3,
                    hours(watch, group, true),
                    hours(simulated, group, true),
                    hours(watch, group, false),
                    hours(simulated, group, false));
        }

        for (var statistic : Statistic.values()) {
            var range = Range.of(statistic.against == Against.ALL ? both : watch, statistic);
            double bad = 1e5 * Simulation.BAD_SHARE;
            // Impossible readings are added on the way to Kafka.
            double own =
                    statistic == Statistic.IMPOSSIBLE
                            ? bad
                            : Range.of(simulated, statistic).median();
            assertThat(own).as(statistic.title).isBetween(range.low(), range.high());
        }
        for (int group = 3; group < 8; group++) {
            for (boolean atRest : new boolean[] {true, false}) {
                int at = group;
                ToDoubleFunction<Portrait> median = person -> person.hours(at, atRest, 0.5);
                var range = Range.of(watch, median);
                assertThat(Range.of(simulated, median).median())
                        .as("from %d h, at rest: %s", 3 * group, atRest)
                        .isBetween(range.low(), range.high());
            }
        }
    }

    /** So that the simulator cannot drift away from its page. Fewer people than there. */
    @Test
    void thePageSaysWhatSimulatedPeopleAreLike() throws IOException {
        var page = Files.readAllLines(HOME.resolve("simulator/README.md"));
        for (var statistic : Statistic.values()) {
            var row =
                    page.stream()
                            .filter(line -> line.startsWith("| " + statistic.title + " |"))
                            .findFirst();
            assertThat(row).as("row of the README for '%s'", statistic.title).isPresent();
            var cells = row.get().split("\\|");
            var said = Range.parse(cells[cells.length - 1]);
            double own = Range.of(simulated, statistic).median();
            double tolerance = 0.3 * (said.high() - said.low()) + 0.05 * Math.abs(said.median());
            assertThat(Math.abs(own - said.median()))
                    .as("%s: %s, and the page says %s", statistic.title, own, said)
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    private static boolean isQuick(Person person) {
        return person.devices().get(0).interval().compareTo(SLOWEST) <= 0;
    }

    private static Portrait portrait(Simulation simulation, Person person) {
        var watch = person.devices().get(0);
        return Portrait.of(
                FROM.datesUntil(FROM.plusDays(DAYS))
                        .flatMap(day -> simulation.day(person, watch, day))
                        .iterator(),
                person.timeZone());
    }

    private static List<Portrait> recorded(String set, String without) throws IOException {
        // Their clocks are local and say no zone.
        return Recordings.open(DATA.resolve(set)).people().stream()
                .filter(person -> !person.userId().equals(without))
                .map(
                        person -> {
                            try (var readings =
                                    CsvReadings.read(person.file(), person.userId(), bad -> {})) {
                                return Portrait.of(readings.iterator(), ZoneOffset.UTC);
                            }
                        })
                .toList();
    }

    private static String hours(List<Portrait> people, int group, boolean atRest) {
        var quantiles =
                Stream.of(0.05, 0.5, 0.95)
                        .map(share -> Range.of(people, p -> p.hours(group, atRest, share)))
                        .toList();
        return quantiles.get(0).people() < 3
                ? "–"
                : "%.0f, %s, %.0f"
                        .formatted(
                                quantiles.get(0).median(),
                                quantiles.get(1),
                                quantiles.get(2).median());
    }

    /** Median and 10 to 90 % of people of whom it is known. */
    private record Range(double median, double low, double high, int people) {
        static Range of(List<Portrait> people, Statistic statistic) {
            return of(people, person -> person.get(statistic));
        }

        static Range of(List<Portrait> people, ToDoubleFunction<Portrait> what) {
            var values = people.stream().mapToDouble(what).filter(Double::isFinite).toArray();
            return new Range(
                    Portrait.quantile(values, 0.5, 1),
                    Portrait.quantile(values, 0.1, 1),
                    Portrait.quantile(values, 0.9, 1),
                    values.length);
        }

        /** Of what {@link #toString} writes. */
        static Range parse(String text) {
            var numbers =
                    Arrays.stream(text.replace(",", "").split("[^0-9.−]+"))
                            .filter(number -> !number.isEmpty())
                            .mapToDouble(number -> Double.parseDouble(number.replace('−', '-')))
                            .toArray();
            return new Range(numbers[0], numbers[1], numbers[2], 0);
        }

        @Override
        public String toString() {
            double largest = Math.max(Math.abs(low), high);
            var form = largest >= 1000 ? "%,.0f" : largest >= 10 ? "%.1f" : "%.2f";
            var text = (form + " (" + form + " to " + form + ")");
            return String.format(Locale.ROOT, text, median, low, high).replace('-', '−');
        }
    }
}
