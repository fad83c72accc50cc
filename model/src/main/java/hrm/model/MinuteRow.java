package hrm.model;

import java.util.List;

/**
 * The readings of one device in one minute, gathered for one row of {@code reading_minutes}.
 *
 * @param minuteMs the minute's start, milliseconds since the epoch
 * @param readings by timestamp, no two with the same; at least one, all of this minute, user and
 *     device
 */
public record MinuteRow(String userId, String deviceId, long minuteMs, List<Reading> readings) {
    public MinuteRow {
        readings = List.copyOf(readings);
    }
}
