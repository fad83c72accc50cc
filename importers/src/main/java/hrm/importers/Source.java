package hrm.importers;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * A file, or one inside a zip archive, which can be read from its beginning as often as needed.
 * What is gzipped is unpacked, whatever its name.
 */
public final class Source {
    /** By how many of its first bytes a format is recognised. */
    private static final int HEAD = 1 << 14;

    private final String name;
    private final long size;
    private final Opener opener;
    private final Meter meter;
    private byte[] head;

    /** Opens the bytes as they lie there. */
    interface Opener {
        InputStream open() throws IOException;
    }

    /**
     * @param name for people: its path, and for one in an archive the archive's as well
     * @param size bytes as they lie there
     * @param meter gets the bytes that are read
     */
    Source(String name, long size, Opener opener, Meter meter) {
        this.name = name;
        this.size = size;
        this.opener = opener;
        this.meter = meter;
    }

    public String name() {
        return name;
    }

    long size() {
        return size;
    }

    /** Its name without folders and without {@code .gz}. */
    String fileName() {
        var last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return last.endsWith(".gz") ? last.substring(0, last.length() - 3) : last;
    }

    InputStream open() throws IOException {
        return unpacked(new Counted(opener.open(), meter));
    }

    /** Its first bytes, unpacked; fewer than usual of a small file. */
    byte[] head() throws IOException {
        if (head == null) {
            try (var bytes = unpacked(opener.open())) {
                head = bytes.readNBytes(HEAD);
            }
        }
        return head;
    }

    private static InputStream unpacked(InputStream bytes) throws IOException {
        try {
            var raw = new BufferedInputStream(bytes, 1 << 16);
            raw.mark(2);
            boolean zipped = raw.read() == 0x1F && raw.read() == 0x8B;
            raw.reset();
            return zipped ? new GZIPInputStream(raw, 1 << 16) : raw;
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private static final class Counted extends FilterInputStream {
        private final Meter meter;

        Counted(InputStream bytes, Meter meter) {
            super(bytes);
            this.meter = meter;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                meter.add(1);
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n > 0) {
                meter.add(n);
            }
            return n;
        }
    }
}
