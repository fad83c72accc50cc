package hrm.sinks.readings;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.TableStatement;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * The merging upsert of a minute, and how a minute becomes its parameters.
 *
 * <p>New readings that all come after the stored ones are appended; otherwise both are merged by
 * offset. When all are there already nothing is written.
 */
final class MinuteUpsert implements JdbcQueryStatement<MinuteRow> {
    private static final long serialVersionUID = 1;

    private static final String INSERT =
            """
            INSERT INTO reading_minutes AS r (
                user_id, device_id, minute, offset_ms,
                bpm, steps, activity, sensor_contact, confidence, rr_count,
                rr_intervals_ms, n, bpm_sum, bpm_min, bpm_max)
            """;

    private static final String ROW =
            """
            ?::text, ?::text, ?::timestamptz, ?::integer[],
                ?::smallint[], ?::smallint[], ?::text[], ?::boolean[], ?::double precision[], ?::smallint[],
                ?::smallint[], ?::integer, ?::integer, ?::smallint, ?::smallint""";

    private static final int PARAMETERS = 15;

    /**
     * {@code SELECT}, not {@code VALUES}: the driver's {@code reWriteBatchedInserts} would join the
     * latter into one statement, which PostgreSQL refuses when a key comes twice (21000).
     */
    private static final String MERGE =
            INSERT
                    + "SELECT "
                    + ROW
                    + """

                    ON CONFLICT (user_id, device_id, minute) DO UPDATE SET
                        (offset_ms, bpm, steps, activity, sensor_contact, confidence, rr_count,
                         rr_intervals_ms, n, bpm_sum, bpm_min, bpm_max) = (
                            SELECT m.offset_ms, m.bpm, m.steps, m.activity, m.sensor_contact, m.confidence,
                                m.rr_count, m.rr_intervals_ms, m.n, m.bpm_sum, m.bpm_min, m.bpm_max
                            FROM merged_minute(r, excluded) m)
                    WHERE NOT r.offset_ms @> excluded.offset_ms
                    """;

    private final Partitions partitions;

    private MinuteUpsert(Partitions partitions) {
        this.partitions = partitions;
    }

    static TableStatement<MinuteRow> table() {
        var partitions = new Partitions();
        return new TableStatement<>(new MinuteUpsert(partitions), new NewMinutes(partitions));
    }

    @Override
    public String query() {
        return MERGE;
    }

    @Override
    public void statement(PreparedStatement statement, MinuteRow row) throws SQLException {
        partitions.ensure(statement, row);
        bind(statement, 0, row);
    }

    /** Minutes that are most likely not there yet: a third of the work of merging each. */
    private static final class NewMinutes implements TableStatement.Joined<MinuteRow> {
        private static final long serialVersionUID = 1;

        /** Twice as many are no faster. */
        private static final int SIZE = 50;

        private static final String SQL =
                INSERT
                        // In a SELECT, and so beyond the reach of reWriteBatchedInserts, which
                        // would say nothing of how many were new.
                        + "SELECT * FROM (VALUES "
                        + String.join(", ", Collections.nCopies(SIZE, "(" + ROW + ")"))
                        + ") v ON CONFLICT DO NOTHING";

        private final Partitions partitions;

        NewMinutes(Partitions partitions) {
            this.partitions = partitions;
        }

        @Override
        public int size() {
            return SIZE;
        }

        @Override
        public String query() {
            return SQL;
        }

        @Override
        public void statement(PreparedStatement statement, List<MinuteRow> rows)
                throws SQLException {
            for (int i = 0; i < SIZE; i++) {
                partitions.ensure(statement, rows.get(i));
                bind(statement, i * PARAMETERS, rows.get(i));
            }
        }
    }

    /**
     * The months that have their partition, on one connection: the sink makes a new one after every
     * failure, and so a partition that was dropped meanwhile is made again.
     */
    private static final class Partitions implements Serializable {
        private static final long serialVersionUID = 1;

        private transient Connection connection;
        private transient Set<YearMonth> months;

