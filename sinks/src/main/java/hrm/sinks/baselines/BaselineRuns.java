package hrm.sinks.baselines;

import hrm.sinks.RunLock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table {@code baseline_runs}, and what a run does to {@code baselines}:
 *
 * <pre>
 *  begin ▸ the job fills day_histograms and baseline_drafts ▸ succeed: drafts ─▶ baselines ▸ published
 *    └──────────────────────────────────────────────────────▶ fail, or broken off: drafts are thrown away
 * </pre>
 *
 * Whoever calls what changes something holds the {@link RunLock}, and calls it on its connection.
 */
public final class BaselineRuns {
    /** What a run that has broken off is told to have failed of, by the next one. */
    private static final String BROKEN_OFF = "It broke off: what ran it was ended.";

    /** So that it is on the topic before the first reading that it judges. */
    private static final Duration UNTIL_IN_FORCE = Duration.ofMinutes(1);

    private BaselineRuns() {}

    /**
     * What is to be done.
     *
     * @param runId new, or that of a run which is repeated
     * @param asOf end of the window that it looks at
     * @param effectiveFrom event time from which readings are judged by it; null for a minute after
     *     it has succeeded
     * @param algorithmVersion what another one has made is made again
     * @param everything also what no reading has been added to
     * @param startedBy person and machine, or a schedule
     */
    public record Plan(
            String runId,
            Instant asOf,
            Instant effectiveFrom,
            int algorithmVersion,
            boolean everything,
            String startedBy) {}

    /**
     * What a run has read.
     *
     * @param unchanged people about whom there was nothing new to say
     */
    public record Counts(long days, long minutes, long readings, long unchanged) {}

    /**
     * A run, as far as it is known.
     *
     * @param changesSince null when it read everything
     * @param counts null before it has succeeded
     */
    public record Run(
            String runId,
            String kind,
            String outcome,
            String startedBy,
            Instant startedAt,
            Instant finishedAt,
            Instant asOf,
            Instant effectiveFrom,
            Long changesSince,
            Counts counts,
            Integer users,
            Integer ready,
            Long readings,
            String undoes,
            String trouble,
            Instant publishedAt) {}

    /**
     * Begins a run. One that has broken off is noted as failed, and its drafts are thrown away.
     *
     * @return transaction whose readings and those after it are new; empty when all are
     */
    public static Optional<Long> begin(Connection database, Plan plan) throws SQLException {
        return inTransaction(
                database,
                () -> {
                    update(
                            database,
                            "UPDATE baseline_runs SET (finished_at, outcome, trouble) = (now(),"
                                    + " 'FAILED', ?) WHERE outcome = 'RUNNING'",
                            BROKEN_OFF);
                    update(database, "DELETE FROM baseline_drafts");
                    var since =
                            plan.everything ? Optional.<Long>empty() : changesSince(database, plan);
                    update(
                            database,
                            """
                            INSERT INTO baseline_runs (run_id, as_of, effective_from, started_by,
                                algorithm_version, changes_since, changes_until)
                            VALUES (?, ?, ?, ?, ?, ?, txid_snapshot_xmin(txid_current_snapshot()))
                            ON CONFLICT (run_id) DO UPDATE SET
                                (as_of, effective_from, started_by, algorithm_version, changes_since,
                                 changes_until, started_at, outcome)
                                = ROW (excluded.as_of, excluded.effective_from, excluded.started_by,
                                 excluded.algorithm_version, excluded.changes_since,
                                 excluded.changes_until, now(), 'RUNNING'),
                                (finished_at, users, ready, readings, days_read, minutes_read,
                                 readings_read, unchanged, trouble, published_at)
                                = ROW (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
                            """,
                            plan.runId,
                            utc(plan.asOf),
                            plan.effectiveFrom == null ? null : utc(plan.effectiveFrom),
                            plan.startedBy,
                            plan.algorithmVersion,
                            since.orElse(null));
                    return since;
                });
    }

    /**
     * Where the last run that succeeded has stopped looking. A run that failed may have made some
     * histograms; they are made again.
     */
    private static Optional<Long> changesSince(Connection database, Plan plan) throws SQLException {
        // Transaction ids above ours are those of a database from which this one was restored.
        return first(
                database,
                "SELECT max(changes_until) FROM baseline_runs WHERE outcome = 'SUCCEEDED'"
                        + " AND algorithm_version = ? AND run_id <> ?"
                        + " HAVING max(changes_until) <= txid_current()",
                row -> row.getLong(1),
                plan.algorithmVersion,
                plan.runId);
    }

