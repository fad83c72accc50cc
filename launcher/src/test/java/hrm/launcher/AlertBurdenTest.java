package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hrm.importers.CsvReadings;
import hrm.model.Alert;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.simulator.Recordings;
import hrm.simulator.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How often people are alarmed to whom nothing special happens, by the shipped patterns and their
 * own baselines. The figures in simulator/README.md are this test's output with {@code
 * -Dhrm.fit.people=30}.
 */
class AlertBurdenTest {
    private static final int PEOPLE = Integer.getInteger("hrm.fit.people", 10);
    private static final LocalDate FROM = LocalDate.of(2026, 3, 2);
    private static final LocalDate LIVE = FROM.plusDays(14);
    private static final long DAY_MS = 86_400_000;

    @Test
    void anOrdinarySimulatedPersonIsSeldomAlarmed() {
        var simulation = Simulation.of(42, PEOPLE);
        var burden = new Burden();
        var detection = new PureDetection(simulation.profiles());
        try (var history = simulation.history(FROM, LIVE, Scenario.HISTORY_EVERY)) {
            detection.learn(history, LIVE.atStartOfDay(ZoneOffset.UTC).toInstant(), "run");
        }
        LIVE.datesUntil(LIVE.plusDays(7))
                .flatMap(simulation::readings)
                .forEach(reading -> burden.count(reading, detection.judge(reading)));

        System.out.println("simulated: " + burden);
        assertThat(burden.perWornWeek()).isLessThan(1);
    }

    /**
     * A half is learnt from, the other judged. Real recordings are not part of the project; where
     * they are not, this is skipped. It holds no limit: nobody knows what happened to these people.
     */
    @Test
    void recordedPeopleAreAlarmedAsOftenAsThePageSays() throws IOException {
        var home = Path.of(System.getProperty("hrm.home", "..")).toAbsolutePath().normalize();
        var folder = home.resolveSibling("shared").resolve("data").resolve("fitbit-2016");
        assumeTrue(Files.isDirectory(folder), "no recordings at ../shared/data");
        var burden = new Burden();
        for (var person : Recordings.open(folder).people()) {
            judgeSecondHalf(read(person.file()), burden);
        }

        System.out.println("recorded: " + burden);
        assertThat(burden.minutes).isPositive();
    }

    private static void judgeSecondHalf(List<Reading> readings, Burden burden) {
        // Before the first known step rest is unknown.
        long first = readings.stream().filter(Reading::hasSteps).findFirst().get().timestampMs();
        long middle = (first + readings.get(readings.size() - 1).timestampMs()) / 2;
        long live = middle - Math.floorMod(middle, DAY_MS);
        var utc = new UserProfile(Instant.EPOCH, ZoneOffset.UTC, null, null);
        var detection = new PureDetection(List.of(new UserProfiles("u", List.of(utc))));
        detection.learn(
                readings.stream()
                        .filter(reading -> reading.timestampMs() < live)
                        .map(AlertBurdenTest::row),
                Instant.ofEpochMilli(live),
                "run");
        readings.stream()
                .filter(reading -> reading.timestampMs() >= live)
                .forEach(reading -> burden.count(reading, detection.judge(reading)));
    }

    private static MinuteRow row(Reading reading) {
        long minute = reading.timestampMs() - Math.floorMod(reading.timestampMs(), 60_000);
        return new MinuteRow(reading.userId(), reading.deviceId(), minute, List.of(reading));
    }

    private static List<Reading> read(Path file) {
        try (Stream<Reading> readings = CsvReadings.read(file, "u", bad -> {})) {
            return readings.filter(Reading::hasBpm)
                    .sorted(Comparator.comparingLong(Reading::timestampMs))
                    .toList();
        }
    }

    /** Alerts and the time that somebody was watched. */
    private static final class Burden {
        private final TreeMap<String, Integer> opened = new TreeMap<>();
        private final TreeMap<String, Long> minuteOf = new TreeMap<>();
        private long minutes;

        void count(Reading reading, List<Alert> alerts) {
            long minute = Math.floorDiv(reading.timestampMs(), 60_000);
            Long before = minuteOf.put(reading.userId(), minute);
            minutes += before == null || before != minute ? 1 : 0;
            for (var alert : alerts) {
                if (alert.state() == Alert.State.OPENED) {
                    opened.merge(alert.patternId(), 1, Integer::sum);
                }
            }
        }

        double perWornWeek() {
            int all = opened.values().stream().mapToInt(i -> i).sum();
            return all / (minutes / (7 * 1440.0));
        }

        @Override
        public String toString() {
            return "%.2f alerts in a worn week, of %.0f worn days: %s"
                    .formatted(perWornWeek(), minutes / 1440.0, opened);
        }
    }
}
