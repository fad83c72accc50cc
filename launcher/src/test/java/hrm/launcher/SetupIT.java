package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.EmbeddedKafka;
import hrm.launcher.Setup.Item;
import hrm.launcher.Setup.Layout;
import hrm.launcher.Setup.What;
import hrm.model.PatternVersions;
import hrm.model.Topics;
import hrm.sinks.JdbcOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One Kafka and one PostgreSQL, as they become what the jobs need. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SetupIT {
    @TempDir static Path folder;
    private static EmbeddedKafka kafka;
    private static EmbeddedDatabase database;
    private static Broker broker;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"));
        database = EmbeddedDatabase.start(folder.resolve("postgresql"));
        broker = new Broker(kafka.bootstrapServers(), new Properties());
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.close();
        }
        if (database != null) {
            database.close();
        }
    }

    private static Setup setup(Layout layout) {
        return new Setup(
                broker, JdbcOptions.of(database.jdbcUrl(), EmbeddedDatabase.USER, null), layout);
    }

    private static Cli hrmSetup(String... more) {
        var arguments = new java.util.ArrayList<String>(List.of("setup"));
        arguments.addAll(
                List.of(
                        "--bootstrap-servers",
                        kafka.bootstrapServers(),
                        "--jdbc-url",
                        database.jdbcUrl()));
        arguments.addAll(List.of(more));
        return Cli.hrm(arguments.toArray(String[]::new));
    }

    private static Item one(List<Item> items, String name) {
        return items.stream().filter(item -> item.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    @Order(1)
    void whatIsMissingIsMadeAndWhatIsThereStays() {
        kafka.createTopics(
                List.of(
                        new NewTopic(Topics.READINGS, 2, (short) 1),
                        new NewTopic(Topics.PATTERNS, 1, (short) 1)
                                .configs(Map.of("cleanup.policy", "compact"))));
        var ofTheDataTeam =
                PatternVersions.always(
                        "resting-tachycardia", 7, "what the data team has published");
        broker.write(Topics.PATTERNS, Map.of("resting-tachycardia", ofTheDataTeam));

        var done = setup(new Layout(3, (short) 1)).run();

        assertThat(done.isFine()).isTrue();
        assertThat(one(done.topics(), Topics.READINGS).what()).isEqualTo(What.DIFFERS);
        assertThat(one(done.topics(), Topics.READINGS).why())
                .contains("2 partitions", "asked for 3");
        assertThat(one(done.topics(), Topics.PATTERNS).what()).isEqualTo(What.UNCHANGED);
        assertThat(one(done.topics(), Topics.BASELINES))
                .isEqualTo(new Item(Topics.BASELINES, What.CREATED, "3 partitions, compact"));
        assertThat(one(done.topics(), Topics.REJECTED))
                .isEqualTo(new Item(Topics.REJECTED, What.CREATED, "1 partition, delete"));
        assertThat(done.topics()).hasSameSizeAs(Topics.ALL);
        assertThat(done.migrations()).isPositive();
        var differing = one(done.patterns(), "resting-tachycardia");
        assertThat(differing.what()).isEqualTo(What.DIFFERS);
        assertThat(differing.why()).contains("version 7 is published and stays", "version 1 ships");
        var published = broker.newest(Topics.PATTERNS, PatternVersions.class);
        assertThat(published.get("resting-tachycardia")).isEqualTo(ofTheDataTeam);
        assertThat(published).hasSize(done.patterns().size());
    }

    @Test
    @Order(2)
    void theSecondTimeNothingIsLeftToDo() {
        var again = setup(Layout.USUAL).run();

        assertThat(again.migrations()).isZero();
        assertThat(again.topics()).extracting(Item::what).containsOnly(What.UNCHANGED);
        assertThat(again.patterns())
                .extracting(Item::what)
                .containsOnly(What.UNCHANGED, What.DIFFERS);

        var command = hrmSetup("--wait", "10s");
        assertThat(command.code()).as(command.err()).isZero();
        assertThat(command.out())
                .contains("Kafka " + kafka.bootstrapServers())
                .contains("tables are up to date")
                .containsPattern("baselines +unchanged +3 partitions, compact");
        assertThat(hrmSetup("-o", "json").out()).contains("\"migrations\":0");
    }

    @Test
    @Order(2)
    void everyQueryOfThePagesRunsOnTheseTables() throws Exception {
        int queries = 0;
        for (var page : List.of("consume.md", "tune.md", "operate.md")) {
            for (var sql : DocsTest.blocks(page, "sql")) {
                try (var connection =
                                JdbcOptions.of(database.jdbcUrl(), EmbeddedDatabase.USER, null)
                                        .connect();
                        var statement = connection.prepareStatement(sql)) {
                    assertThat(statement.execute()).as(sql).isTrue();
                    queries++;
                }
            }
        }
        assertThat(queries).isGreaterThanOrEqualTo(5);
    }

    @Test
    @Order(3)
    void aTopicThatWouldLoseDataIsSaidToBeWrongAndIsNotChanged() throws Exception {
        var alerts = new ConfigResource(ConfigResource.Type.TOPIC, Topics.ALERTS);
        try (var admin = broker.admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    alerts,
                                    List.of(
                                            new org.apache.kafka.clients.admin.AlterConfigOp(
                                                    new org.apache.kafka.clients.admin.ConfigEntry(
                                                            "cleanup.policy", "compact"),
                                                    org.apache.kafka.clients.admin.AlterConfigOp
                                                            .OpType.SET))))
                    .all()
                    .get();
        }

        var command = hrmSetup();

        assertThat(command.code()).isEqualTo(1);
        assertThat(command.out())
                .containsPattern("alerts +wrong")
                .contains("--entity-name alerts --add-config cleanup.policy=delete");
        assertThat(command.err()).contains("do not work with these topics");
        assertThat(
                        broker.ask(admin -> admin.describeConfigs(List.of(alerts)).all())
                                .get(alerts)
                                .get("cleanup.policy")
                                .value())
                .isEqualTo("compact");
    }

    @Test
    @Order(4)
    void whoDoesNotAnswerIsNamedWhenTheWaitIsOver() {
        var began = System.nanoTime();
        var noDatabase =
                Cli.hrm(
                        "setup",
                        "--bootstrap-servers",
                        kafka.bootstrapServers(),
                        "--jdbc-url",
                        "jdbc:postgresql://127.0.0.1:1/hrm",
                        "--wait",
                        "1s");

        assertThat(noDatabase.code()).isEqualTo(1);
        assertThat(noDatabase.err())
                .contains("PostgreSQL at jdbc:postgresql://127.0.0.1:1/hrm does not answer")
                .contains("Check --jdbc-url");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThan(Duration.ofSeconds(1));
        assertThat(Cli.hrm("setup", "--wait", "10").err()).contains("10");
        assertThat(Cli.hrm("setup", "--wait", "10").code()).isEqualTo(2);
    }
}
