package hrm.importers;

import hrm.model.Reading;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The project's CSV, every column. A line break in an activity becomes a blank, since a line is a
 * reading.
 */
final class CsvWriter implements ReadingWriter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** More decimals than that are read as text. */
    private static final int DECIMALS = 40;

    private final Writer out;

    CsvWriter(Writer out) throws IOException {
        this.out = new BufferedWriter(out, 1 << 16);
        this.out.write(String.join(",", ReadingRows.COLUMNS) + "\n");
    }

    @Override
    public boolean write(Reading reading) throws IOException {
        text(reading.userId());
        out.write(',');
        out.write(TIME.format(Instant.ofEpochMilli(reading.timestampMs())));
        out.write(',');
        number(reading.bpm());
        out.write(',');
        number(reading.steps());
        out.write(',');
        text(reading.activity());
        out.write(',');
        text(reading.deviceId());
        out.write(',');
        if (reading.rrIntervalsMs() != null) {
            out.write(
                    IntStream.of(reading.rrIntervalsMs())
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(" ")));
        }
        out.write(',');
        if (reading.sensorContact() != null) {
            out.write(reading.sensorContact().toString());
        }
        out.write(',');
        if (!Double.isNaN(reading.confidence())) {
            out.write(decimal(reading.confidence()));
        }
        out.write('\n');
        return true;
    }

    private void number(int value) throws IOException {
        if (value != Reading.UNKNOWN) {
            out.write(Integer.toString(value));
        }
    }

    private static String decimal(double value) {
        var exact = new BigDecimal(Double.toString(value));
        return (exact.scale() > DECIMALS ? exact.setScale(DECIMALS, RoundingMode.HALF_EVEN) : exact)
                .toPlainString();
    }

    private void text(String text) throws IOException {
        if (text == null) {
            return;
        }
        var line = text.replaceAll("\\R", " ");
        boolean quoted = line.indexOf(',') >= 0 || line.indexOf('"') >= 0;
        out.write(quoted ? '"' + line.replace("\"", "\"\"") + '"' : line);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
