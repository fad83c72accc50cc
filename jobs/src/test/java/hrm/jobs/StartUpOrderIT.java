package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import hrm.model.Alert;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Topics;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A job that is there before everything it needs: topics, patterns, database, tables and profiles
 * come one after the other, then the database goes and comes back. One job lives through it and is
 * never restarted.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StartUpOrderIT {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    /** The longest that an alert may take, on a machine that is busy with other tests. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final String PATTERN =
            """
            id: above-limit
            version: 1
            title: Heart rate above the limit
            condition: high
            severity: high
            mode: live
            let: { limit: limits.high }
            sequence:
              - step: high
                where: bpm > limit
            message: "Heart rate above ${limit}"
            source: test
            """;

    private static Pipeline pipeline;

    /** How many readings the database must hold in the end. */
    private static int sent;

    @BeforeAll
    static void start() throws Exception {
        pipeline = Pipeline.bare();
        pipeline.postgres.stop();
    }

    @AfterAll
    static void stop() throws Exception {
        pipeline.close();
    }

    private static void send(String user, int second, int bpm) {
        pipeline.send(Reading.of(user, "watch", START.plusSeconds(second).toEpochMilli(), bpm, 0));
        sent++;
    }

    private static List<Alert> alertsOf(String user) {
        return pipeline.alerts().stream().filter(alert -> alert.userId().startsWith(user)).toList();
    }

    private static void awaitAlerts(String user, int expected) {
        await(expected + " alerts of " + user)
                .atMost(Pipeline.PATIENCE)
                .until(() -> alertsOf(user).size() >= expected);
        assertThat(alertsOf(user)).hasSize(expected);
    }

    private static void awaitAllStored() {
        pipeline.awaitReadings("true", sent);
        await("all alerts are stored")
                .atMost(Pipeline.PATIENCE)
                .until(() -> pipeline.count("SELECT count(*) FROM alerts") == alertsOf("").size());
    }

    @Test
    @Order(1)
    void theJobWaitsForKafkasTopics() throws Exception {
        var servers = pipeline.kafka.bootstrapServers();
        assertThatThrownBy(
                        () ->
                                KafkaAccess.requireTopics(
                                        servers,
                                        new Properties(),
                                        List.of(Topics.READINGS),
                                        Duration.ZERO))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("lacks heart_rate_data. Run once: hrm setup.");

        var main = pipeline.main("--minute-silence", "1s", "--checkpoint-interval", "1s");
        await().during(Duration.ofSeconds(2))
                .until(() -> !main.isDone() && !pipeline.hasStranger());
        pipeline.createTopics();

        pipeline.adopt();
    }

    @Test
    @Order(2)
    void withoutPatternsNobodyIsJudgedAndTheJobSaysSoOnce() throws Exception {
        for (int second = 0; second < 100; second++) {
            send("unjudged", second, 190);
        }
        pipeline.flush();

        await().atMost(Pipeline.PATIENCE)
                .until(() -> Pipeline.logged("There are no patterns") >= 1);
        // One person is one task's.
        assertThat(Pipeline.logged("There are no patterns")).isEqualTo(1);
        assertThat(alertsOf("")).isEmpty();
    }

    @Test
    @Order(3)
    void whenPatternsComeReadingsAreJudgedFromThenOnAndNoAlertWaitsForTheDatabase()
            throws Exception {
        pipeline.publish(PatternVersions.always("above-limit", 1, PATTERN));
        // Offsets tell nothing: without a database no checkpoint completes.
        await("a pattern judges")
                .atMost(Pipeline.PATIENCE)
                .until(
                        () -> {
                            send("probe-" + sent, 0, 190);
                            pipeline.flush();
                            return !alertsOf("probe-").isEmpty();
                        });
        for (int user = 0; user < 20; user++) {
            send("early-" + user, 0, 190);
        }
        pipeline.flush();
        var sentAt = Instant.now();

        awaitAlerts("early-", 20);
        assertThat(alertsOf("early-"))
                .allSatisfy(alert -> assertThat(alert.publishedAt()).isBefore(sentAt.plus(SOON)));
        assertThat(alertsOf("unjudged")).isEmpty();
        assertThat(Pipeline.logged("The database does not answer")).isPositive();
        assertThat(pipeline.neverRestarted()).isTrue();
    }

    @Test
    @Order(4)
    void whatHasWaitedIsStoredWhenDatabaseAndTablesCome() throws Exception {
        pipeline.postgres.start();
        await().atMost(Pipeline.PATIENCE)
                .until(() -> Pipeline.logged("has not all its tables") >= 1);
        pipeline.createTables();

        awaitAllStored();
        assertThat(pipeline.neverRestarted()).isTrue();
    }

    @Test
    @Order(5)
    void aDatabaseThatGoesAwayUnderLoadDelaysNoAlertAndLosesNothing() throws Exception {
        Map<String, Instant> sentAt = new HashMap<>();
        pipeline.postgres.kill();
        var outage = Duration.ofSeconds(6);
        var begin = Instant.now();
        var back = new CompletableFuture<Void>();
        await().pollInterval(Duration.ofMillis(100))
                .atMost(Pipeline.PATIENCE)
                .until(
                        () -> {
                            for (int i = 0; i < 10; i++) {
                                var user = "outage-" + sentAt.size();
                                sentAt.put(user, Instant.now());
                                send(user, 0, 190);
                            }
                            pipeline.flush();
                            if (Instant.now().isAfter(begin.plus(outage)) && !back.isDone()) {
                                back.completeAsync(
                                        () -> {
                                            pipeline.postgres.start();
                                            return null;
                                        });
                            }
                            return back.isDone();
                        });

        awaitAlerts("outage-", sentAt.size());
        assertThat(alertsOf("outage-"))
                .allSatisfy(
                        alert ->
                                assertThat(alert.publishedAt())
                                        .isBefore(sentAt.get(alert.userId()).plus(SOON)));
        awaitAllStored();
        assertThat(pipeline.neverRestarted()).isTrue();
    }

    @Test
    @Order(6)
    void aProfileThatComesLateJudgesFromItsTimeOn() throws Exception {
        send("late-profile", 0, 110);
        send("late-profile", 1, 190);
        pipeline.flush();
        awaitAlerts("late-profile", 1);
        pipeline.send(
                Topics.PROFILES,
                "late-profile",
                Json.write(
                        new UserProfiles(
                                "late-profile",
                                List.of(
                                        new UserProfile(
                                                START.plusSeconds(3_600),
                                                ZoneOffset.UTC,
                                                100,
                                                null)))),
                null);
        pipeline.flush();
        pipeline.passed(Topics.PROFILES);
        send("late-profile", 3_599, 110);
        send("late-profile", 3_600, 110);
        pipeline.flush();

        awaitAlerts("late-profile", 2);
        assertThat(alertsOf("late-profile"))
                .extracting(Alert::detectedAt, Alert::limitSource)
                .containsExactly(
                        tuple(START.plusSeconds(1), Alert.LimitSource.DEFAULT),
                        tuple(START.plusSeconds(3_600), Alert.LimitSource.PROFILE));
    }

    @Test
    @Order(7)
    void aJobThatWaitsForTheDatabaseCanBeCancelled() throws Exception {
        awaitAllStored();
        pipeline.postgres.kill();
        long said = Pipeline.logged("The database does not answer");
        send("waits", 0, 190);
        pipeline.flush();
        await().atMost(Pipeline.PATIENCE)
                .until(() -> Pipeline.logged("The database does not answer") > said);
        assertThat(pipeline.lastJobStatus()).isEqualTo(JobStatus.RUNNING);

        var begin = Instant.now();
        pipeline.stopAll();

        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    @Order(8)
    void aBaselineThatIsOnTheTopicJudgesTheFirstReadingEvenIfThousandsWait() throws Exception {
        int users = 3_000;
        for (int user = 0; user < users; user++) {
            var id = "waiting-" + user;
            // Above their own limit of 100, and below the default one of 120.
            send(id, 0, 110);
            var cell = new Baseline.Cell(3, true, 9_999, 50, 60, 80, 3);
            var baseline =
                    new Baseline(
                            id,
                            "run-1",
                            Instant.EPOCH,
                            Baseline.State.READY,
                            55.0,
                            List.of(cell),
                            20,
                            9_999,
                            28);
            pipeline.send(
                    Topics.BASELINES, id, Json.write(new Baselines(id, List.of(baseline))), null);
        }
        pipeline.flush();

        pipeline.monitoring("--regions", "detect", "--consumer-group", "fresh");
        pipeline.passedBy("fresh-detect", Topics.READINGS);

        awaitAlerts("waiting-", users);
        assertThat(alertsOf("waiting-"))
                .extracting(Alert::limitSource)
                .containsOnly(Alert.LimitSource.BASELINE);
    }
}