    /** Puts in force what the run has written, all at once. */
    public static void succeed(Connection database, String runId, Counts counts)
            throws SQLException {
        inTransaction(
                database,
                () -> {
                    var otherwise = utc(Instant.now().plus(UNTIL_IN_FORCE));
                    update(
                            database,
                            "UPDATE baseline_runs SET effective_from = ? WHERE run_id = ? AND"
                                    + " effective_from IS NULL",
                            otherwise,
                            runId);
                    update(
                            database,
                            "UPDATE baseline_drafts d SET effective_from = r.effective_from FROM"
                                    + " baseline_runs r WHERE r.run_id = d.run_id AND"
                                    + " d.effective_from <> r.effective_from");
                    update(database, "DELETE FROM baselines WHERE run_id = ?", runId);
                    update(
                            database,
                            "INSERT INTO baselines SELECT * FROM baseline_drafts WHERE run_id = ?",
                            runId);
                    update(database, "DELETE FROM baseline_drafts");
                    // Days that are not in the zone where their person lives now.
                    update(
                            database,
                            """
                            DELETE FROM day_histograms h
                            USING baseline_runs r, zones_at(r.as_of) z
                            WHERE r.run_id = ? AND z.user_id = h.user_id AND z.time_zone <> h.time_zone
                            """,
                            runId);
                    int updated =
                            update(
                                    database,
                                    """
                                    UPDATE baseline_runs SET
                                        (days_read, minutes_read, readings_read, unchanged)
                                            = (?, ?, ?, ?),
                                        (finished_at, outcome, users, ready, readings) = (
                                            SELECT now(), 'SUCCEEDED', count(*),
                                                count(*) FILTER (WHERE state = 'READY'),
                                                coalesce(sum(readings_used), 0)
                                            FROM baselines b WHERE b.run_id = baseline_runs.run_id)
                                    WHERE run_id = ?
                                    """,
                                    counts.days,
                                    counts.minutes,
                                    counts.readings,
                                    counts.unchanged,
                                    runId);
                    if (updated == 0) {
                        throw new SQLException(
                                "There is no baseline run " + runId + " to end: begin it first.");
                    }
                    return null;
                });
    }

    /**
     * Notes that a run has failed; what it wrote is not in force.
     *
     * @param trouble why, in a sentence
     */
    public static void fail(Connection database, String runId, String trouble) throws SQLException {
        update(
                database,
                "UPDATE baseline_runs SET (finished_at, outcome, trouble) = (now(), 'FAILED', ?)"
                        + " WHERE run_id = ? AND outcome = 'RUNNING'",
                trouble,
                runId);
    }

    /**
     * What a rollback did.
     *
     * @param runId of the rollback
     * @param restored people who have the baseline again that they had before
     * @param without people who had none before: general limits apply
     */
    public record Rollback(String runId, Instant effectiveFrom, int restored, int without) {}

    /** A run that cannot be undone; the message says why, and what can be done. */
    public static final class CannotUndo extends Exception {
        private static final long serialVersionUID = 1L;

        private CannotUndo(String message) {
            super(message);
        }
    }

    /**
     * Puts in force again what was before a run, for everybody whose newest baseline is of it. A
     * version for the time from now on, no deletion: what was judged by the bad one was.
     *
     * @param runId of the run to undo
     * @return for nobody when a later run has replaced all; then nothing has changed
     */
    public static Rollback rollback(
            Connection database, String runId, Instant now, String startedBy)
            throws SQLException, CannotUndo {
        var run =
                find(database, runId)
                        .orElseThrow(
                                () ->
                                        new CannotUndo(
                                                "There is no baseline run '"
                                                        + runId
                                                        + "'. All: hrm baseline history"));
        if (!run.outcome.equals("SUCCEEDED")) {
            throw new CannotUndo(
                    "The baseline run '"
                            + runId
                            + "' is "
                            + run.outcome
                            + ", so nothing of it is in force.");
        }
        if (run.kind.equals("ROLLBACK")) {
            throw new CannotUndo(
                    "'"
                            + runId
                            + "' is a rollback itself. To have baselines from readings again: hrm"
                            + " baseline run");
        }
        var rollback = "rollback-" + now;
        return inTransaction(
                database,
                () -> {
                    var effectiveFrom =
                            first(
                                            database,
                                            "SELECT greatest(?, max(effective_from)) FROM baselines"
                                                    + " WHERE coalesce(copied_from, run_id) = ?",
                                            row ->
                                                    row.getObject(1, OffsetDateTime.class)
                                                            .toInstant(),
                                            utc(now.plus(UNTIL_IN_FORCE)),
                                            runId)
                                    .orElseThrow();
                    update(
                            database,
                            "INSERT INTO baseline_runs (run_id, kind, undoes, as_of, effective_from,"
                                    + " started_by) SELECT ?, 'ROLLBACK', run_id, as_of, ?, ? FROM"
                                    + " baseline_runs WHERE run_id = ?",
                            rollback,
                            utc(effectiveFrom),
                            startedBy,
                            runId);
                    update(
                            database,
                            """
                            WITH newest AS (
                                SELECT DISTINCT ON (user_id) user_id, coalesce(copied_from, run_id) AS learnt_by
                                FROM baselines ORDER BY user_id, effective_from DESC, created_at DESC),
                            undone AS (
                                SELECT undoes FROM baseline_runs WHERE kind = 'ROLLBACK')
                            INSERT INTO baselines (user_id, run_id, effective_from, state, resting_bpm,
                                cells, days_used, readings_used, window_days, algorithm_version, lineage,
                                copied_from)
                            SELECT n.user_id, ?, ?, coalesce(b.state, 'LEARNING'), b.resting_bpm,
                                coalesce(b.cells, '[]'), coalesce(b.days_used, 0),
                                coalesce(b.readings_used, 0), coalesce(b.window_days, 28),
                                coalesce(b.algorithm_version, 0), b.lineage,
                                coalesce(b.copied_from, b.run_id)
                            FROM newest n LEFT JOIN LATERAL (
                                SELECT * FROM baselines b
                                WHERE b.user_id = n.user_id
                                  AND coalesce(b.copied_from, b.run_id) NOT IN (SELECT undoes FROM undone)
                                ORDER BY b.effective_from DESC, b.created_at DESC LIMIT 1) b ON true
                            WHERE n.learnt_by = ?
                            """,
                            rollback,
                            utc(effectiveFrom),
                            runId);
                    update(
                            database,
                            """
                            UPDATE baseline_runs SET
                                (finished_at, outcome, users, ready, readings) = (
                                    SELECT now(), 'SUCCEEDED', count(*),
                                        count(*) FILTER (WHERE state = 'READY'),
                                        coalesce(sum(readings_used), 0)
                                    FROM baselines b WHERE b.run_id = baseline_runs.run_id)
                            WHERE run_id = ?
                            """,
                            rollback);
                    var done =
                            first(
                                            database,
                                            "SELECT count(copied_from), count(*) FROM baselines"
                                                    + " WHERE run_id = ?",
                                            row ->
                                                    new Rollback(
                                                            rollback,
                                                            effectiveFrom,
                                                            row.getInt(1),
                                                            row.getInt(2) - row.getInt(1)),
                                            rollback)
                                    .orElseThrow();
                    if (done.restored + done.without == 0) {
                        database.rollback();
                    }
                    return done;
                });
    }

