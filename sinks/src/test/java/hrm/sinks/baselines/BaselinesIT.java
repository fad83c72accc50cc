package hrm.sinks.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.LearntBaseline;
import hrm.model.Topics;
import hrm.sinks.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BaselinesIT {
    private static final Instant AS_OF = Instant.parse("2026-01-31T00:00:00Z");

    private static TestDatabase database;

    @BeforeAll
    static void start() {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        database.execute("TRUNCATE baseline_runs, baselines, baseline_drafts");
    }

    @Test
    void baselinesComeBackAsTheyWereWritten() throws Exception {
        var ready = baseline("u1", "run-1", 52.5, Baseline.State.READY);
        var learning =
                new Baseline(
                        "u2",
                        "run-1",
                        AS_OF.plusSeconds(60),
                        Baseline.State.LEARNING,
                        null,
                        List.of(),
                        3,
                        9,
                        28);
        begin("run-1");

        write(ready, learning);
        assertThat(stored()).as("not before its end").isEmpty();
        succeed("run-1");

        assertThat(stored()).containsExactlyInAnyOrder(ready, learning);
    }

    @Test
    void repeatedRunReplacesItsOwnBaselinesOnly() throws Exception {
        var other = baseline("u1", "run-1", 50, Baseline.State.READY);
        var better = baseline("u1", "run-2", 61, Baseline.State.STALE);
        begin("run-1");
        write(other);
        succeed("run-1");
        begin("run-2");
        write(baseline("u1", "run-2", 60, Baseline.State.READY));
        succeed("run-2");

        begin("run-2");
        write(better);
        succeed("run-2");

        assertThat(stored()).containsExactlyInAnyOrder(other, better);
    }

    @Test
    void baselineOfARunThatWasNotBegunIsRefused() {
        assertThatThrownBy(() -> write(baseline("u1", "nobody's", 50, Baseline.State.READY)))
                .hasMessageContaining("baseline_drafts_run_fk");
        assertThatThrownBy(() -> succeed("nobody's")).hasMessageContaining("begin it first");
    }

    @Test
    void endOfARunCountsWhatItWrote() throws Exception {
        begin("run-1");
        write(
                baseline("u1", "run-1", 50, Baseline.State.READY),
                baseline("u2", "run-1", 50, Baseline.State.LEARNING));
        succeed("run-1");
        begin("run-2");
        write(baseline("u1", "run-2", 50, Baseline.State.READY));
        try (var connection = database.connect()) {
            BaselineRuns.fail(connection, "run-2", "a test");
        }
        begin("run-3");

        assertThat(
                        database.query(
                                """
                                SELECT concat_ws(' ', run_id, outcome, users, ready, readings)
                                FROM baseline_runs ORDER BY run_id
                                """,
                                r -> r.getString(1)))
                .containsExactly("run-1 SUCCEEDED 2 1 2000", "run-2 FAILED", "run-3 RUNNING");
    }

    @Test
    void topicHasAllVersionsOfAPersonUnderTheirId() {
        var baselines =
                new Baselines("ü1", List.of(baseline("ü1", "run-1", 50, Baseline.State.READY)));

        var record = BaselineTopic.record(baselines);

        assertThat(record.topic()).isEqualTo(Topics.BASELINES);
        assertThat(record.key()).isEqualTo("ü1".getBytes(StandardCharsets.UTF_8));
        assertThat(Json.read(record.value(), Baselines.class)).isEqualTo(baselines);
        assertThat(record.timestamp()).isNull();
    }

    private static Baseline baseline(
            String user, String run, double resting, Baseline.State state) {
        return new Baseline(
                user,
                run,
                AS_OF.plusSeconds(60),
                state,
                resting,
                List.of(
                        new Baseline.Cell(0, true, 500, 48, 52.5, 71, 2.25),
                        new Baseline.Cell(7, false, 500, 60, 80, 141, 0.1 + 0.2)),
                21,
                1_000,
                28);
    }

    private static void begin(String run) throws SQLException {
        try (var connection = database.connect()) {
            BaselineRuns.begin(
                    connection,
                    new BaselineRuns.Plan(run, AS_OF, AS_OF.plusSeconds(60), 1, true, "a test"));
        }
    }

    private static void succeed(String run) throws SQLException {
        try (var connection = database.connect()) {
            BaselineRuns.succeed(connection, run, new BaselineRuns.Counts(1, 2, 3, 4));
        }
    }

    private static void write(Baseline... baselines) throws SQLException {
        var table = new BaselineTable(1);
        try (var connection = database.connect();
                var statement = connection.prepareStatement(table.query())) {
            for (var baseline : baselines) {
                table.statement(statement, new LearntBaseline(baseline, null));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static List<Baseline> stored() throws SQLException {
        return database.query(
                "SELECT " + BaselineTable.COLUMNS + " FROM baselines", BaselineTable::read);
    }
}
