package hrm.functions;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Numbers in few bytes: state is written and read with every reading, so its length is its cost.
 */
public final class Packed {
    /** A time that is not known; as short as a small number. */
    public static final long NONE = Long.MIN_VALUE;

    private static final int FRACTION = 0;
    private static final double LARGEST_WHOLE = 1 << 28;

    private Packed() {}

    /** One byte for -64 to 63, two for -8192 to 8191, at most ten. */
    public static void writeLong(DataOutput out, long value) throws IOException {
        writeUnsigned(out, (value << 1) ^ (value >> 63));
    }

    public static long readLong(DataInput in) throws IOException {
        long zigzag = readUnsigned(in);
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    public static void writeInt(DataOutput out, int value) throws IOException {
        writeLong(out, value);
    }

    public static int readInt(DataInput in) throws IOException {
        return (int) readLong(in);
    }

    /** A time in milliseconds since the epoch, or {@link #NONE}. */
    public static void writeTime(DataOutput out, long timestampMs) throws IOException {
        writeUnsigned(
                out, timestampMs == NONE ? 0 : ((timestampMs << 1) ^ (timestampMs >> 63)) + 1);
    }

    public static long readTime(DataInput in) throws IOException {
        long packed = readUnsigned(in);
        if (packed == 0) {
            return NONE;
        }
        long zigzag = packed - 1;
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    /** Short for whole numbers, exact for all, {@code NaN} included. */
    public static void writeNumber(DataOutput out, double value) throws IOException {
        int whole = (int) value;
        // Compared by bits, so that -0.0 and NaN take the long way.
        if (Math.abs(value) < LARGEST_WHOLE
                && Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(whole)) {
            writeUnsigned(out, (((long) whole << 1) ^ (whole >> 31)) + 1);
        } else {
            writeUnsigned(out, FRACTION);
            out.writeDouble(value);
        }
    }

    public static double readNumber(DataInput in) throws IOException {
        long packed = readUnsigned(in);
        if (packed == FRACTION) {
            return in.readDouble();
        }
        long zigzag = packed - 1;
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    private static void writeUnsigned(DataOutput out, long value) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long readUnsigned(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("a packed number has more than ten bytes: the state is damaged");
    }
}
