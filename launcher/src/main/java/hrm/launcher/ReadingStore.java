package hrm.launcher;

import hrm.functions.readings.MinuteGatherer;
import hrm.functions.readings.MinuteGatherer.Outcome;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.readings.MinuteRows;
import hrm.sinks.readings.ReadingHours;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Readings from anywhere into the table of minutes: gathered as the job gathers them, written by
 * its statements, a transaction for each thousand rows. What is there already changes nothing.
 */
final class ReadingStore {
    /** Readings in memory; above it all minutes are written, complete or not. */
    private static final int MOST_HELD = 50_000;

    private static final int ROWS = 1_000;

    private final Connection database;
    private final MinuteRows.Writer table;
    private final Map<Device, MinuteGatherer> devices = new HashMap<>();
    private final Map<String, Span> people = new LinkedHashMap<>();
    private final List<MinuteRow> rows = new ArrayList<>();
    private int held;
    private long duplicates;
    private long written;
    private long hours;

    private record Device(String userId, String deviceId) {}

    /** From the earliest to the latest reading of a person. */
    private static final class Span {
        final String userId;
        long firstMs = Long.MAX_VALUE;
        long lastMs = Long.MIN_VALUE;

        Span(String userId) {
            this.userId = userId;
        }
    }

    /**
     * @param database gets transactions of its own; null to write nothing
     */
    ReadingStore(Connection database) throws SQLException {
        this.database = database;
        if (database == null) {
            table = null;
        } else {
            database.setAutoCommit(false);
            table = new MinuteRows.Writer(database);
        }
    }

    void add(Reading reading) throws SQLException {
        var span = people.computeIfAbsent(reading.userId(), Span::new);
        span.firstMs = Math.min(span.firstMs, reading.timestampMs());
        span.lastMs = Math.max(span.lastMs, reading.timestampMs());
        var device =
                devices.computeIfAbsent(
                        new Device(span.userId, reading.deviceId()), d -> new MinuteGatherer());
        int before = device.size();
        if (device.add(reading, rows::add) == Outcome.DUPLICATE) {
            duplicates++;
        }
        held += device.size() - before;
        if (held > MOST_HELD) {
            flush();
        }
        if (rows.size() >= ROWS) {
            write();
        }
    }

    private void flush() {
        devices.values().forEach(device -> device.flush(rows::add));
        devices.clear();
        held = 0;
    }

    private void write() throws SQLException {
        if (table != null) {
            written += table.write(rows);
            database.commit();
        }
        rows.clear();
    }

    /** Writes what is held, and rolls up the hours of all that was written. */
    void finish() throws SQLException {
        flush();
        write();
        if (database != null) {
            for (var span : people.values()) {
                hours +=
                        ReadingHours.rollUp(
                                database,
                                Instant.ofEpochMilli(span.firstMs),
                                Instant.ofEpochMilli(span.lastMs),
                                span.userId);
                database.commit();
            }
        }
    }

    int people() {
        return people.size();
    }

    /** Of the earliest reading; there must be one. */
    Instant first() {
        return Instant.ofEpochMilli(
                people.values().stream().mapToLong(s -> s.firstMs).min().orElseThrow());
    }

    /** Of the latest reading; there must be one. */
    Instant last() {
        return Instant.ofEpochMilli(
                people.values().stream().mapToLong(s -> s.lastMs).max().orElseThrow());
    }

    /** Readings of a device and millisecond that one before had, as far as they were near. */
    long duplicates() {
        return duplicates;
    }

    /** Rows of minutes that were new or have changed. */
    long written() {
        return written;
    }

    /** Rows of hours that were new or have changed. */
    long hours() {
        return hours;
    }
}
