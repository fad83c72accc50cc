package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.LearntBaseline;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.RejectReason;
import hrm.model.Topics;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.sinks.baselines.BaselineRuns;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.profiles.ProfileStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Readings in by a Kafka producer, alerts out by a Kafka consumer, rows by SQL. One job lives
 * through all of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringIT {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final String PATTERN =
            """
            id: high-while-still
            version: 1
            title: High heart rate while inactive
            condition: high
            severity: high
            mode: live
            on: minute
            let: { limit: limits.high }
            sequence:
              - step: high
                where: bpm > limit && steps == 0
                hold: 10m
                max_gap: 2m
            resolve: { where: bpm < limit - 5, hold: 3m }
            message: "Heart rate above ${limit} for 10 minutes while inactive"
            source: test
            """;

    private static final UserProfiles CAREFUL =
            new UserProfiles(
                    "careful",
                    List.of(new UserProfile(Instant.EPOCH, ZoneId.of("Europe/Berlin"), 100, null)));

    private static Pipeline pipeline;

    @BeforeAll
    static void start() throws Exception {
        pipeline = Pipeline.start();
        // What judges is on its topics before the job starts, and so are readings.
        pipeline.publish(PatternVersions.always("high-while-still", 1, PATTERN));
        for (int i = 0; i < 2_000; i++) {
            baseline("filler-" + i, 60);
        }
        baseline("early", 110);
        sit("early", "watch", 0, 15, 122);
        sit("early", "watch", 15.5, 20, 80);
        pipeline.flush();
        pipeline.monitoring();
    }

    @AfterAll
    static void stop() throws Exception {
        pipeline.close();
    }

    /** A baseline whose p99 at rest makes the limit ten more. */
    private static void baseline(String user, double p99) {
        var baselines = new Baselines(user, List.of(baselineOf(user, p99)));
        pipeline.send(Topics.BASELINES, user, Json.write(baselines), null);
    }

    private static Baseline baselineOf(String user, double p99) {
        return new Baseline(
                user,
                "run-1",
                Instant.EPOCH,
                Baseline.State.READY,
                55.0,
                List.of(new Baseline.Cell(3, true, 9_999, 50, 60, p99, 3)),
                20,
                9_999,
                28);
    }

    private static Instant at(double minute) {
        return START.plusMillis(Math.round(minute * 60_000));
    }

    private static void sit(String user, String device, double from, double until, int bpm) {
        for (double minute = from; minute <= until; minute += 0.5) {
            pipeline.send(Reading.of(user, device, at(minute).toEpochMilli(), bpm, 0));
        }
    }

    private static List<Alert> alertsOf(String user) {
        return pipeline.alerts().stream().filter(alert -> alert.userId().equals(user)).toList();
    }

    private static List<String> story(String user) {
        return alertsOf(user).stream()
                .map(
                        alert ->
                                alert.state()
                                        + " "
                                        + (alert.resolvedAt() == null
                                                ? alert.detectedAt()
                                                : alert.resolvedAt()))
                .toList();
    }

    @Test
    @Order(1)
    void nobodyIsJudgedBeforeTheirBaselineIsThere() {
        pipeline.drained();

        // Their own limit is 110 + 10, which happens to be the default too: the source tells them
        // apart.
        assertThat(alertsOf("early"))
                .extracting(Alert::limitSource)
                .containsOnly(Alert.LimitSource.BASELINE);
        assertThat(story("early")).containsExactly("OPENED " + at(10), "RESOLVED " + at(18));
    }

    @Test
    @Order(2)
    void aWatchThatSyncsAnHourLateGetsTheAlertsOfALiveOne() {
        for (double minute = 0; minute <= 70; minute += 0.5) {
            int bpm = minute <= 60 ? 130 : 80;
            sit("live", "watch", minute, minute, bpm);
            if (minute <= 15) {
                sit("syncs", "watch", minute, minute, bpm);
            }
        }
        pipeline.flush();
        pipeline.drained();
        assertThat(story("syncs")).containsExactly("OPENED " + at(10));

        for (double minute = 15.5; minute <= 70; minute += 0.5) {
            sit("syncs", "watch", minute, minute, minute <= 60 ? 130 : 80);
        }
        pipeline.flush();
        pipeline.drained();

        assertThat(story("live")).containsExactly("OPENED " + at(10), "RESOLVED " + at(63));
        assertThat(story("syncs")).isEqualTo(story("live"));
    }

    @Test
    @Order(3)
    void tenThousandBadRecordsLoseNoGoodOneAndRestartNothing() throws Exception {
        pipeline.awaitReadings("user_id IN ('live', 'syncs')", 282);
        long rowsBefore = pipeline.count("SELECT count(*) FROM readings");
        var bad =
                List.of(
                        "{",
                        "null",
                        "{\"user_id\":\"b\"}",
                        "{\"user_id\":\"\",\"timestamp\":\"2026-03-01T08:00:00Z\",\"heart_rate\":70}",
                        "{\"user_id\":\"b\",\"timestamp\":\"2026-03-01T08:00:00Z\",\"heart_rate\":301}",
                        "{\"user_id\":\"b\",\"timestamp\":\"yesterday\",\"heart_rate\":70}",
                        "{\"user_id\":\"b\",\"timestamp\":\"2036-03-01T08:00:00Z\",\"heart_rate\":70}",
                        "{\"user_id\":\"b\",\"timestamp\":0,\"heart_rate\":70}",
                        "{\"user_id\":\"b\",\"timestamp\":1772352000000,\"rr_intervals_ms\":[1]}",
                        "x".repeat(70_000));
        for (int i = 0; i < 10_000; i++) {
            pipeline.send(
                    Topics.READINGS,
                    "b",
                    bad.get(i % bad.size()).getBytes(StandardCharsets.UTF_8),
                    START);
            if (i % 10 == 0) {
                sit("among-the-bad", "watch", i / 20.0, i / 20.0, 70);
            }
        }
        pipeline.flush();
        pipeline.drained();
        var rejected = pipeline.records(Topics.REJECTED);
        assertThat(rejected).hasSize(10_000);
        var reasons =
                rejected.stream()
                        .map(record -> header(record.headers().lastHeader("hrm-reason")))
                        .collect(
                                Collectors.groupingBy(
                                        Function.identity(), TreeMap::new, Collectors.counting()));
        assertThat(reasons)
                .containsEntry(RejectReason.NOT_JSON.name(), 2_000L)
                .containsEntry(RejectReason.MESSAGE_TOO_LARGE.name(), 1_000L)
                .containsEntry(RejectReason.MISSING_FIELD.name(), 1_000L)
                .containsEntry(RejectReason.INVALID_ID.name(), 1_000L)
                .containsEntry(RejectReason.HEART_RATE_OUT_OF_RANGE.name(), 1_000L)
                .containsEntry(RejectReason.RR_OUT_OF_RANGE.name(), 1_000L)
                .containsEntry(RejectReason.WRONG_TYPE.name(), 1_000L)
                .containsEntry(RejectReason.FUTURE_TIMESTAMP.name(), 1_000L)
                .containsEntry(RejectReason.TIMESTAMP_TOO_OLD.name(), 1_000L);
        assertThat(rejected.get(0).value()).isEqualTo("{".getBytes(StandardCharsets.UTF_8));
        pipeline.awaitReadings("user_id = 'among-the-bad'", 1_000);
        assertThat(pipeline.count("SELECT count(*) FROM readings") - rowsBefore).isEqualTo(1_000);
        assertThat(pipeline.neverRestarted()).isTrue();
    }

    private static String header(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    @Test
    @Order(4)
    void theTopicReplayedGivesTheSameRowsAndTheSameAlerts() throws Exception {
        var alertsBefore = pipeline.alerts();
        var rowsBefore = pipeline.table("SELECT * FROM readings ORDER BY 1, 2, 3");
        var episodesBefore = pipeline.table("SELECT * FROM alerts ORDER BY episode_id");
        var eventsBefore = pipeline.count("SELECT count(*) FROM alert_events");
        assertThat(eventsBefore).isEqualTo(alertsBefore.size());

        for (var record : pipeline.records(Topics.READINGS)) {
            pipeline.send(
                    Topics.READINGS,
                    "again",
                    record.value(),
                    Instant.ofEpochMilli(record.timestamp()));
        }
        pipeline.flush();
        pipeline.drained();

        assertThat(pipeline.alerts()).isEqualTo(alertsBefore);
        assertThat(pipeline.table("SELECT * FROM readings ORDER BY 1, 2, 3")).isEqualTo(rowsBefore);
        assertThat(pipeline.table("SELECT * FROM alerts ORDER BY episode_id"))
                .isEqualTo(episodesBefore);
    }

    @Test
    @Order(5)
    void aFreshJobOverTheWholeTopicPublishesTheSameEvents() throws Exception {
        var before = pipeline.alerts().stream().map(Alert::eventId).collect(Collectors.toSet());
        var episodes = pipeline.table("SELECT * FROM alerts ORDER BY episode_id");

        pipeline.stopAll();
        pipeline.monitoring("--consumer-group", "fresh");
        pipeline.drained();

        assertThat(pipeline.alerts().stream().map(Alert::eventId).collect(Collectors.toSet()))
                .isEqualTo(before);
        assertThat(pipeline.table("SELECT * FROM alerts ORDER BY episode_id")).isEqualTo(episodes);
    }

    @Test
    @Order(6)
    void aReadingComesBackFromTheViewAsItWasSentAndAProfileJudgesFromItsTimeOn() throws Exception {
        var everything =
                new Reading(
                        "all",
                        "watch",
                        at(1).toEpochMilli() + 123,
                        72,
                        4,
                        "rest",
                        new int[] {832, 840},
                        true,
                        0.98);
        pipeline.send(
                Topics.READINGS, "all", ReadingCodec.encode(everything), at(1).plusSeconds(1));
        pipeline.send(Topics.PROFILES, "careful", Json.write(CAREFUL), null);
        pipeline.flush();
        pipeline.passed(Topics.PROFILES);
        sit("careful", "watch", 0, 12, 105);
        pipeline.flush();
        pipeline.drained();

        assertThat(story("careful")).containsExactly("OPENED " + at(10));
        assertThat(alertsOf("careful").get(0).limitSource()).isEqualTo(Alert.LimitSource.PROFILE);
        pipeline.awaitReadings("user_id = 'all'", 1);
        assertThat(
                        pipeline.table(
                                "SELECT timestamp, heart_rate, steps, activity, rr_intervals_ms,"
                                        + " sensor_contact, confidence FROM readings"
                                        + " WHERE user_id = 'all'"))
                .containsExactly("2026-03-01 08:01:00.123+00|72|4|rest|{832,840}|t|0.98");
        assertThat(pipeline.lastJobStatus()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    @Order(7)
    void exactlyOncePublishesEachEventInACommittedTransaction() throws Exception {
        var before = pipeline.alerts();
        var distinct = before.stream().map(Alert::eventId).distinct().count();

        pipeline.stopAll();
        pipeline.monitoring(
                "--regions",
                "detect",
                "--delivery",
                "exactly-once",
                "--consumer-group",
                "transactions");
        Awaitility.await("all transactions are committed")
                .atMost(Pipeline.PATIENCE)
                .until(() -> pipeline.alerts().size() >= before.size() + distinct);

        assertThat(pipeline.alerts()).hasSize((int) (before.size() + distinct));
        assertThat(pipeline.alerts().stream().map(Alert::eventId).distinct().count())
                .isEqualTo(distinct);
    }

    @Test
    @Order(8)
    void aBackfillTellsWhatWasToldLiveWithTheSameEvidence() throws Exception {
        var live = distinct(pipeline.alerts());
        pipeline.stopAll();
        // What the live job had from topics, as a baseline run and `hrm profile` leave it.
        try (var database = pipeline.database().connect()) {
            BaselineRuns.begin(
                    database, new BaselineRuns.Plan("run-1", START, START, 1, true, "a test"));
            var table = new BaselineTable(1);
            try (var insert = database.prepareStatement(table.query())) {
                table.statement(insert, new LearntBaseline(baselineOf("early", 110), null));
                insert.executeUpdate();
            }
            BaselineRuns.succeed(database, "run-1", new BaselineRuns.Counts(1, 1, 1, 0));
            ProfileStore.put(database, List.of(CAREFUL));
        }

        pipeline.backfill("--run-id", "whole", "--parallelism", "2", "--chunks", "3");

        var told = pipeline.backfilled("whole");
        assertThat(live).hasSizeGreaterThan(6);
        assertThat(told).allMatch(alert -> alert.mode() == Alert.Mode.BACKFILL);
        assertThat(comparable(told)).isEqualTo(comparable(live));
        var published =
                pipeline.alerts().stream()
                        .filter(alert -> alert.mode() == Alert.Mode.BACKFILL)
                        .toList();
        assertThat(comparable(published)).isEqualTo(comparable(live));
        assertThat(pipeline.table("SELECT state, chunk FROM backfill_chunks ORDER BY chunk"))
                .containsExactly("DONE|0", "DONE|1", "DONE|2");
        assertThat(pipeline.count("SELECT sum(readings) FROM backfill_chunks"))
                .isEqualTo(pipeline.count("SELECT count(*) FROM readings"));
        // None of it takes the place of what was live.
        pipeline.monitoring("--regions", "store");
        pipeline.passedBy("hrm-store-alerts", Topics.ALERTS);
        assertThat(pipeline.table("SELECT DISTINCT mode FROM alerts")).containsExactly("live");
        pipeline.stopAll();
    }

    @Test
    @Order(9)
    void aBackfillThatIsKilledGoesOnWhereItWasAndTellsTheSame() throws Exception {
        // The fourth part cannot be kept, so that it is never done before the job is killed.
        pipeline.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
                CREATE TRIGGER refuse BEFORE UPDATE ON backfill_chunks
                    FOR EACH ROW WHEN (NEW.run_id = 'killed' AND NEW.chunk = 3)
                    EXECUTE FUNCTION refuse()""");
        var running =
                pipeline.backfillUntilStopped(
                        "--run-id", "killed", "--parallelism", "1", "--chunks", "5");
        var done =
                "SELECT count(*) FROM backfill_chunks WHERE run_id = 'killed' AND state = 'DONE'";
        Awaitility.await("three parts are done")
                .atMost(Pipeline.PATIENCE)
                .until(() -> pipeline.count(done) >= 3);
        pipeline.stopStrangers();
        running.get();
        var before = pipeline.table(DONE_OF_KILLED);
        pipeline.execute("DROP TRIGGER refuse ON backfill_chunks");

        pipeline.backfill("--run-id", "killed", "--parallelism", "2");

        assertThat(pipeline.table(DONE_OF_KILLED)).hasSize(5).containsAll(before);
        assertThat(pipeline.backfilled("killed"))
                .containsExactlyInAnyOrderElementsOf(pipeline.backfilled("whole"));
    }

    private static final String DONE_OF_KILLED =
            "SELECT chunk, done_at, readings, alerts FROM backfill_chunks"
                    + " WHERE run_id = 'killed' AND state = 'DONE' ORDER BY chunk";

    @Test
    @Order(10)
    void aTrialIsKeptWithItsRunAndPublishesNothing() throws Exception {
        var folder = Files.createDirectories(Path.of("target", "trial-patterns"));
        Files.writeString(
                folder.resolve("high-while-still.yaml"),
                PATTERN.replace("limit: limits.high", "limit: \"101.0\""));
        var published = pipeline.alerts().size();

        pipeline.backfill(
                "--run-id",
                "trial",
                "--parallelism",
                "1",
                "--patterns",
                folder.toString(),
                "--user",
                "careful",
                "--user",
                "live",
                "--from",
                at(1).toString(),
                "--to",
                at(30).toString(),
                "--baselines",
                "walk-forward");

        assertThat(pipeline.backfilled("trial"))
                .extracting(alert -> alert.userId() + " " + alert.state() + " " + alert.limit())
                .containsExactlyInAnyOrder("careful OPENED 101.0", "live OPENED 101.0");
        assertThat(pipeline.alerts()).hasSize(published);
    }

    private static List<Alert> distinct(List<Alert> alerts) {
        var events = new LinkedHashMap<UUID, Alert>();
        alerts.forEach(alert -> events.putIfAbsent(alert.eventId(), alert));
        return List.copyOf(events.values());
    }

    /** All but what a backfill may say otherwise. */
    private static List<String> comparable(List<Alert> alerts) {
        return alerts.stream()
                .map(alert -> alert.withMode(null).withPublishedAt(null))
                .map(Alert::toString)
                .sorted()
                .toList();
    }
}
