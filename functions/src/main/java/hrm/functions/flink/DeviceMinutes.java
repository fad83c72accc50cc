package hrm.functions.flink;

import hrm.functions.readings.MinuteGatherer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A device's gathered readings and the wall clock around them, milliseconds since the epoch. */
final class DeviceMinutes {
    static final long NO_TIMER = Long.MIN_VALUE;

    final MinuteGatherer gatherer;
    long arrivedMs;
    long timerAtMs;

    /** Whether keyed state is older; no part of it. */
    boolean changed;

    DeviceMinutes() {
        this(new MinuteGatherer(), Long.MIN_VALUE, NO_TIMER);
    }

    private DeviceMinutes(MinuteGatherer gatherer, long arrivedMs, long timerAtMs) {
        this.gatherer = gatherer;
        this.arrivedMs = arrivedMs;
        this.timerAtMs = timerAtMs;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(arrivedMs);
        out.writeLong(timerAtMs);
        gatherer.write(out);
    }

    static DeviceMinutes read(DataInput in) throws IOException {
        long arrivedMs = in.readLong();
        long timerAtMs = in.readLong();
        return new DeviceMinutes(MinuteGatherer.read(in), arrivedMs, timerAtMs);
    }

    DeviceMinutes copy() {
        return new DeviceMinutes(gatherer.copy(), arrivedMs, timerAtMs);
    }
}
