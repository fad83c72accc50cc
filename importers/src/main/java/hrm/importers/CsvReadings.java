package hrm.importers;

import hrm.model.Reading;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/**
 * Readings from a CSV file, line by line; {@code .gz} is unpacked.
 *
 * <p>The first line names the columns, in any order: {@code timestamp}, and {@code bpm} (or {@code
 * heart_rate}), {@code steps}, {@code activity}, {@code user_id}, {@code device_id}; others are
 * ignored. Empty means unknown. A time without a zone is taken as UTC; epoch milliseconds are fine.
 * A fractional bpm is rounded half up. Ranges are not checked here: an impossible heart rate is
 * passed on, for the system to reject.
 */
public final class CsvReadings {
    private static final String COLUMNS =
            "timestamp, bpm, steps, activity, user_id, device_id (timestamp and bpm are required)";

    private static final Map<String, String> OTHER_NAMES =
            Map.of("heart_rate", "bpm", "user", "user_id", "device", "device_id");

    private CsvReadings() {}

    /**
     * The readings in the file's order. To be closed, and read once.
     *
     * @param userId whose they are, where no column says it
     * @param badLines told of each line that is left out
     * @throws IllegalArgumentException when the header lacks a column
     * @throws UncheckedIOException when the file cannot be read, also while it is read
     */
    public static Stream<Reading> read(Path file, String userId, Consumer<BadLine> badLines) {
        try {
            var lines = open(file);
            try {
                var items = new Lines(file, lines, userId, badLines);
                return StreamSupport.stream(
                                Spliterators.spliteratorUnknownSize(
                                        items, Spliterator.ORDERED | Spliterator.NONNULL),
                                false)
                        .onClose(() -> close(lines));
            } catch (IOException | RuntimeException e) {
                lines.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static BufferedReader open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        try {
            if (file.toString().endsWith(".gz")) {
                bytes = new GZIPInputStream(bytes, 1 << 16);
            }
            return new BufferedReader(
                    new InputStreamReader(bytes, StandardCharsets.UTF_8), 1 << 16);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private static void close(BufferedReader lines) {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One file. */
    private static final class Lines implements Iterator<Reading> {
        private final Path file;
        private final BufferedReader lines;
        private final String userId;
        private final Consumer<BadLine> badLines;
        private final int timestampAt;
        private final int bpmAt;
        private final int stepsAt;
        private final int activityAt;
        private final int userAt;
        private final int deviceAt;
        private final int columns;
        private final Map<String, String> seen = new HashMap<>();
        private long number = 1;
        private Reading next;

        Lines(Path file, BufferedReader lines, String userId, Consumer<BadLine> badLines)
                throws IOException {
            this.file = file;
            this.lines = lines;
            this.userId = userId;
            this.badLines = badLines;
            var header = lines.readLine();
            var names = header == null ? List.<String>of() : names(header);
            timestampAt = names.indexOf("timestamp");
            bpmAt = names.indexOf("bpm");
            stepsAt = names.indexOf("steps");
            activityAt = names.indexOf("activity");
            userAt = names.indexOf("user_id");
            deviceAt = names.indexOf("device_id");
            columns = names.size();
            if (timestampAt < 0 || bpmAt < 0) {
                throw new IllegalArgumentException(
                        file
                                + ":1: the first line must name the column '"
                                + (timestampAt < 0 ? "timestamp" : "bpm")
                                + "'. Columns: "
                                + COLUMNS
                                + ".");
            }
            advance();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Reading next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            var reading = next;
            advance();
            return reading;
        }

        private void advance() {
            next = null;
            try {
                String line;
                while (next == null && (line = lines.readLine()) != null) {
                    number++;
                    if (line.isBlank()) {
                        continue;
                    }
                    try {
                        next = reading(line);
                    } catch (IllegalArgumentException e) {
                        badLines.accept(new BadLine(file, number, e.getMessage()));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        file + ": cannot be read after line " + number + ": " + e.getMessage(), e);
            }
        }

        private Reading reading(String line) {
            var fields = split(line);
            if (fields.size() != columns) {
                throw new IllegalArgumentException(
                        "has " + fields.size() + " fields where the header names " + columns);
            }
            var user = field(fields, userAt);
            var device = field(fields, deviceAt);
            var activity = field(fields, activityAt);
            return new Reading(
                    user == null ? userId : seen.computeIfAbsent(user, text -> text),
                    device == null
                            ? Reading.DEFAULT_DEVICE
                            : seen.computeIfAbsent(device, text -> text),
                    timestamp(field(fields, timestampAt)),
                    number("bpm", field(fields, bpmAt)),
                    number("steps", field(fields, stepsAt)),
                    activity == null ? null : seen.computeIfAbsent(activity, text -> text),
                    null,
                    null,
                    Double.NaN);
        }

        private static List<String> names(String header) {
            var text = header.startsWith("\uFEFF") ? header.substring(1) : header;
            return split(text).stream()
                    .map(name -> name.strip().toLowerCase(Locale.ROOT))
                    .map(name -> OTHER_NAMES.getOrDefault(name, name))
                    .toList();
        }

        private static String field(List<String> fields, int at) {
            if (at < 0) {
                return null;
            }
            var text = fields.get(at).strip();
            return text.isEmpty() ? null : text;
        }
    }

    /**
     * A line's fields by RFC 4180, but for line breaks inside quotes: a forgotten quote spoils one
     * line, and not the rest of the file.
     *
     * @throws IllegalArgumentException when a quote is not closed
     */
    public static List<String> split(String line) {
        var fields = new ArrayList<String>(6);
        if (line.indexOf('"') < 0) {
            int from = 0;
            for (int comma; (comma = line.indexOf(',', from)) >= 0; from = comma + 1) {
                fields.add(line.substring(from, comma));
            }
            fields.add(line.substring(from));
            return fields;
        }
        var field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("a quote is opened and not closed");
        }
        fields.add(field.toString());
        return fields;
    }

    private static int number(String column, String text) {
        if (text == null) {
            return Reading.UNKNOWN;
        }
        if (text.length() < 7 && isDigits(text, 0, text.length())) {
            return whole(text, 0, text.length());
        }
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(column + " " + quote(text) + " is not a number");
        }
        // Minus one would be taken for unknown.
        if (!(value >= 0 && value < 1e6)) {
            throw new IllegalArgumentException(
                    column + " " + quote(text) + " is not a number from 0 to 999999");
        }
        return (int) Math.floor(value + 0.5);
    }

    /**
     * Milliseconds since the epoch of a time as CSV files write it.
     *
     * @param text ISO-8601, with a blank for its T, or epoch milliseconds; UTC without a zone
     * @throws IllegalArgumentException when it is none of these
     */
    public static long timestamp(String text) {
        return timestamp(text, WallClock.UTC);
    }

    /**
     * @param clock says what a time without a zone means
     */
    static long timestamp(String text, WallClock clock) {
        if (text == null) {
            throw new IllegalArgumentException("timestamp is empty");
        }
        try {
            if (isDigits(text, 0, text.length())) {
                return Long.parseLong(text);
            }
            if (isPlain(text)) {
                return clock.moment(plain(text));
            }
            var iso = text.length() > 10 && text.charAt(10) == ' ' ? withT(text) : text;
            boolean zoned = iso.endsWith("Z") || iso.indexOf('+') > 0 || iso.lastIndexOf('-') > 10;
            return zoned
                    ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
                    : clock.moment(
                            LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli());
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "timestamp "
                            + quote(text)
                            + " is neither a date and time like 2026-01-31T08:15:30 nor epoch"
                            + " milliseconds");
        }
    }

    /** Whether it looks like 2026-01-31T08:15:30, as almost all do: five times as fast to read. */
    private static boolean isPlain(String text) {
        return text.length() == 19
                && isDigits(text, 0, 4)
                && text.charAt(4) == '-'
                && isDigits(text, 5, 7)
                && text.charAt(7) == '-'
                && isDigits(text, 8, 10)
                && (text.charAt(10) == 'T' || text.charAt(10) == ' ')
                && isDigits(text, 11, 13)
                && text.charAt(13) == ':'
                && isDigits(text, 14, 16)
                && text.charAt(16) == ':'
                && isDigits(text, 17, 19);
    }

    private static long plain(String text) {
        long days =
                LocalDate.of(whole(text, 0, 4), whole(text, 5, 7), whole(text, 8, 10)).toEpochDay();
        int hour = ChronoField.HOUR_OF_DAY.checkValidIntValue(whole(text, 11, 13));
        int minute = ChronoField.MINUTE_OF_HOUR.checkValidIntValue(whole(text, 14, 16));
        int second = ChronoField.SECOND_OF_MINUTE.checkValidIntValue(whole(text, 17, 19));
        return 1000 * (86_400 * days + 3_600L * hour + 60L * minute + second);
    }

    private static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static int whole(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static String withT(String text) {
        return text.substring(0, 10) + 'T' + text.substring(11);
    }

    private static String quote(String text) {
        return "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
    }
}
