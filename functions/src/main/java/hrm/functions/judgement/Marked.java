package hrm.functions.judgement;

import hrm.functions.Packed;
import hrm.model.Reevaluation;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of a device that must be judged again, as the device remembers it: what its newest
 * record on {@code reevaluations} says, and what has happened since. Times in milliseconds since
 * the epoch.
 */
final class Marked {
    /** Judged again without a fault, a stretch is looked at again after so long, then twice so. */
    private static final long FIRST_PAUSE_MS = Duration.ofMinutes(10).toMillis();

    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private Reevaluation.Reason reason;
    private long fromMs;
    private long number;

    /** The device's clock when something was last found to be wrong here: it was, up to there. */
    private long wrongUntilMs;

    /** Whether something came after the newest record, and so perhaps after it was judged. */
    private boolean touched;

    /** Device time of the next look; {@code NONE} while the newest record is yet to be judged. */
    private long nextLookMs = Packed.NONE;

    Marked(long fromMs, Reevaluation.Reason reason, long clockMs) {
        this.fromMs = fromMs;
        this.reason = reason;
        this.wrongUntilMs = clockMs;
    }

    static long day(long fromMs) {
        return Math.floorDiv(fromMs, DAY_MS);
    }

    long day() {
        return day(fromMs);
    }

    long number() {
        return number;
    }

    boolean isTouched() {
        return touched;
    }

    /**
     * Something came that touches this stretch.
     *
     * @return whether it needs another record
     */
    boolean touch(long fromMs, Reevaluation.Reason reason, long clockMs) {
        wrongUntilMs = clockMs;
        if (fromMs < this.fromMs) {
            this.fromMs = fromMs;
            this.reason = reason;
            return true;
        }
        touched = true;
        return nextLookMs != Packed.NONE;
    }

    /** Something was wrong, and is corrected now. */
    void corrected(long clockMs) {
        wrongUntilMs = clockMs;
    }

    /**
     * Whether nothing that was wrong can matter to what is judged now.
     *
     * @param memoryMs of patterns and detectors
     * @param quietSinceMs the device's first reading after it was silent for so long that it
     *     remembers nothing; {@code NONE} when there is none
     */
    boolean isOver(long judgedUntilMs, long memoryMs, long quietSinceMs) {
        return judgedUntilMs - wrongUntilMs >= memoryMs
                || (quietSinceMs != Packed.NONE && quietSinceMs > wrongUntilMs);
    }

    /** Whether it is time to judge it again, though nothing is known to be wrong. */
    boolean isDue(long clockMs) {
        return nextLookMs != Packed.NONE && clockMs >= nextLookMs;
    }

    /** The device was silent for long: what is judged again from now on may settle it. */
    void deviceBeginsAnew(long clockMs) {
        if (nextLookMs != Packed.NONE) {
            nextLookMs = clockMs;
        }
    }

    /** A record that asks to judge it again. */
    Reevaluation pending(String userId, String deviceId, long number, long clockMs) {
        this.number = number;
        touched = false;
        nextLookMs = Packed.NONE;
        return new Reevaluation(
                userId,
                deviceId,
                Instant.ofEpochMilli(fromMs),
                reason,
                number,
                clockMs == DeviceState.NEVER ? null : Instant.ofEpochMilli(clockMs),
                null);
    }

    /** A record that says that nothing is known to be wrong. */
    Reevaluation waiting(
            String userId, String deviceId, long number, long clockMs, Instant judgedUntil) {
        this.number = number;
        long untilMs = judgedUntil.toEpochMilli();
        nextLookMs = untilMs + Math.max(FIRST_PAUSE_MS, untilMs - wrongUntilMs);
        return new Reevaluation(
                userId,
                deviceId,
                Instant.ofEpochMilli(fromMs),
                reason,
                number,
                Instant.ofEpochMilli(clockMs),
                judgedUntil);
    }

    Reevaluation settled(String userId, String deviceId, Instant until) {
        return Reevaluation.settled(userId, deviceId, Instant.ofEpochMilli(fromMs), until);
    }

    void write(DataOutput out) throws IOException {
        Packed.writeTime(out, fromMs);
        out.writeByte(reason.ordinal());
        Packed.writeLong(out, number);
        Packed.writeTime(out, wrongUntilMs);
        out.writeBoolean(touched);
        Packed.writeTime(out, nextLookMs);
    }

    static Marked read(DataInput in) throws IOException {
        long fromMs = Packed.readTime(in);
        var reason = Reevaluation.Reason.values()[in.readByte()];
        long number = Packed.readLong(in);
        var mark = new Marked(fromMs, reason, 0);
        mark.number = number;
        mark.wrongUntilMs = Packed.readTime(in);
        mark.touched = in.readBoolean();
        mark.nextLookMs = Packed.readTime(in);
        return mark;
    }

    /** Before format 4 a day was a number and its earliest time, of whatever reason. */
    static Marked readEarlier(DataInput in, long clockMs) throws IOException {
        in.readLong();
        var mark = new Marked(in.readLong(), Reevaluation.Reason.LATE_READING, clockMs);
        mark.touched = true;
        return mark;
    }

    Marked copy() {
        var copy = new Marked(fromMs, reason, wrongUntilMs);
        copy.number = number;
        copy.touched = touched;
        copy.nextLookMs = nextLookMs;
        return copy;
    }
}
