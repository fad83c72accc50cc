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
import java.util.function.IntFunction;
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
                         rr_intervals_ms, n, bpm_sum, bpm_min, bpm_max, written_in) = (
                            SELECT m.offset_ms, m.bpm, m.steps, m.activity, m.sensor_contact, m.confidence,
                                m.rr_count, m.rr_intervals_ms, m.n, m.bpm_sum, m.bpm_min, m.bpm_max,
                                txid_current()
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
        int n = readings.size();
        var offsets = new int[n];
        var bpm = new short[n];
        var steps = new short[n];
        int withBpm = 0;
        int withSteps = 0;
        int sum = 0;
        int min = Integer.MAX_VALUE;
        int max = Integer.MIN_VALUE;
        boolean anyActivity = false;
        boolean anyContact = false;
        boolean anyConfidence = false;
        boolean anyRr = false;
        // Once over all: what most readings do not have costs nothing further.
        for (int i = 0; i < n; i++) {
            var reading = readings.get(i);
            offsets[i] = Math.toIntExact(reading.timestampMs() - row.minuteMs());
            bpm[i] = (short) reading.bpm();
            steps[i] = (short) reading.steps();
            if (reading.hasBpm()) {
                withBpm++;
                sum += reading.bpm();
                min = Math.min(min, reading.bpm());
                max = Math.max(max, reading.bpm());
            }
            withSteps += reading.steps() == Reading.UNKNOWN ? 0 : 1;
            anyActivity |= reading.activity() != null;
            anyContact |= reading.sensorContact() != null;
            anyConfidence |= !Double.isNaN(reading.confidence());
            anyRr |= reading.rrIntervalsMs() != null;
        }
        statement.setString(before + 1, row.userId());
        statement.setString(before + 2, row.deviceId());
        statement.setObject(
                before + 3, Instant.ofEpochMilli(row.minuteMs()).atOffset(ZoneOffset.UTC));
        statement.setObject(before + 4, offsets);
        set(
                statement,
                before + 5,
                "_int2",
                withBpm == n ? bpm : withBpm == 0 ? null : boxed(readings, Reading::bpm));
        set(
                statement,
                before + 6,
                "_int2",
                withSteps == n ? steps : withSteps == 0 ? null : boxed(readings, Reading::steps));
        set(
                statement,
                before + 7,
                "_text",
                // PostgreSQL has no character 0.
                anyActivity
                        ? column(
                                readings,
                                r ->
                                        r.activity() == null
                                                ? null
                                                : r.activity().replace('\0', '\ufffd'),
                                String[]::new)
                        : null);
        set(
                statement,
                before + 8,
                "_bool",
                anyContact ? column(readings, Reading::sensorContact, Boolean[]::new) : null);
        set(
                statement,
                before + 9,
                "_float8",
                anyConfidence
                        ? column(
                                readings,
                                r -> Double.isNaN(r.confidence()) ? null : r.confidence(),
                                Double[]::new)
                        : null);
        set(
                statement,
                before + 10,
                "_int2",
                anyRr
                        ? column(
                                readings,
                                r ->
                                        r.rrIntervalsMs() == null
                                                ? null
                                                : (short) r.rrIntervalsMs().length,
                                Short[]::new)
                        : null);
        set(statement, before + 11, "_int2", anyRr ? intervals(readings) : null);
        statement.setInt(before + 12, n);
        statement.setInt(before + 13, sum);
        if (withBpm == 0) {
            statement.setNull(before + 14, Types.SMALLINT);
            statement.setNull(before + 15, Types.SMALLINT);
        } else {
            statement.setShort(before + 14, (short) min);
            statement.setShort(before + 15, (short) max);
        }
    }

    /** Whole numbers of all readings, of which some have none. */
    private static Short[] boxed(List<Reading> readings, ToIntFunction<Reading> value) {
        return column(
                readings,
                r -> {
                    int one = value.applyAsInt(r);
                    return one == Reading.UNKNOWN ? null : (short) one;
                },
                Short[]::new);
    }

    /**
     * The RR intervals of all readings, one after the other; null when all have sent empty lists.
     */
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

    /** The values of all readings; an element is null where a reading has none. */
    private static <T> T[] column(
            List<Reading> readings, Function<Reading, T> value, IntFunction<T[]> array) {
        var values = array.apply(readings.size());
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(readings.get(i));
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
