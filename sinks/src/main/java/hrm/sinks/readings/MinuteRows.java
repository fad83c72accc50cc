package hrm.sinks.readings;

import hrm.model.MinuteColumns;
import hrm.model.MinuteColumns.Extras;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.JdbcOptions;
import hrm.sinks.TableStatement;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.connector.sink2.Sink;
import org.postgresql.PGStatement;

/**
 * The table {@code reading_minutes}. A row that comes again, or late readings of a minute that is
 * there, are merged; of two readings of the same device and millisecond the first stays. A month
 * without a partition gets one.
 */
public final class MinuteRows {
    /** What {@link #read} reads, in this order. */
    public static final String COLUMNS =
            "user_id, device_id, minute, offset_ms, bpm, steps, activity, sensor_contact, confidence,"
                    + " rr_count, rr_intervals_ms";

    private static final int BATCH_SIZE = 1_000;
    private static final int FETCH_SIZE = 1_000;

    private MinuteRows() {}

    /** At least once, which the merge makes exactly once. */
    public static Sink<MinuteRow> sink(JdbcOptions database) {
        return database.sink(MinuteUpsert.table(), MinuteRows::byKey);
    }

    /**
     * Writes by the sink's own statements, in batches: in the connection's transaction, or with
     * auto-commit on in several.
     *
     * @param rows in any order; of several with the same key the earlier is first
     * @return how many times a row was inserted or changed; not one whose readings were all there
     *     already
     */
    public static int write(Connection database, Collection<MinuteRow> rows) throws SQLException {
        return new Writer(database).write(rows);
    }

    /** The same, again and again on one connection. */
    public static final class Writer {
        private final TableStatement.Prepared<MinuteRow> table;

        public Writer(Connection database) throws SQLException {
            table = MinuteUpsert.table().prepare(database);
        }

        /** As {@link MinuteRows#write}. */
        public int write(Collection<MinuteRow> rows) throws SQLException {
            var sorted = rows.stream().sorted(MinuteRows::byKey).toList();
            int written = 0;
            for (int from = 0; from < sorted.size(); from += BATCH_SIZE) {
                written +=
                        table.write(
                                sorted.subList(from, Math.min(from + BATCH_SIZE, sorted.size())));
            }
            return written;
        }
    }

    private static int byKey(MinuteRow one, MinuteRow other) {
        int order = one.userId().compareTo(other.userId());
        if (order == 0) {
            order = one.deviceId().compareTo(other.deviceId());
        }
        return order == 0 ? Long.compare(one.minuteMs(), other.minuteMs()) : order;
    }

    /** The minute of a row of {@link #COLUMNS}. */
    public static MinuteRow read(ResultSet row) throws SQLException {
        var userId = row.getString(1);
        var deviceId = row.getString(2);
        long minuteMs = row.getObject(3, OffsetDateTime.class).toInstant().toEpochMilli();
        var offsets = (Integer[]) array(row, 4);
        var bpm = (Number[]) array(row, 5);
        var steps = (Number[]) array(row, 6);
        var activity = (String[]) array(row, 7);
        var sensorContact = (Boolean[]) array(row, 8);
        var confidence = (Double[]) array(row, 9);
        var rrCount = (Number[]) array(row, 10);
        var rrIntervalsMs = (Number[]) array(row, 11);

        var readings = new ArrayList<Reading>(offsets.length);
        int rrFrom = 0;
        for (int i = 0; i < offsets.length; i++) {
            int[] rr = null;
            if (rrCount != null && rrCount[i] != null) {
                rr = new int[rrCount[i].intValue()];
                for (int k = 0; k < rr.length; k++) {
                    rr[k] = rrIntervalsMs[rrFrom++].intValue();
                }
            }
            readings.add(
                    new Reading(
                            userId,
                            deviceId,
                            minuteMs + offsets[i],
                            whole(bpm, i),
                            whole(steps, i),
                            activity == null ? null : activity[i],
                            rr,
                            sensorContact == null ? null : sensorContact[i],
                            confidence == null || confidence[i] == null
                                    ? Double.NaN
                                    : confidence[i]));
        }
        return new MinuteRow(userId, deviceId, minuteMs, List.copyOf(readings));
    }

    /**
     * Reads many rows of {@link #COLUMNS} as columns, from the bytes that the driver has received.
     * Ids that repeat from row to row are one object.
     */
    public static final class Reader {
        /** Where PostgreSQL's times begin, 2000-01-01, in milliseconds since the epoch. */
        private static final long PG_EPOCH_MS = 946_684_800_000L;

        private byte[] userBytes = {};
        private String user = "";
        private byte[] deviceBytes = {};
        private String device = "";

