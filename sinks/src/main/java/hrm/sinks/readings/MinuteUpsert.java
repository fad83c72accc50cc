package hrm.sinks.readings;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * The merging upsert of a minute, and how a minute becomes its parameters.
 *
 * <p>New readings that all come after the stored ones are appended; otherwise both are merged by
 * offset. When all are there already nothing is written.
 */
final class MinuteUpsert implements JdbcQueryStatement<MinuteRow> {
    private static final long serialVersionUID = 1;

    /**
     * {@code SELECT}, not {@code VALUES}: the driver's {@code reWriteBatchedInserts} would join the
     * latter into one statement, which PostgreSQL refuses when a key comes twice (21000).
     */
    private static final String SQL =
            """
            INSERT INTO reading_minutes AS r (
                user_id, device_id, minute, offset_ms,
                bpm, steps, activity, sensor_contact, confidence, rr_count,
                rr_intervals_ms, n, bpm_sum, bpm_min, bpm_max)
            SELECT ?::text, ?::text, ?::timestamptz, ?::integer[],
                ?::smallint[], ?::smallint[], ?::text[], ?::boolean[], ?::double precision[], ?::smallint[],
                ?::smallint[], ?::integer, ?::integer, ?::smallint, ?::smallint
            ON CONFLICT (user_id, device_id, minute) DO UPDATE SET
                (offset_ms, bpm, steps, activity, sensor_contact, confidence, rr_count,
                 rr_intervals_ms, n, bpm_sum, bpm_min, bpm_max) = (
                    SELECT m.offset_ms, m.bpm, m.steps, m.activity, m.sensor_contact, m.confidence,
                        m.rr_count, m.rr_intervals_ms, m.n, m.bpm_sum, m.bpm_min, m.bpm_max
                    FROM merged_minute(r, excluded) m)
            WHERE NOT r.offset_ms @> excluded.offset_ms
            """;

    // Of one statement: the sink prepares a new one after every failure, and so a partition
    // that was dropped meanwhile is made again.
    private transient PreparedStatement prepared;
    private transient Set<YearMonth> months;

    @Override
    public String query() {
        return SQL;
    }

    @Override
    public void statement(PreparedStatement statement, MinuteRow row) throws SQLException {
        if (statement != prepared) {
            prepared = statement;
            months = new HashSet<>();
        }
        var minute = Instant.ofEpochMilli(row.minuteMs()).atOffset(ZoneOffset.UTC);
        if (!months.contains(YearMonth.from(minute))) {
            ensurePartition(statement.getConnection(), minute);
            months.add(YearMonth.from(minute));
        }
        bind(statement, row, minute);
    }

    private static void ensurePartition(Connection database, OffsetDateTime minute)
            throws SQLException {
        try (var ensure = database.prepareStatement("SELECT ensure_reading_partition(?)")) {
            ensure.setObject(1, minute);
            ensure.execute();
        }
    }

    private static void bind(PreparedStatement statement, MinuteRow row, OffsetDateTime minute)
            throws SQLException {
        var readings = row.readings();
        var bpm = column(readings, r -> r.hasBpm() ? (short) r.bpm() : null, Short[]::new);
        statement.setString(1, row.userId());
        statement.setString(2, row.deviceId());
        statement.setObject(3, minute);
        statement.setObject(
                4,
                readings.stream()
                        .mapToInt(r -> Math.toIntExact(r.timestampMs() - row.minuteMs()))
                        .toArray());
        set(statement, 5, "_int2", bpm);
        set(
                statement,
                6,
                "_int2",
                column(readings, r -> r.hasSteps() ? (short) r.steps() : null, Short[]::new));
        set(
                statement,
                7,
                "_text",
                // PostgreSQL has no character 0.
                column(
                        readings,
                        r -> r.activity() == null ? null : r.activity().replace('\0', '\ufffd'),
                        String[]::new));
        set(statement, 8, "_bool", column(readings, Reading::sensorContact, Boolean[]::new));
        set(
                statement,
                9,
                "_float8",
                column(
                        readings,
                        r -> Double.isNaN(r.confidence()) ? null : r.confidence(),
                        Double[]::new));
        set(
                statement,
                10,
                "_int2",
                column(
                        readings,
                        r -> r.rrIntervalsMs() == null ? null : (short) r.rrIntervalsMs().length,
                        Short[]::new));
        var rr =
                readings.stream()
                        .map(Reading::rrIntervalsMs)
                        .filter(Objects::nonNull)
                        .flatMapToInt(Arrays::stream)
                        .mapToObj(interval -> (short) interval)
                        .toArray(Short[]::new);
        set(statement, 11, "_int2", rr.length == 0 ? null : rr);

        int sum = 0;
        short min = Short.MAX_VALUE;
        short max = Short.MIN_VALUE;
        for (var value : bpm == null ? new Short[0] : bpm) {
            if (value != null) {
                sum += value;
                min = (short) Math.min(min, value);
                max = (short) Math.max(max, value);
            }
        }
        statement.setInt(12, readings.size());
        statement.setInt(13, sum);
        if (bpm == null) {
            statement.setNull(14, Types.SMALLINT);
            statement.setNull(15, Types.SMALLINT);
        } else {
            statement.setShort(14, min);
            statement.setShort(15, max);
        }
    }

    /** The values of all readings, or null when none has one. */
    private static <T> T[] column(
            List<Reading> readings, Function<Reading, T> value, Function<Integer, T[]> array) {
        T[] values = null;
        for (int i = 0; i < readings.size(); i++) {
            T one = value.apply(readings.get(i));
            if (one != null) {
                if (values == null) {
                    values = array.apply(readings.size());
                }
                values[i] = one;
            }
        }
        return values;
    }

    /** Arrays of these types go to the server in binary. */
    private static void set(PreparedStatement statement, int index, String type, Object[] values)
            throws SQLException {
        if (values == null) {
            // With its type: an untyped NULL would have the statement parsed again.
            statement.setNull(index, Types.ARRAY, type);
        } else {
            statement.setObject(index, values);
        }
    }
}
