package hrm.sinks.baselines;

import hrm.model.Baseline;
import hrm.model.BaselineLineage;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.LearntBaseline;
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
 * The table {@code baselines}: one row per person and run. A run writes to {@code baseline_drafts};
 * its end puts them in force, all at once: {@link BaselineRuns#succeed}. The run must have been
 * begun.
 */
public final class BaselineTable implements JdbcQueryStatement<LearntBaseline> {
    /** What {@link #read} reads, in this order. */
    public static final String COLUMNS =
            "user_id, run_id, effective_from, state, resting_bpm, cells, days_used, readings_used,"
                    + " window_days";

    private static final long serialVersionUID = 1;

    private static final String SQL =
            """
            INSERT INTO baseline_drafts (
                user_id, run_id, effective_from, state, resting_bpm, cells, days_used, readings_used,
                window_days, algorithm_version, lineage)
            SELECT x.*, ?::integer, ?::jsonb
            FROM jsonb_to_record(?::jsonb) AS x(
                user_id text, run_id text, effective_from timestamptz, state text,
                resting_bpm double precision, cells jsonb, days_used integer, readings_used bigint,
                window_days integer)
            ON CONFLICT (user_id, run_id) DO UPDATE SET
                (effective_from, state, resting_bpm, cells, days_used, readings_used, window_days,
                 algorithm_version, lineage, created_at)
                = ROW (excluded.effective_from, excluded.state, excluded.resting_bpm, excluded.cells,
                 excluded.days_used, excluded.readings_used, excluded.window_days,
                 excluded.algorithm_version, excluded.lineage, excluded.created_at)
            """;

    private final int algorithmVersion;

    /**
     * @param algorithmVersion of what computes the baselines; part of their lineage
     */
    public BaselineTable(int algorithmVersion) {
        this.algorithmVersion = algorithmVersion;
    }

    public static Sink<LearntBaseline> sink(JdbcOptions database, int algorithmVersion) {
        return database.sink(new BaselineTable(algorithmVersion));
    }

    /** The baseline of a row of {@link #COLUMNS}. */
    public static Baseline read(ResultSet row) throws SQLException {
        return read(row, 0);
    }

    /**
     * The same.
     *
     * @param before how many columns come before them
     */
    public static Baseline read(ResultSet row, int before) throws SQLException {
        double resting = row.getDouble(before + 5);
        var restingBpm = row.wasNull() ? null : Double.valueOf(resting);
        var cells =
                Json.read(
                        row.getString(before + 6).getBytes(StandardCharsets.UTF_8),
                        Baseline.Cell[].class);
        return new Baseline(
                row.getString(before + 1),
                row.getString(before + 2),
                row.getObject(before + 3, OffsetDateTime.class).toInstant(),
                Baseline.State.valueOf(row.getString(before + 4)),
                restingBpm,
                List.of(cells),
                row.getInt(before + 7),
                row.getLong(before + 8),
                row.getInt(before + 9));
    }

    /** The lineage of the column {@code lineage}; null when there is none. */
    public static BaselineLineage lineage(ResultSet row, int column) throws SQLException {
        var lineage = row.getString(column);
        return lineage == null
                ? null
                : Json.read(lineage.getBytes(StandardCharsets.UTF_8), BaselineLineage.class);
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
    public void statement(PreparedStatement statement, LearntBaseline learnt) throws SQLException {
        statement.setInt(1, algorithmVersion);
        statement.setString(
                2,
                learnt.lineage() == null
                        ? null
                        : new String(Json.write(learnt.lineage()), StandardCharsets.UTF_8));
        statement.setString(3, new String(Json.write(learnt.baseline()), StandardCharsets.UTF_8));
    }
}
