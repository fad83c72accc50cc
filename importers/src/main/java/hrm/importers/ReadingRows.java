package hrm.importers;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.model.Json;
import hrm.model.ReadingCodec;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Readings in the project's CSV: by its header, each further line as the message that says the
 * same, for {@link ReadingCodec} to judge. What a number should be and is none stays text, for the
 * codec to say so.
 */
public final class ReadingRows {
    /** What a column may be called, in the order in which an export writes them. */
    public static final List<String> COLUMNS =
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

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}(\\.\\d{1,40})?");

    private final CsvHeader header;

    /**
     * @param line the header
     * @param userId of lines that name nobody; null when nobody can say
     * @throws IllegalArgumentException when it cannot be read or lacks a column
     */
    public ReadingRows(byte[] line, String userId) {
        header = new CsvHeader(line, COLUMNS, OTHER_NAMES);
        var names = "Columns: " + String.join(", ", COLUMNS) + " (bpm is heart_rate).";
        if (!header.has("timestamp")) {
            throw new IllegalArgumentException(
                    "line 1: the header has no column 'timestamp'. " + names);
        }
        if (!header.has("heart_rate") && !header.has("steps") && !header.has("rr_intervals_ms")) {
            throw new IllegalArgumentException(
                    "line 1: the header has none of the columns 'heart_rate', 'steps' and"
                            + " 'rr_intervals_ms'. "
                            + names);
        }
        if (!header.has("user_id") && userId == null) {
            throw new IllegalArgumentException(
                    "line 1: the header has no column 'user_id'. Say whose readings they are:"
                            + " --user");
        }
    }

    /** Columns that mean nothing; they are ignored. */
    public List<String> unknown() {
        return header.unknown();
    }

    /**
     * A line as a message.
     *
     * @param userId of lines that name nobody; may be null
     * @param deviceId of lines that name none; may be null
     * @param clock says what times without a zone mean
     * @throws IllegalArgumentException when it does not fit the header
     */
    public byte[] message(byte[] line, String userId, String deviceId, WallClock clock) {
        var row = header.row(line);
        if (userId != null) {
            row.putIfAbsent("user_id", userId);
        }
        if (deviceId != null) {
            row.putIfAbsent("device_id", deviceId);
        }
        var json = new StringBuilder(200);
        for (var column : COLUMNS) {
            var text = row.get(column);
            if (text != null) {
                json.append(json.isEmpty() ? "{\"" : ",\"").append(column).append("\":");
                append(column, text, clock, json);
            }
        }
        return json.append(json.isEmpty() ? "{}" : "}").toString().getBytes(UTF_8);
    }

    /** The same, times without a zone being of UTC. */
    public byte[] message(byte[] line, String userId, String deviceId) {
        return message(line, userId, deviceId, WallClock.UTC);
    }

    private static void append(String column, String text, WallClock clock, StringBuilder json) {
        switch (column) {
            case "timestamp" -> appendTime(text, clock, json);
            case "heart_rate", "steps", "confidence" -> appendNumber(text, json);
            case "sensor_contact" -> appendTruth(text, json);
            case "rr_intervals_ms" -> appendIntervals(text, json);
            default -> appendText(text, json);
        }
    }

    private static void appendText(String text, StringBuilder json) {
        json.append(new String(Json.write(text), UTF_8));
    }

    private static void appendNumber(String text, StringBuilder json) {
        if (text.length() < 7 && isPlain(text)) {
            json.append(text);
        } else if (NUMBER.matcher(text).matches()) {
            json.append(new BigDecimal(text).toPlainString());
        } else {
            appendText(text, json);
        }
    }

    /** Digits that JSON takes as they are, as almost all are: no zero before others. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() == 1 || text.charAt(0) != '0';
    }

    private static void appendTime(String text, WallClock clock, StringBuilder json) {
        try {
            json.append(CsvReadings.timestamp(text, clock));
        } catch (IllegalArgumentException e) {
            appendText(text, json);
        }
    }

    private static void appendTruth(String text, StringBuilder json) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> json.append("true");
            case "false", "0", "no" -> json.append("false");
            default -> appendText(text, json);
        }
    }

    /** {@code 832 840}, also with semicolons or commas, in brackets or not. */
    private static void appendIntervals(String text, StringBuilder json) {
        char before = '[';
        for (var number : text.replaceAll("^\\[|]$", "").strip().split("[\\s;,]+")) {
            json.append(before);
            appendNumber(number, json);
            before = ',';
        }
        json.append(']');
    }
}
