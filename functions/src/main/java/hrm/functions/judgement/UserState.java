package hrm.functions.judgement;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What is remembered of one person between readings: the value {@code live}. Changed in place. */
public final class UserState {
    /** What {@link #write} writes. */
    public static final int FORMAT = 4;

    /** No look at silent devices is planned. */
    public static final long NO_TIMER = Long.MIN_VALUE;

    private final TreeMap<String, DeviceState> devices = new TreeMap<>();
    private long sequence;
    private long timerAtMs = NO_TIMER;

    // Not state: the device last asked for, for most people have one.
    private String lastId;
    private DeviceState last;

    DeviceState device(String deviceId) {
        if (lastId == null || !lastId.equals(deviceId)) {
            last = devices.computeIfAbsent(deviceId, id -> new DeviceState());
            lastId = deviceId;
        }
        return last;
    }

    /**
     * Whether some pattern has said or begun something about the device that it may have to end.
     */
    boolean hasOpenTracks(String deviceId) {
        var device = devices.get(deviceId);
        return device != null && !device.tracks.isEmpty();
    }

    Map<String, DeviceState> devices() {
        lastId = null; // who has them may remove it
        return devices;
    }

    /** Of the newest event. */
    long sequence() {
        return sequence;
    }

    long nextSequence() {
        return ++sequence;
    }

    /** Wall clock at which silent devices are looked at next. */
    public long timerAtMs() {
        return timerAtMs;
    }

    public void timerAtMs(long timerAtMs) {
        this.timerAtMs = timerAtMs;
    }

    /** Whether nothing is left to remember. */
    public boolean isEmpty() {
        return devices.isEmpty();
    }

    /** In {@link #FORMAT}, readable by {@link #read} of this and every later release. */
    public void write(DataOutput out) throws IOException {
        out.writeLong(sequence);
        out.writeLong(timerAtMs);
        out.writeInt(devices.size());
        for (var device : devices.entrySet()) {
            out.writeUTF(device.getKey());
            device.getValue().write(out);
        }
    }

    /**
     * @param format of what was written, up to {@link #FORMAT}
     */
    public static UserState read(DataInput in, int format) throws IOException {
        var state = new UserState();
        state.sequence = in.readLong();
        state.timerAtMs = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            state.devices.put(in.readUTF(), DeviceState.read(in, format));
        }
        return state;
    }

    public UserState copy() {
        var copy = new UserState();
        copy.sequence = sequence;
        copy.timerAtMs = timerAtMs;
        devices.forEach((id, device) -> copy.devices.put(id, device.copy()));
        return copy;
    }
}
