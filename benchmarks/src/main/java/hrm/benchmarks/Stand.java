package hrm.benchmarks;

import hrm.embedded.ChildProcess;
import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.EmbeddedKafka;
import hrm.embedded.FlinkCluster;
import hrm.embedded.TemporaryFolder;
import hrm.model.Topics;
import hrm.sql.Schema;
import java.lang.management.ManagementFactory;
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
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What is measured runs here: real Kafka, PostgreSQL and Flink, as processes of their own with the
 * configuration that ships, in a temporary folder. The same servers serve all sides of a
 * comparison.
 */
final class Stand implements AutoCloseable {
    private static final Duration JOB_STARTS = Duration.ofMinutes(3);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Path home =
            Path.of(System.getProperty("hrm.home", "")).toAbsolutePath().normalize();
    private TemporaryFolder folder;
    private EmbeddedKafka kafka;
    private EmbeddedDatabase database;
    private FlinkCluster flink;

    private Stand() {}

    /**
     * @param topicSettings of topics, by name
     * @param progress gets a line when something is ready
     * @throws RuntimeException whose message says what did not start; nothing is left running
     */
    static Stand start(Map<String, Map<String, String>> topicSettings, Consumer<String> progress)
            throws SQLException {
        var stand = withoutFlink(topicSettings, progress);
        try {
            stand.startFlink(ready(progress));
            return stand;
        } catch (RuntimeException e) {
            stand.close();
            throw e;
        }
    }

    /** Only Kafka and PostgreSQL, for jobs that run in this JVM. */
    static Stand withoutFlink(Consumer<String> progress) throws SQLException {
        return withoutFlink(Map.of(), progress);
    }

    private static Stand withoutFlink(
            Map<String, Map<String, String>> topicSettings, Consumer<String> progress)
            throws SQLException {
        var stand = new Stand();
        try {
            stand.startServers(topicSettings, ready(progress));
            return stand;
        } catch (RuntimeException | SQLException e) {
            stand.close();
            throw e;
        }
    }

    private static Consumer<String> ready(Consumer<String> progress) {
        return line -> {
            if (!line.startsWith("Starting")) {
                progress.accept(line);
            }
        };
    }

    private void startServers(
            Map<String, Map<String, String>> topicSettings, Consumer<String> ready)
            throws SQLException {
        // First in, last out: the processes that work in it stop before it goes.
        folder = opened(TemporaryFolder.create("hrm-bench-"));
        kafka = opened(EmbeddedKafka.start(folder.path().resolve("kafka"), 0, ready));
        kafka.createTopics(
                Topics.ALL.stream()
                        .map(
                                topic ->
                                        topic(
                                                topic,
                                                topicSettings.getOrDefault(topic.name(), Map.of())))
                        .toList());
        database = opened(EmbeddedDatabase.start(folder.path().resolve("postgresql"), 0, ready));
        // So that a table can say afterwards when its rows came, and nobody asks meanwhile.
        sql("ALTER SYSTEM SET track_commit_timestamp = on");
        database.restart();
        var source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        Schema.migrate(source);
    }

    private void startFlink(Consumer<String> ready) {
        flink =
                opened(
                        FlinkCluster.start(
                                folder.path().resolve("flink"),
                                home.resolve("flink-conf"),
                                Map.of(),
                                ready));
    }

    private <T extends AutoCloseable> T opened(T part) {
        running.push(part);
        return part;
    }

    private static NewTopic topic(Topics.Topic topic, Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("cleanup.policy", topic.compacted() ? "compact" : "delete");
        return new NewTopic(topic.name(), topic.partitions(), (short) 1).configs(all);
    }

    // ---- Jobs --------------------------------------------------------------------------------

    /** The jar that ships. */
    Path jobJar() {
        var jar = home.resolve("jobs/target/hrm-jobs.jar");
        if (!Files.isRegularFile(jar)) {
            throw new Failure(jar + " is not built. Start through ./hrm bench, which builds it.");
        }
        return jar;
    }

    /** The patterns that ship. */
    Path catalogue() {
        return home.resolve("cep-patterns/catalogue");
    }

    Path folder() {
        return folder.path();
    }

