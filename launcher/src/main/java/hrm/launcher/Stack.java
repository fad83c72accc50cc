package hrm.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.EmbeddedKafka;
import hrm.embedded.FlinkCluster;
import hrm.embedded.TemporaryFolder;
import hrm.model.Topics;
import hrm.sql.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Kafka, PostgreSQL and Flink on the loopback address, with topics and tables. Started one after
 * the other, which is faster on few cores than all at once; stopped in the opposite order.
 */
final class Stack implements AutoCloseable {
    /** Where they listen; 0 is any free port. */
    record Ports(int kafka, int postgres, int flink) {}

    private static final Duration JOB_STARTS = Duration.ofMinutes(2);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Path jobJar;
    private EmbeddedKafka kafka;
    private EmbeddedDatabase database;
    private FlinkCluster flink;

    private Stack(Path jobJar) {
        this.jobJar = jobJar;
    }

    /**
     * @param progress gets a line when something is ready
     * @throws RuntimeException whose message says what did not start; nothing is left running
     */
    static Stack start(Ports ports, Consumer<String> progress) {
        var stack = new Stack(jobJar());
        try {
            stack.startAll(ports, progress);
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    private static Path jobJar() {
        var home = Path.of(System.getProperty("hrm.home", "")).toAbsolutePath().normalize();
        var jar = home.resolve("jobs/target/hrm-jobs.jar");
        if (!Files.isRegularFile(jar)) {
            throw new Failure(
                    jar
                            + " is not built. In "
                            + home
                            + ": mvn -q package -DskipTests -pl jobs -am");
        }
        return jar;
    }

    private void startAll(Ports ports, Consumer<String> progress) {
        // First in, last out: the processes that work in it stop before it goes.
        var folder = opened(TemporaryFolder.create("hrm-demo-"));
        Consumer<String> ready =
                line -> {
                    if (!line.startsWith("Starting")) {
                        progress.accept(line);
                    }
                };
        kafka = opened(EmbeddedKafka.start(folder.path().resolve("kafka"), ports.kafka(), ready));
        kafka.createTopics(Topics.ALL.stream().map(Stack::topic).toList());
        database =
                opened(
                        EmbeddedDatabase.start(
                                folder.path().resolve("postgresql"), ports.postgres(), ready));
        try {
            Schema.migrate(dataSource());
        } catch (SQLException e) {
            throw new Failure("PostgreSQL refused the tables: " + e.getMessage(), e);
        }
        flink =
                opened(
                        FlinkCluster.start(
                                folder.path().resolve("flink"),
                                jobJar.getParent().getParent().resolveSibling("flink-conf"),
                                Map.of("rest.port", Integer.toString(ports.flink())),
                                ready));
    }

    private <T extends AutoCloseable> T opened(T part) {
        running.push(part);
        return part;
    }

    private static NewTopic topic(Topics.Topic topic) {
        return new NewTopic(topic.name(), topic.partitions(), (short) 1)
                .configs(Map.of("cleanup.policy", topic.compacted() ? "compact" : "delete"));
    }

    Broker broker() {
        return new Broker(bootstrapServers(), new Properties());
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    String flinkUi() {
        return flink.restAddress();
    }

    String jdbcUrl() {
        return database.jdbcUrl();
    }

    Connection connect() throws SQLException {
        return database.connect();
    }

    private DataSource dataSource() {
        var source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        return source;
    }

    /** Runs a bounded job to its end. */
    void run(String mainClass, Duration limit, String... arguments) {
        flink.awaitFinished(submit(mainClass, arguments), limit);
    }

    /**
     * Starts a job that runs until it is stopped.
     *
     * @return its id, when all its parts run
     */
    String launch(String mainClass, String... arguments) {
        var id = submit(mainClass, arguments);
        flink.awaitRunning(id, JOB_STARTS);
        return id;
    }

    private String submit(String mainClass, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of(
                        "--bootstrap-servers",
                        bootstrapServers(),
                        "--jdbc-url",
                        jdbcUrl(),
                        "--jdbc-user",
                        EmbeddedDatabase.USER));
        return flink.submit(jobJar, mainClass, all);
    }

    /** Why a job is not well; empty when it runs and has not failed. */
    Optional<String> trouble(String jobId) {
        var cause = flink.failureCause(jobId);
        return cause.isEmpty()
                ? Optional.empty()
                : Optional.of(cause.lines().findFirst().orElse(""));
    }

    /**
     * A counter of an operator, over all its subtasks.
     *
     * @return empty while Flink has not gathered it
     */
    OptionalLong counter(String jobId, String operator, String name) {
        for (JsonNode vertex : flink.get("/jobs/" + jobId).path("vertices")) {
            var path =
                    "/jobs/"
                            + jobId
                            + "/vertices/"
                            + vertex.path("id").asText()
                            + "/subtasks/metrics";
            for (JsonNode metric : flink.get(path)) {
                var id = metric.path("id").asText();
                // Flink writes some characters of names as underscores.
                if (id.replaceAll("\\W", "_")
                        .equals((operator + "." + name).replaceAll("\\W", "_"))) {
                    var sum = flink.get(path + "?agg=sum&get=" + id).path(0).path("sum");
                    return sum.isNumber() ? OptionalLong.of(sum.asLong()) : OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Stops everything and deletes what it wrote. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                // The rest must still stop.
                System.err.println("While stopping: " + e.getMessage());
            }
        }
    }
}