        /**
         * Asks for rows in binary form, from the first on; in text, as the driver gives the first
         * few otherwise, they are read all the same, and slower.
         */
        public static void prepare(PreparedStatement select) throws SQLException {
            select.unwrap(PGStatement.class).setPrepareThreshold(-1);
        }

        public MinuteColumns read(ResultSet row) throws SQLException {
            byte[] minute = row.getBytes(3);
            byte[] offsets = row.getBytes(4);
            if (!BinaryArrays.isBinary(offsets) || minute.length != Long.BYTES) {
                return MinuteColumns.of(MinuteRows.read(row));
            }
            byte[] bpm = row.getBytes(5);
            byte[] steps = row.getBytes(6);
            var offsetMs = BinaryArrays.ints(offsets);
            return new MinuteColumns(
                    user(row.getBytes(1)),
                    device(row.getBytes(2)),
                    PG_EPOCH_MS + Math.floorDiv(BinaryArrays.longAt(minute, 0), 1_000L),
                    offsetMs,
                    bpm == null ? null : BinaryArrays.shorts(bpm, (short) Reading.UNKNOWN),
                    steps == null ? null : BinaryArrays.shorts(steps, (short) Reading.UNKNOWN),
                    extras(row, offsetMs.length));
        }

        private String user(byte[] bytes) {
            if (!Arrays.equals(bytes, userBytes)) {
                userBytes = bytes;
                user = new String(bytes, StandardCharsets.UTF_8);
            }
            return user;
        }

        private String device(byte[] bytes) {
            if (!Arrays.equals(bytes, deviceBytes)) {
                deviceBytes = bytes;
                device = new String(bytes, StandardCharsets.UTF_8);
            }
            return device;
        }

        /** What few devices send goes the driver's way. */
        private static Extras extras(ResultSet row, int size) throws SQLException {
            var activity = (String[]) array(row, 7);
            var sensorContact = (Boolean[]) array(row, 8);
            var confidence = (Double[]) array(row, 9);
            var rrCount = (Number[]) array(row, 10);
            if (activity == null
                    && sensorContact == null
                    && confidence == null
                    && rrCount == null) {
                return null;
            }
            double[] trust = null;
            if (confidence != null) {
                trust = new double[size];
                for (int i = 0; i < size; i++) {
                    trust[i] = confidence[i] == null ? Double.NaN : confidence[i];
                }
            }
            return new Extras(
                    activity,
                    sensorContact,
                    trust,
                    rrIntervals(rrCount, (Number[]) array(row, 11)));
        }

        private static int[][] rrIntervals(Number[] rrCount, Number[] rrIntervalsMs) {
            if (rrCount == null) {
                return null;
            }
            var of = new int[rrCount.length][];
            int from = 0;
            for (int i = 0; i < of.length; i++) {
                if (rrCount[i] != null) {
                    of[i] = new int[rrCount[i].intValue()];
                    for (int k = 0; k < of[i].length; k++) {
                        of[i][k] = rrIntervalsMs[from++].intValue();
                    }
                }
            }
            return of;
        }
    }

    /**
     * A person's minutes by time, as they come from the database, month by month: in memory that
     * does not grow with their number.
     *
     * @param database with auto-commit off, or PostgreSQL sends a month at once
     * @param since its minute is included
     * @param until not included
     */
    public static void each(
            Connection database,
            String userId,
            Instant since,
            Instant until,
            Consumer<MinuteRow> rows)
            throws SQLException {
        var first = since.truncatedTo(ChronoUnit.MINUTES).atOffset(ZoneOffset.UTC);
        var end = until.atOffset(ZoneOffset.UTC);
        try (var select =
                database.prepareStatement(
                        "SELECT "
                                + COLUMNS
                                + " FROM reading_minutes WHERE user_id = ? AND minute >= ?"
                                + " AND minute < ? ORDER BY minute, device_id")) {
            select.setFetchSize(FETCH_SIZE);
            // A month is a partition: there is little to sort before the first row comes.
            for (var from = first; from.isBefore(end); ) {
                var next =
                        YearMonth.from(from)
                                .plusMonths(1)
                                .atDay(1)
                                .atStartOfDay()
                                .atOffset(ZoneOffset.UTC);
                select.setString(1, userId);
                select.setObject(2, from);
                select.setObject(3, next.isBefore(end) ? next : end);
                try (var result = select.executeQuery()) {
                    while (result.next()) {
                        rows.accept(read(result));
                    }
                }
                from = next;
            }
        }
    }

    private static Object array(ResultSet row, int column) throws SQLException {
        var array = row.getArray(column);
        return array == null ? null : array.getArray();
    }

    private static int whole(Number[] values, int i) {
        return values == null || values[i] == null ? Reading.UNKNOWN : values[i].intValue();
    }
}
