package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.model.ReadingParser.Field;

/**
 * JSON of a reading, read in one pass over its bytes, and written.
 *
 * <p>A message is rejected for the first of these that is true:
 *
 * <ol>
 *   <li>{@code MESSAGE_TOO_LARGE}: over {@value #MAX_BYTES} bytes.
 *   <li>{@code NOT_JSON}: not one JSON object in UTF-8, with nothing but white space around it; a
 *       byte order mark is passed over. Also no bytes at all.
 *   <li>{@code WRONG_TYPE}: a known field holds another type; told of the first in the order
 *       user_id, timestamp, heart_rate, device_id, steps, activity, rr_intervals_ms,
 *       sensor_contact, confidence.
 *   <li>{@code MISSING_FIELD}: no user_id, no timestamp, or none of heart_rate, rr_intervals_ms and
 *       steps.
 *   <li>{@code INVALID_ID}: user_id, then device_id.
 *   <li>{@code HEART_RATE_OUT_OF_RANGE}, {@code RR_OUT_OF_RANGE}, {@code STEPS_OUT_OF_RANGE} (these
 *       rounded), {@code CONFIDENCE_OUT_OF_RANGE}.
 *   <li>{@code TIMESTAMP_TOO_OLD}, {@code FUTURE_TIMESTAMP}.
 * </ol>
 *
 * <p>A field that is null counts as absent, an empty list of intervals as well. Of a repeated field
 * the last counts. Fields of other names are ignored, whatever they hold. Fractional heart rates,
 * steps and intervals are rounded half up (by magnitude: −0.5 is −1). What a timestamp says beyond
 * milliseconds is cut off. In {@code activity} what UTF-8 or PostgreSQL cannot hold (unpaired
 * surrogates, U+0000) becomes U+FFFD.
 *
 * <p>A detail tells a person what to mend; it never holds a value of the message.
 */
public final class ReadingCodec {
    /** Greatest message, bytes. */
    public static final int MAX_BYTES = 65_536;

    /** Longest user or device id, characters (code points). */
    public static final int MAX_ID_LENGTH = 128;

    public static final int MIN_BPM = 20;
    public static final int MAX_BPM = 300;

    /** Shortest interval between two beats, milliseconds. */
    public static final int MIN_RR_MS = 200;

    /** Longest interval between two beats, milliseconds. */
    public static final int MAX_RR_MS = 3000;

    /** Most steps of a minute: what the table's column holds. */
    public static final int MAX_STEPS = 32_767;

    /** Earliest time of a reading, milliseconds since the epoch: 2000-01-01T00:00Z. */
    public static final long MIN_TIMESTAMP_MS = 946_684_800_000L;

    /** How far a reading may be ahead of its record, milliseconds. */
    public static final long MAX_AHEAD_MS = 300_000;

    private static final char REPLACEMENT = '\uFFFD';

    private ReadingCodec() {}

    /**
     * Either a reading or the reason why there is none.
     *
     * @param reading null when rejected
     * @param reason null when accepted
     * @param detail what exactly was wrong; null when accepted
     */
    public record Decoded(Reading reading, RejectReason reason, String detail) {}

    /**
     * Reads a message; never throws, whatever the bytes are.
     *
     * @param json the message; null, Kafka's tombstone, is not JSON
     * @param recordTimestampMs the record's own Kafka timestamp, which a reading may be at most 5
     *     minutes ahead of
     */
    public static Decoded decode(byte[] json, long recordTimestampMs) {
        if (json == null) {
            return rejected(RejectReason.NOT_JSON, "not JSON: the record has no value");
        }
        if (json.length > MAX_BYTES) {
            return rejected(
                    RejectReason.MESSAGE_TOO_LARGE,
                    "the message has " + json.length + " bytes, at most 65536 are read");
        }
        var message = new ReadingParser(json);
        try {
            message.parse();
        } catch (ReadingParser.NotJson e) {
            return rejected(RejectReason.NOT_JSON, e.getMessage());
        }

        var wrong = message.firstWrong();
        if (wrong != null) {
            return rejected(RejectReason.WRONG_TYPE, wrong.mustBe);
        }
        boolean hasHeartRate = message.has(Field.HEART_RATE);
        boolean hasSteps = message.has(Field.STEPS);
        boolean hasIntervals = message.has(Field.RR_INTERVALS);
        if (!message.has(Field.USER_ID)) {
            return rejected(RejectReason.MISSING_FIELD, "user_id is missing");
        }
        if (!message.has(Field.TIMESTAMP)) {
            return rejected(RejectReason.MISSING_FIELD, "timestamp is missing");
        }
        if (!hasHeartRate && !hasSteps && !hasIntervals) {
            return rejected(
                    RejectReason.MISSING_FIELD,
                    "one of heart_rate, rr_intervals_ms and steps is needed");
        }

        String invalidUser = whyInvalidId(message.userId);
        if (invalidUser != null) {
            return rejected(RejectReason.INVALID_ID, "user_id " + invalidUser);
        }
        String deviceId = Reading.DEFAULT_DEVICE;
        if (message.has(Field.DEVICE_ID)) {
            deviceId = message.deviceId;
            String invalidDevice = whyInvalidId(deviceId);
            if (invalidDevice != null) {
                return rejected(RejectReason.INVALID_ID, "device_id " + invalidDevice);
            }
        }

        if (hasHeartRate && (message.heartRate < MIN_BPM || message.heartRate > MAX_BPM)) {
            return rejected(
                    RejectReason.HEART_RATE_OUT_OF_RANGE,
                    "heart_rate must be 20 to 300 beats per minute");
        }
        if (hasIntervals) {
            int[] intervals = message.rrIntervals;
            for (int i = 0; i < intervals.length; i++) {
                if (intervals[i] < MIN_RR_MS || intervals[i] > MAX_RR_MS) {
                    return rejected(
                            RejectReason.RR_OUT_OF_RANGE,
                            "rr_intervals_ms[" + i + "] must be 200 to 3000 ms");
                }
            }
        }
        if (hasSteps && (message.steps < 0 || message.steps > MAX_STEPS)) {
            return rejected(
                    RejectReason.STEPS_OUT_OF_RANGE, "steps of a minute must be 0 to 32767");
        }
        boolean hasConfidence = message.has(Field.CONFIDENCE);
        if (hasConfidence && !(message.confidence >= 0 && message.confidence <= 1)) {
            return rejected(RejectReason.CONFIDENCE_OUT_OF_RANGE, "confidence must be 0 to 1");
        }

        long timestampMs = message.timestampMs;
        if (timestampMs < MIN_TIMESTAMP_MS) {
            return rejected(
                    RejectReason.TIMESTAMP_TOO_OLD,
                    "timestamp is before the year 2000; a number must be milliseconds since 1970,"
                            + " not seconds");
        }
        // Subtracted from what is known to be far from overflow.
        if (timestampMs - MAX_AHEAD_MS > recordTimestampMs) {
            return rejected(
                    RejectReason.FUTURE_TIMESTAMP,
                    "timestamp is more than 5 minutes ahead of the record's own: check the"
                            + " device's clock");
        }
        return new Decoded(
                new Reading(
                        message.userId,
                        deviceId,
                        timestampMs,
                        hasHeartRate ? message.heartRate : Reading.UNKNOWN,
                        hasSteps ? message.steps : Reading.UNKNOWN,
                        message.has(Field.ACTIVITY) ? storable(message.activity) : null,
                        hasIntervals ? message.rrIntervals : null,
                        message.has(Field.SENSOR_CONTACT) ? message.sensorContact : null,
                        hasConfidence ? message.confidence : Double.NaN),
                null,
                null);
    }

