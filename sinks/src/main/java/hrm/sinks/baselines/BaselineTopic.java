package hrm.sinks.baselines;

import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.Topics;
import hrm.sinks.RunLock;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * The compacted topic {@code baselines}: key is the user, value all versions that may still be
 * needed, as JSON. It says what the table says, later: whatever a run put in force and is not on it
 * yet is published by the next call, so a call that fails may be repeated.
 *
 * <p>Whoever publishes holds the {@link RunLock}, or two could publish a person's versions in the
 * wrong order.
 */
public final class BaselineTopic {
    private static final int FETCH_SIZE = 500;

    /** What may still be asked for by late readings: 35 days back from what was learnt last. */
    private static final String SQL =
            """
            WITH waiting AS (
                SELECT run_id, as_of FROM baseline_runs
                WHERE outcome = 'SUCCEEDED' AND published_at IS NULL),
            needed AS (SELECT least(min(as_of), now()) - interval '35 days' AS since FROM waiting)
            SELECT %s FROM baselines b
            WHERE user_id IN (SELECT user_id FROM baselines JOIN waiting USING (run_id))
              AND (effective_from >= (SELECT since FROM needed) OR effective_from = (
                  SELECT max(effective_from) FROM baselines older
                  WHERE older.user_id = b.user_id AND older.effective_from < (SELECT since FROM needed)))
            ORDER BY user_id, effective_from, created_at
            """
                    .formatted(BaselineTable.COLUMNS);

    private BaselineTopic() {}

    /**
     * Publishes everybody whose baselines have changed since they were published last.
     *
     * @param database in auto-commit mode, and so again afterwards
     * @param kafka makes a producer with {@code acks=all}; asked only when there is something to
     *     publish, and closed here
     * @return how many people
     * @throws KafkaException when one is not taken; those before it are on the topic
     */
    public static int publish(Connection database, Supplier<Producer<byte[], byte[]>> kafka)
            throws SQLException {
        if (!isWaiting(database)) {
            return 0;
        }
        int people = 0;
        database.setAutoCommit(false);
        try (var producer = kafka.get();
                var select = database.prepareStatement(SQL)) {
            select.setFetchSize(FETCH_SIZE);
            var sent = new Sent(producer);
            var versions = new TreeMap<Instant, Baseline>();
            String user = null;
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    var baseline = BaselineTable.read(row);
                    if (user != null && !user.equals(baseline.userId())) {
                        sent.send(user, versions);
                        people++;
                        versions.clear();
                    }
                    user = baseline.userId();
                    // Of two with one effective_from the one made last is in force.
                    versions.put(baseline.effectiveFrom(), baseline);
                }
            }
            if (user != null) {
                sent.send(user, versions);
                people++;
            }
            sent.await();
            try (var note =
                    database.prepareStatement(
                            "UPDATE baseline_runs SET published_at = now() WHERE outcome ="
                                    + " 'SUCCEEDED' AND published_at IS NULL")) {
                note.executeUpdate();
            }
            database.commit();
        } finally {
            if (!database.isClosed()) {
                database.rollback();
                database.setAutoCommit(true);
            }
        }
        return people;
    }

    private static boolean isWaiting(Connection database) throws SQLException {
        try (var ask =
                        database.prepareStatement(
                                "SELECT EXISTS (SELECT FROM baseline_runs WHERE outcome ="
                                        + " 'SUCCEEDED' AND published_at IS NULL)");
                var row = ask.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** The record of one person. */
    static ProducerRecord<byte[], byte[]> record(Baselines baselines) {
        return new ProducerRecord<>(
                Topics.BASELINES,
                baselines.userId().getBytes(StandardCharsets.UTF_8),
                Json.write(baselines));
    }

    /** What was sent and has not been answered for yet; the first refusal ends it. */
    private static final class Sent {
        private final Producer<byte[], byte[]> producer;
        private final AtomicReference<Exception> refusal = new AtomicReference<>();

        Sent(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        void send(String user, TreeMap<Instant, Baseline> versions) {
            failIfRefused();
            producer.send(
                    record(new Baselines(user, new ArrayList<>(versions.values()))),
                    (metadata, e) -> {
                        if (e != null) {
                            refusal.compareAndSet(null, e);
                        }
                    });
        }

        void await() {
            producer.flush();
            failIfRefused();
        }

        private void failIfRefused() {
            if (refusal.get() != null) {
                throw new KafkaException(
                        "Kafka does not take the baselines: " + refusal.get().getMessage(),
                        refusal.get());
            }
        }
    }
}
