package hrm.functions.features;

import static hrm.functions.Packed.NONE;

import hrm.functions.Histogram;
import hrm.functions.Packed;
import hrm.functions.detection.Deviation;
import hrm.model.Alert.LimitSource;
import hrm.model.Reading;
import hrm.patterns.Input;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Gathers the readings of one device to minutes, for patterns with {@code on: minute}. Memory is
 * bounded by the 281 heart rates there are, whatever the number of readings.
 *
 * <p>A minute's BPM is the median of its readings', its STEPS the greatest of theirs, its deviation
 * that of the median. All other values, at_rest, limits and the other detectors' included, are
 * those of its last reading.
 */
public final class Minutes {
    public static final long MINUTE_MS = 60_000;

    private static final Name[] NAMES = Name.values();
    private static final int TEXT = 1 << 15;

    /**
     * By what stands for a name in state: its text's hash, so that a name more or less does not
     * spoil old state.
     */
    private static final Map<Integer, Name> BY_CODE =
            Arrays.stream(NAMES).collect(Collectors.toUnmodifiableMap(Minutes::code, n -> n));

    private final Histogram bpm;
    private long minuteMs = NONE;
    private int steps = Reading.UNKNOWN;
    private Values last = new Values();
    private Values finished = new Values();

    public Minutes() {
        this(new Histogram());
    }

    private Minutes(Histogram bpm) {
        this.bpm = bpm;
    }

    /**
     * Time goes on. To be called with each reading, in the order of time, before features look at
     * it, and then {@link #add}.
     *
     * @return the minute that this reading is the first one after, or null; valid until the next
     *     call
     */
    public Input advance(long timestampMs) {
        long itsMinuteMs = timestampMs - Math.floorMod(timestampMs, MINUTE_MS);
        Input minute = null;
        if (itsMinuteMs != minuteMs) {
            if (minuteMs != NONE) {
                minute = finish(timestampMs);
            }
            minuteMs = itsMinuteMs;
            steps = Reading.UNKNOWN;
            bpm.clear();
        }
        return minute;
    }

    /** Those of the newest reading: for features, reference and detectors to fill. */
    public Values values() {
        return last;
    }

    /** Takes a reading in, whose {@link #values} stay as they are. */
    public void add(Reading reading) {
        if (reading.hasBpm()) {
            bpm.add(reading.bpm());
        }
        steps = Math.max(steps, reading.steps());
    }

    /**
     * The minute that is not over yet as it would be judged if its device sent nothing more.
     *
     * @return null when there is none
     */
    public Input unfinished() {
        return minuteMs == NONE ? null : copy().finish(minuteMs + MINUTE_MS);
    }

    private Input finish(long decidedAtMs) {
        var values = last;
        values.settle();
        last = finished;
        finished = values;
        values.set(Name.BPM, bpm.median());
        values.set(Name.STEPS, steps == Reading.UNKNOWN ? Double.NaN : steps);
        Deviation.score(values);
        return new Input(values, minuteMs, minuteMs + MINUTE_MS, decidedAtMs);
    }

    public void write(DataOutput out) throws IOException {
        Packed.writeTime(out, minuteMs);
        if (minuteMs == NONE) {
            return;
        }
        bpm.write(out);
        Packed.writeInt(out, steps);
        write(last, out);
    }

    public static Minutes read(DataInput in) throws IOException {
        long minuteMs = Packed.readTime(in);
        if (minuteMs == NONE) {
            return new Minutes();
        }
        var minutes = new Minutes(Histogram.read(in));
        minutes.minuteMs = minuteMs;
        minutes.steps = Packed.readInt(in);
        read(minutes.last, in);
        return minutes;
    }

    private static int code(Name name) {
        int hash = name.text().hashCode();
        return (hash ^ hash >>> 15) & 0x7FFF | (name.type() == Name.Type.TEXT ? TEXT : 0);
    }

    private static void write(Values values, DataOutput out) throws IOException {
        int known = 0;
        for (Name name : NAMES) {
            known += values.known(name) ? 1 : 0;
        }
        out.writeByte(known);
        for (Name name : NAMES) {
            if (values.known(name)) {
                out.writeShort(code(name));
                if (name.type() == Name.Type.TEXT) {
                    out.writeUTF(values.text(name));
                } else {
                    Packed.writeNumber(out, values.get(name));
                }
            }
        }
        out.writeByte(values.highSource().ordinal());
        out.writeByte(values.lowSource().ordinal());
    }

    private static void read(Values values, DataInput in) throws IOException {
        int known = in.readUnsignedByte();
        for (int i = 0; i < known; i++) {
            int code = in.readUnsignedShort();
            Name name = BY_CODE.get(code);
            String text = code >= TEXT ? in.readUTF() : null;
            double number = code >= TEXT ? Double.NaN : Packed.readNumber(in);
            if (name == null) {
                continue; // a value that there is no more
            }
            if (text != null) {
                values.set(name, text);
            } else {
                values.set(name, number);
            }
        }
        values.limitSources(
                LimitSource.values()[in.readUnsignedByte()],
                LimitSource.values()[in.readUnsignedByte()]);
    }

    public Minutes copy() {
        var copy = new Minutes(bpm.copy());
        copy.minuteMs = minuteMs;
        copy.steps = steps;
        copy.last.copyFrom(last);
        return copy;
    }
}
