package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.embedded.EmbeddedDatabase;
import hrm.sinks.JdbcOptions;
import hrm.sql.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Readings from files into a real PostgreSQL, and out again. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReadingsIT {
    /** Megabytes of Apple's export, and of heap; {@code -Dhrm.big=1000} for a real one. */
    private static final int MEGABYTES = Integer.getInteger("hrm.big", 20);

    private static final int HEAP = MEGABYTES > 100 ? 256 : 48;

    @TempDir static Path folder;

    private static EmbeddedDatabase postgres;

    @BeforeAll
    static void start() throws SQLException {
        postgres = EmbeddedDatabase.start(folder.resolve("postgres"));
        Schema.migrate(JdbcOptions.of(postgres.jdbcUrl(), "hrm", null).dataSource());
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    private static Cli readings(String... arguments) {
        return Cli.hrm(
                Stream.of(
                                Stream.of("readings"),
                                Stream.of(arguments),
                                Stream.of("--jdbc-url", postgres.jdbcUrl()))
                        .flatMap(part -> part)
                        .toArray(String[]::new));
    }

    private static List<String> query(String sql) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** Everything stored, as text. */
    private static List<String> stored(String columns) throws SQLException {
        return query(
                "SELECT concat_ws('|', "
                        + columns
                        + ") FROM readings ORDER BY user_id, \"timestamp\", device_id");
    }

    private static final String EVERYTHING =
            "user_id, device_id, \"timestamp\" AT TIME ZONE 'UTC', coalesce(heart_rate, -1), coalesce(steps, -1), activity,"
                    + " rr_intervals_ms, sensor_contact, confidence";

    private static Path write(String name, String text) throws IOException {
        var file = folder.resolve("files").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    @Order(1)
    void importingTwiceStoresOnceAndBadLinesAreSetAside() throws Exception {
        write(
                "anna.hr.csv",
                """
                timestamp,bpm,steps,activity
                2026-01-31T09:15:30,72,4,lying
                2026-01-31T09:15:30,99,4,lying
                2026-01-31T09:16:00,400,4,lying
                2026-01-31T09:16:30,74,,"a ""b"", c"
                """);
        write(
                "all.csv",
                """
                user_id,timestamp,heart_rate,device_id,rr_intervals_ms,sensor_contact,confidence
                "b,en",2026-01-31T08:15:30.5Z,72,watch,832 840,true,0.98
                """);
        write("notes.txt", "hello");
        var rejects = folder.resolve("rejects.jsonl");

        var first =
                readings(
                        "import",
                        folder.resolve("files").toString(),
                        "--time-zone",
                        "Europe/Berlin",
                        "--rejects",
                        rejects.toString());

        assertThat(first.out())
                .startsWith(
                        "imported 4 readings of 2 people, 2026-01-31 08:15:30 to 2026-01-31 08:16:30 UTC")
                .contains("new or changed: 3 minutes, 2 hours of the roll-up")
                .contains("repeated: 1 reading")
                .contains("set aside: HEART_RATE_OUT_OF_RANGE 1; see " + rejects);
        assertThat(first.err())
                .contains("csv: 2 files")
                .contains("left out: ")
                .contains("notes.txt");
        assertThat(first.code()).isEqualTo(1);
        assertThat(Files.readString(rejects, UTF_8))
                .contains("\"line\":4,")
                .contains("\"original\":\"2026-01-31T09:16:00,400,4,lying\"");
        assertThat(stored(EVERYTHING))
                .containsExactly(
                        "anna|default|2026-01-31 08:15:30|72|4|lying",
                        "anna|default|2026-01-31 08:16:30|74|-1|a \"b\", c",
                        "b,en|watch|2026-01-31 08:15:30.5|72|-1|{832,840}|t|0.98");

        Files.delete(rejects);
        var again =
                readings(
                        "import",
                        folder.resolve("files").toString(),
                        "--time-zone",
                        "Europe/Berlin",
                        "--rejects",
                        rejects.toString());
        assertThat(again.out()).contains("new or changed: 0 minutes, 0 hours of the roll-up");
        assertThat(stored(EVERYTHING)).hasSize(3);

        var dry = readings("import", folder.resolve("files/all.csv").toString(), "--dry-run");
        assertThat(dry.out()).startsWith("would import 1 reading of 1 person");
        assertThat(dry.code()).isZero();
    }

    @Test
    @Order(2)
    void wrongUsageIsExitCodeTwoAndAFileThatIsMissingIsNamed() {
        assertThat(readings("import").code()).isEqualTo(2);
        assertThat(readings("import", "x", "--format", "xls").err())
                .contains(
                        "--format 'xls': write auto, csv, fitbit, apple-health, fhir, open-mhealth.");
        assertThat(readings("import", "x", "--time-zone", "Berlin").code()).isEqualTo(2);
        assertThat(readings("import", "no-such-file").err())
                .contains("no-such-file: there is no such file");
        assertThat(readings("import", "no-such-file").code()).isEqualTo(1);
        assertThat(
                        readings(
                                        "export",
                                        "--user",
                                        "anna",
                                        "--from",
                                        "2026-02-01",
                                        "--to",
                                        "2026-01-01")
                                .code())
                .isEqualTo(2);
    }

    @Test
    @Order(3)
    void anExportIsReadBackAsItWas() throws Exception {
        var before = stored(EVERYTHING);
        for (var user : List.of("anna", "b,en")) {
            var csv = folder.resolve("out").resolve(user.substring(0, 1) + ".csv.gz");
            Files.createDirectories(csv.getParent());
            var exported = readings("export", "--user", user, "--output", csv.toString());
            assertThat(exported.code()).as(exported.err()).isZero();
        }
        var fhir = readings("export", "--user", "anna", "--format", "fhir");
        var part =
                readings(
                        "export",
                        "--user",
                        "anna",
                        "--from",
                        "2026-01-31T08:16:00Z",
                        "--to",
                        "2026-01-31T08:16:31Z");
        assertThat(part.err()).contains("exported 1 reading");
        assertThat(part.out().lines()).hasSize(2);
        assertThat(readings("export", "--user", "nobody").code()).isEqualTo(1);

        execute("TRUNCATE reading_minutes, reading_hours");
        assertThat(readings("import", folder.resolve("out").toString()).code()).isZero();
        assertThat(stored(EVERYTHING)).isEqualTo(before);

        execute("TRUNCATE reading_minutes, reading_hours");
        var bundle = write("../anna.json", fhir.out());
        assertThat(readings("import", bundle.toString()).out()).startsWith("imported 2 readings");
        assertThat(stored("user_id, heart_rate, coalesce(steps, -1)"))
                .containsExactly("anna|72|4", "anna|74|-1");
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** In a JVM whose heap is a fraction of what the file would take. */
    @Test
    @Order(4)
    void anExportOfApplesManyTimesTheHeapIsImportedAndRolledUp() throws Exception {
        var file = folder.resolve("export.xml");
        long readings = AppleExport.write(file, MEGABYTES * 1_000_000L);
        long began = System.nanoTime();
        var log = folder.resolve("import.log");

        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + HEAP + "m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "hrm.launcher.Hrm",
                                "readings",
                                "import",
                                file.toString(),
                                "--user",
                                "alice",
                                "--jdbc-url",
                                postgres.jdbcUrl())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();

        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        var took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf(
                "%d MB with -Xmx%dm: %.1f s, %.0f MB/s, %d readings%n%s",
                Files.size(file) / 1_000_000,
                HEAP,
                took.toMillis() / 1e3,
                Files.size(file) / 1e3 / took.toMillis(),
                readings,
                Files.readString(log));
        assertThat(query("SELECT sum(n) FROM reading_minutes WHERE user_id = 'alice'"))
                .containsExactly(Long.toString(readings));
        assertThat(query("SELECT sum(readings) FROM reading_hours WHERE user_id = 'alice'"))
                .containsExactly(Long.toString(readings));
        assertThat(readings("roll-up", "--since", "2023-01-01", "--user", "alice").out())
                .contains("new or changed: 0 hours");
    }
}
