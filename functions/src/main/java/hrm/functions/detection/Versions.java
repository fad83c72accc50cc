package hrm.functions.detection;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * The versions of something, each in force from its own time on until the next. They stay packed
 * until one is needed: there may be 35, and a reading needs one.
 */
final class Versions<T> {
    /** How a version is packed, without the time from which it holds. */
    interface Format<T> {
        void write(T version, DataOutput out) throws IOException;

        T read(long fromMs, DataInput in) throws IOException;
    }

    private final Format<T> format;
    private final long[] fromMs;
    private final byte[][] packed;

    private Versions(Format<T> format, int size) {
        this.format = format;
        this.fromMs = new long[size];
        this.packed = new byte[size][];
    }

    static <T> Versions<T> none(Format<T> format) {
        return new Versions<>(format, 0);
    }

    /**
     * @param ordered by {@code effectiveFrom}; of equal ones the last is in force
     */
    static <T> Versions<T> of(
            List<T> ordered, Function<T, Instant> effectiveFrom, Format<T> format) {
        var versions = new Versions<>(format, ordered.size());
        for (int i = 0; i < ordered.size(); i++) {
            versions.fromMs[i] = milliseconds(effectiveFrom.apply(ordered.get(i)));
            var bytes = new ByteArrayOutputStream();
            try {
                format.write(ordered.get(i), new DataOutputStream(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            versions.packed[i] = bytes.toByteArray();
        }
        return versions;
    }

    /** Rounded up, so that nothing holds too early; times that do not fit mean always or never. */
    private static long milliseconds(Instant instant) {
        try {
            return instant.plusNanos(999_999).toEpochMilli();
        } catch (ArithmeticException | java.time.DateTimeException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    int size() {
        return packed.length;
    }

    /** Index of the newest that is in force; -1 when none is. */
    int at(long timestampMs) {
        int i = fromMs.length - 1;
        while (i >= 0 && fromMs[i] > timestampMs) {
            i--;
        }
        return i;
    }

    /** From when it holds; the first of all times for -1, the last for one more than there are. */
    long fromMs(int index) {
        return index < 0 ? Long.MIN_VALUE : index == fromMs.length ? Long.MAX_VALUE : fromMs[index];
    }

    /** Null for -1. */
    T get(int index) {
        if (index < 0) {
            return null;
        }
        try {
            return format.read(
                    fromMs[index], new DataInputStream(new ByteArrayInputStream(packed[index])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(DataOutput out) throws IOException {
        out.writeShort(packed.length);
        for (int i = 0; i < packed.length; i++) {
            out.writeLong(fromMs[i]);
            out.writeShort(packed[i].length);
            out.write(packed[i]);
        }
    }

    static <T> Versions<T> read(DataInput in, Format<T> format) throws IOException {
        var versions = new Versions<>(format, in.readUnsignedShort());
        for (int i = 0; i < versions.packed.length; i++) {
            versions.fromMs[i] = in.readLong();
            versions.packed[i] = new byte[in.readUnsignedShort()];
            in.readFully(versions.packed[i]);
        }
        return versions;
    }
}
