package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hrm.embedded.FlinkCluster;
import hrm.embedded.TemporaryFolder;
import hrm.model.Alert;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.Topics;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each release's savepoint, restored by the code of today: at the parallelism that wrote it and at
 * others, on RocksDB and on the heap, with the classes of this build and with the jar for clusters,
 * where flink-cep has another name.
 *
 * <p>A folder of {@code savepoints/} is a release: {@code _metadata} is the savepoint in Flink's
 * canonical format, which every state backend reads (the native one is RocksDB's own files, and
 * nothing else could restore it). All state is inside it, since a cluster without a checkpoint
 * folder hands its state to the JobManager: there are no other files. {@code afterwards.json} says
 * where its topics ended, what is sent then, and what an undisturbed job made of that.
 *
 * <p>{@code jobs/README.md} says how to write the folder of a new release.
 */
class MonitoringUpgradeIT {
    private static final Path HOME = Path.of(System.getProperty("hrm.home"));
    private static final Path SAVEPOINTS =
            HOME.resolve(Path.of("jobs", "src", "test", "resources", "savepoints"));
    private static final Path JAR = HOME.resolve(Path.of("jobs", "target", "hrm-jobs.jar"));
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    /** Nothing of this minute is compared: it is there to end the minutes before it. */
    private static final int CLOSING_MINUTE = 30;

    private static final String ROWS =
            "SELECT user_id, device_id, timestamp, heart_rate FROM readings WHERE timestamp < '"
                    + START.plus(Duration.ofMinutes(CLOSING_MINUTE))
                    + "' ORDER BY 1, 2, 3";

    private static final String HELD =
            """
            id: high-while-still
            version: 1
            title: High heart rate while inactive
            condition: high
            severity: high
            mode: live
            on: minute
            let: { limit: limits.high }
            sequence:
              - step: high
                where: bpm > limit && steps == 0
                hold: 10m
                max_gap: 2m
            resolve: { where: bpm < limit - 5, hold: 3m }
            message: "Heart rate above ${limit} for 10 minutes while inactive"
            source: test
            """;

    private static final String SEQUENCE =
            """
            id: jump-then-higher
            version: 1
            title: A jump, then higher still
            condition: high
            severity: low
            mode: live
            sequence:
              - step: calm
                where: bpm < 60
              - next: up
                where: bpm > last(calm).bpm + 30
              - followed_by: higher
                where: bpm > last(up).bpm + 20
            within: 1h
            message: "From ${first(calm).bpm} to ${bpm}"
            source: test
            """;

    /**
     * @param ends by topic and partition, where the next record goes
     * @param then the readings that are sent to the restored job
     * @param alerts what it must say, without {@code published_at}
     * @param rows what must be in the database, but for the last minute
     * @param marks what must be judged again
     */
    private record Afterwards(
            Map<String, List<Long>> ends,
            List<JsonNode> then,
            List<JsonNode> alerts,
            List<String> rows,
            List<JsonNode> marks) {}

    private record Way(int parallelism, String backend) {}