    /**
     * Starts a job that runs until it is stopped.
     *
     * @param jdbcOptions added to the database's URL: {@code &name=value}
     * @return its id, when all its tasks run
     */
    String launch(Path jar, String mainClass, String jdbcOptions, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of(
                        "--bootstrap-servers",
                        kafka.bootstrapServers(),
                        "--jdbc-url",
                        database.jdbcUrl() + jdbcOptions,
                        "--jdbc-user",
                        EmbeddedDatabase.USER));
        var id = flink.submit(jar, mainClass, all);
        flink.awaitRunning(id, JOB_STARTS);
        return id;
    }

    /** When the last of the job's tasks began to run, milliseconds since the epoch. */
    long runningSinceMs(String jobId) {
        long last = 0;
        for (var vertex : flink.get("/jobs/" + jobId).path("vertices")) {
            var times =
                    flink.get(
                            "/jobs/"
                                    + jobId
                                    + "/vertices/"
                                    + vertex.path("id").asText()
                                    + "/subtasktimes");
            for (var subtask : times.path("subtasks")) {
                last = Math.max(last, subtask.path("timestamps").path("RUNNING").asLong());
            }
        }
        return last;
    }

    /** Why the job last failed, first line; empty if it has not. */
    String trouble(String jobId) {
        return flink.failureCause(jobId).lines().findFirst().orElse("");
    }

    void cancel(String jobId) {
        flink.cancel(jobId);
    }

    // ---- PostgreSQL --------------------------------------------------------------------------

    EmbeddedDatabase database() {
        return database;
    }

    Connection connect() throws SQLException {
        return database.connect();
    }

    void sql(String statement) throws SQLException {
        try (var connection = connect();
                var execute = connection.createStatement()) {
            execute.execute(statement);
        }
    }

    /** One number of one row; 0 for NULL. */
    long number(String query) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    // ---- Kafka -------------------------------------------------------------------------------

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    Admin admin() {
        return Admin.create(client());
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        var properties = client();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.putAll(settings);
        var bytes = new ByteArraySerializer();
        return new KafkaProducer<>(properties, bytes, bytes);
    }

    /** Reads a topic from its beginning; belongs to no group. */
    KafkaConsumer<byte[], byte[]> consumer(String topic) {
        var properties = client();
        properties.put("enable.auto.commit", "false");
        var bytes = new ByteArrayDeserializer();
        var consumer = new KafkaConsumer<>(properties, bytes, bytes);
        var partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /** Where each partition of a topic ends now. */
    Map<TopicPartition, Long> ends(Admin admin, String topic) throws InterruptedException {
        try {
            var described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            var latest =
                    described.partitions().stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest()));
            return admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException e) {
            throw new Failure("Kafka does not answer: " + e.getCause().getMessage(), e);
        }
    }

    /**
     * How many records before these ends a group has not reported as done. A job does so when a
     * checkpoint completes, so when what came of them is written.
     */
    long behind(Admin admin, String group, Map<TopicPartition, Long> ends)
            throws InterruptedException {
        try {
            var done = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            long behind = 0;
            for (var end : ends.entrySet()) {
                var offset = done.get(end.getKey());
                behind += Math.max(0, end.getValue() - (offset == null ? 0 : offset.offset()));
            }
            return behind;
        } catch (ExecutionException e) {
            throw new Failure("Kafka does not answer: " + e.getCause().getMessage(), e);
        }
    }

    private Properties client() {
        var properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return properties;
    }

    // ---- The machine -------------------------------------------------------------------------

    /** CPU time so far: PostgreSQL's living processes, Flink's TaskManager, Kafka. */
    Cpu cpu() {
        var flinks = flink.processes();
        return new Cpu(
                cpu(database.process()), cpu(flinks.get(flinks.size() - 1)), cpu(kafka.process()));
    }

    private static Duration cpu(ChildProcess process) {
        return ProcessHandle.of(process.pid()).stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .flatMap(one -> one.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** How much CPU time each took. */
    record Cpu(Duration postgres, Duration flink, Duration kafka) {
        Cpu since(Cpu before) {
            return new Cpu(
                    postgres.minus(before.postgres),
                    flink.minus(before.flink),
                    kafka.minus(before.kafka));
        }
    }

    /** Of the last minute: whether somebody else was at work. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
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
