package hrm.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hrm.importers.BadLine;
import hrm.importers.CsvReadings;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingsTest {
    @TempDir private Path folder;

    private final List<BadLine> bad = new ArrayList<>();

    @Test
    void emptyIsUnknownAndATimeWithoutZoneIsUtc() throws IOException {
        var file =
                write(
                        "u.hr.csv",
                        "timestamp,bpm,steps,activity",
                        "2026-01-31T08:15:30,72,4,walking",
                        "2026-01-31 08:15:35,73,,");

        var readings = read(file);

        assertThat(readings)
                .containsExactly(
                        reading("u", "default", 1769847330000L, 72, 4, "walking"),
                        reading("u", "default", 1769847335000L, 73, Reading.UNKNOWN, null));
        assertThat(bad).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T08:15:30, 1769847330000",
        "2026-01-31 08:15:30, 1769847330000",
        "2026-01-31T08:15:30.250, 1769847330250",
        "2026-01-31T08:15, 1769847300000",
        "2026-01-31T08:15:30Z, 1769847330000",
        "2026-01-31T08:15:30-05:00, 1769865330000",
        "2024-02-29T00:00:00, 1709164800000",
        "1969-12-31T23:59:59, -1000",
        "1769847330123, 1769847330123"
    })
    void timesAreReadInEveryUsualForm(String text, long ms) throws IOException {
        var file = write("u.hr.csv", "timestamp,bpm", text + ",72");
        assertThat(read(file)).extracting(Reading::timestampMs).containsExactly(ms);
    }

    @Test
    void theHeaderDecidesAndOtherColumnsAreIgnored() throws IOException {
        var file =
                write(
                        "all.csv",
                        "\uFEFFBPM,note,device_id,user_id,timestamp",
                        "71.5,\"a, b\",w1,anna,1769847330000",
                        "64,,,,2026-01-31T09:15:31+01:00");

        assertThat(read(file))
                .containsExactly(
                        reading("anna", "w1", 1769847330000L, 72, Reading.UNKNOWN, null),
                        reading("u", "default", 1769847331000L, 64, Reading.UNKNOWN, null));
    }

    @Test
    void gzippedFilesAreUnpacked() throws IOException {
        var file = write("u.hr.csv.gz", "timestamp,bpm", "2026-01-31T08:15:30Z,72");
        assertThat(read(file)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yesterday,72,0| timestamp 'yesterday' is neither a date and time",
                "2026-02-30T08:15:30,72,0| timestamp '2026-02-30T08:15:30' is neither",
                "2026-01-31T24:15:30,72,0| timestamp '2026-01-31T24:15:30' is neither",
                "2026-01-31T08:15,72,0,1| has 4 fields where the header names 3",
                ",72,0| timestamp is empty",
                "2026-01-31T08:15:30,fast,0| bpm 'fast' is not a number",
                "2026-01-31T08:15:30,-72,0| bpm '-72' is not a number from 0",
                "2026-01-31T08:15:30,NaN,0| bpm 'NaN' is not a number from 0",
                "2026-01-31T08:15:30,72,x| steps 'x' is not a number",
                "2026-01-31T08:15:30,72| has 2 fields where the header names 3",
                "\"2026-01-31T08:15:30,72,0| a quote is opened and not closed"
            })
    void aBadLineIsReportedWithItsNumberAndTheOthersAreRead(String line, String what)
            throws IOException {
        var file =
                write(
                        "u.hr.csv",
                        "timestamp,bpm,steps",
                        "2026-01-31T08:15:29,70,0",
                        "",
                        line,
                        "2026-01-31T08:15:31,71,0");

        assertThat(read(file)).extracting(Reading::bpm).containsExactly(70, 71);
        assertThat(bad).hasSize(1);
        assertThat(bad.get(0).line()).isEqualTo(4);
        assertThat(bad.get(0).file()).isEqualTo(file);
        assertThat(bad.get(0).what()).startsWith(what);
    }

    @Test
    void aHeaderWithoutTimestampIsRefusedAndSaysTheColumns() throws IOException {
        var file = write("u.hr.csv", "time,bpm", "1,2");
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("u.hr.csv:1: ")
                .hasMessageContaining("'timestamp'")
                .hasMessageContaining("Columns: ");
        assertThatThrownBy(() -> read(write("v.hr.csv"))).hasMessageContaining("v.hr.csv:1");
    }

    @Test
    void theLastDayOfEachPersonIsLiveSideBySideAndWhatWasBeforeIsHistory() throws IOException {
        write(
                "anna.hr.csv",
                "timestamp,bpm,steps",
                "2026-01-28T10:00:00,60,0",
                "2026-01-28T10:00:30,61,0",
                "2026-01-28T10:00:30,99,0",
                "2026-01-30T08:00:59,62,0",
                "2026-01-30T08:01:00,63,0",
                "2026-01-31T08:00:10,64,0");
        write(
                "ben.hr.csv",
                "timestamp,bpm,steps",
                "2020-05-01T12:00:00,50,0",
                "2020-05-02T11:00:00,51,0");
        Files.writeString(folder.resolve("events.csv"), "user,date\n");

        var recordings = Recordings.open(folder);

        assertThat(recordings.people()).extracting(p -> p.userId()).containsExactly("anna", "ben");
        var anna = recordings.people().get(0);
        assertThat(anna.liveFrom()).isEqualTo("2026-01-30T08:01:00Z");
        assertThat(anna.readings()).isEqualTo(6);
        assertThat(anna.liveReadings()).isEqualTo(2);
        assertThat(recordings.profiles()).hasSize(2);

        var rows = recordings.history().toList();
        assertThat(rows).extracting(MinuteRow::userId).containsExactly("anna", "anna");
        assertThat(rows.get(0).readings()).extracting(Reading::bpm).containsExactly(60, 61);
        assertThat(rows.get(1).readings()).extracting(Reading::bpm).containsExactly(62);

        try (var stream = recordings.arrivals()) {
            var arrivals = stream.toList();
            assertThat(arrivals)
                    .extracting(Arrival::userId)
                    .containsExactly("anna", "ben", "ben", "anna");
            assertThat(arrivals)
                    .isSortedAccordingTo((a, b) -> Long.compare(a.afterMs(), b.afterMs()));
            var first = arrivals.get(0);
            assertThat(first.afterMs()).isZero();
            assertThat(decoded(first))
                    .isEqualTo(reading("anna", "default", first.recordTimestampMs(), 63, 0, null));
        }
    }

    @Test
    void linesThatGoBackInTimeArriveInTheFilesOrderAndAreSortedInHistory() throws IOException {
        write(
                "u.hr.csv",
                "timestamp,bpm,steps",
                "2026-01-28T10:01:00,61,0",
                "2026-01-28T10:00:00,60,0",
                "2026-01-31T08:00:10,64,0",
                "2026-01-31T08:00:05,63,0");
        var recordings = Recordings.open(folder);

        assertThat(recordings.history())
                .extracting(row -> row.readings().get(0).bpm())
                .containsExactly(60, 61);
        try (var stream = recordings.arrivals()) {
            var arrivals = stream.toList();
            assertThat(arrivals)
                    .extracting(Arrival::afterMs)
                    .containsExactly(86_350_000L, 86_350_000L);
            assertThat(arrivals).extracting(a -> decoded(a).bpm()).containsExactly(64, 63);
        }
    }

    @Test
    void impossibleHeartRatesStayInTheStreamAndOutOfTheHistory() throws IOException {
        write(
                "u.hr.csv",
                "timestamp,bpm,steps",
                "2026-01-28T10:00:00,8,0",
                "2026-01-28T10:00:05,60,0",
                "2026-01-31T08:00:05,0,0",
                "2026-01-31T08:00:10,512,0");
        var recordings = Recordings.open(folder);

        assertThat(recordings.people().get(0).impossible()).isEqualTo(3);
        assertThat(recordings.history().flatMap(row -> row.readings().stream()))
                .extracting(Reading::bpm)
                .containsExactly(60);
        assertThat(recordings.arrivals().map(a -> new String(a.value(), StandardCharsets.UTF_8)))
                .hasSize(2)
                .anyMatch(json -> json.contains("512"));
    }

    @Test
    void badLinesOfAFolderAreCountedAndNotFatal() throws IOException {
        write("u.hr.csv", "timestamp,bpm", "x,1", "2026-01-28T10:00:00,60");
        var recordings = Recordings.open(folder);
        assertThat(recordings.badLineCount()).isEqualTo(1);
        assertThat(recordings.badLines())
                .extracting(BadLine::toString)
                .singleElement()
                .asString()
                .startsWith("u.hr.csv:2: timestamp 'x'");
    }

    @Test
    void aFolderWithoutRecordingsOrWithTwoFilesOfOnePersonIsRefused() throws IOException {
        assertThatThrownBy(() -> Recordings.open(folder.resolve("no")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Recordings.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("USER.hr.csv");
        write("u.hr.csv", "timestamp,bpm", "2026-01-28T10:00:00,60");
        write("u.hr.csv.gz", "timestamp,bpm", "2026-01-28T10:00:00,60");
        assertThatThrownBy(() -> Recordings.open(folder)).hasMessageContaining("same person");
    }

    @Test
    void aFileThatIsNotGzippedIsNamed() throws IOException {
        Files.writeString(folder.resolve("u.hr.csv.gz"), "timestamp,bpm\n");
        assertThatThrownBy(() -> Recordings.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("u.hr.csv.gz");
    }

    /** Real recordings are not part of the project; where they are not, this is skipped. */
    @ParameterizedTest
    @ValueSource(strings = {"mmash", "fitbit-2016"})
    void realRecordingsAreReadWithoutABadLine(String set) throws IOException {
        var home = Path.of(System.getProperty("hrm.home", "..")).toAbsolutePath().normalize();
        var real = home.resolveSibling("shared").resolve("data").resolve(set);
        assumeTrue(Files.isDirectory(real), () -> "no recordings at ../shared/data/" + set);

        var recordings = Recordings.open(real);

        assertThat(recordings.badLines()).isEmpty();
        long live =
                recordings.people().stream().mapToLong(Recordings.Recording::liveReadings).sum();
        long all = recordings.people().stream().mapToLong(Recordings.Recording::readings).sum();
        long from = System.nanoTime();
        long history;
        try (var arrivals = recordings.arrivals()) {
            assertThat(arrivals.count()).isEqualTo(live);
            history = recordings.history().mapToLong(row -> row.readings().size()).sum();
        }
        System.out.printf(
                "%s: %d live, %d in history of %d, read in %d ms%n",
                set, live, history, all, (System.nanoTime() - from) / 1_000_000);
        assertThat(history).isBetween((all - live) * 99 / 100, all - live);
    }

    private List<Reading> read(Path file) {
        try (var readings = CsvReadings.read(file, "u", bad::add)) {
            return readings.toList();
        }
    }

    private Path write(String name, String... lines) throws IOException {
        var file = folder.resolve(name);
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
            for (var line : lines) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private static Reading decoded(Arrival arrival) {
        return ReadingCodec.decode(arrival.value(), arrival.recordTimestampMs()).reading();
    }

    private static Reading reading(
            String user, String device, long at, int bpm, int steps, String activity) {
        return new Reading(user, device, at, bpm, steps, activity, null, null, Double.NaN);
    }
}
