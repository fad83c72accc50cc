package hrm.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.DayGatherer;
import hrm.functions.detection.Limits;
import hrm.functions.detection.Sensor;
import hrm.model.Baseline;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** On real recordings, where they are: beside the repository, and never in it. */
class RecordingsTest {
    private static final Path DATA =
            Path.of(System.getProperty("hrm.home", "."), "..", "shared", "data");

    /** Each person's readings that validation would let through, in order. */
    private static List<List<Reading>> people(String set) {
        var folder = DATA.resolve(set);
        assumeTrue(Files.isDirectory(folder), () -> "no recordings in " + folder.toAbsolutePath());
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".hr.csv.gz"))
                    .sorted()
                    .map(RecordingsTest::readings)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Reading> readings(Path file) {
        var readings = new TreeMap<Long, Reading>();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(file)),
                                StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                var fields = line.split(",", -1);
                int bpm = whole(fields[1]);
                if (bpm >= 20 && bpm <= 300) {
                    long at = LocalDateTime.parse(fields[0]).toEpochSecond(ZoneOffset.UTC) * 1000;
                    readings.putIfAbsent(at, Reading.of("u", "d", at, bpm, whole(fields[2])));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ArrayList<>(readings.values());
    }

    private static int whole(String field) {
        return field.isEmpty() ? Reading.UNKNOWN : (int) Double.parseDouble(field);
    }

    @Test
    void strapFaultsAreFoundAndLittleElse() {
        int leaps = 0;
        int found = 0;
        int flagged = 0;
        int all = 0;
        for (var readings : people("mmash")) {
            var sensor = new Sensor();
            var values = new Values();
            Reading before = null;
            boolean beforeFlagged = false;
            for (var reading : readings) {
                sensor.score(reading, values);
                boolean implausible = values.get(Name.SENSOR_IMPLAUSIBLE) == 1;
                if (before != null
                        && reading.timestampMs() - before.timestampMs() <= 10_000
                        && Math.abs(reading.bpm() - before.bpm()) > 65) {
                    leaps++;
                    // There or back: one end of the leap is the fault.
                    found += implausible || beforeFlagged ? 1 : 0;
                }
                flagged += implausible ? 1 : 0;
                all++;
                before = reading;
                beforeFlagged = implausible;
            }
        }
        System.out.printf(
                "chest straps: %d of %d leaps over 65 bpm in 10 s found, %d of %d readings flagged%n",
                found, leaps, flagged, all);
        assertThat(found).isGreaterThanOrEqualTo(leaps * 9 / 10);
        assertThat(flagged).isLessThan(all / 1_000);
    }

    @Test
    void wristDevicesAreSeldomFlaggedAndNoRecordedSensorIsStuck() {
        for (var set : List.of("mmash", "fitbit-2016")) {
            int flagged = 0;
            int stuck = 0;
            int all = 0;
            for (var readings : people(set)) {
                var sensor = new Sensor();
                var values = new Values();
                for (var reading : readings) {
                    sensor.score(reading, values);
                    flagged += values.get(Name.SENSOR_IMPLAUSIBLE) == 1 ? 1 : 0;
                    stuck += values.get(Name.SENSOR_STUCK) == 1 ? 1 : 0;
                    all++;
                }
            }
            System.out.printf("%s: %d of %d readings implausible%n", set, flagged, all);
            assertThat(stuck).isZero();
            assertThat(flagged).isLessThan(set.equals("mmash") ? all / 1_000 : all / 20_000);
        }
    }

    @Test
    void baselinesOfPeopleWithWeeksOfRecordingsAreReadyAndTheirLimitsNearTheExactOnes() {
        int ready = 0;
        for (var readings : people("fitbit-2016")) {
            var gatherer = new DayGatherer();
            readings.forEach(reading -> gatherer.add(reading, ZoneOffset.UTC));
            var days = gatherer.days();
            var builder = new BaselineBuilder();
            builder.addAll(days);
            long last = days.stream().mapToLong(d -> d.epochDay()).max().orElseThrow();
            var baseline = builder.build("u", "run", last + 1, Instant.EPOCH);
            if (baseline.state() != Baseline.State.READY) {
                continue;
            }
            ready++;
            var rest = new Histogram();
            for (var day : days) {
                for (int hour = 0;
                        hour < 24
                                && day.epochDay() > last - BaselineBuilder.WINDOW_DAYS
                                && day.wornMinutes() >= BaselineBuilder.USABLE_MINUTES;
                        hour++) {
                    rest.merge(day.bpm(hour, true));
                }
            }
            for (var cell : baseline.cells()) {
                assertThat(cell.p01()).isLessThanOrEqualTo(cell.p50());
                assertThat(cell.p50()).isLessThanOrEqualTo(cell.p99());
            }
            var limits = Limits.of(null, baseline);
            double high = Math.min(130, Math.max(100, rest.percentile(99) + 10));
            double low = Math.min(50, Math.max(35, rest.percentile(1) - 5));
            assertThat(limits.high()).isBetween(high - 15, high + 15);
            assertThat(limits.low()).isBetween(low - 4, low + 4);
        }
        assertThat(ready).isEqualTo(5);
    }
}
