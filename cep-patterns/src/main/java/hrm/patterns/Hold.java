package hrm.patterns;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How long a condition has been true on every input, in constant memory. Times in milliseconds
 * since the epoch.
 *
 * <pre>
 *            true                         true, gap ≤ max_gap
 *   (none) ────────▶ running since start ─────────────────────▶ running
 *      ▲                 │ not true                                │
 *      └─────────────────┴───────── true after a longer gap: begins anew
 * </pre>
 */
public final class Hold {
    /** No stretch is running. */
    public static final long NONE = Long.MIN_VALUE;

    private long sinceMs = NONE;
    private long lastStartMs = NONE;
    private long lastEndMs = NONE;
    private int count;
    private double firstBpm = Double.NaN;
    private double lastBpm = Double.NaN;

    public Hold() {}

    public Hold(
            long sinceMs,
            long lastStartMs,
            long lastEndMs,
            int count,
            double firstBpm,
            double lastBpm) {
        this.sinceMs = sinceMs;
        this.lastStartMs = lastStartMs;
        this.lastEndMs = lastEndMs;
        this.count = count;
        this.firstBpm = firstBpm;
        this.lastBpm = lastBpm;
    }

    /**
     * @param truth a {@link Truth}; unknown ends the stretch as false does
     * @return whether a stretch is running now
     */
    public boolean advance(int truth, Input input, long maxGapMs) {
        if (truth != Truth.TRUE) {
            reset();
            return false;
        }
        double bpm = input.values().get(Name.BPM);
        if (sinceMs == NONE || input.startMs() - lastEndMs > maxGapMs) {
            sinceMs = input.startMs();
            firstBpm = bpm;
            count = 0;
        }
        lastStartMs = input.startMs();
        lastEndMs = input.endMs();
        lastBpm = bpm;
        count++;
        return true;
    }

    public void reset() {
        sinceMs = NONE;
        lastStartMs = NONE;
        lastEndMs = NONE;
        count = 0;
        firstBpm = Double.NaN;
        lastBpm = Double.NaN;
    }

    public boolean isRunning() {
        return sinceMs != NONE;
    }

    /**
     * How long the stretch has lasted, counted from its start or {@code notBeforeMs}, whichever is
     * later; 0 when none.
     */
    public long lastedMs(long notBeforeMs) {
        return sinceMs == NONE ? 0 : lastEndMs - Math.max(sinceMs, notBeforeMs);
    }

    public long sinceMs() {
        return sinceMs;
    }

    public long lastStartMs() {
        return lastStartMs;
    }

    public long lastEndMs() {
        return lastEndMs;
    }

    public int count() {
        return count;
    }

    public double firstBpm() {
        return firstBpm;
    }

    public double lastBpm() {
        return lastBpm;
    }

    /** Written inside a versioned state; {@link #read} reads it. */
    public void write(DataOutput out) throws IOException {
        out.writeLong(sinceMs);
        if (isRunning()) {
            out.writeLong(lastStartMs);
            out.writeLong(lastEndMs);
            out.writeInt(count);
            out.writeDouble(firstBpm);
            out.writeDouble(lastBpm);
        }
    }

    public static Hold read(DataInput in) throws IOException {
        var hold = new Hold();
        hold.sinceMs = in.readLong();
        if (hold.isRunning()) {
            hold.lastStartMs = in.readLong();
            hold.lastEndMs = in.readLong();
            hold.count = in.readInt();
            hold.firstBpm = in.readDouble();
            hold.lastBpm = in.readDouble();
        }
        return hold;
    }

    public Hold copy() {
        return new Hold(sinceMs, lastStartMs, lastEndMs, count, firstBpm, lastBpm);
    }
}
