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
import hrm.sql.Schema;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
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

    private final TemporaryFolder folder = TemporaryFolder.create("hrm-jobs-it");
    final EmbeddedKafka kafka = EmbeddedKafka.start(folder.path().resolve("kafka"));
    final EmbeddedDatabase postgres = EmbeddedDatabase.start(folder.path().resolve("postgres"));
    private final MiniClusterWithClientResource flink = flink();
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<JobClient> jobs = new ArrayList<>();

    Pipeline() throws Exception {
        flink.before();
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
        Schema.migrate(database().dataSource());
        var serializer = new ByteArraySerializer();
        producer = new KafkaProducer<>(client(), serializer, serializer);
    }

    /** What {@code flink-conf} sets and a mini cluster does not read. */
    private static Configuration configuration() {
        var configuration = new Configuration();
        configuration.setString("pipeline.auto-generate-uids", "false");
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("execution.checkpointing.interval", "1s");
        configuration.setString("state.backend.type", "rocksdb");
        configuration.setString("restart-strategy.type", "fixed-delay");
        configuration.setString("restart-strategy.fixed-delay.attempts", "100");
        configuration.setString("restart-strategy.fixed-delay.delay", "500ms");
        return configuration;
    }

    private static MiniClusterWithClientResource flink() {
        return new MiniClusterWithClientResource(
                new MiniClusterResourceConfiguration.Builder()
                        .setConfiguration(configuration())
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

    private String[] access(String... more) {
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

    /** Starts the monitoring job and waits until all its tasks run. */
    JobClient monitoring(String... args) throws Exception {
        var options =
                MonitoringOptions.parse(
                        access(
                                Stream.concat(Stream.of("--minute-silence", "1s"), Stream.of(args))
                                        .toArray(String[]::new)));
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration());
        env.setParallelism(PARALLELISM);
        MonitoringJob.build(new KafkaConnectors(env, options), options);
        var job = env.executeAsync("monitoring");
        jobs.add(job);
        Awaitility.await("the job runs")
                .atMost(PATIENCE)
                .until(() -> job.getJobStatus().get() == JobStatus.RUNNING);
        return job;
    }

    /** Runs the baseline job to its end. */
    void baselines(String... args) throws Exception {
        BaselineJob.main(access(args));
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

    /** Waits until the job {@link #monitoring} has nothing left to do. */
    void drained() {
        drained("hrm");
    }

    /**
     * Waits until both regions have committed all readings and all alerts are stored.
     *
     * @param group what the job was told as {@code --consumer-group}
     */
    void drained(String group) {
        Awaitility.await("everything is read")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> lag(group + "-store", Topics.READINGS) == 0);
        Awaitility.await("everybody is judged")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> lag(group + "-detect", Topics.READINGS) == 0);
        Awaitility.await("all alerts are stored")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> lag(group + "-store-alerts", Topics.ALERTS) == 0);
    }

    /** Waits until the job has learnt all of a control topic. */
    void passed(String topic, String group) {
        Awaitility.await(topic + " is learnt")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> lag(group + "-detect-" + topic, topic) == 0);
    }

    private long lag(String group, String topic) throws Exception {
        try (var admin = Admin.create(client())) {
            var committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            var ends = new TreeMap<Integer, Long>();
            var bytes = new ByteArrayDeserializer();
            try (var consumer = new KafkaConsumer<>(client(), bytes, bytes)) {
                var partitions =
                        consumer.partitionsFor(topic).stream()
                                .map(info -> new TopicPartition(topic, info.partition()))
                                .toList();
                consumer.endOffsets(partitions)
                        .forEach((partition, end) -> ends.put(partition.partition(), end));
            }
            long lag = 0;
            for (var end : ends.entrySet()) {
                var offset = committed.get(new TopicPartition(topic, end.getKey()));
                lag += end.getValue() - (offset == null ? 0 : offset.offset());
            }
            return lag;
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
        var graph = flink.getMiniCluster().getArchivedExecutionGraph(lastJob().getJobID()).get();
        for (var vertex : graph.getAllExecutionVertices()) {
            if (vertex.getCurrentExecutionAttempt().getAttemptNumber() > 0) {
                return false;
            }
        }
        return true;
    }

    JobStatus lastJobStatus() throws Exception {
        return lastJob().getJobStatus().get();
    }

    private JobClient lastJob() {
        return jobs.get(jobs.size() - 1);
    }

    void stopAll() throws Exception {
        for (var job : List.copyOf(jobs)) {
            stop(job);
        }
    }

    private void stop(JobClient job) throws Exception {
        jobs.remove(job);
        job.cancel().get();
        Awaitility.await("the job has stopped")
                .atMost(PATIENCE)
                .until(() -> job.getJobStatus().get().isGloballyTerminalState());
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
