package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two hours late, a device says what nobody knew: what was told is set right. */
class LateRunIT {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final String PATTERN =
            """
            id: stays-high
            version: 1
            title: High
            condition: high
            severity: high
            mode: live
            sequence:
              - step: high
                where: bpm > 120
                hold: 10m
                max_gap: 6m
            resolve: { where: bpm < 100, hold: 1m }
            message: "Above 120 for 10 minutes"
            source: test
            """;

    /** A run is a whole job: asking ten times a second would keep the machine from answering. */
    private static final Duration BETWEEN_RUNS = Duration.ofSeconds(2);

    private static Instant at(double minute) {
        return START.plusMillis(Math.round(minute * 60_000));
    }

    private static void sends(Pipeline pipeline, String user, double from, double until, int bpm) {
        for (double minute = from; minute <= until; minute += 0.5) {
            pipeline.send(Reading.of(user, "watch", at(minute).toEpochMilli(), bpm, 0));
        }
    }

    private static List<String> story(Pipeline pipeline, String user) {
        return pipeline.alerts().stream()
                .filter(alert -> alert.userId().equals(user))
                .map(
                        alert ->
                                alert.state()
                                        + " "
                                        + (alert.onset().getEpochSecond() - START.getEpochSecond())
                                                / 60
                                        + (alert.detectedLate() ? " late" : "")
                                        + (alert.previousOnset() == null ? "" : " moved"))
                .toList();
    }

    @Test
    void whatComesTwoHoursLateSetsRightWhatWasTold() throws Exception {
        try (var pipeline = Pipeline.start()) {
            pipeline.publish(PatternVersions.always("stays-high", 1, PATTERN));
            pipeline.flush();
            pipeline.monitoring();
            sends(pipeline, "moved", 5, 20, 130);
            sends(pipeline, "moved", 20.5, 130, 80);
            sends(pipeline, "missed", -5, -0.5, 80);
            sends(pipeline, "missed", 16, 130, 80);
            sends(pipeline, "mistaken", 0, 4, 130);
            sends(pipeline, "mistaken", 8.5, 15, 130);
            sends(pipeline, "mistaken", 15.5, 130, 80);
            sends(pipeline, "moved", 0, 4.5, 130);
            sends(pipeline, "missed", 0, 15.5, 130);
            sends(pipeline, "mistaken", 4.5, 8, 80);
            pipeline.flush();
            pipeline.drained();
            assertThat(story(pipeline, "moved")).containsExactly("OPENED 5", "RESOLVED 5");
            assertThat(story(pipeline, "missed")).isEmpty();
            assertThat(story(pipeline, "mistaken")).containsExactly("OPENED 0", "RESOLVED 0");

            var late = LateRunOptions.parse(pipeline.access("--settle-for", "0s"));
            var corrected = new AtomicInteger();
            Awaitility.await()
                    .atMost(Pipeline.PATIENCE)
                    .pollInterval(BETWEEN_RUNS)
                    .until(
                            () ->
                                    corrected.addAndGet(
                                                    LateRunJob.run(late).orElseThrow().corrected())
                                            >= 3);
            Awaitility.await()
                    .atMost(Pipeline.PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(story(pipeline, "moved"))
                                        .containsExactly(
                                                "OPENED 5", "RESOLVED 5", "AMENDED 0 moved");
                                assertThat(story(pipeline, "missed"))
                                        .containsExactly("OPENED 0 late", "RESOLVED 0 late");
                                assertThat(story(pipeline, "mistaken"))
                                        .containsExactly("OPENED 0", "RESOLVED 0", "RETRACTED 0");
                            });
            var moved =
                    pipeline.alerts().stream()
                            .filter(alert -> alert.userId().equals("moved"))
                            .map(Alert::episodeId)
                            .distinct();
            assertThat(moved).hasSize(1);

            // Nothing more is wrong; a device that goes on after a silence settles its stretch.
            judgedUntilNothingIsPending(pipeline, late);
            for (var user : List.of("moved", "missed", "mistaken")) {
                sends(pipeline, user, 300, 301, 80);
            }
            pipeline.flush();
            Awaitility.await()
                    .atMost(Pipeline.PATIENCE)
                    .pollInterval(BETWEEN_RUNS)
                    .until(() -> LateRunJob.run(late).isPresent() && marks(pipeline).isEmpty());
            assertThat(pipeline.alerts()).hasSize(8);
        }
    }

    private static void judgedUntilNothingIsPending(Pipeline pipeline, LateRunOptions late) {
        Awaitility.await()
                .atMost(Pipeline.PATIENCE)
                .pollInterval(BETWEEN_RUNS)
                .until(
                        () ->
                                LateRunJob.run(late).orElseThrow().corrected() == 0
                                        && marks(pipeline).stream()
                                                .noneMatch(Reevaluation::isPending));
    }

    private static List<Reevaluation> marks(Pipeline pipeline) {
        return List.copyOf(
                KafkaAccess.newest(
                                pipeline.kafka.bootstrapServers(),
                                new Properties(),
                                Topics.REEVALUATIONS,
                                Reevaluation.class)
                        .values());
    }
}