    static Stream<String> releases() throws IOException {
        try (var folders = Files.list(SAVEPOINTS)) {
            return folders
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whatAReleaseHasBegunThisOneFinishes(String release) throws Exception {
        var savepoint = SAVEPOINTS.resolve(release);
        var afterwards =
                JSON.readValue(savepoint.resolve("afterwards.json").toFile(), Afterwards.class);
        try (var pipeline = Pipeline.start()) {
            fill(pipeline, afterwards.ends());
            send(pipeline, afterwards.then());
            int times = 0;
            for (var way : List.of(new Way(2, "rocksdb"), new Way(3, "hashmap"))) {
                var configuration = new Configuration();
                configuration.setString("execution.state-recovery.path", savepoint.toString());
                configuration.setString("state.backend.type", way.backend());
                var group = release + way;
                pipeline.monitoring(configuration, way.parallelism(), "--consumer-group", group);
                check(way.toString(), pipeline, group, afterwards, ++times);
                assertThat(pipeline.neverRestarted()).as(way.toString()).isTrue();
                pipeline.stopAll();
            }
            inACluster(pipeline, savepoint, afterwards, ++times);
        }
    }

    /** By the jar, in processes of their own, with stock flink-cep on their class path. */
    private static void inACluster(
            Pipeline pipeline, Path savepoint, Afterwards afterwards, int times) throws Exception {
        try (var folder = TemporaryFolder.create("hrm-upgrade-it");
                var cluster = FlinkCluster.start(folder.path(), Map.of())) {
            var args =
                    pipeline.access(
                            "--minute-silence",
                            "1s",
                            "--checkpoint-interval",
                            "1s",
                            "--consumer-group",
                            "jar");
            var job = cluster.submit(JAR, "hrm.jobs.MonitoringJob", List.of(args), savepoint);
            cluster.awaitRunning(job, Pipeline.PATIENCE);
            check("jar", pipeline, "jar", afterwards, times);
            assertThat(cluster.failureCause(job)).isEmpty();
            cluster.cancel(job);
        }
    }

    /**
     * @param times how often what comes out has come out by now: each way is a job of its own that
     *     reads the same topics
     */
    private static void check(
            String way, Pipeline pipeline, String group, Afterwards afterwards, int times)
            throws Exception {
        int expected = times * afterwards.alerts().size();
        await(way + ": all alerts are told")
                .atMost(Pipeline.PATIENCE)
                .until(() -> alerts(pipeline, afterwards.ends()).size() >= expected);
        pipeline.committed(group);
        await(way + ": all readings are stored")
                .atMost(Pipeline.PATIENCE)
                .until(() -> pipeline.table(ROWS).size() >= afterwards.rows().size());

        assertThat(pipeline.table(ROWS)).as(way).isEqualTo(afterwards.rows());
        var told = alerts(pipeline, afterwards.ends());
        assertThat(told.stream().distinct().toList()).as(way).isEqualTo(afterwards.alerts());
        assertThat(told).as(way).hasSize(expected);
        var marks = marks(pipeline, afterwards.ends());
        assertThat(marks.stream().distinct().toList()).as(way).isEqualTo(afterwards.marks());
        assertThat(marks).as(way).hasSize(times * afterwards.marks().size());
        assertThat(pipeline.count("SELECT count(*) FROM alert_events"))
                .as(way)
                .isEqualTo(afterwards.alerts().size());
        pipeline.execute("TRUNCATE reading_minutes, alerts, alert_events");
    }

    /** Nobody reads these: they stand where the savepoint's own records stood. */
    private static void fill(Pipeline pipeline, Map<String, List<Long>> ends) {
        ends.forEach(
                (topic, partitions) -> {
                    for (int partition = 0; partition < partitions.size(); partition++) {
                        for (long offset = 0; offset < partitions.get(partition); offset++) {
                            pipeline.fill(topic, partition);
                        }
                    }
                });
        pipeline.flush();
    }

    private static void send(Pipeline pipeline, List<JsonNode> readings) {
        for (var reading : readings) {
            pipeline.send(
                    ReadingCodec.decode(
                                    reading.toString().getBytes(StandardCharsets.UTF_8),
                                    Long.MAX_VALUE / 2)
                            .reading());
        }
        pipeline.flush();
    }

    /** By person. */
    private static List<JsonNode> alerts(Pipeline pipeline, Map<String, List<Long>> after) {
        return values(pipeline, Topics.ALERTS, after)
                .map(value -> Json.read(value, Alert.class))
                .sorted(Comparator.comparing(Alert::userId).thenComparing(Alert::sequence))
                .map(alert -> json(Json.write(alert.withPublishedAt(null))))
                .toList();
    }

    /** What every release says of a mark; later ones say more. */
    private static List<JsonNode> marks(Pipeline pipeline, Map<String, List<Long>> after) {
        return values(pipeline, Topics.REEVALUATIONS, after)
                .map(MonitoringUpgradeIT::json)
                .map(mark -> ((ObjectNode) mark).retain("user_id", "device_id", "from", "reason"))
                .map(JsonNode.class::cast)
                .toList();
    }

    private static Stream<byte[]> values(
            Pipeline pipeline, String topic, Map<String, List<Long>> after) {
        return pipeline.records(topic).stream()
                .filter(record -> record.offset() >= after.get(topic).get(record.partition()))
                .map(ConsumerRecord::value);
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    // ---- The folder of a new release ------------------------------------------------------------

    @Test
    @EnabledIfSystemProperty(named = "hrm.savepoint", matches = ".+")
    void writesTheFolderOfThisRelease() throws Exception {
        var release =
                Files.createDirectories(SAVEPOINTS.resolve(System.getProperty("hrm.savepoint")));
        try (var folder = TemporaryFolder.create("hrm-savepoint");
                var pipeline = Pipeline.start()) {
            for (var yaml :
                    Map.of("high-while-still", HELD, "jump-then-higher", SEQUENCE).entrySet()) {
                pipeline.publish(PatternVersions.always(yaml.getKey(), 1, yaml.getValue()));
            }
            whoIsKnown(pipeline);
            begin(pipeline);
            pipeline.flush();
            // Minutes stay in state until their device goes on.
            pipeline.monitoring("--minute-silence", "1h");
            pipeline.drained();
            var ends = new TreeMap<String, List<Long>>();
            for (var topic : Topics.ALL) {
                ends.put(topic.name(), pipeline.ends(topic.name()));
            }
            Files.write(release.resolve("_metadata"), anywhere(pipeline.savepoint(folder.path())));

            pipeline.execute("TRUNCATE reading_minutes, alerts, alert_events");
            var then = rest();
            send(pipeline, then);
            pipeline.drained();
            await("the late reading is marked")
                    .atMost(Pipeline.PATIENCE)
                    .until(() -> !marks(pipeline, ends).isEmpty());
            var afterwards =
                    new Afterwards(
                            ends,
                            then,
                            alerts(pipeline, ends),
                            pipeline.table(ROWS),
                            marks(pipeline, ends));
            Files.writeString(
                    release.resolve("afterwards.json"),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(afterwards) + "\n");
        }
    }

    /**
     * The bytes of a savepoint, without the folder it was written to: parts of state that lie in
     * the file itself still carry the names of the files that they might have been.
     */
    private static byte[] anywhere(Path savepoint) throws IOException {
        var written = savepoint.getParent().toString();
        var bytes =
                Files.readString(savepoint.resolve("_metadata"), StandardCharsets.ISO_8859_1)
                        // As long as before, since lengths are written, too.
                        .replace(written, "/" + "-".repeat(written.length() - 1));
        assertThat(bytes).doesNotContain(HOME.toString(), System.getProperty("java.io.tmpdir"));
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void whoIsKnown(Pipeline pipeline) {
        var cell = new Baseline.Cell(3, true, 9_999, 50, 60, 119, 3);
        pipeline.send(
                Topics.BASELINES,
                "own-limit",
                Json.write(
                        new Baselines(
                                "own-limit",
                                List.of(
                                        new Baseline(
                                                "own-limit",
                                                "run-1",
                                                Instant.EPOCH,
                                                Baseline.State.READY,
                                                55.0,
                                                List.of(cell),
                                                20,
                                                9_999,
                                                28)))),
                null);
        pipeline.send(
                Topics.PROFILES,
                "careful",
                Json.write(
                        new UserProfiles(
                                "careful",
                                List.of(
                                        new UserProfile(
                                                Instant.EPOCH, ZoneOffset.UTC, 100, null)))),
                null);
    }

    /** Each thing that state may hold, half done. */
    private static void begin(Pipeline pipeline) {
        Stream.of(
                        sits("open-episode", "watch", 0, 12, 130),
                        sits("half-a-hold", "watch", 0, 6, 130),
                        // Both last steps of the sequence are to come.
                        sits("half-a-sequence", "watch", 0, 0, 55),
                        sits("half-a-sequence", "watch", 1, 1, 100),
                        sits("own-limit", "watch", 0, 6, 135),
                        sits("careful", "watch", 0, 6, 105),
                        sits("two-devices", "strap", 0, 6, 130),
                        sits("two-devices", "watch", 0, 10, 70),
                        // Late: marks this day of this device.
                        sits("two-devices", "watch", 5.25, 5.25, 71))
                .flatMap(List::stream)
                .forEach(pipeline::send);
    }

    /** What ends it, a minute later or more, and a reading far behind that ends every minute. */
    private static List<JsonNode> rest() {
        var readings = new ArrayList<Reading>();
        readings.addAll(sits("open-episode", "watch", 12.25, 20, 80));
        readings.addAll(sits("half-a-hold", "watch", 6.25, 12, 130));
        readings.addAll(sits("half-a-sequence", "watch", 1.25, 1.25, 90));
        readings.addAll(sits("half-a-sequence", "watch", 2, 2, 125));
        readings.addAll(sits("own-limit", "watch", 6.25, 12, 135));
        readings.addAll(sits("careful", "watch", 6.25, 12, 105));
        readings.addAll(sits("two-devices", "strap", 6.25, 12, 130));
        readings.addAll(sits("two-devices", "watch", 10.25, 12, 70));
        // The day is marked from 5.25 on already; only what is earlier marks it anew.
        readings.addAll(sits("two-devices", "watch", 6.25, 6.25, 71));
        readings.addAll(sits("two-devices", "watch", 4.25, 4.25, 71));
        var devices =
                readings.stream()
                        .map(reading -> List.of(reading.userId(), reading.deviceId()))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        for (var device : devices) {
            readings.addAll(sits(device.get(0), device.get(1), CLOSING_MINUTE, CLOSING_MINUTE, 70));
        }
        return readings.stream().map(reading -> json(ReadingCodec.encode(reading))).toList();
    }

    /** A reading each half minute. */
    private static List<Reading> sits(
            String user, String device, double from, double until, int bpm) {
        var readings = new ArrayList<Reading>();
        for (double minute = from; minute <= until; minute += 0.5) {
            var time = START.plusMillis(Math.round(minute * 60_000));
            readings.add(Reading.of(user, device, time.toEpochMilli(), bpm, 0));
        }
        return readings;
    }
}
