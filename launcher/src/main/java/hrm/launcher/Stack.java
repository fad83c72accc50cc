package hrm.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import hrm.embedded.ChildProcess;
import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.EmbeddedKafka;
import hrm.embedded.FlinkClient;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Kafka, PostgreSQL and Flink on the loopback address, with topics and tables. Started one after
 * the other, which is faster on few cores than all at once; stopped in the opposite order.
 *
 * <pre>
 *  FOLDER/kafka        data, log
 *        /postgresql   data, log
 *        /flink        logs, checkpoints, savepoints
 * </pre>
 */
final class Stack implements AutoCloseable {
    /** Where they listen; 0 is any free port. */
    record Ports(int kafka, int postgres, int flink) {}

    private static final Duration JOB_STARTS = Duration.ofMinutes(2);
    private static final Duration SUBMISSION_TAKES = Duration.ofMinutes(4);

    /** Per partition of a topic that is not compacted: weeks of some hundred people. */
    private static final String KEPT_BYTES = Long.toString(2L << 30);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Path jobJar;
    private EmbeddedKafka kafka;
    private EmbeddedDatabase database;
    private FlinkCluster flink;

    private Stack(Path jobJar) {
        this.jobJar = jobJar;
    }

    /**
     * One whose folder goes with it.
     *
     * @param progress gets a line when something is ready
     * @throws RuntimeException whose message says what did not start; nothing is left running
     */
    static Stack temporary(Ports ports, Consumer<String> progress) {
        var stack = new Stack(jobJar());
        return stack.started(
                () -> {
                    // First in, last out: the processes that work in it stop before it goes.
                    var folder = stack.opened(TemporaryFolder.create("hrm-demo-"));
                    stack.startAll(folder.path(), ports, Map.of(), progress);
                });
    }

    /**
     * One whose folder stays, and is continued.
     *
     * @param progress gets a line when something is ready
     * @throws RuntimeException whose message says what did not start; nothing is left running
     */
    static Stack in(Path folder, Ports ports, Consumer<String> progress) {
        var stack = new Stack(jobJar());
        return stack.started(
                () ->
                        stack.startAll(
                                folder,
                                ports,
                                // By size, not by age: what is replayed is old when it is sent.
                                Map.of("retention.bytes", KEPT_BYTES),
                                progress));
    }

    private Stack started(Runnable start) {
        try {
            start.run();
            return this;
        } catch (RuntimeException e) {
            close();
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

    private void startAll(
            Path folder, Ports ports, Map<String, String> retention, Consumer<String> progress) {
        Consumer<String> ready =
                line -> {
                    if (!line.startsWith("Starting")) {
                        progress.accept(line);
                    }
                };
        kafka = opened(EmbeddedKafka.start(folder.resolve("kafka"), ports.kafka(), ready));
        kafka.createTopics(Topics.ALL.stream().map(topic -> topic(topic, retention)).toList());
        database =
                opened(
                        EmbeddedDatabase.start(
                                folder.resolve("postgresql"), ports.postgres(), ready));
        try {
            Schema.migrate(dataSource());
        } catch (SQLException e) {
            throw new Failure("PostgreSQL refused the tables: " + e.getMessage(), e);
        }
        flink =
                opened(
                        FlinkCluster.start(
                                folder.resolve("flink"),
                                jobJar.getParent().getParent().resolveSibling("flink-conf"),
                                Map.of("rest.port", Integer.toString(ports.flink())),
                                ready));
    }

    private <T extends AutoCloseable> T opened(T part) {
        running.push(part);
        return part;
    }

    private static NewTopic topic(Topics.Topic topic, Map<String, String> retention) {
        var config = new HashMap<String, String>();
        config.put("cleanup.policy", topic.compacted() ? "compact" : "delete");
        if (!topic.compacted()) {
            config.putAll(retention);
        }
        return new NewTopic(topic.name(), topic.partitions(), (short) 1).configs(config);
    }

    /** A process that can be started again when it has ended. */
    record Part(String name, BooleanSupplier isAlive, Runnable start) {}

    /** In the order in which they need each other. */
    List<Part> parts() {
        return List.of(
                new Part("Kafka", () -> kafka.process().isAlive(), kafka::start),
                new Part("PostgreSQL", () -> database.process().isAlive(), database::start),
                new Part("Flink's JobManager", flink::jobManagerIsAlive, flink::startJobManager),
                new Part(
                        "Flink's TaskManager", flink::taskManagerIsAlive, flink::startTaskManager));
    }

    /** The processes that run now. */
    List<ChildProcess> processes() {
        var processes = new ArrayList<ChildProcess>();
        processes.add(kafka.process());
        processes.add(database.process());
        processes.addAll(flink.processes());
        processes.removeIf(process -> !process.isAlive());
        return processes;
    }

    FlinkClient flink() {
        return flink.client();
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
        return submit(mainClass, null, SUBMISSION_TAKES, arguments);
    }

    /**
     * Submits a job and does not wait for it.
     *
     * @param restore a savepoint or retained checkpoint, or null
     * @param limit for its main method
     */
    String submit(String mainClass, Path restore, Duration limit, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of(
                        "--bootstrap-servers",
                        bootstrapServers(),
                        "--jdbc-url",
                        jdbcUrl(),
                        "--jdbc-user",
                        EmbeddedDatabase.USER));
        return flink.client()
                .submit(
                        new FlinkClient.Submission(
                                jobJar,
                                mainClass,
                                all,
                                restore == null ? null : restore.toString()),
                        limit);
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
