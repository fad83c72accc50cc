package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.importers.ByteLines;
import hrm.importers.ReadingRows;
import hrm.model.Json;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.ReadingCodec.Decoded;
import hrm.model.RejectReason;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lines of a file or of standard input as messages of the topic of readings, each checked as the
 * job will check it.
 */
final class ReadingLines implements Closeable {
    private final ByteLines lines;
    private final String userId;
    private final String deviceId;
    private final Consumer<String> warn;
    private final Clock clock;
    private LineFormat format;
    private ReadingRows rows;

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
            if (format == LineFormat.csv && rows == null) {
                rows = rows(line);
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

    private ReadingRows rows(byte[] header) {
        var found = new ReadingRows(header, userId);
        if (!found.unknown().isEmpty()) {
            warn.accept(Columns.ignored(found.unknown(), ReadingRows.COLUMNS));
        }
        return found;
    }

    private Message ofCsv(byte[] line, long now) {
        byte[] json;
        try {
            json = rows.message(line, userId, deviceId);
        } catch (IllegalArgumentException e) {
            return refused(line, now, "NOT_CSV: " + e.getMessage());
        }
        var decoded = ReadingCodec.decode(json, now);
        return decoded.reading() == null
                ? refused(json, now, why(decoded))
                : accepted(decoded.reading(), null, now);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
