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
import hrm.sinks.RunLock;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.corrections.LateRuns;
import hrm.sinks.corrections.LateRuns.Counts;
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
import java.util.Objects;
import java.util.Optional;
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
 * for the next run. One process, one device after the other: late devices are few. One run at a
 * time: {@link RunLock#LATE_RUN}; the second leaves it to the first. What it did is noted in {@code
 * late_runs}.
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
    private int judged;
    private int corrected;
    private int unsettled;
    private int unstored;
    private int failed;
    private String firstFailure;

    private LateRunJob(LateRunOptions options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        var options = LateRunOptions.parse(args);
        var counts = run(options);
        System.out.println(
                counts.map(done -> "Late run: " + done.inWords())
                        .orElseGet(() -> anotherGoesOn(options)));
    }

    /**
     * @return empty when another late run is going on, which does what this one would
     */
    static Optional<Counts> run(LateRunOptions options) {
        KafkaAccess.requireTopics(
                options.bootstrapServers(),
                options.kafkaClient(),
                List.of(Topics.REEVALUATIONS, Topics.CORRECTIONS, Topics.PATTERNS, Topics.READINGS),
                options.waitFor);
        var started = Instant.now();
        try (var lock =
                RunLock.LATE_RUN.tryTake(options.database(), options.startedBy).orElse(null)) {
            if (lock == null) {
                return Optional.empty();
            }
            var run = new LateRunJob(options);
            try {
                run.judgeAll(lock.connection());
            } catch (SQLException | RuntimeException e) {
                run.note(started, e);
                throw e;
            }
            return Optional.of(run.note(started, null));
        } catch (SQLException e) {
            throw new JobException(
                    "The database does not answer as it should ("
                            + e.getMessage()
                            + "). Check --jdbc-url, --jdbc-user and the password. If tables are"
                            + " missing, run once: hrm setup. The next run does what is left.",
                    e);
        }
    }

    private static String anotherGoesOn(LateRunOptions options) {
        var holder = "somebody";
        try (var database = options.database().connect()) {
            holder = RunLock.LATE_RUN.holder(database).orElse(holder);
        } catch (SQLException e) {
            // Who it is, is all that stays unknown.
        }
        return "Another late run is going on: " + holder + ". It does what this one would.";
    }

    /** Not on the lock's connection: it may be what was lost. */
    private Counts note(Instant started, Exception trouble) {
        var counts = new Counts(judged, corrected, unsettled, unstored);
        try (var database = options.database().connect()) {
            LateRuns.note(
                    database,
                    options.runId(),
                    options.startedBy,
                    started,
                    counts,
                    trouble == null
                            ? null
                            : Objects.requireNonNullElse(trouble.getMessage(), trouble.toString()));
        } catch (SQLException e) {
            // What was judged is judged, and Kafka has it: a note that is missing undoes nothing.
            System.err.println("What this run did is not noted (" + e.getMessage() + ").");
        }
        return counts;
    }

    private void judgeAll(Connection database) throws SQLException {
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
        var store = new StoreProgress(servers, client, options.consumerGroup);
        LateRun run = null;
        try (var producer = options.kafka().openProducer()) {
            for (var device : marks.entrySet()) {
                var marked = young.get(device.getKey());
                if (marked.isAfter(before)) {
                    unsettled++;
                } else if (!store.hasWrittenAllUntil(marked)) {
                    unstored++;
                } else {
                    if (run == null) {
                        run = new LateRun(catalogue());
                    }
                    judge(database, run, device.getValue())
                            .ifPresent(correction -> send(producer, correction));
                }
            }
            producer.flush();
        }
        if (failed > 0) {
            throw new JobException(
                    failed
                            + " of "
                            + (failed + judged)
                            + " devices could not be judged again ("
                            + firstFailure
                            + "). hrm gaps lists what is left; the next run tries it again.");
        }
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

    /** What one device makes fail must not keep the others from being judged. */
    private Optional<Correction> judge(Connection database, LateRun run, List<Reevaluation> marks)
            throws SQLException {
        try {
            var correction = correction(database, run, marks);
            judged++;
            corrected += correction.episodes().size();
            return Optional.of(correction);
        } catch (RuntimeException e) {
            failed++;
            if (firstFailure == null) {
                // Where, and not the message, which may quote whose readings it was about.
                firstFailure = e.getClass().getName() + " at " + e.getStackTrace()[0];
            }
            return Optional.empty();
        }
    }

    private static Correction correction(Connection database, LateRun run, List<Reevaluation> marks)
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
