package hrm.sinks.baselines;

import hrm.model.PersonDay;
import hrm.sinks.JdbcOptions;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * The table {@code day_histograms}: one row per person and local day; one that is there is
 * replaced. A job whose run has been given up writes nothing: it may have outlived who started it,
 * and what it has read may be old.
 */
public final class HistogramTable implements JdbcQueryStatement<PersonDay> {
    private static final long serialVersionUID = 1;

    private static final String SQL =
            """
            INSERT INTO day_histograms AS h (
                user_id, day, time_zone, algorithm_version, minutes, readings, run_id, histograms)
            SELECT ?::text, ?::date, ?::text, ?::integer, ?::integer, ?::integer, run_id, ?::bytea
            FROM baseline_runs WHERE run_id = ? AND outcome = 'RUNNING'
            ON CONFLICT (user_id, day) DO UPDATE SET
                (time_zone, algorithm_version, minutes, readings, run_id, histograms)
                = ROW (excluded.time_zone, excluded.algorithm_version, excluded.minutes,
                       excluded.readings, excluded.run_id, excluded.histograms)
            """;

    private final String runId;
    private final int algorithmVersion;

    private HistogramTable(String runId, int algorithmVersion) {
        this.runId = runId;
        this.algorithmVersion = algorithmVersion;
    }

    /**
     * @param runId that makes them
     * @param algorithmVersion of what makes them
     */
    public static Sink<PersonDay> sink(JdbcOptions database, String runId, int algorithmVersion) {
        return database.sink(new HistogramTable(runId, algorithmVersion));
    }

    @Override
    public String query() {
        return SQL;
    }

    @Override
    public void statement(PreparedStatement statement, PersonDay day) throws SQLException {
        statement.setString(1, day.userId());
        statement.setObject(2, day.day());
        statement.setString(3, day.timeZone());
        statement.setInt(4, algorithmVersion);
        statement.setInt(5, day.minutes());
        statement.setInt(6, day.readings());
        statement.setBytes(7, day.histograms());
        statement.setString(8, runId);
    }
}
