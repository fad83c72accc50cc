package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.embedded.EmbeddedKafka;
import hrm.model.PatternVersions;
import hrm.model.PatternVersions.Version;
import hrm.model.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatternsPushIT {
    @TempDir Path folder;

    private static String yaml(String id, int version, int limit) {
        return """
               id: %s
               version: %d
               title: Quick heart
               condition: high
               severity: low
               sequence:
                 - step: quick
                   where: bpm > %d
               message: "Quick"
               source: "a test"
               """
                .formatted(id, version, limit);
    }

    private String file(String id, int version, int limit) throws IOException {
        var file = folder.resolve(id + ".yaml");
        return Files.writeString(file, yaml(id, version, limit)).toString();
    }

    @Test
    void patternsArePublishedWithTheirVersions() throws IOException {
        try (var kafka = EmbeddedKafka.start(folder.resolve("kafka"))) {
            var servers = "--bootstrap-servers=" + kafka.bootstrapServers();
            var broker = new Broker(kafka.bootstrapServers(), new Properties());

            var withoutTopic = Cli.hrm("patterns", "push", file("quick", 1, 150), servers);
            assertThat(withoutTopic.code()).isEqualTo(1);
            assertThat(withoutTopic.err())
                    .contains("has no topic cep_patterns. Create it:")
                    .contains("--partitions 1 --config cleanup.policy=compact");

            kafka.createTopics(
                    List.of(
                            new NewTopic(Topics.PATTERNS, 1, (short) 1)
                                    .configs(Map.of("cleanup.policy", "compact"))));
            var first = Cli.hrm("patterns", "push", file("quick", 1, 150), servers);
            assertThat(first.err()).isEmpty();
            assertThat(first.out()).contains("published, judges all readings");
            assertThat(first.code()).isZero();

            var again = Cli.hrm("patterns", "push", file("quick", 1, 150), servers);
            assertThat(again.out()).contains("unchanged");
            assertThat(again.code()).isZero();

            // One of two is refused, so the other is not published either.
            var refused =
                    Cli.hrm(
                            "patterns",
                            "push",
                            file("quick", 1, 160),
                            file("other", 1, 150),
                            servers);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.out()).contains("Write 'version: 2'").contains("not published");
            assertThat(refused.err()).contains("Nothing was published.");

            var before = Instant.now();
            var changed = Cli.hrm("patterns", "push", file("quick", 2, 160), servers);
            assertThat(changed.out()).containsPattern("published, judges readings from .* on");

            var published = broker.newest(Topics.PATTERNS, PatternVersions.class);
            assertThat(published).containsOnlyKeys("quick");
            var versions = published.get("quick").versions();
            assertThat(versions)
                    .first()
                    .isEqualTo(new Version(1, Instant.EPOCH, yaml("quick", 1, 150)));
            assertThat(versions).hasSize(2);
            assertThat(versions.get(1).yaml()).isEqualTo(yaml("quick", 2, 160));
            assertThat(versions.get(1).effectiveFrom()).isAfterOrEqualTo(before.plusSeconds(1));
        }
    }

    @Test
    void aKafkaThatIsNotThereIsAnErrorForPeople() throws IOException {
        var cli =
                Cli.hrm(
                        "patterns",
                        "push",
                        file("quick", 1, 150),
                        "--bootstrap-servers=127.0.0.1:1");

        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err())
                .contains("Kafka at 127.0.0.1:1 does not answer")
                .contains("Check --bootstrap-servers");
    }
}
