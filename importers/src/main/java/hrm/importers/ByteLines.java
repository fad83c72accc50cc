package hrm.importers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A file's or standard input's lines as bytes, since what is no UTF-8 must not become it on the
 * way. What is gzipped is unpacked, whatever its name.
 */
public final class ByteLines implements Closeable {
    /** Of a longer line only so much is read: no message is so long. */
    public static final int LONGEST = 1 << 20;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final BufferedInputStream bytes;
    private long number;

    public ByteLines(InputStream input) throws IOException {
        var raw = new BufferedInputStream(input, 1 << 16);
        raw.mark(2);
        boolean zipped = raw.read() == 0x1F && raw.read() == 0x8B;
        raw.reset();
        bytes = zipped ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16) : raw;
        skipByteOrderMark();
    }

    /**
     * @param file null for standard input
     * @throws IllegalArgumentException when it is a folder
     */
    public static ByteLines open(Path file) throws IOException {
        if (file == null) {
            return new ByteLines(System.in);
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + ": is a folder; give one file");
        }
        return new ByteLines(Files.newInputStream(file));
    }

    private void skipByteOrderMark() throws IOException {
        bytes.mark(BYTE_ORDER_MARK.length);
        for (byte expected : BYTE_ORDER_MARK) {
            if (bytes.read() != (expected & 0xFF)) {
                bytes.reset();
                return;
            }
        }
    }

    /** The next line without its end; null when there is none. */
    public byte[] next() throws IOException {
        int b = bytes.read();
        if (b < 0) {
            return null;
        }
        number++;
        var line = new ByteArrayOutputStream(256);
        while (b >= 0 && b != '\n') {
            if (line.size() < LONGEST) {
                line.write(b);
            }
            b = bytes.read();
        }
        var found = line.toByteArray();
        if (found.length > 0 && found[found.length - 1] == '\r') {
            return java.util.Arrays.copyOf(found, found.length - 1);
        }
        return found;
    }

    /** Of the line that was read last, from 1. */
    public long number() {
        return number;
    }

    public static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
