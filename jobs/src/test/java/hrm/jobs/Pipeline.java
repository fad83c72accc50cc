package hrm.jobs;

import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.EmbeddedKafka;
import hrm.embedded.TemporaryFolder;
import hrm.model.Alert;
import hrm.model.Json;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.Topics;
import hrm.sinks.JdbcOptions;
import hrm.sinks.history.BackfillLedger;
import hrm.sql.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.util.MiniClusterWithClientResource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * Real Kafka, real PostgreSQL and Flink's mini cluster around the jobs; fresh topics and tables for
 * each.
 */
final class Pipeline implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARALLELISM = 2;

    /** As log4j2-test.properties has it: this JVM's own. */
    private static final Path LOG =
            Path.of("target", "flink-" + System.getProperty("hrm.fork", "alone") + ".log");

    private final TemporaryFolder folder = TemporaryFolder.create("hrm-jobs-it");
    final EmbeddedKafka kafka = EmbeddedKafka.start(folder.path().resolve("kafka"));
    final EmbeddedDatabase postgres = EmbeddedDatabase.start(folder.path().resolve("postgres"));
    private final InMemoryReporter metrics = InMemoryReporter.create();
    private final MiniClusterWithClientResource flink = flink(metrics);
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<JobID> jobs = new ArrayList<>();

    private Pipeline() throws Exception {
        flink.before();
        var serializer = new ByteArraySerializer();
        var properties = client();
        // Some tests send 70 MB of the same letter and read it back several times.
        properties.put("compression.type", "lz4");
        producer = new KafkaProducer<>(properties, serializer, serializer);
    }

    /** With all topics and tables. */
    static Pipeline start() throws Exception {
        var pipeline = new Pipeline();
        pipeline.createTopics();
        pipeline.createTables();
        return pipeline;
    }

    /** Without any topic or table. */
    static Pipeline bare() throws Exception {
        return new Pipeline();
    }

    void createTopics() {
        kafka.createTopics(
                Topics.ALL.stream()
                        .map(
                                topic ->
                                        new NewTopic(topic.name(), topic.partitions(), (short) 1)
                                                .configs(
                                                        Map.of(
                                                                "cleanup.policy",
                                                                topic.compacted()
                                                                        ? "compact"
                                                                        : "delete")))
                        .toList());
    }

    void createTables() throws SQLException {
        Schema.migrate(database().dataSource());
    }

    /** What {@code flink-conf} sets and a mini cluster does not read. */
    private static Configuration configuration() {
        var configuration = new Configuration();
        configuration.setString("pipeline.auto-generate-uids", "false");
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("execution.checkpointing.interval", "1s");
        configuration.setString("state.backend.type", "rocksdb");
        configuration.setString(
                "execution.checkpointing.tolerable-failed-checkpoints", "2147483647");
        configuration.setString("restart-strategy.type", "exponential-delay");
        configuration.setString("restart-strategy.exponential-delay.initial-backoff", "500ms");
        configuration.setString("restart-strategy.exponential-delay.max-backoff", "10s");
        return configuration;
    }

    private static MiniClusterWithClientResource flink(InMemoryReporter metrics) {
        return new MiniClusterWithClientResource(
                new MiniClusterResourceConfiguration.Builder()
                        .setConfiguration(metrics.addToConfiguration(configuration()))
                        .setNumberTaskManagers(1)
                        .setNumberSlotsPerTaskManager(2 * PARALLELISM)
                        .build());
    }

    JdbcOptions database() {
        return JdbcOptions.of(postgres.jdbcUrl(), EmbeddedDatabase.USER, null);
    }

    private Properties client() {
        var properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return properties;
    }

    /** How to reach Kafka and PostgreSQL, and more. */
    String[] access(String... more) {
        var args =
                new ArrayList<>(
                        List.of(
                                "--bootstrap-servers",
                                kafka.bootstrapServers(),
                                "--jdbc-url",
                                postgres.jdbcUrl(),
                                "--jdbc-user",
                                EmbeddedDatabase.USER));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    /** Starts the monitoring job and waits until it runs. */
    void monitoring(String... args) throws Exception {
        monitoring(new Configuration(), PARALLELISM, args);
    }

    /**
     * @param more comes before what is set otherwise
     */
    void monitoring(Configuration more, int parallelism, String... args) throws Exception {
        var all = new ArrayList<>(List.of(args));
        if (!all.contains("--minute-silence")) {
            all.addAll(List.of("--minute-silence", "1s"));
        }
        var options = MonitoringOptions.parse(access(all.toArray(String[]::new)));
        var configuration = configuration();
        configuration.addAll(more);
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        MonitoringJob.build(new KafkaConnectors(env, options), options);
        jobs.add(env.executeAsync("monitoring").getJobID());
        awaitRunning();
    }

    /**
     * Runs the monitoring job's own main until the job is cancelled; what it throws then is not
     * told. The job is {@link #adopt}ed when it is there.
     */
    CompletableFuture<Void> main(String... args) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        MonitoringJob.main(access(args));
                    } catch (JobException e) {
                        throw e;
                    } catch (Exception cancelled) {
                        // Its end, which the test has asked for.
                    }
                });
    }

    /** Whether Flink has been given a job that this does not know. */
    boolean hasStranger() throws Exception {
        return strangers().findAny().isPresent();
    }

    private Stream<JobID> strangers() throws Exception {
        return flink.getMiniCluster().listJobs().get().stream()
                .filter(job -> !job.getJobState().isGloballyTerminalState())
                .map(JobStatusMessage::getJobId)
                .filter(job -> !jobs.contains(job));
    }

    /** Waits for the job of {@link #main}, which this stops, too, from now on. */
    void adopt() throws Exception {
        Awaitility.await("a job is submitted").atMost(PATIENCE).until(this::hasStranger);
        jobs.add(strangers().findAny().orElseThrow());
        awaitRunning();
    }

    private void awaitRunning() {
        Awaitility.await("all tasks run")
                .atMost(PATIENCE)
                .until(
                        () -> {
                            for (var vertex : graph().getAllExecutionVertices()) {
                                if (vertex.getExecutionState() != ExecutionState.RUNNING) {
                                    return false;
                                }
                            }
                            return lastJobStatus() == JobStatus.RUNNING;
                        });
    }

    /** Of the running job, which goes on. */
    Path savepoint(Path folder) throws Exception {
        var location =
                flink.getMiniCluster()
                        .triggerSavepoint(
                                lastJob(), folder.toString(), false, SavepointFormatType.CANONICAL)
                        .get();
        return Path.of(URI.create(location).getPath());
    }

    /** Runs the baseline job to its end. */
    void baselines(String... args) throws Exception {
        BaselineJob.main(access(args));
    }

    /** Runs the backfill job to its end. */
    void backfill(String... args) throws Exception {
        BackfillJob.main(access(args));
    }

    /** The same in the background; it ends as it may. */
    CompletableFuture<Void> backfillUntilStopped(String... args) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        backfill(args);
                    } catch (Exception cancelled) {
                        // Its end, which the test has asked for.
                    }
                });
    }

    /** What a backfill run has told. */
    List<Alert> backfilled(String runId) throws SQLException {
        var alerts = new ArrayList<Alert>();
        try (var connection = database().connect()) {
            BackfillLedger.alerts(connection, runId, alerts::add);
        }
        return alerts;
    }

    /** Cancels what runs and this does not know. */
    void stopStrangers() throws Exception {
        for (var job : strangers().toList()) {
            jobs.add(job);
        }
        stopAll();
    }

    Future<RecordMetadata> send(String topic, String key, byte[] value, Instant time) {
        return producer.send(
                new ProducerRecord<>(
                        topic,
                        null,
                        time == null ? null : time.toEpochMilli(),
                        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                        value));
    }

    /** An empty record at the end of a partition. */
    void fill(String topic, int partition) {
        producer.send(new ProducerRecord<>(topic, partition, new byte[0], new byte[0]));
    }

    /** A reading that arrives when it was measured. */
    void send(Reading reading) {
        send(
                Topics.READINGS,
                reading.userId(),
                ReadingCodec.encode(reading),
                Instant.ofEpochMilli(reading.timestampMs()));
    }

    void publish(PatternVersions versions) {
        send(Topics.PATTERNS, versions.patternId(), Json.write(versions), null);
    }

    void flush() {
        producer.flush();
    }

    /** All visible records of a topic, by partition and offset. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        var properties = client();
        properties.put("isolation.level", "read_committed");
        var bytes = new ByteArrayDeserializer();
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = new KafkaConsumer<>(properties, bytes, bytes)) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** All alert events so far, in the order of each person. */
    List<Alert> alerts() {
        return records(Topics.ALERTS).stream()
                .map(record -> Json.read(record.value(), Alert.class))
                .sorted(Comparator.comparing(Alert::userId))
                .toList();
    }

    /**
     * Waits until the running job has nothing left to do: everybody is judged, and what has come of
     * it is written.
     */
    void drained() {
        // What holds readings back until it is known: else they may be read and not yet judged.
        for (var topic : List.of(Topics.PATTERNS, Topics.BASELINES, Topics.PROFILES)) {
            awaitHandedOn(topic, topic);
        }
        awaitHandedOn("detect.source", Topics.READINGS);
        awaitHandedOn("store.source", Topics.READINGS);
        awaitCheckpoint();
        awaitHandedOn("store.alerts-source", Topics.ALERTS);
        awaitCheckpoint();
    }

    /** Waits until the running job has learnt all of a control topic. */
    void passed(String topic) {
        awaitHandedOn(topic, topic);
        awaitCheckpoint();
    }

    /**
     * Waits until a source of the running job has handed on all of a topic. The offsets that it
     * commits say so too, and up to 10 s later: an idle source sits that long in one poll.
     */
    private void awaitHandedOn(String source, String topic) {
        var description = source + " has handed on " + topic;
        Awaitility.await(description)
                .atMost(PATIENCE)
                .until(
                        () -> {
                            var ends = ends(topic);
                            for (int partition = 0; partition < ends.size(); partition++) {
                                if (handedOn(source, topic, partition) < ends.get(partition)) {
                                    return false;
                                }
                            }
                            return true;
                        });
    }

    /** How many records of a partition, counted from its beginning. */
    private long handedOn(String source, String topic, int partition) {
        var gauge = ".topic." + topic + ".partition." + partition + ".currentOffset";
        return metrics.getMetricsByIdentifiers(lastJob()).entrySet().stream()
                .filter(metric -> metric.getKey().contains("Source: " + source + "."))
                .filter(metric -> metric.getKey().endsWith(gauge))
                .mapToLong(
                        metric ->
                                ((Number) ((Gauge<?>) metric.getValue()).getValue()).longValue()
                                        + 1)
                .max()
                .orElse(0);
    }

    /** Waits for one that begins now: what is on its way has then gone all its way. */
    private void awaitCheckpoint() {
        Awaitility.await("a checkpoint")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(ExecutionException.class)
                .until(
                        () ->
                                flink.getMiniCluster()
                                                .triggerCheckpoint(
                                                        lastJob(), CheckpointType.CONFIGURED)
                                                .get()
                                        > 0);
    }

    /**
     * Waits until both regions have committed all readings and all alerts are stored: for a job
     * that goes on from a savepoint, or runs elsewhere.
     *
     * @param group what the job was told as {@code --consumer-group}
     */
    void committed(String group) {
        passedBy(group + "-store", Topics.READINGS);
        passedBy(group + "-detect", Topics.READINGS);
        passedBy(group + "-store-alerts", Topics.ALERTS);
    }

    /** Waits until a consumer group has committed all of a topic. */
    void passedBy(String group, String topic) {
        Awaitility.await(group + " has read " + topic)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> lag(group, topic) == 0);
    }

    private long lag(String group, String topic) throws Exception {
        try (var admin = Admin.create(client())) {
            var committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            var ends = ends(topic);
            long lag = 0;
            for (int partition = 0; partition < ends.size(); partition++) {
                var offset = committed.get(new TopicPartition(topic, partition));
                lag += ends.get(partition) - (offset == null ? 0 : offset.offset());
            }
            return lag;
        }
    }

    /** Where the next record of each partition goes. */
    List<Long> ends(String topic) {
        var bytes = new ByteArrayDeserializer();
        try (var consumer = new KafkaConsumer<>(client(), bytes, bytes)) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .sorted(Comparator.comparing(TopicPartition::partition))
                            .toList();
            var ends = consumer.endOffsets(partitions);
            return partitions.stream().map(ends::get).toList();
        }
    }

    /**
     * Waits until so many readings are stored, the last minutes included, and finds no more than
     * that.
     */
    void awaitReadings(String where, long expected) {
        var sql = "SELECT count(*) FROM readings WHERE " + where;
        Awaitility.await(expected + " readings are stored")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> count(sql) >= expected);
        try {
            if (count(sql) != expected) {
                throw new AssertionError(count(sql) + " readings instead of " + expected);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    void execute(String sql) throws SQLException {
        try (var connection = database().connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One value of one row. */
    long count(String sql) throws SQLException {
        try (var connection = database().connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** Rows as text, columns parted by a bar. */
    List<String> table(String sql) throws SQLException {
        try (var connection = database().connect();
                var statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
            try (var result = statement.executeQuery(sql)) {
                var rows = new ArrayList<String>();
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    var row = new ArrayList<String>();
                    for (int column = 1; column <= columns; column++) {
                        row.add(result.getString(column));
                    }
                    rows.add(String.join("|", row));
                }
                return rows;
            }
        }
    }

    /** Whether each task of the running job is still its first attempt. */
    boolean neverRestarted() throws Exception {
        return restarts().values().stream().allMatch(restarts -> restarts == 0);
    }

    /** How often the tasks of each vertex of the running job were started again. */
    Map<String, Integer> restarts() throws Exception {
        var restarts = new TreeMap<String, Integer>();
        for (var vertex : graph().getVerticesTopologically()) {
            for (var task : vertex.getTaskVertices()) {
                restarts.merge(
                        vertex.getName(),
                        task.getCurrentExecutionAttempt().getAttemptNumber(),
                        Math::max);
            }
        }
        return restarts;
    }

    private AccessExecutionGraph graph() throws Exception {
        return flink.getMiniCluster().getArchivedExecutionGraph(lastJob()).get();
    }

    JobStatus lastJobStatus() throws Exception {
        return flink.getMiniCluster().getJobStatus(lastJob()).get();
    }

    private JobID lastJob() {
        return jobs.get(jobs.size() - 1);
    }

    /** How often the text stands in what the job and Flink have logged. */
    static long logged(String text) {
        try (var lines = Files.lines(LOG)) {
            return lines.filter(line -> line.contains(text)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stopAll() throws Exception {
        for (var job : List.copyOf(jobs)) {
            jobs.remove(job);
            flink.getMiniCluster().cancelJob(job).get();
            Awaitility.await("the job has stopped")
                    .atMost(PATIENCE)
                    .until(
                            () ->
                                    flink.getMiniCluster()
                                            .getJobStatus(job)
                                            .get()
                                            .isGloballyTerminalState());
        }
    }

    @Override
    public void close() throws Exception {
        producer.close();
        stopAll();
        flink.after();
        postgres.close();
        kafka.close();
        folder.close();
    }
}