    private static Decoded rejected(RejectReason reason, String detail) {
        return new Decoded(null, reason, detail);
    }

    /** What is wrong with an id, or null. */
    private static String whyInvalidId(String id) {
        boolean blank = true;
        int characters = 0;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            characters++;
            if (c > ' ' && c < 0x7F) {
                blank = false; // the usual one, none of what follows
                continue;
            }
            if (Character.isISOControl(c)) {
                return "must have no control characters";
            }
            if (Character.isSurrogate(c)) {
                if (isUnpaired(id, i)) {
                    // In UTF-8 it would become '?', and two people one.
                    return "must have no unpaired surrogates";
                }
                i++;
            }
            blank &= Character.isWhitespace(c);
        }
        if (blank) {
            return "must not be empty";
        }
        return characters <= MAX_ID_LENGTH ? null : "must have at most 128 characters";
    }

    private static boolean isUnpaired(String text, int at) {
        return !Character.isHighSurrogate(text.charAt(at))
                || at + 1 == text.length()
                || !Character.isLowSurrogate(text.charAt(at + 1));
    }

    private static String storable(String text) {
        StringBuilder replaced = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c) && !isUnpaired(text, i)) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                if (replaced == null) {
                    replaced = new StringBuilder(text);
                }
                replaced.setCharAt(i, REPLACEMENT);
            }
        }
        return replaced == null ? text : replaced.toString();
    }

    /**
     * Writes a reading as UTF-8 JSON with ISO-8601 time; what is unknown is left out. {@link
     * #decode} gives the same reading back, if it is one that decode accepts.
     */
    public static byte[] encode(Reading reading) {
        var out = new StringBuilder(160);
        out.append("{\"user_id\":");
        appendString(reading.userId(), out);
        out.append(",\"timestamp\":\"");
        IsoTime.append(reading.timestampMs(), out);
        out.append('"');
        if (reading.hasBpm()) {
            out.append(",\"heart_rate\":").append(reading.bpm());
        }
        out.append(",\"device_id\":");
        appendString(reading.deviceId(), out);
        if (reading.hasSteps()) {
            out.append(",\"steps\":").append(reading.steps());
        }
        if (reading.activity() != null) {
            out.append(",\"activity\":");
            appendString(reading.activity(), out);
        }
        int[] intervals = reading.rrIntervalsMs();
        if (intervals != null && intervals.length > 0) {
            out.append(",\"rr_intervals_ms\":[").append(intervals[0]);
            for (int i = 1; i < intervals.length; i++) {
                out.append(',').append(intervals[i]);
            }
            out.append(']');
        }
        if (reading.sensorContact() != null) {
            out.append(",\"sensor_contact\":").append(reading.sensorContact());
        }
        if (Double.isFinite(reading.confidence())) {
            out.append(",\"confidence\":").append(reading.confidence());
        }
        return out.append('}').toString().getBytes(UTF_8);
    }

    private static void appendString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c) && isUnpaired(text, i)) {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Character.forDigit(c >> shift & 0xF, 16));
                }
            } else {
                out.append(c);
                if (Character.isSurrogate(c)) {
                    out.append(text.charAt(++i));
                }
            }
        }
        out.append('"');
    }
}
