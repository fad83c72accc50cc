package hrm.importers;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/** A source's lines; where it cannot be unpacked to its end that is told, and they end there. */
final class Lines implements Closeable {
    private final Source source;
    private final Intake intake;
    private final ByteLines lines;

    private Lines(Source source, Intake intake, ByteLines lines) {
        this.source = source;
        this.intake = intake;
        this.lines = lines;
    }

    static Lines open(Source source, Intake intake) throws IOException {
        return new Lines(source, intake, new ByteLines(source.open()));
    }

    /** The first line of a source that is not blank, as far as its head goes; empty for none. */
    static byte[] first(Source source) throws IOException {
        var lines = new ByteLines(new ByteArrayInputStream(source.head()));
        byte[] line = lines.next();
        while (line != null && ByteLines.isBlank(line)) {
            line = lines.next();
        }
        return line == null ? new byte[0] : line;
    }

    /** The next line that is not blank; null when there is none. */
    byte[] next() throws IOException {
        try {
            byte[] line = lines.next();
            while (line != null && ByteLines.isBlank(line)) {
                line = lines.next();
            }
            return line;
        } catch (EOFException | ZipException e) {
            cutOff(source, intake, lines.number(), e);
            return null;
        }
    }

    static void cutOff(Source source, Intake intake, long line, IOException e) {
        intake.reject(
                Intake.Place.line(source, line, new byte[0]),
                FileReason.CUT_OFF,
                "cannot be unpacked further ("
                        + e.getMessage()
                        + "); what follows in this file is not read");
    }

    /** Of the line that was read last, from 1. */
    long number() {
        return lines.number();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