        void ensure(PreparedStatement statement, MinuteRow row) throws SQLException {
            if (statement.getConnection() != connection) {
                connection = statement.getConnection();
                months = new HashSet<>();
            }
            var minute = Instant.ofEpochMilli(row.minuteMs()).atOffset(ZoneOffset.UTC);
            var month = YearMonth.from(minute);
            if (!months.contains(month)) {
                try (var ensure =
                        connection.prepareStatement("SELECT ensure_reading_partition(?)")) {
                    ensure.setObject(1, minute);
                    ensure.execute();
                }
                months.add(month);
            }
        }
    }

    private static void bind(PreparedStatement statement, int before, MinuteRow row)
            throws SQLException {
        var readings = row.readings();
        statement.setString(before + 1, row.userId());
        statement.setString(before + 2, row.deviceId());
        statement.setObject(
                before + 3, Instant.ofEpochMilli(row.minuteMs()).atOffset(ZoneOffset.UTC));
        var offsets = new int[readings.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = Math.toIntExact(readings.get(i).timestampMs() - row.minuteMs());
        }
        statement.setObject(before + 4, offsets);
        set(statement, before + 5, "_int2", shorts(readings, Reading::bpm));
        set(statement, before + 6, "_int2", shorts(readings, Reading::steps));
        set(
                statement,
                before + 7,
                "_text",
                // PostgreSQL has no character 0.
                column(
                        readings,
                        r -> r.activity() == null ? null : r.activity().replace('\0', '\ufffd'),
                        String[]::new));
        set(
                statement,
                before + 8,
                "_bool",
                column(readings, Reading::sensorContact, Boolean[]::new));
        set(
                statement,
                before + 9,
                "_float8",
                column(
                        readings,
                        r -> Double.isNaN(r.confidence()) ? null : r.confidence(),
                        Double[]::new));
        set(
                statement,
                before + 10,
                "_int2",
                column(
                        readings,
                        r -> r.rrIntervalsMs() == null ? null : (short) r.rrIntervalsMs().length,
                        Short[]::new));
        set(statement, before + 11, "_int2", intervals(readings));

        int sum = 0;
        int min = Integer.MAX_VALUE;
        int max = Integer.MIN_VALUE;
        for (var reading : readings) {
            if (reading.hasBpm()) {
                sum += reading.bpm();
                min = Math.min(min, reading.bpm());
                max = Math.max(max, reading.bpm());
            }
        }
        statement.setInt(before + 12, readings.size());
        statement.setInt(before + 13, sum);
        if (min > max) {
            statement.setNull(before + 14, Types.SMALLINT);
            statement.setNull(before + 15, Types.SMALLINT);
        } else {
            statement.setShort(before + 14, (short) min);
            statement.setShort(before + 15, (short) max);
        }
    }

    /** Whole numbers of all readings, in boxes only when some have none; null when none has one. */
    private static Object shorts(List<Reading> readings, ToIntFunction<Reading> value) {
        var values = new short[readings.size()];
        int known = 0;
        for (int i = 0; i < values.length; i++) {
            int one = value.applyAsInt(readings.get(i));
            values[i] = (short) one;
            known += one == Reading.UNKNOWN ? 0 : 1;
        }
        if (known == values.length) {
            return values;
        }
        return column(
                readings,
                r -> {
                    int one = value.applyAsInt(r);
                    return one == Reading.UNKNOWN ? null : (short) one;
                },
                Short[]::new);
    }

    /** The RR intervals of all readings, one after the other; null when there are none. */
    private static short[] intervals(List<Reading> readings) {
        int count = 0;
        for (var reading : readings) {
            count += reading.rrIntervalsMs() == null ? 0 : reading.rrIntervalsMs().length;
        }
        if (count == 0) {
            return null;
        }
        var all = new short[count];
        int at = 0;
        for (var reading : readings) {
            if (reading.rrIntervalsMs() != null) {
                for (int interval : reading.rrIntervalsMs()) {
                    all[at++] = (short) interval;
                }
            }
        }
        return all;
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
    private static void set(PreparedStatement statement, int index, String type, Object values)
            throws SQLException {
        if (values == null) {
            // With its type: an untyped NULL would have the statement parsed again.
            statement.setNull(index, Types.ARRAY, type);
        } else {
            statement.setObject(index, values);
        }
    }
}
