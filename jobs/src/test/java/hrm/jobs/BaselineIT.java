package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.model.Topics;
import hrm.sinks.KafkaOptions;
import hrm.sinks.RunLock;
import hrm.sinks.baselines.BaselineRuns;
import hrm.sinks.baselines.BaselineRuns.Rollback;
import hrm.sinks.baselines.BaselineTopic;
import hrm.sinks.readings.MinuteRows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Stored readings in, baselines out: table and topic. Each test goes on where the last one ended.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BaselineIT {
    private static final Instant AS_OF = Instant.parse("2026-03-29T00:00:00Z");

    private static Pipeline pipeline;

    @BeforeAll
    static void start() throws Exception {
        pipeline = Pipeline.start();
        var rows = new ArrayList<MinuteRow>();
        history(rows, "rests", 27, 60, 0);
        history(rows, "new", 3, 70, 0);
        history(rows, "unknown-steps", 27, 65, Reading.UNKNOWN);
        try (var database = pipeline.database().connect()) {
            MinuteRows.write(database, rows);
            try (var zone =
                    database.prepareStatement(
                            "INSERT INTO user_profiles (user_id, effective_from, time_zone)"
                                    + " VALUES ('rests', '2020-01-01Z', 'America/New_York')")) {
                zone.execute();
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        pipeline.close();
    }

    /**
     * A reading every two minutes, whose bpm is 1 more in each hour of the day and goes up and down
     * by 2.
     */
    private static void history(List<MinuteRow> rows, String user, int days, int bpm, int steps) {
        var time = AS_OF.minus(Duration.ofDays(days));
        for (int i = 0; time.isBefore(AS_OF); i++, time = time.plusSeconds(120)) {
            int hour = (int) (time.getEpochSecond() / 3600 % 24);
            rows.add(minute(user, time, bpm + hour + i % 5 - 2, steps));
        }
    }

    private static MinuteRow minute(String user, Instant time, int bpm, int steps) {
        var reading = Reading.of(user, "watch", time.toEpochMilli(), bpm, steps);
        long minuteMs = time.truncatedTo(ChronoUnit.MINUTES).toEpochMilli();
        return new MinuteRow(user, "watch", minuteMs, List.of(reading));
    }

    private static Baselines published(String user) {
        Baselines newest = null;
        for (var record : pipeline.records(Topics.BASELINES)) {
            if (new String(record.key(), StandardCharsets.UTF_8).equals(user)) {
                newest = Json.read(record.value(), Baselines.class);
            }
        }
        return newest;
    }

    private static void run(Instant asOf, String runId, String... more) throws Exception {
        var arguments = new ArrayList<>(List.of("--as-of", asOf.toString(), "--run-id", runId));
        arguments.addAll(List.of(more));
        pipeline.baselines(arguments.toArray(String[]::new));
    }

    /** What a run found, without its name and times. */
    private static List<String> found(String runId) throws Exception {
        return pipeline.table(
                "SELECT user_id, state, resting_bpm, cells, days_used, readings_used, lineage"
                        + " - 'days_read' - 'minutes_read' - 'readings_read' FROM baselines"
                        + " WHERE run_id = '"
                        + runId
                        + "' ORDER BY user_id");
    }

    private static String read(String runId) throws Exception {
        return pipeline.table(
                        "SELECT days_read, minutes_read, readings_read, users, unchanged FROM"
                                + " baseline_runs WHERE run_id = '"
                                + runId
                                + "'")
                .get(0);
    }

    private static void write(List<MinuteRow> rows) throws Exception {
        try (var database = pipeline.database().connect()) {
            MinuteRows.write(database, rows);
        }
    }

    private static void sql(String statement) throws Exception {
        try (var database = pipeline.database().connect();
                var execute = database.createStatement()) {
            execute.execute(statement);
        }
    }

    /** How many minutes of a day somebody has who sends one every two. */
    private static final int DAY = 720;

    @Test
    @Order(1)
    void theFirstRunReadsEverythingAndLearnsWhatIsNormal() throws Exception {
        var from = AS_OF.plusSeconds(3600);
        run(AS_OF, "one", "--effective-from", from.toString());

        var rests = published("rests").versions().get(0);
        assertThat(rests.runId()).isEqualTo("one");
        assertThat(rests.effectiveFrom()).isEqualTo(from);
        assertThat(rests.state()).isEqualTo(Baseline.State.READY);
        // Hours are New York's: UTC's 13 is 9 o'clock in this summer time, group 3 is 9 to 11.
        var cell = rests.cell(9, true);
        assertThat(cell.p50()).isEqualTo(60 + 14);
        assertThat(cell.p01()).isEqualTo(60 + 13 - 2);
        // On the six days before the clocks change it is UTC's 14 to 16, which is 1.5 % above the
        // rest.
        assertThat(cell.p99()).isEqualTo(60 + 16 + 2);
        // The night from 0 to 7 is UTC's hours 4 to 10 before the clocks change.
        assertThat(rests.restingBpm()).isBetween(66.0, 69.0);
        assertThat(published("new").versions().get(0).state()).isEqualTo(Baseline.State.LEARNING);
        assertThat(published("unknown-steps").versions().get(0).cells()).isEmpty();
        assertThat(pipeline.table("SELECT outcome, users, ready FROM baseline_runs"))
                .containsExactly("SUCCEEDED|3|1");
        // 27 days in New York touch 28 local ones.
        assertThat(read("one")).isEqualTo("58|" + 57 * DAY + "|" + 57 * DAY + "|3|0");
    }

    @Test
    @Order(2)
    void withoutNewReadingsNothingIsReadAndTheSameDataGiveTheSameRows() throws Exception {
        run(AS_OF, "same");

        assertThat(read("same")).isEqualTo("0|0|0|0|3");

        run(AS_OF, "again", "--full", "--effective-from", AS_OF.plusSeconds(7200).toString());

        assertThat(read("again")).isEqualTo("58|" + 57 * DAY + "|" + 57 * DAY + "|3|0");
        assertThat(found("again")).isEqualTo(found("one"));
        assertThat(published("rests").versions())
                .extracting(Baseline::runId)
                .containsExactly("one", "again");
    }

    @Test
    @Order(3)
    void aDayLaterOnlyDaysWithNewReadingsAreReadAndItIsAsIfAllWere() throws Exception {
        var rows = new ArrayList<MinuteRow>();
        var tomorrow = AS_OF.plus(Duration.ofDays(1));
        for (var time = AS_OF; time.isBefore(tomorrow); time = time.plusSeconds(120)) {
            rows.add(minute("unknown-steps", time, 66, Reading.UNKNOWN));
        }
        // Late, within the hour by which the next day's first minutes are judged.
        var late = AS_OF.minus(Duration.ofDays(2)).minusSeconds(60);
        rows.add(minute("new", late, 90, 9));
        write(rows);

        run(tomorrow, "next");

        // The new day and two hours before it; of the other two days, with two hours before them.
        assertThat(read("next"))
                .isEqualTo(
                        "3|" + (DAY + 60 + 1 + 2 * DAY) + "|" + (DAY + 60 + 1 + 2 * DAY) + "|3|0");
        assertThat(
                        pipeline.table(
                                "SELECT user_id, lineage ->> 'days_read' FROM baselines"
                                        + " WHERE run_id = 'next' ORDER BY user_id"))
                .containsExactly("new|2", "rests|0", "unknown-steps|1");
        run(tomorrow, "all", "--full");
        assertThat(found("all")).isEqualTo(found("next"));
    }

    @Test
    @Order(4)
    void whoMovesIsReadWholeInTheNewTimeZone() throws Exception {
        var asOf = AS_OF.plus(Duration.ofDays(1));
        sql(
                "INSERT INTO user_profiles (user_id, effective_from, time_zone)"
                        + " VALUES ('new', '2026-03-01Z', 'Asia/Tokyo')");

        run(asOf, "moved");

        assertThat(read("moved")).startsWith("4|" + (3 * DAY + 1) + "|").endsWith("|1|2");
        assertThat(
                        pipeline.table(
                                "SELECT DISTINCT time_zone FROM day_histograms WHERE user_id = 'new'"))
                .containsExactly("Asia/Tokyo");
        run(asOf, "settled");
        assertThat(read("settled")).isEqualTo("0|0|0|0|3");
    }

    @Test
    @Order(5)
    void daysOfAnIllnessFeedNothing() throws Exception {
        var asOf = AS_OF.plus(Duration.ofDays(1));
        sql(
                "INSERT INTO alerts (episode_id, alert_id, event_id, revision, sequence, state,"
                        + " user_id, device_id, pattern_id, pattern_version, condition, severity, mode,"
                        + " onset, detected_at, resolved_at, detected_late, message, schema_version)"
                        + " SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 1,"
                        + " 'OPENED', 'rests', 'watch', 'illness', 1, 'illness', 'medium', 'live', '"
                        + AS_OF.minus(Duration.ofDays(3))
                        + "', '"
                        + AS_OF.minus(Duration.ofDays(3))
                        + "', NULL, false, 'ill', 1");

        run(asOf, "ill");

        var lineage =
                pipeline.table(
                        "SELECT days_used, jsonb_path_query_array(lineage,"
                                + " '$.excluded[*] ? (@.reason == \"ILLNESS\").day') FROM"
                                + " baselines WHERE run_id = 'ill'");
        // It began on the 25th at 20:00 in New York, and is open. Of the first day there are five
        // hours only.
        assertThat(lineage)
                .containsExactly(
                        "23|[\"2026-03-25\", \"2026-03-26\", \"2026-03-27\"," + " \"2026-03-28\"]");
    }

    @Test
    @Order(6)
    void whatBreaksOffLeavesBaselinesAsTheyWereAndTheNextRunDoesItAll() throws Exception {
        var asOf = AS_OF.plus(Duration.ofDays(2));
        var before = published("rests");
        var rows = pipeline.table("SELECT * FROM baselines ORDER BY user_id, run_id");
        sql(
                "ALTER TABLE baseline_drafts ADD CONSTRAINT planted CHECK (user_id <> 'rests')"
                        + " NOT VALID");
        try {
            assertThatThrownBy(() -> run(asOf, "broken", "--full"))
                    .rootCause()
                    .hasMessageContaining("planted");
        } finally {
            sql("ALTER TABLE baseline_drafts DROP CONSTRAINT planted");
        }

        assertThat(pipeline.table("SELECT * FROM baselines ORDER BY user_id, run_id"))
                .isEqualTo(rows);
        assertThat(published("rests")).isEqualTo(before);
        assertThat(
                        pipeline.table(
                                "SELECT outcome, trouble LIKE '%planted%' FROM baseline_runs WHERE"
                                        + " run_id = 'broken'"))
                .containsExactly("FAILED|t");

        // Somebody else's run, whose machine went.
        sql("INSERT INTO baseline_runs (run_id, as_of) VALUES ('gone', now())");
        run(asOf, "mended");

        assertThat(found("mended")).hasSize(3);
        assertThat(published("rests").versions())
                .extracting(Baseline::runId)
                .contains("mended")
                .doesNotContain("broken", "gone");
        assertThat(
                        pipeline.table(
                                "SELECT outcome, trouble LIKE 'It broke off%' FROM baseline_runs"
                                        + " WHERE run_id = 'gone'"))
                .containsExactly("FAILED|t");
    }

    @Test
    @Order(7)
    void neverTwoAtOnceAndTheSecondIsToldWhoIsFirst() throws Exception {
        try (var lock =
                RunLock.BASELINES.tryTake(pipeline.database(), "vera on a laptop").orElseThrow()) {
            assertThat(lock.connection().isClosed()).isFalse();
            assertThatThrownBy(() -> run(AS_OF, "second"))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining(
                            "Another baseline run is going on: vera on a laptop since")
                    .hasMessageContaining("--wait-for-run");
        }
        try (var database = pipeline.database().connect()) {
            assertThat(BaselineRuns.find(database, "second")).isEmpty();
            assertThat(RunLock.BASELINES.holder(database)).isEmpty();
        }
    }

    @Test
    @Order(8)
    void aRunIsUndoneByVersionsOfWhatWasBefore() throws Exception {
        var now = Instant.parse("2026-12-01T00:00:00Z");
        Rollback undone;
        try (var lock = RunLock.BASELINES.tryTake(pipeline.database(), "a test").orElseThrow()) {
            undone = BaselineRuns.rollback(lock.connection(), "mended", now, "a test");
            BaselineTopic.publish(lock.connection(), KafkaOptions.of(servers())::openProducer);
        }

        assertThat(undone.restored()).isEqualTo(3);
        assertThat(undone.without()).isZero();
        var versions = published("rests").versions();
        var newest = versions.get(versions.size() - 1);
        assertThat(newest.runId()).isEqualTo(undone.runId());
        assertThat(newest.effectiveFrom()).isEqualTo(now.plusSeconds(60));
        assertThat(versions).extracting(Baseline::runId).contains("mended");
        assertThat(found(undone.runId()).stream().filter(row -> row.startsWith("rests")))
                .isEqualTo(found("ill"));

        // To undo that one too leads further back, and not to what was undone before.
        try (var lock = RunLock.BASELINES.tryTake(pipeline.database(), "a test").orElseThrow()) {
            var further =
                    BaselineRuns.rollback(lock.connection(), "ill", now.plusSeconds(1), "a test");
            assertThat(further.restored()).isOne();
            assertThat(found(further.runId()).get(0)).isEqualTo(found("all").get(1));
            assertThatThrownBy(
                            () -> BaselineRuns.rollback(lock.connection(), "broken", now, "a test"))
                    .hasMessageContaining("is FAILED, so nothing of it is in force");
            assertThatThrownBy(() -> BaselineRuns.rollback(lock.connection(), "no", now, "a test"))
                    .hasMessageContaining("hrm baseline history");
        }
    }

    private static String servers() {
        return pipeline.kafka.bootstrapServers();
    }
}
