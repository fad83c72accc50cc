package hrm.sinks.history;

import hrm.model.Alert;
import hrm.model.BackfillEvent;
import hrm.model.Json;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tables {@code backfill_runs}, {@code backfill_chunks} and {@code backfill_alerts}: a run is
 * cut into chunks of people, and what is done of it stays done.
 */
public final class BackfillLedger {
    /** Jumps from person to person by the index; counting them all would read it all. */
    private static final String PEOPLE =
            """
            WITH RECURSIVE people AS (
                (SELECT user_id FROM reading_minutes ORDER BY user_id LIMIT 1)
                UNION ALL
                SELECT (SELECT m.user_id FROM reading_minutes m
                        WHERE m.user_id > p.user_id ORDER BY m.user_id LIMIT 1)
                FROM people p WHERE p.user_id IS NOT NULL)
            SELECT user_id FROM people WHERE user_id IS NOT NULL
            """;

    private static final String RUNS =
            """
            SELECT r.run_id, r.started_at, r.settings, count(c.chunk),
                   count(c.chunk) FILTER (WHERE c.state = 'DONE'),
                   coalesce(sum(c.people), 0), coalesce(sum(c.readings), 0),
                   coalesce(sum(c.alerts), 0), max(c.done_at)
            FROM backfill_runs r LEFT JOIN backfill_chunks c USING (run_id)
            """;

    private BackfillLedger() {}

    /**
     * People from the first to the last, both included, in PostgreSQL's order of the collation "C".
     */
    public record Chunk(int number, String firstUser, String lastUser) {}

    /**
     * A run and how far it has come.
     *
     * @param chunks how many it was cut into
     * @param done how many of them are done; the counts are theirs
     * @param alerts events that were told
     * @param lastDoneAt null while none is
     */
    public record Run(
            String runId,
            Instant startedAt,
            BackfillSettings settings,
            int chunks,
            int done,
            long people,
            long readings,
            long alerts,
            Instant lastDoneAt) {
        public boolean isDone() {
            return done == chunks;
        }
    }

    /**
     * Begins a run, as one change.
     *
     * @param chunks at least, if there are so many people; there is none for a store without
     *     readings
     * @param mostPeople in a chunk
     * @throws SQLException when there is a run of that name
     */
    public static void begin(
            Connection database,
            String runId,
            BackfillSettings settings,
            int chunks,
            int mostPeople)
            throws SQLException {
        database.setAutoCommit(false);
        try {
            // Who was named is a chunk alone: others may lie between two of them.
            var people = settings.users().isEmpty() ? people(database) : settings.users();
            int count =
                    settings.users().isEmpty()
                            ? Math.max(chunks, (people.size() - 1) / mostPeople + 1)
                            : people.size();
            insert(database, runId, settings, cut(people, count));
            database.commit();
        } catch (SQLException | RuntimeException e) {
            database.rollback();
            throw e;
        } finally {
            database.setAutoCommit(true);
        }
    }

    private static void insert(
            Connection database, String runId, BackfillSettings settings, List<Chunk> chunks)
            throws SQLException {
        try (var run =
                        database.prepareStatement(
                                "INSERT INTO backfill_runs (run_id, settings) VALUES (?, ?::jsonb)");
                var chunk =
                        database.prepareStatement(
                                "INSERT INTO backfill_chunks (run_id, chunk, first_user, last_user)"
                                        + " VALUES (?, ?, ?, ?)")) {
            run.setString(1, runId);
            run.setString(2, new String(Json.write(settings), StandardCharsets.UTF_8));
            run.executeUpdate();
            for (var one : chunks) {
                chunk.setString(1, runId);
                chunk.setInt(2, one.number());
                chunk.setString(3, one.firstUser());
                chunk.setString(4, one.lastUser());
                chunk.addBatch();
            }
            chunk.executeBatch();
        }
    }

    private static List<String> people(Connection database) throws SQLException {
        var people = new ArrayList<String>();
        try (var select = database.createStatement();
                var row = select.executeQuery(PEOPLE)) {
            while (row.next()) {
                people.add(row.getString(1));
            }
        }
        return people;
    }