    private static final String RUN =
            "SELECT run_id, kind, outcome, started_by, started_at, finished_at, as_of,"
                    + " effective_from, changes_since, days_read, minutes_read, readings_read,"
                    + " unchanged, users, ready, readings, undoes, trouble, published_at FROM"
                    + " baseline_runs r ";

    /** One run; empty when there is none of that id. */
    public static Optional<Run> find(Connection database, String runId) throws SQLException {
        return first(database, RUN + "WHERE run_id = ?", BaselineRuns::run, runId);
    }

    /**
     * The newest runs, newest first.
     *
     * @param userId only those that wrote a baseline for this person; null for all
     */
    public static List<Run> newest(Connection database, String userId, int most)
            throws SQLException {
        return all(
                database,
                RUN
                        + "WHERE ?::text IS NULL OR EXISTS (SELECT FROM baselines b WHERE b.run_id ="
                        + " r.run_id AND b.user_id = ?) ORDER BY started_at DESC LIMIT ?",
                BaselineRuns::run,
                userId,
                userId,
                most);
    }

    private static Run run(ResultSet row) throws SQLException {
        var days = (Long) row.getObject(10);
        return new Run(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                instant(row, 5),
                instant(row, 6),
                instant(row, 7),
                instant(row, 8),
                (Long) row.getObject(9),
                days == null
                        ? null
                        : new Counts(days, row.getLong(11), row.getLong(12), row.getLong(13)),
                (Integer) row.getObject(14),
                (Integer) row.getObject(15),
                (Long) row.getObject(16),
                row.getString(17),
                row.getString(18),
                instant(row, 19));
    }

    // ---- SQL

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> T inTransaction(Connection database, Work<T> work) throws SQLException {
        database.setAutoCommit(false);
        boolean done = false;
        try {
            var result = work.run();
            database.commit();
            done = true;
            return result;
        } finally {
            if (!database.isClosed()) {
                if (!done) {
                    database.rollback();
                }
                database.setAutoCommit(true);
            }
        }
    }

    private static int update(Connection database, String sql, Object... values)
            throws SQLException {
        try (var statement = prepared(database, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static <T> Optional<T> first(
            Connection database, String sql, Row<T> read, Object... values) throws SQLException {
        return all(database, sql, read, values).stream().findFirst();
    }

    private static <T> List<T> all(Connection database, String sql, Row<T> read, Object... values)
            throws SQLException {
        var found = new ArrayList<T>();
        try (var statement = prepared(database, sql, values);
                var row = statement.executeQuery()) {
            while (row.next()) {
                found.add(read.read(row));
            }
        }
        return found;
    }

    private static PreparedStatement prepared(Connection database, String sql, Object... values)
            throws SQLException {
        var statement = database.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
