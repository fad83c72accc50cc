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
    void whatIsPublishedIsListedComparedRolledBackAndSwitchedOff() throws IOException {
        try (var kafka = EmbeddedKafka.start(folder.resolve("kafka"))) {
            var servers = "--bootstrap-servers=" + kafka.bootstrapServers();
            var broker = new Broker(kafka.bootstrapServers(), new Properties());
            kafka.createTopics(
                    List.of(
                            new NewTopic(Topics.PATTERNS, 1, (short) 1)
                                    .configs(Map.of("cleanup.policy", "compact"))));
            assertThat(Cli.hrm("patterns", "off", "quick", servers).err())
                    .contains("No pattern 'quick' is published");
            assertThat(Cli.hrm("patterns", "push", file("quick", 1, 150), servers).code()).isZero();
            assertThat(Cli.hrm("patterns", "rollback", "quick", servers).err())
                    .contains("there is none to go back to");

            var preview = Cli.hrm("patterns", "push", file("quick", 2, 160), "--dry-run", servers);
            assertThat(preview.code()).isZero();
            assertThat(preview.out())
                    .contains("quick version 2 would judge readings from")
                    .contains("step 1.where: bpm > 150 -> bpm > 160")
                    .contains("go on (the shape is kept)")
                    .contains("Nothing was published");
            assertThat(versions(broker)).hasSize(1);
            var diff = Cli.hrm("patterns", "diff", file("quick", 2, 160), servers);
            assertThat(diff.out()).contains("version: 1 -> 2", "half-finished matches go on");

            assertThat(Cli.hrm("patterns", "push", file("quick", 2, 160), servers).code()).isZero();
            // Each takes effect a second after it is pushed, and later than the one before.
            pushed("patterns", "rollback", "quick", servers);
            assertThat(versions(broker).get(2).yaml()).isEqualTo(yaml("quick", 3, 150));
            pushed("patterns", "off", "quick", servers);
            assertThat(versions(broker).get(3).yaml()).contains("version: 4\nmode: \"off\"\n");
            assertThat(Cli.hrm("patterns", "off", "quick", servers).out()).contains("unchanged");
            pushed("patterns", "shadow", "quick", servers);

            assertThat(Cli.hrm("patterns", "show", "quick", servers).out())
                    .contains("version: 5\nmode: shadow\n");
            assertThat(Cli.hrm("patterns", "show", "quick", "--version-number=2", servers).out())
                    .isEqualTo(yaml("quick", 2, 160));
            assertThat(Cli.hrm("patterns", "list", "--published", servers).out())
                    .containsPattern("quick +1 +live")
                    .containsPattern("quick +5 +shadow");
        }
    }

    private static void pushed(String... command) {
        var pushed = Cli.hrm(command);
        assertThat(pushed.err()).isEmpty();
        assertThat(pushed.out()).contains("published, judges readings from");
    }

    private static List<Version> versions(Broker broker) {
        return broker.newest(Topics.PATTERNS, PatternVersions.class).get("quick").versions();
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
