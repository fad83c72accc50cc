package hrm.sinks.baselines;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;

/** The table {@code baseline_runs}: begun before the first baseline is written, ended after. */
public final class BaselineRuns {
    private BaselineRuns() {}

    /**
     * @param runId new, or that of a run which is repeated
     * @param asOf end of the window that it looks at
     */
    public static void begin(Connection database, String runId, Instant asOf) throws SQLException {
        try (var begin =
                database.prepareStatement(
                        """
                        INSERT INTO baseline_runs (run_id, as_of) VALUES (?, ?)
                        ON CONFLICT (run_id) DO UPDATE SET
                            (as_of, started_at, finished_at, outcome, users, ready, readings)
                            = ROW (excluded.as_of, now(), NULL, 'RUNNING', NULL, NULL, NULL)
                        """)) {
            begin.setString(1, runId);
            begin.setObject(2, asOf.atOffset(ZoneOffset.UTC));
            begin.executeUpdate();
        }
    }

    /** Counts what the run has written. */
    public static void end(Connection database, String runId, boolean succeeded)
            throws SQLException {
        try (var end =
                database.prepareStatement(
                        """
                        UPDATE baseline_runs SET
                            (finished_at, outcome, users, ready, readings) = (
                                SELECT now(), ?, count(*), count(*) FILTER (WHERE state = 'READY'),
                                       coalesce(sum(readings_used), 0)
                                FROM baselines b WHERE b.run_id = baseline_runs.run_id)
                        WHERE run_id = ?
                        """)) {
            end.setString(1, succeeded ? "SUCCEEDED" : "FAILED");
            end.setString(2, runId);
            if (end.executeUpdate() == 0) {
                throw new SQLException(
                        "There is no baseline run " + runId + " to end: begin it first.");
            }
        }
    }
}
