package hrm.sinks.profiles;

import hrm.model.Json;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes what {@link ProfileStore} has noted in {@code profile_outbox} on the compacted topic
 * {@code user_profiles}: key is the user, value the versions still needed.
 *
 * <pre>
 *  outbox row ▸ read the versions ▸ Kafka acknowledges ▸ delete the row, unless changed meanwhile
 * </pre>
 *
 * <p>Any number may be called at any time: one at a time works, by an advisory lock, and the others
 * find it busy. Not by locks on the rows, for which whoever changes a profile would wait while
 * Kafka is away; and two at once could publish a person's versions in the wrong order.
 */
public final class ProfileRelay {
    private static final int BATCH = 500;

    private final Supplier<Producer<byte[], byte[]>> kafka;

    /**
     * @param kafka makes a producer with {@code acks=all}; asked only when there is something to
     *     publish. The relay closes it.
     */
    public ProfileRelay(Supplier<Producer<byte[], byte[]>> kafka) {
        this.kafka = kafka;
    }

    /**
     * What a call did.
     *
     * @param published people whose profile Kafka has taken
     * @param waiting people whose profile still waits
     * @param busy another relay is at work and sees to them
     * @param trouble why one was not published; null when all were
     */
    public record Outcome(int published, int waiting, boolean busy, Exception trouble) {}

    /**
     * Publishes all that waits, until Kafka refuses one. Nothing waits longer for being tried.
     *
     * @param database in auto-commit mode, and so again afterwards
     */
    public Outcome publish(Connection database) throws SQLException, InterruptedException {
        if (waiting(database) == 0) {
            return new Outcome(0, 0, false, null);
        }
        int published = 0;
        Exception trouble = null;
        database.setAutoCommit(false);
        try (var producer = kafka.get()) {
            boolean more = true;
            while (more && trouble == null) {
                if (!lock(database)) {
                    database.rollback();
                    return new Outcome(published, waiting(database), true, null);
                }
                var notes = notes(database);
                var sent = new LinkedHashMap<Note, Future<RecordMetadata>>();
                trouble = send(database, producer, notes, sent);
                var taken = new ArrayList<Note>();
                for (var one : sent.entrySet()) {
                    try {
                        one.getValue().get();
                        taken.add(one.getKey());
                    } catch (ExecutionException e) {
                        trouble = e.getCause() instanceof Exception cause ? cause : e;
                    }
                }
                delete(database, taken);
                database.commit();
                published += taken.size();
                more = notes.size() == BATCH;
            }
        } catch (KafkaException e) {
            trouble = e;
        } finally {
            if (!database.isClosed()) {
                database.rollback();
                database.setAutoCommit(true);
            }
        }
        return new Outcome(published, waiting(database), false, trouble);
    }

    private record Note(String userId, long change) {}

    /** Of how many people the profile waits. */
    public static int waiting(Connection database) throws SQLException {
        try (var count = database.prepareStatement("SELECT count(*) FROM profile_outbox");
                var row = count.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Until the transaction ends. */
    private static boolean lock(Connection database) throws SQLException {
        try (var lock =
                        database.prepareStatement(
                                "SELECT pg_try_advisory_xact_lock("
                                        + "hashtextextended('profile_outbox', 0))");
                var row = lock.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static List<Note> notes(Connection database) throws SQLException {
        try (var select =
                database.prepareStatement(
                        "SELECT user_id, change FROM profile_outbox ORDER BY change LIMIT ?")) {
            select.setInt(1, BATCH);
            var notes = new ArrayList<Note>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    notes.add(new Note(row.getString(1), row.getLong(2)));
                }
            }
            return notes;
        }
    }

    /**
     * Sends as many as Kafka accepts: when it is away each would wait as long as the first.
     *
     * @param sent gets what was sent
     * @return why one could not be; null when all could
     */
    private static Exception send(
            Connection database,
            Producer<byte[], byte[]> producer,
            List<Note> notes,
            Map<Note, Future<RecordMetadata>> sent)
            throws SQLException {
        Exception trouble = null;
        for (var note : notes) {
            byte[] value;
            try {
                var profiles = ProfileStore.stillNeeded(database, note.userId());
                value = profiles.versions().isEmpty() ? null : Json.write(profiles);
            } catch (DateTimeException e) {
                // Somebody has written a zone that is none; it holds up nobody else.
                trouble = e;
                continue;
            }
            var future =
                    producer.send(
                            new ProducerRecord<>(
                                    Topics.PROFILES,
                                    note.userId().getBytes(StandardCharsets.UTF_8),
                                    value));
            sent.put(note, future);
            if (future.isDone() && isFailed(future)) {
                break;
            }
        }
        producer.flush();
        return trouble;
    }

    private static boolean isFailed(Future<RecordMetadata> done) {
        try {
            done.get();
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static void delete(Connection database, List<Note> notes) throws SQLException {
        try (var delete =
                database.prepareStatement(
                        "DELETE FROM profile_outbox WHERE user_id = ? AND change = ?")) {
            for (var note : notes) {
                delete.setString(1, note.userId());
                delete.setLong(2, note.change());
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }
}
