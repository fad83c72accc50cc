package hrm.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The questions in {@code sql/flink}, by Flink's own planner; some are answered on a few rows. */
class FlinkSqlTest {
    private static final Path FOLDER = Path.of(System.getProperty("hrm.home"), "sql", "flink");
    private static final String TABLES = "tables.sql";
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private static TableEnvironment batch;
    private static TableEnvironment streaming;

    /** With rows in the places of tables. */
    private TableEnvironment flink;

    @BeforeAll
    static void createTables() throws IOException {
        batch = withTables(EnvironmentSettings.inBatchMode());
        streaming = withTables(EnvironmentSettings.inStreamingMode());
    }

    private static TableEnvironment withTables(EnvironmentSettings mode) throws IOException {
        var flink = TableEnvironment.create(mode);
        flink.getConfig().set("table.local-time-zone", "UTC");
        flink.getConfig().set("parallelism.default", "1");
        statements(TABLES).forEach(flink::executeSql);
        return flink;
    }

    static List<String> questions() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".sql") && !name.equals(TABLES))
                    .sorted()
                    .toList();
        }
    }

    /** As the client divides a file: at semicolons at the ends of lines. */
    private static List<String> statements(String file) throws IOException {
        var text = Files.readString(FOLDER.resolve(file), UTF_8).replaceAll("(?m)^\\s*--.*$", "");
        return Arrays.stream(text.split(";\\s*(\\n|$)"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("questions")
    void everyQuestionIsAskedInItsFirstLineAndPlanned(String file) throws IOException {
        assertThat(Files.readAllLines(FOLDER.resolve(file)).get(0)).matches("-- .*[?:].*");
        var statements = statements(file);
        var flink = statements.get(0).contains("'streaming'") ? streaming : batch;
        int queries = 0;
        for (var statement : statements) {
            if (statement.startsWith("CREATE")) {
                flink.executeSql(statement);
            } else if (!statement.startsWith("SET")) {
                assertThat(flink.explainSql(statement)).contains("Optimized Execution Plan");
                queries++;
            }
        }
        assertThat(queries).isEqualTo(1);
    }

    @Test
    void everyQuestionIsOnThePage() throws IOException {
        var page = Files.readString(FOLDER.resolve("../../docs/sql.md"));
        for (var file : questions()) {
            assertThat(page).contains("sql/flink/" + file);
        }
    }

    /** Rows in the place of a table; of columns that are not given there is nothing. */
    private void put(String table, List<Map<String, Object>> rows) {
        var columns = flink.from(table).getResolvedSchema().getColumns();
        var fields =
                columns.stream()
                        .map(column -> DataTypes.FIELD(column.getName(), column.getDataType()))
                        .toArray(DataTypes.Field[]::new);
        var values =
                rows.stream()
                        .map(
                                row ->
                                        Row.of(
                                                columns.stream()
                                                        .map(Column::getName)
                                                        .map(row::get)
                                                        .toArray()))
                        .toList();
        flink.createTemporaryView(table, flink.fromValues(DataTypes.ROW(fields), values));
    }

    private List<String> answer(String file) throws Exception {
        var statements = statements(file);
        var answer = new ArrayList<String>();
        try (var rows = flink.executeSql(statements.get(statements.size() - 1)).collect()) {
            rows.forEachRemaining(row -> answer.add(row.toString()));
        }
        return answer;
    }

    private static Map<String, Object> alert(
            String user, int episode, int revision, String state, Instant onset) {
        var row = new HashMap<String, Object>();
        row.put("event_id", episode + "-" + revision);
        row.put("episode_id", Integer.toString(episode));
        row.put("revision", revision);
        row.put("state", state);
        row.put("reason", state.equals("RESOLVED") ? "RECOVERED" : null);
        row.put("user_id", user);
        row.put("device_id", "watch");
        row.put("pattern_id", "resting-tachycardia");
        row.put("severity", "high");
        row.put("mode", "live");
        row.put("onset", onset);
        row.put("resolved_at", state.equals("RESOLVED") ? onset.plusSeconds(600) : null);
        row.put("limit_source", "default");
        row.put("message", "Heart rate above 120");
        return row;
    }

    @Test
    void alertsAreCountedOnceHoweverOftenTheyCome() throws Exception {
        flink = withTables(EnvironmentSettings.inBatchMode());
        var rows = new ArrayList<Map<String, Object>>();
        rows.add(alert("anna", 1, 1, "OPENED", NOON));
        rows.add(alert("anna", 1, 1, "OPENED", NOON));
        rows.add(alert("anna", 1, 2, "RESOLVED", NOON));
        rows.add(alert("ben", 2, 1, "OPENED", NOON.plusSeconds(60)));
        for (int i = 0; i < 4; i++) {
            rows.add(alert("carl", 10 + i, 1, "OPENED", NOON.plus(Duration.ofDays(1))));
        }
        put("alerts", rows);

        assertThat(answer("alerts-a-day-by-pattern.sql"))
                .containsExactly(
                        "+I[2026-01-31, resting-tachycardia, high, 2, 0, 2]",
                        "+I[2026-02-01, resting-tachycardia, high, 4, 0, 1]");
        assertThat(answer("open-episodes.sql"))
                .hasSize(5)
                .first()
                .asString()
                .startsWith("+I[ben, watch");
        assertThat(answer("how-alerts-end.sql"))
                .containsExactly("+I[resting-tachycardia, RECOVERED, 1, 10.0]");
    }

    private static Map<String, Object> reading(String user, Instant measured, Instant arrived) {
        return Map.of(
                "user_id", user,
                "timestamp", measured,
                "heart_rate", 60.0,
                "arrived_at", arrived);
    }

    @Test
    void latenessAndSilenceAreToldOfReadings() throws Exception {
        flink = withTables(EnvironmentSettings.inBatchMode());
        var now = Instant.now();
        put(
                "heart_rate_data",
                List.of(
                        reading("anna", NOON, NOON.plusSeconds(2)),
                        reading("anna", NOON, NOON.plusSeconds(7_200)),
                        reading("ben", now, now)));

        assertThat(answer("how-late-readings-arrive.sql"))
                .containsExactly("+I[default, 3, 2400.7, 66.7, 33.3, 2.0]");
        assertThat(answer("who-has-not-worn-a-sensor.sql"))
                .containsExactly("+I[anna, 2026-01-31T12:00:00Z, 0]");
    }
}
