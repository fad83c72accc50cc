package hrm.simulator;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Gathers one device's readings, sorted by time, into rows of a minute. */
final class Minutes implements Iterator<MinuteRow> {
    private final Iterator<Reading> readings;
    private Reading head;

    Minutes(Iterator<Reading> readings) {
        this.readings = readings;
        this.head = readings.hasNext() ? readings.next() : null;
    }

    @Override
    public boolean hasNext() {
        return head != null;
    }

    @Override
    public MinuteRow next() {
        var first = head;
        long minute = minuteOf(first);
        List<Reading> row = new ArrayList<>();
        row.add(first);
        head = null;
        while (readings.hasNext() && head == null) {
            var reading = readings.next();
            if (minuteOf(reading) != minute) {
                head = reading;
            } else if (reading.timestampMs() > row.get(row.size() - 1).timestampMs()) {
                // Else a second reading of the same millisecond: the first wins, as everywhere.
                row.add(reading);
            }
        }
        return new MinuteRow(first.userId(), first.deviceId(), minute, row);
    }

    private static long minuteOf(Reading reading) {
        return Math.floorDiv(reading.timestampMs(), DeviceDay.MINUTE_MS) * DeviceDay.MINUTE_MS;
    }
}
