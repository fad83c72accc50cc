package hrm.jobs;

import hrm.functions.history.LateRun;
import hrm.functions.judgement.Catalogue;
import hrm.model.Alert;
import hrm.model.Correction;
import hrm.model.Json;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.Topics;
import hrm.patterns.flink.Matchers;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.profiles.ProfileStore;
import hrm.sinks.readings.MinuteRows;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The late run: judges again the stretches that {@code reevaluations} marks, from the store, and
 * sends what should have been told to {@code corrections}, for the monitoring job to tell.
 *
 * <pre>
 *  reevaluations ▸ by device ▸ reading_minutes, alert_events ▸ judge again ─▶ corrections
 * </pre>
 *
 * Only what the store has written is judged: a stretch whose mark it has not caught up with waits
 * for the next run. One process, one device after the other: late devices are few.
 */
public final class LateRunJob {
    /** Usually a device was silent for long within these; else all its readings are read. */
    private static final Duration USUALLY_ENOUGH = Duration.ofDays(3);

    /** What is older than that is on no device's mind. */
    private static final Duration FORGOTTEN = Duration.ofDays(70);

    private static final String MINUTES =
            "SELECT "
                    + MinuteRows.COLUMNS
                    + " FROM reading_minutes WHERE user_id = ? AND device_id = ?"
                    + " AND minute >= ? ORDER BY minute";

    private static final String NEWEST =
            "SELECT DISTINCT ON (e.episode_id) e.event FROM alerts a"
                    + " JOIN alert_events e ON e.episode_id = a.episode_id"
                    + " WHERE a.user_id = ? AND a.device_id = ? AND a.onset >= ?"
                    + " ORDER BY e.episode_id, e.revision DESC";

    private final LateRunOptions options;

    private LateRunJob(LateRunOptions options) {
        this.options = options;
    }

    /**
     * What a run has done.
     *
     * @param devices judged again
     * @param waiting devices whose marks are too young, or ahead of the store
     * @param corrected episodes
     */
    public record Outcome(int devices, int waiting, int corrected) {}

    public static void main(String[] args) throws Exception {
        var outcome = run(LateRunOptions.parse(args));
        System.out.printf(
                "%d devices judged again, %d episodes corrected; %d devices wait for the next"
                        + " run.%n",
                outcome.devices(), outcome.corrected(), outcome.waiting());
    }

    static Outcome run(LateRunOptions options) throws SQLException {
        KafkaAccess.requireTopics(
                options.bootstrapServers(),
                options.kafkaClient(),
                List.of(Topics.REEVALUATIONS, Topics.CORRECTIONS, Topics.PATTERNS, Topics.READINGS),
                options.waitFor);
        return new LateRunJob(options).run();
    }

    private Outcome run() throws SQLException {
        var servers = options.bootstrapServers();
        var client = options.kafkaClient();
        var marks = new TreeMap<String, List<Reevaluation>>();
        var young = new TreeMap<String, Instant>();
        var newest = KafkaAccess.newestWithTimes(servers, client, Topics.REEVALUATIONS);
        for (var record : newest.values()) {
            var mark = Json.read(record.value(), Reevaluation.class);
            if (mark.isPending()) {
                var device =
                        new String(
                                Json.write(List.of(mark.userId(), mark.deviceId())),
                                StandardCharsets.UTF_8);
                marks.computeIfAbsent(device, key -> new ArrayList<>()).add(mark);
                young.merge(
                        device,
                        Instant.ofEpochMilli(record.timestamp()),
                        (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        var before = Instant.now().minus(options.settleFor);
        int waiting = 0;
        int corrected = 0;
        int judged = 0;
        var store = new StoreProgress(servers, client, options.consumerGroup);
        Catalogue catalogue = null;
        try (var database = options.database().connect();
                var producer = options.kafka().openProducer()) {
            for (var device : marks.entrySet()) {
                var marked = young.get(device.getKey());
                if (marked.isAfter(before) || !store.hasWrittenAllUntil(marked)) {
                    waiting++;
                    continue;
                }
                if (catalogue == null) {
                    catalogue = catalogue();
                }
                var correction = judge(database, new LateRun(catalogue), device.getValue());
                send(producer, correction);
                corrected += correction.episodes().size();
                judged++;
            }
            producer.flush();
        }
        return new Outcome(judged, waiting, corrected);
    }

    private Catalogue catalogue() {
        var catalogue = Catalogue.EMPTY;
        var published =
                KafkaAccess.newest(
                        options.bootstrapServers(),
                        options.kafkaClient(),
                        Topics.PATTERNS,
                        PatternVersions.class);
        for (var versions : published.values()) {
            catalogue = catalogue.with(versions, Matchers::of).catalogue();
        }
        return catalogue;
    }

    private static Correction judge(Connection database, LateRun run, List<Reevaluation> marks)
            throws SQLException {
        var userId = marks.get(0).userId();
        var deviceId = marks.get(0).deviceId();
        var from = marks.stream().map(Reevaluation::from).min(Instant::compareTo).orElseThrow();
        var since = from.minus(USUALLY_ENOUGH);
        var readings = readings(database, userId, deviceId, since);
        if (!run.reachesBack(readings, from)) {
            since = from.minus(FORGOTTEN);
            readings = readings(database, userId, deviceId, since);
        }
        try (var select = database.prepareStatement(BaselineTable.VERSIONS)) {
            return run.judge(
                    marks,
                    ProfileStore.read(database, userId),
                    BaselineTable.versions(select, userId),
                    readings,
                    published(database, userId, deviceId, since));
        }
    }

    private static List<Reading> readings(
            Connection database, String userId, String deviceId, Instant since)
            throws SQLException {
        var readings = new ArrayList<Reading>();
        try (var select = database.prepareStatement(MINUTES)) {
            select.setString(1, userId);
            select.setString(2, deviceId);
            select.setObject(3, since.atOffset(ZoneOffset.UTC));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    readings.addAll(MinuteRows.read(rows).readings());
                }
            }
        }
        return readings;
    }

    private static List<Alert> published(
            Connection database, String userId, String deviceId, Instant since)
            throws SQLException {
        var alerts = new ArrayList<Alert>();
        try (var select = database.prepareStatement(NEWEST)) {
            select.setString(1, userId);
            select.setString(2, deviceId);
            select.setObject(3, since.atOffset(ZoneOffset.UTC));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    alerts.add(
                            Json.read(
                                    rows.getString(1).getBytes(StandardCharsets.UTF_8),
                                    Alert.class));
                }
            }
        }
        return alerts;
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, Correction correction) {
        var key = correction.userId().getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(new ProducerRecord<>(Topics.CORRECTIONS, key, Json.write(correction)))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("Interrupted while sending corrections.", e);
        } catch (ExecutionException e) {
            throw new JobException(
                    "Kafka does not take a correction ("
                            + e.getCause().getMessage()
                            + "). What was not sent is found again by the next run.",
                    e);
        }
    }
}
