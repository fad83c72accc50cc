package hrm.functions.readings;

import static hrm.functions.Packed.NONE;

import hrm.functions.Packed;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gathers the readings of one device to rows of the store, one a minute.
 *
 * <p>The newest minute is written when a reading of a later one comes. Late readings are gathered
 * by minute in the same way: their minutes are written when the newest one is, or, the least
 * recently touched first, when there are more than {@value #MOST_LATE_MINUTES}. The caller flushes
 * after a minute of silence. A row may come in parts, for the store merges: after a flush, for late
 * readings, and when there are more than {@value #MOST_READINGS} in one.
 *
 * <p>Of two readings with the same millisecond the first wins, here among those that are held, in
 * the store among all.
 */
public final class MinuteGatherer {
    public static final int MOST_LATE_MINUTES = 30;
    public static final int MOST_READINGS = 1_000;

    private static final long MINUTE_MS = 60_000;

    /** What became of a reading. */
    public enum Outcome {
        IN_ORDER,
        /** Older than the device's newest; stored all the same. */
        LATE,
        /** Same device and millisecond as one that is held; dropped. */
        DUPLICATE
    }

    /** By minute, the least recently touched first; readings by time. */
    private final Map<Long, List<Reading>> minutes = new LinkedHashMap<>(4, 0.75f, true);

    /** The device's clock: its newest timestamp. */
    private long clockMs = NONE;

    /** The clock's minute, and its readings: most readings are one more of them. */
    private long newestMs = NONE;

    private List<Reading> newest;

    private int size;

    /**
     * @param reading of this gatherer's device
     * @param rows takes what is to be written now
     */
    public Outcome add(Reading reading, Consumer<MinuteRow> rows) {
        long timestampMs = reading.timestampMs();
        if (newest != null
                && timestampMs > clockMs
                && timestampMs - newestMs < MINUTE_MS
                && newest.size() < MOST_READINGS - 1) {
            clockMs = timestampMs;
            newest.add(reading);
            size++;
            return Outcome.IN_ORDER;
        }
        long minuteMs = minute(timestampMs);
        boolean late = clockMs != NONE && timestampMs < clockMs;
        if (!late) {
            if (clockMs != NONE && minuteMs != minute(clockMs)) {
                flush(rows);
            }
            clockMs = timestampMs;
        }
        var readings = minutes.computeIfAbsent(minuteMs, m -> new ArrayList<>());
        int at = placeOf(timestampMs, readings);
        if (at < 0) {
            return Outcome.DUPLICATE;
        }
        readings.add(at, reading);
        size++;
        if (!late) {
            newestMs = minuteMs;
            newest = readings;
        }
        if (readings.size() >= MOST_READINGS) {
            write(minuteMs, readings, rows);
            minutes.remove(minuteMs);
        }
        if (minutes.size() > MOST_LATE_MINUTES + 1) {
            writeLeastRecent(rows);
        }
        return late ? Outcome.LATE : Outcome.IN_ORDER;
    }

    /** Writes all that is held. To be called after a minute without a reading. */
    public void flush(Consumer<MinuteRow> rows) {
        minutes.forEach((minuteMs, readings) -> write(minuteMs, readings, rows));
        minutes.clear();
    }

    /** Whether there is nothing to flush. */
    public boolean isEmpty() {
        return minutes.isEmpty();
    }

    /** Any of the readings held, of which there must be one. */
    public Reading any() {
        return minutes.values().iterator().next().get(0);
    }

    /** How many readings are held. */
    public int size() {
        return size;
    }

    /** The device's newest timestamp; {@link Packed#NONE} before the first reading. */
    public long clockMs() {
        return clockMs;
    }

    private void writeLeastRecent(Consumer<MinuteRow> rows) {
        Iterator<Map.Entry<Long, List<Reading>>> each = minutes.entrySet().iterator();
        var entry = each.next();
        if (entry.getKey() == minute(clockMs)) {
            entry = each.next();
        }
        write(entry.getKey(), entry.getValue(), rows);
        each.remove();
    }

    /** Where it belongs, from the end, for most come in order; -1 when the millisecond is taken. */
    private static int placeOf(long timestampMs, List<Reading> readings) {
        int at = readings.size();
        while (at > 0 && readings.get(at - 1).timestampMs() > timestampMs) {
            at--;
        }
        return at > 0 && readings.get(at - 1).timestampMs() == timestampMs ? -1 : at;
    }

    /** The caller takes it out of {@link #minutes}. */
    private void write(long minuteMs, List<Reading> readings, Consumer<MinuteRow> rows) {
        if (readings == newest) {
            newest = null;
        }
        size -= readings.size();
        var first = readings.get(0);
        rows.accept(new MinuteRow(first.userId(), first.deviceId(), minuteMs, readings));
    }

    private static long minute(long timestampMs) {
        return timestampMs - Math.floorMod(timestampMs, MINUTE_MS);
    }

    public void write(DataOutput out) throws IOException {
        Packed.writeTime(out, clockMs);
        Packed.writeInt(out, minutes.size());
        if (minutes.isEmpty()) {
            return;
        }
        var any = any();
        out.writeUTF(any.userId());
        out.writeUTF(any.deviceId());
        for (var minute : minutes.entrySet()) {
            Packed.writeTime(out, minute.getKey());
            Packed.writeInt(out, minute.getValue().size());
            for (var reading : minute.getValue()) {
                PackedReading.write(reading, minute.getKey(), out);
            }
        }
    }

    public static MinuteGatherer read(DataInput in) throws IOException {
        var gatherer = new MinuteGatherer();
        gatherer.clockMs = Packed.readTime(in);
        int size = Packed.readInt(in);
        if (size == 0) {
            return gatherer;
        }
        String userId = in.readUTF();
        String deviceId = in.readUTF();
        for (int i = 0; i < size; i++) {
            long minuteMs = Packed.readTime(in);
            int count = Packed.readInt(in);
            var readings = new ArrayList<Reading>(count);
            for (int j = 0; j < count; j++) {
                readings.add(PackedReading.read(userId, deviceId, minuteMs, in));
            }
            gatherer.minutes.put(minuteMs, readings);
            gatherer.size += count;
        }
        return gatherer;
    }

    public MinuteGatherer copy() {
        var copy = new MinuteGatherer();
        copy.clockMs = clockMs;
        copy.size = size;
        minutes.forEach(
                (minuteMs, readings) -> copy.minutes.put(minuteMs, new ArrayList<>(readings)));
        return copy;
    }
}
