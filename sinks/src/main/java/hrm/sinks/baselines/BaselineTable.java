package hrm.sinks.baselines;

import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.sinks.JdbcOptions;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * The table {@code baselines}: one row per person and run; a run that is repeated replaces its own.
 * The run must have been begun: {@link BaselineRuns#begin}.
 */
public final class BaselineTable implements JdbcQueryStatement<Baseline> {
    /** What {@link #read} reads, in this order. */
    public static final String COLUMNS =
            "user_id, run_id, effective_from, state, resting_bpm, cells, days_used, readings_used,"
                    + " window_days";

    private static final long serialVersionUID = 1;

    private static final String SQL =
            """
            INSERT INTO baselines (
                user_id, run_id, effective_from, state, resting_bpm, cells, days_used, readings_used,
                window_days, algorithm_version)
            SELECT x.*, ?::integer
            FROM jsonb_to_record(?::jsonb) AS x(
                user_id text, run_id text, effective_from timestamptz, state text,
                resting_bpm double precision, cells jsonb, days_used integer, readings_used bigint,
                window_days integer)
            ON CONFLICT (user_id, run_id) DO UPDATE SET
                (effective_from, state, resting_bpm, cells, days_used, readings_used, window_days,
                 algorithm_version, created_at)
                = ROW (excluded.effective_from, excluded.state, excluded.resting_bpm, excluded.cells,
                 excluded.days_used, excluded.readings_used, excluded.window_days,
                 excluded.algorithm_version, excluded.created_at)
            """;

    private final int algorithmVersion;

    /**
     * @param algorithmVersion of what computes the baselines; part of their lineage
     */
    public BaselineTable(int algorithmVersion) {
        this.algorithmVersion = algorithmVersion;
    }

    public static Sink<Baseline> sink(JdbcOptions database, int algorithmVersion) {
        return database.sink(new BaselineTable(algorithmVersion));
    }

    /** The baseline of a row of {@link #COLUMNS}. */
    public static Baseline read(ResultSet row) throws SQLException {
        double resting = row.getDouble(5);
        var restingBpm = row.wasNull() ? null : Double.valueOf(resting);
        var cells =
                Json.read(row.getString(6).getBytes(StandardCharsets.UTF_8), Baseline.Cell[].class);
        return new Baseline(
                row.getString(1),
                row.getString(2),
                row.getObject(3, OffsetDateTime.class).toInstant(),
                Baseline.State.valueOf(row.getString(4)),
                restingBpm,
                List.of(cells),
                row.getInt(7),
                row.getLong(8),
                row.getInt(9));
    }

    /** For {@link #versions}: all of a person's, of two with one time the one made last last. */
    public static final String VERSIONS =
            "SELECT "
                    + COLUMNS
                    + " FROM baselines WHERE user_id = ? ORDER BY effective_from, created_at";

    /**
     * All versions of a person; none for somebody who has none.
     *
     * @param select of {@link #VERSIONS}
     */
    public static Baselines versions(PreparedStatement select, String userId) throws SQLException {
        select.setString(1, userId);
        var found = new ArrayList<Baseline>();
        try (var row = select.executeQuery()) {
            while (row.next()) {
                found.add(read(row));
            }
        }
        return new Baselines(userId, found);
    }

    @Override
    public String query() {
        return SQL;
    }

    @Override
    public void statement(PreparedStatement statement, Baseline baseline) throws SQLException {
        statement.setInt(1, algorithmVersion);
        statement.setString(2, new String(Json.write(baseline), StandardCharsets.UTF_8));
    }
}
