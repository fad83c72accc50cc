package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.model.Json;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.ReadingCodec.Decoded;
import hrm.model.RejectReason;
import hrm.simulator.CsvReadings;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lines of a file or of standard input as messages of the topic of readings, each checked as the
 * job will check it.
 */
final class ReadingLines implements Closeable {
    private static final List<String> COLUMNS =
            List.of(
                    "user_id",
                    "timestamp",
                    "heart_rate",
                    "steps",
                    "activity",
                    "device_id",
                    "rr_intervals_ms",
                    "sensor_contact",
                    "confidence");

    private static final Map<String, String> OTHER_NAMES =
            Map.of("bpm", "heart_rate", "user", "user_id", "device", "device_id");

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}(\\.\\d{1,18})?");

    private final ByteLines lines;
    private final String userId;
    private final String deviceId;
    private final Consumer<String> warn;
    private final Clock clock;
    private LineFormat format;
    private CsvHeader header;

    /**
     * A line as a message.
     *
     * @param line its number, from 1
     * @param value the bytes to send
     * @param userId the record's key; null when nobody can say
     * @param recordTimestampMs what the reading's own time was judged against
     * @param refused why the job would reject it, {@code REASON: what exactly}; null when it would
     *     not
     */
    record Message(
            long line, byte[] value, String userId, long recordTimestampMs, String refused) {}

    /**
     * @param format null to look at the first line
     * @param userId of lines that have none; may be null
     * @param deviceId of lines that have none; may be null
     * @param warn told what in the file is ignored
     */
    ReadingLines(
            ByteLines lines,
            LineFormat format,
            String userId,
            String deviceId,
            Consumer<String> warn,
            Clock clock) {
        this.lines = lines;
        this.format = format;
        this.userId = userId;
        this.deviceId = deviceId;
        this.warn = warn;
        this.clock = clock;
    }

    /**
     * The next line that is not blank; null at the end.
     *
     * @throws Failure when the file is not what it should be
     */
    Message next() {
        try {
            byte[] line;
            do {
                line = lines.next();
                if (line == null) {
                    return null;
                }
            } while (ByteLines.isBlank(line));
            if (format == null) {
                format = LineFormat.of(line);
            }
            if (format == LineFormat.csv && header == null) {
                header = header(line);
                return next();
            }
            // Now, as the record will say: a replay of the topic then judges FUTURE_TIMESTAMP
            // alike.
            long now = clock.millis();
            return format == LineFormat.json ? ofJson(line, now) : ofCsv(line, now);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot read on after line " + lines.number() + ": " + e.getMessage(), e);
        }
    }

    private Message ofJson(byte[] line, long now) {
        var decoded = ReadingCodec.decode(line, now);
        if (lacksUser(decoded) && userId != null) {
            decoded = ReadingCodec.decode(withUser(line), now);
        }
        var reading = decoded.reading();
        if (reading == null) {
            return refused(line, now, why(decoded));
        }
        boolean completed = lacksUser(ReadingCodec.decode(line, now));
        if (deviceId != null && reading.deviceId().equals(Reading.DEFAULT_DEVICE)) {
            reading = on(deviceId, reading);
            completed = true;
        }
        // Otherwise as it came: fields that only others know stay.
        return accepted(reading, completed ? null : line, now);
    }

    private static boolean lacksUser(Decoded decoded) {
        return decoded.reason() == RejectReason.MISSING_FIELD
                && decoded.detail().startsWith("user_id ");
    }

    /** At its end, for of a repeated field (one that is null) the last counts. */
    private byte[] withUser(byte[] line) {
        int end = line.length;
        while (line[end - 1] != '}') {
            end--;
        }
        byte[] field =
                (",\"user_id\":" + new String(Json.write(userId), UTF_8) + "}").getBytes(UTF_8);
        byte[] completed = Arrays.copyOf(line, end - 1 + field.length);
        System.arraycopy(field, 0, completed, end - 1, field.length);
        return completed;
    }

    private static Reading on(String deviceId, Reading reading) {
        return new Reading(
                reading.userId(),
                deviceId,
                reading.timestampMs(),
                reading.bpm(),
                reading.steps(),
                reading.activity(),
                reading.rrIntervalsMs(),
                reading.sensorContact(),
                reading.confidence());
    }

    /**
     * @param value null to write the reading anew
     */
    private Message accepted(Reading reading, byte[] value, long now) {
        byte[] message = value == null ? ReadingCodec.encode(reading) : value;
        if (value == null) {
            // What the options have filled in is checked as well.
            var again = ReadingCodec.decode(message, now);
            if (again.reading() == null) {
                return refused(message, now, why(again));
            }
        }
        return new Message(lines.number(), message, reading.userId(), now, null);
    }

    private Message refused(byte[] value, long now, String why) {
        return new Message(lines.number(), value, userOf(value), now, why);
    }

    private static String why(Decoded decoded) {
        return decoded.reason() + ": " + decoded.detail();
    }

    /** So that what is sent unchecked goes where the person's other readings go. */
    private String userOf(byte[] value) {
        try {
            return Json.read(value, Map.class).get("user_id") instanceof String user
                    ? user
                    : userId;
        } catch (UncheckedIOException e) {
            return userId;
        }
    }

    // ---- CSV

    private CsvHeader header(byte[] line) {
        var found = new CsvHeader(line, COLUMNS, OTHER_NAMES);
        var names = "Columns: " + String.join(", ", COLUMNS) + " (bpm is heart_rate).";
        if (!found.has("timestamp")) {
            throw new Failure("line 1: the header has no column 'timestamp'. " + names);
        }
        if (!found.has("heart_rate") && !found.has("steps") && !found.has("rr_intervals_ms")) {
            throw new Failure(
                    "line 1: the header has none of the columns 'heart_rate', 'steps' and"
                            + " 'rr_intervals_ms'. "
                            + names);
        }
        if (!found.has("user_id") && userId == null) {
            throw new Failure(
                    "line 1: the header has no column 'user_id'. Say whose readings they are:"
                            + " --user");
        }
        if (!found.unknown().isEmpty()) {
            warn.accept("Columns ignored: " + String.join(", ", found.unknown()));
        }
        return found;
    }

    private Message ofCsv(byte[] line, long now) {
        Map<String, String> row;
        try {
            row = header.row(line);
        } catch (IllegalArgumentException e) {
            return refused(line, now, "NOT_CSV: " + e.getMessage());
        }
        if (userId != null) {
            row.putIfAbsent("user_id", userId);
        }
        if (deviceId != null) {
            row.putIfAbsent("device_id", deviceId);
        }
        byte[] json = json(row).getBytes(UTF_8);
        var decoded = ReadingCodec.decode(json, now);
        return decoded.reading() == null
                ? refused(json, now, why(decoded))
                : accepted(decoded.reading(), null, now);
    }

    /** What a number should be and is none stays text, for the codec to say so. */
    private static String json(Map<String, String> row) {
        return row.entrySet().stream()
                .filter(field -> COLUMNS.contains(field.getKey()))
                .map(field -> text(field.getKey()) + ":" + value(field.getKey(), field.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String value(String column, String text) {
        return switch (column) {
            case "timestamp" -> time(text);
            case "heart_rate", "steps", "confidence" -> number(text);
            case "sensor_contact" -> bool(text);
            case "rr_intervals_ms" -> intervals(text);
            default -> text(text);
        };
    }

    private static String text(String text) {
        return new String(Json.write(text), UTF_8);
    }

    private static String number(String text) {
        return NUMBER.matcher(text).matches() ? new BigDecimal(text).toPlainString() : text(text);
    }

    private static String time(String text) {
        try {
            return Long.toString(CsvReadings.timestamp(text));
        } catch (IllegalArgumentException e) {
            return text(text);
        }
    }

    private static String bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> "true";
            case "false", "0", "no" -> "false";
            default -> text(text);
        };
    }

    /** {@code 832 840}, also with semicolons or commas, in brackets or not. */
    private static String intervals(String text) {
        Collection<String> numbers =
                Arrays.asList(text.replaceAll("^\\[|]$", "").strip().split("[\\s;,]+"));
        return numbers.stream()
                .map(ReadingLines::number)
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
