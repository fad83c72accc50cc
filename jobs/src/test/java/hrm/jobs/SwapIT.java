package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.Json;
import hrm.model.PatternRejection;
import hrm.model.PatternVersions;
import hrm.model.PatternVersions.Version;
import hrm.model.Reading;
import hrm.model.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patterns change while the job runs, and what is half-finished stays. */
class SwapIT {
    private static final String PATTERN =
            """
            id: up-and-down
            version: 1
            title: Up and down
            condition: high
            severity: low
            sequence:
              - step: up
                where: bpm > 140
              - followed_by: down
                where: bpm < 60
            within: 10m
            message: "Up and down"
            source: test
            """;

    @TempDir Path folder;

    private static Version version(int number, Instant from, int down) {
        return new Version(
                number,
                from,
                PATTERN.replace("version: 1", "version: " + number).replace("< 60", "< " + down));
    }

    private static void publish(Pipeline pipeline, Version... versions) {
        pipeline.publish(new PatternVersions("up-and-down", List.of(versions)));
        pipeline.flush();
    }

    private static List<Alert> alertsOf(Pipeline pipeline, String user) {
        return pipeline.alerts().stream().filter(alert -> alert.userId().equals(user)).toList();
    }

    /** A reading a tenth of a second, at its own time, until its device is told of. */
    private static void readsUntilTold(Pipeline pipeline, String user, int bpm, Duration patience) {
        Awaitility.await(user + " is told")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> {
                            pipeline.send(
                                    Reading.of(user, "watch", System.currentTimeMillis(), bpm, 0));
                            pipeline.flush();
                            return !alertsOf(pipeline, user).isEmpty();
                        });
    }

    @Test
    void aChangedThresholdTakesEffectWithoutARestartAndHalfFinishedMatchesCompleteUnderIt()
            throws Exception {
        try (var pipeline = Pipeline.start()) {
            var first = version(1, Instant.EPOCH, 60);
            publish(pipeline, first);
            pipeline.monitoring(new Configuration(), 2, "--regions", "detect");
            for (var user : List.of("live", "saved")) {
                pipeline.send(Reading.of(user, "watch", System.currentTimeMillis(), 150, 0));
                pipeline.send(Reading.of(user, "watch", System.currentTimeMillis() + 1, 70, 0));
            }
            pipeline.flush();
            pipeline.passedBy("hrm-detect", Topics.READINGS);
            assertThat(pipeline.alerts()).isEmpty();

            // 70 is no fall by the first version; it is by the second, a second from now on.
            var second = version(2, Instant.now().plusSeconds(1), 80);
            publish(pipeline, first, second);
            readsUntilTold(pipeline, "live", 70, Duration.ofSeconds(10));

            var alert = alertsOf(pipeline, "live").get(0);
            assertThat(alert.patternVersion()).isEqualTo(2);
            assertThat(Duration.between(second.effectiveFrom(), alert.publishedAt()))
                    .as("from its time until somebody is told")
                    .isLessThan(Duration.ofSeconds(2));
            assertThat(pipeline.neverRestarted()).isTrue();

            var savepoint = pipeline.savepoint(folder);
            pipeline.stopAll();
            var third = version(3, Instant.now(), 90);
            publish(pipeline, first, second, third);
            var restored = new Configuration();
            restored.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
            pipeline.monitoring(restored, 3, "--regions", "detect");
            readsUntilTold(pipeline, "saved", 85, Duration.ofSeconds(20));
            assertThat(alertsOf(pipeline, "saved").get(0).patternVersion()).isEqualTo(3);

            // What cannot run is told once, by one of the tasks, and what ran goes on.
            publish(
                    pipeline,
                    first,
                    second,
                    third,
                    new Version(
                            4,
                            Instant.now(),
                            PATTERN.replace("version: 1", "version: 4").replace("bpm", "bmp")));
            Awaitility.await("the rejection is told")
                    .atMost(Pipeline.PATIENCE)
                    .until(() -> !pipeline.records(Topics.REJECTED_PATTERNS).isEmpty());
            pipeline.send(Reading.of("after", "watch", System.currentTimeMillis(), 150, 0));
            readsUntilTold(pipeline, "after", 85, Duration.ofSeconds(20));
            var rejected = pipeline.records(Topics.REJECTED_PATTERNS);
            assertThat(rejected).hasSize(1);
            var rejection = Json.read(rejected.get(0).value(), PatternRejection.class);
            assertThat(rejection.version()).isEqualTo(4);
            assertThat(rejection.findings().get(0)).contains("bmp", "Did you mean 'bpm'?");
        }
    }
}