    /** Of as many people each, as nearly as can be. */
    private static List<Chunk> cut(List<String> people, int chunks) {
        var cut = new ArrayList<Chunk>();
        int count = Math.min(chunks, people.size());
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) people.size() * i / count);
            int to = (int) ((long) people.size() * (i + 1) / count);
            cut.add(new Chunk(i, people.get(from), people.get(to - 1)));
        }
        return cut;
    }

    /** A run by its name. */
    public static Optional<Run> find(Connection database, String runId) throws SQLException {
        try (var select =
                database.prepareStatement(RUNS + " WHERE r.run_id = ? GROUP BY r.run_id")) {
            select.setString(1, runId);
            return runs(select).stream().findFirst();
        }
    }

    /** The newest runs, the newest first. */
    public static List<Run> list(Connection database, int most) throws SQLException {
        try (var select =
                database.prepareStatement(
                        RUNS + " GROUP BY r.run_id ORDER BY r.started_at DESC, r.run_id LIMIT ?")) {
            select.setInt(1, most);
            return runs(select);
        }
    }

    private static List<Run> runs(PreparedStatement select) throws SQLException {
        var runs = new ArrayList<Run>();
        try (var row = select.executeQuery()) {
            while (row.next()) {
                var last = row.getObject(9, OffsetDateTime.class);
                runs.add(
                        new Run(
                                row.getString(1),
                                row.getObject(2, OffsetDateTime.class).toInstant(),
                                Json.read(utf8(row.getString(3)), BackfillSettings.class),
                                row.getInt(4),
                                row.getInt(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(8),
                                last == null ? null : last.toInstant()));
            }
        }
        return runs;
    }

    /** What of a run is left to do. */
    public static List<Chunk> waiting(Connection database, String runId) throws SQLException {
        try (var select =
                database.prepareStatement(
                        "SELECT chunk, first_user, last_user FROM backfill_chunks"
                                + " WHERE run_id = ? AND state = 'WAITING' ORDER BY chunk")) {
            select.setString(1, runId);
            var chunks = new ArrayList<Chunk>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    chunks.add(new Chunk(row.getInt(1), row.getString(2), row.getString(3)));
                }
            }
            return chunks;
        }
    }

    /** Whether a chunk is left to do. */
    public static boolean isWaiting(Connection database, String runId, int chunk)
            throws SQLException {
        try (var select =
                database.prepareStatement(
                        "SELECT FROM backfill_chunks WHERE run_id = ? AND chunk = ?"
                                + " AND state = 'WAITING'")) {
            select.setString(1, runId);
            select.setInt(2, chunk);
            try (var row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** All that a run has told so far, in no particular order. */
    public static void alerts(Connection database, String runId, Consumer<Alert> each)
            throws SQLException {
        try (var select =
                database.prepareStatement("SELECT event FROM backfill_alerts WHERE run_id = ?")) {
            select.setString(1, runId);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    each.accept(Json.read(utf8(row.getString(1)), Alert.class));
                }
            }
        }
    }

    /** Deletes a run and what it has told; not what it has published. */
    public static boolean delete(Connection database, String runId) throws SQLException {
        try (var delete = database.prepareStatement("DELETE FROM backfill_runs WHERE run_id = ?")) {
            delete.setString(1, runId);
            return delete.executeUpdate() > 0;
        }
    }

    /** For the statement that keeps an alert of a run. */
    static PreparedStatement keeping(Connection transaction) throws SQLException {
        return transaction.prepareStatement(
                "INSERT INTO backfill_alerts (run_id, event_id, pattern_id, event)"
                        + " VALUES (?, ?, ?, ?::jsonb) ON CONFLICT DO NOTHING");
    }

    static void keep(PreparedStatement keeping, String runId, Alert alert) throws SQLException {
        keeping.setString(1, runId);
        keeping.setObject(2, alert.eventId());
        keeping.setString(3, alert.patternId());
        // PostgreSQL has no character 0, and what a device calls an activity may.
        var json = new String(Json.write(alert), StandardCharsets.UTF_8);
        keeping.setString(4, json.replace("\\u0000", "\\ufffd"));
        keeping.addBatch();
    }

    static void done(Connection transaction, String runId, BackfillEvent.Done done)
            throws SQLException {
        try (var update =
                transaction.prepareStatement(
                        "UPDATE backfill_chunks SET state = 'DONE', people = ?, minutes = ?,"
                                + " readings = ?, alerts = ?, done_at = now()"
                                + " WHERE run_id = ? AND chunk = ?")) {
            update.setLong(1, done.people());
            update.setLong(2, done.minutes());
            update.setLong(3, done.readings());
            update.setLong(4, done.alerts());
            update.setString(5, runId);
            update.setInt(6, done.chunk());
            if (update.executeUpdate() == 0) {
                throw new SQLException(
                        "The backfill run " + runId + " has no chunk " + done.chunk() + ".");
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
