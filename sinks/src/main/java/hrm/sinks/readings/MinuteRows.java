package hrm.sinks.readings;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.JdbcOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;

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
        var table = MinuteUpsert.table().prepare(database);
        var sorted = rows.stream().sorted(MinuteRows::byKey).toList();
        int written = 0;
        for (int from = 0; from < sorted.size(); from += BATCH_SIZE) {
            written +=
                    table.write(sorted.subList(from, Math.min(from + BATCH_SIZE, sorted.size())));
        }
        return written;
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

    private static Object array(ResultSet row, int column) throws SQLException {
        var array = row.getArray(column);
        return array == null ? null : array.getArray();
    }

    private static int whole(Number[] values, int i) {
        return values == null || values[i] == null ? Reading.UNKNOWN : values[i].intValue();
    }
}
