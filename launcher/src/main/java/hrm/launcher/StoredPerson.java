package hrm.launcher;

import hrm.functions.detection.Reference;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.profiles.ProfileStore;
import hrm.sinks.readings.MinuteRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What PostgreSQL has of one person. */
record StoredPerson(Connection database, String userId) {
    /** As many as the topic carries, and some more. */
    private static final int BASELINES = 40;

    /** Minutes on each side: its own and the next, of several devices. */
    private static final int AROUND = 8;

    /** What is in force then and was before: baselines and profiles. */
    Reference reference(Instant at) throws SQLException {
        var reference = new Reference();
        reference.profiles(ProfileStore.read(database, userId));
        reference.baselines(new Baselines(userId, baselines(at)));
        return reference;
    }

    private List<Baseline> baselines(Instant at) throws SQLException {
        try (var select =
                database.prepareStatement(
                        "SELECT "
                                + BaselineTable.COLUMNS
                                + " FROM baselines WHERE user_id = ? AND effective_from <= ?"
                                + " ORDER BY effective_from DESC, created_at DESC LIMIT "
                                + BASELINES)) {
            select.setString(1, userId);
            select.setObject(2, at.atOffset(ZoneOffset.UTC));
            var found = new ArrayList<Baseline>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    found.add(BaselineTable.read(row));
                }
            }
            // Of two with one effective_from the one made last is in force, so it comes last.
            Collections.reverse(found);
            return found;
        }
    }

    /**
     * Readings by time, of all devices or of one.
     *
     * @param deviceId null for all
     * @param from included
     * @param until included
     */
    List<Reading> readings(String deviceId, Instant from, Instant until) throws SQLException {
        var minutes =
                minutes(
                        "minute > ? AND minute <= ?",
                        "minute",
                        deviceId,
                        from.minus(Duration.ofMinutes(1)),
                        until);
        return minutes.stream()
                .flatMap(minute -> minute.readings().stream())
                .filter(reading -> reading.timestampMs() >= from.toEpochMilli())
                .filter(reading -> reading.timestampMs() <= until.toEpochMilli())
                .sorted(Comparator.comparingLong(Reading::timestampMs))
                .toList();
    }

    /** The last reading not after a time and the first after it, where there are any. */
    List<Reading> nearest(String deviceId, Instant at) throws SQLException {
        long atMs = at.toEpochMilli();
        var around = new ArrayList<MinuteRow>();
        around.addAll(minutes("minute <= ?", "minute DESC LIMIT " + AROUND, deviceId, at));
        around.addAll(
                minutes(
                        "minute > ?",
                        "minute LIMIT " + AROUND,
                        deviceId,
                        at.minus(Duration.ofMinutes(1))));
        var readings = around.stream().flatMap(minute -> minute.readings().stream()).toList();
        var byTime = Comparator.comparingLong(Reading::timestampMs);
        return Stream.concat(
                        readings.stream()
                                .filter(one -> one.timestampMs() <= atMs)
                                .max(byTime)
                                .stream(),
                        readings.stream()
                                .filter(one -> one.timestampMs() > atMs)
                                .min(byTime)
                                .stream())
                .toList();
    }

    private List<MinuteRow> minutes(
            String condition, String order, String deviceId, Instant... times) throws SQLException {
        try (PreparedStatement select =
                database.prepareStatement(
                        "SELECT "
                                + MinuteRows.COLUMNS
                                + " FROM reading_minutes WHERE user_id = ? AND (?::text IS NULL OR"
                                + " device_id = ?) AND "
                                + condition
                                + " ORDER BY "
                                + order)) {
            select.setString(1, userId);
            select.setString(2, deviceId);
            select.setString(3, deviceId);
            for (int i = 0; i < times.length; i++) {
                select.setObject(4 + i, times[i].atOffset(ZoneOffset.UTC));
            }
            var found = new ArrayList<MinuteRow>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    found.add(MinuteRows.read(row));
                }
            }
            return found;
        }
    }
}
