package hrm.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Reads one message in one pass over its bytes: whether it is JSON at all, and what its known
 * fields hold. What that means is judged by {@link ReadingCodec} afterwards, because only the last
 * byte tells whether a message is JSON. One instance a message.
 *
 * @see "RFC 8259 (JSON), RFC 3629 (UTF-8)"
 */
final class ReadingParser {
    /** In the order in which wrong types are told. */
    enum Field {
        USER_ID("user_id", "a string"),
        TIMESTAMP(
                "timestamp",
                "ISO-8601 with Z or an offset, like 2026-01-31T08:15:30Z, or whole milliseconds"
                        + " since 1970"),
        HEART_RATE("heart_rate", "a number"),
        DEVICE_ID("device_id", "a string"),
        STEPS("steps", "a number"),
        ACTIVITY("activity", "a string"),
        RR_INTERVALS("rr_intervals_ms", "a list of numbers"),
        SENSOR_CONTACT("sensor_contact", "true or false"),
        CONFIDENCE("confidence", "a number");

        /** Said of a wrong type. */
        final String mustBe;

        private final String jsonName;
        private final int length;
        private final long head;
        private final long tail;
        private final int bit = 1 << ordinal();

        Field(String jsonName, String expected) {
            this.jsonName = jsonName;
            this.mustBe = jsonName + " must be " + expected;
            byte[] name = jsonName.getBytes(US_ASCII);
            length = name.length;
            head = head(name, 0, name.length);
            tail = tail(name, 0, name.length);
        }
    }

    /** Not JSON. Without a stack trace: bad messages come in bursts. */
    static final class NotJson extends Exception {
        private static final long serialVersionUID = 1;

        NotJson(String message) {
            super(message, null, false, false);
        }
    }

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final Field[] FIELDS = Field.values();
    private static final byte[] NULL = "null".getBytes(US_ASCII);
    private static final byte[] TRUE = "true".getBytes(US_ASCII);
    private static final byte[] FALSE = "false".getBytes(US_ASCII);

    /** A whole number beyond every range, for numbers that an int cannot hold. */
    private static final int BEYOND = 1_000_000_000;

    /** Times a byte: eight of it. */
    private static final long EACH_BYTE = 0x0101010101010101L;

    private static final long TOP_BITS = 0x8080808080808080L;

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    // What the message holds. A field's value counts only if the field was found.
    String userId;
    String deviceId;
    String activity;
    long timestampMs;
    int heartRate;
    int steps;
    int[] rrIntervals;
    boolean sensorContact;
    double confidence;
    private int found;
    private int wrong;

    /** Place in {@link #FIELDS} of the field that probably comes next. */
    private int expected;

    private final byte[] json;
    private final int end;
    private int at;

    // The string passed last: a plain one lies between two places, another was built.
    private int textFrom;
    private int textTo;
    private String builtText;

    // The number passed last.
    private int numberFrom;
    private boolean negative;
    private boolean hasFraction;
    private boolean hasExponent;
    private long wholeDigits;
    private long allDigits;
    private int digitCount;
    private int fractionDigitCount;

    ReadingParser(byte[] json) {
        this.json = json;
        this.end = json.length;
    }

    /** Whether the message has the field and it is neither null nor of a wrong type. */
    boolean has(Field field) {
        return (found & field.bit) != 0;
    }

    /** The first field of a wrong type, or null. */
    Field firstWrong() {
        return wrong == 0 ? null : FIELDS[Integer.numberOfTrailingZeros(wrong)];
    }

    /** Reads the whole message. */
    void parse() throws NotJson {
        skipByteOrderMark();
        skipSpace();
        if (at == end) {
            throw fail("it is empty");
        }
        if (json[at] != '{') {
            throw fail("a '{' was expected");
        }
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
        } else {
            while (true) {
                Field field = fieldName();
                skipSpace();
                value(field);
                skipSpace();
                byte b = peek();
                if (b != ',' && b != '}') {
                    throw fail("a ',' or '}' was expected");
                }
                at++;
                if (b == '}') {
                    break;
                }
                skipSpace();
            }
        }
        skipSpace();
        if (at != end) {
            throw fail("something follows the object");
        }
    }

    /** Readers may ignore the mark, says RFC 8259, and some writers send it. */
    private void skipByteOrderMark() {
        if (end >= 3
                && json[0] == (byte) 0xEF
                && json[1] == (byte) 0xBB
                && json[2] == (byte) 0xBF) {
            at = 3;
        }
    }

    /** Passes a name and its colon; null for a field that is not ours. */
    private Field fieldName() throws NotJson {
        Field field = expectedFieldName();
        if (field == null) {
            field = anyFieldName();
        }
        if (field != null) {
            expected = field.ordinal() + 1;
        }
        return field;
    }

    /**
     * Most writers keep the order of the contract and put no space around a name: then nothing has
     * to be searched for. Passes nothing if it is not so.
     */
    private Field expectedFieldName() {
        if (expected == FIELDS.length) {
            return null;
        }
        Field field = FIELDS[expected];
        int from = at + 1;
        int to = from + field.length;
        if (to + 1 < end
                && json[to + 1] == ':'
                && json[to] == '"'
                && json[at] == '"'
                && named(field, from, to) != null) {
            at = to + 2;
            return field;
        }
        return null;
    }

    private Field anyFieldName() throws NotJson {
        name(true);
        if (builtText != null) {
            for (Field field : FIELDS) {
                if (field.jsonName.equals(builtText)) {
                    return field;
                }
            }
            return null;
        }
        int from = textFrom;
        int to = textTo;
        return switch (to - from) {
            case 5 -> named(Field.STEPS, from, to);
            case 7 -> named(Field.USER_ID, from, to);
            case 8 -> named(Field.ACTIVITY, from, to);
            case 9 -> named(json[from] == 't' ? Field.TIMESTAMP : Field.DEVICE_ID, from, to);
            case 10 -> named(json[from] == 'h' ? Field.HEART_RATE : Field.CONFIDENCE, from, to);
            case 14 -> named(Field.SENSOR_CONTACT, from, to);
            case 15 -> named(Field.RR_INTERVALS, from, to);
            default -> null;
        };
    }

    /** The field, if that is the name there, which is as long as its own; else null. */
    private Field named(Field field, int from, int to) {
        return head(json, from, to) == field.head && tail(json, from, to) == field.tail
                ? field
                : null;
    }

    // Known names have 5 to 16 bytes: their first and last four, or from eight bytes on their first
    // and last eight, are all of them.

    private static long head(byte[] text, int from, int to) {
        return to - from < 8 ? (int) INT.get(text, from) : (long) LONG.get(text, from);
    }

    private static long tail(byte[] text, int from, int to) {
        return to - from < 8 ? (int) INT.get(text, to - 4) : (long) LONG.get(text, to - 8);
    }

    private void value(Field field) throws NotJson {
        if (field == null) {
            skipValue();
            return;
        }
        // Of a repeated field the last counts, whatever the earlier ones held.
        found &= ~field.bit;
        wrong &= ~field.bit;
        byte b = peek();
        if (b == 'n') {
            literal(NULL);
            return;
        }
        if (!begins(field, b)) {
            wrong |= field.bit;
            skipValue();
            return;
        }
        boolean right = true;
        switch (field) {
            case USER_ID -> userId = text();
            case DEVICE_ID -> deviceId = text();
            case ACTIVITY -> activity = text();
            case TIMESTAMP -> right = b == '"' ? isoTimestamp() : epochTimestamp();
            case HEART_RATE -> heartRate = roundedNumber();
            case STEPS -> steps = roundedNumber();
            case CONFIDENCE -> confidence = fractionalNumber();
            case SENSOR_CONTACT -> {
                sensorContact = b == 't';
                literal(sensorContact ? TRUE : FALSE);
            }
            case RR_INTERVALS -> {
                right = intervals();
                if (right && rrIntervals.length == 0) {
                    return; // an empty list says nothing
                }
            }
        }
        if (right) {
            found |= field.bit;
        } else {
            wrong |= field.bit;
        }
    }

    /** Whether a value that begins so has the field's type. */
    private static boolean begins(Field field, byte b) {
        return switch (field) {
            case USER_ID, DEVICE_ID, ACTIVITY -> b == '"';
            case TIMESTAMP -> b == '"' || beginsNumber(b);
            case HEART_RATE, STEPS, CONFIDENCE -> beginsNumber(b);
            case SENSOR_CONTACT -> b == 't' || b == 'f';
            case RR_INTERVALS -> b == '[';
        };
    }

    private String text() throws NotJson {
        string(true);
        return builtText != null
                ? builtText
                : new String(json, textFrom, textTo - textFrom, ISO_8859_1);
    }

    private boolean isoTimestamp() throws NotJson {
        string(true);
        timestampMs =
                builtText != null
                        ? IsoTime.parse(builtText)
                        : IsoTime.parse(json, textFrom, textTo);
        return timestampMs != IsoTime.NOT_A_TIME;
    }

    private boolean epochTimestamp() throws NotJson {
        number();
        timestampMs = negative ? -wholeDigits : wholeDigits;
        return !hasFraction && !hasExponent;
    }

    /** Passes a list; false when it holds anything but numbers. */
    private boolean intervals() throws NotJson {
        at++;
        skipSpace();
        if (peek() == ']') {
            at++;
            rrIntervals = new int[0];
            return true;
        }
        rrIntervals = new int[countElements()];
        boolean right = true;
        for (int i = 0; ; i++) {
            if (beginsNumber(peek())) {
                int interval = roundedNumber();
                if (right) {
                    rrIntervals[i] = interval;
                }
            } else {
                right = false;
                skipValue();
            }
            skipSpace();
            byte b = peek();
            if (b != ',' && b != ']') {
                throw fail("a ',' or ']' was expected");
            }
            at++;
            if (b == ']') {
                return right;
            }
            skipSpace();
        }
    }

    /** Of a list of numbers that is not empty: one array of the right length is all it costs. */
    private int countElements() {
        int count = 1;
        for (int i = at; i < end && json[i] != ']'; i++) {
            if (json[i] == ',') {
                count++;
            }
        }
        return count;
    }

    // ── numbers ─────────────────────────────────────────────────────────────────────────────────

    private static boolean beginsNumber(byte b) {
        return b == '-' || isDigit(b);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Passes a number and keeps its parts. */
    private void number() throws NotJson {
        numberFrom = at;
        allDigits = 0;
        negative = json[at] == '-';
        if (negative) {
            at++;
        }
        int from = at;
        if (peek() == '0') {
            at++; // and nothing behind it: 01 is no number
        } else {
            digits();
        }
        digitCount = at - from;
        wholeDigits = digitCount <= 18 ? allDigits : Long.MAX_VALUE;

        fractionDigitCount = 0;
        hasFraction = at < end && json[at] == '.';
        if (hasFraction) {
            int first = ++at;
            digits();
            fractionDigitCount = at - first;
            digitCount += fractionDigitCount;
        }
        hasExponent = at < end && (json[at] == 'e' || json[at] == 'E');
        if (hasExponent) {
            at++;
            if (peek() == '+' || json[at] == '-') {
                at++;
            }
            int first = at;
            while (at < end && isDigit(json[at])) {
                at++;
            }
            if (at == first) {
                throw fail("a digit was expected");
            }
        }
    }

    /** Passes one digit or more. */
    private void digits() throws NotJson {
        int i = at;
        long digits = allDigits;
        while (i < end && isDigit(json[i])) {
            digits = digits * 10 + json[i++] - '0';
        }
        if (i == at) {
            throw fail("a digit was expected");
        }
        allDigits = digits;
        at = i;
    }

    /** Passes a number: rounded half up, by its decimal digits; what is huge is {@link #BEYOND}. */
    private int roundedNumber() throws NotJson {
        int small = smallWholeNumber();
        if (small >= 0) {
            return small;
        }
        number();
        long magnitude = hasFraction || hasExponent ? roundedDigits() : wholeDigits;
        int bounded = (int) Math.min(magnitude, BEYOND);
        return negative ? -bounded : bounded;
    }

    /** Passes a number from 1 to 999999 without fraction or exponent, or passes nothing. */
    private int smallWholeNumber() {
        int limit = Math.min(end, at + 7);
        int i = at;
        int value = 0;
        while (i < limit && isDigit(json[i])) {
            value = value * 10 + json[i++] - '0';
        }
        if (i == limit || i == at || json[at] == '0' || json[i] == '.' || (json[i] | 0x20) == 'e') {
            return -1;
        }
        at = i;
        return value;
    }

    private long roundedDigits() {
        int from = negative ? numberFrom + 1 : numberFrom;
        int point = digitCount - fractionDigitCount; // digits before the decimal point
        if (hasExponent) {
            point += exponent();
        }
        long value = 0;
        int passed = 0;
        for (int i = from; i < at; i++) {
            byte b = json[i];
            if (b == 'e' || b == 'E') {
                break;
            }
            if (b == '.') {
                continue;
            }
            if (passed >= point) {
                // The first digit behind the point decides, unless the point lies before the
                // digits.
                return passed == point && b >= '5' ? value + 1 : value;
            }
            value = Math.min(value * 10 + b - '0', BEYOND);
            passed++;
        }
        for (; passed < point && value > 0 && value < BEYOND; passed++) {
            value *= 10;
        }
        return value;
    }

    /** Bounded, so that a sum with a number of digits cannot overflow. */
    private int exponent() {
        int i = at - 1;
        while (isDigit(json[i])) {
            i--;
        }
        boolean minus = json[i] == '-';
        int value = 0;
        for (i++; i < at; i++) {
            value = Math.min(value * 10 + json[i] - '0', 10_000_000);
        }
        return minus ? -value : value;
    }

    private double fractionalNumber() throws NotJson {
        number();
        double value;
        if (!hasExponent && digitCount <= 15) {
            // Both are exact as doubles, so one division is rounded as parseDouble rounds.
            value = allDigits / POWERS_OF_TEN[fractionDigitCount];
            value = negative ? -value : value;
        } else {
            value = Double.parseDouble(new String(json, numberFrom, at - numberFrom, ISO_8859_1));
        }
        return value + 0.0; // -0 is 0
    }

    // ── strings ─────────────────────────────────────────────────────────────────────────────────

    /** Passes a member's name and the colon behind it. */
    private void name(boolean wanted) throws NotJson {
        if (peek() != '"') {
            throw fail("a field name in double quotes was expected");
        }
        string(wanted);
        skipSpace();
        if (peek() != ':') {
            throw fail("a ':' was expected");
        }
        at++;
    }

    /**
     * Passes a string.
     *
     * @param wanted whether it must be built if it is not plain
     */
    private void string(boolean wanted) throws NotJson {
        at++;
        textFrom = at;
        builtText = null;
        at = endOfPlain(at);
        if (peek() == '"') {
            textTo = at++;
            return;
        }
        var built =
                wanted
                        ? new StringBuilder()
                                .append(new String(json, textFrom, at - textFrom, ISO_8859_1))
                        : null;
        restOfString(built);
        builtText = wanted ? built.toString() : null;
    }

    /** The first byte from there on that is not a plain character of a string, or the end. */
    private int endOfPlain(int from) {
        int i = from;
        for (; i <= end - 8; i += 8) {
            // Eight bytes at once: the lowest top bit that is set marks the first byte sought.
            long bytes = (long) LONG.get(json, i);
            long quotes = bytes ^ EACH_BYTE * '"';
            long escapes = bytes ^ EACH_BYTE * '\\';
            long found =
                    ((quotes - EACH_BYTE) & ~quotes
                                    | (escapes - EACH_BYTE) & ~escapes
                                    | bytes - EACH_BYTE * 0x20 // control characters
                                    | bytes) // what is not ASCII
                            & TOP_BITS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < end && json[i] >= 0x20 && json[i] != '"' && json[i] != '\\') {
            i++;
        }
        return i;
    }

    private void restOfString(StringBuilder out) throws NotJson {
        while (true) {
            byte b = peek();
            if (b == '"') {
                at++;
                return;
            }
            int character;
            if (b == '\\') {
                character = escaped();
            } else if (b < 0) {
                character = utf8();
            } else if (b < 0x20) {
                throw fail("a control character must be escaped");
            } else {
                character = b;
                at++;
            }
            if (out != null) {
                out.appendCodePoint(character);
            }
        }
    }

    private int escaped() throws NotJson {
        at++;
        byte b = peek();
        at++;
        return switch (b) {
            case '"', '\\', '/' -> b;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int unit = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = peek() < 0 ? -1 : Character.digit((char) json[at], 16);
                    if (digit < 0) {
                        throw fail("four hexadecimal digits were expected");
                    }
                    unit = unit * 16 + digit;
                    at++;
                }
                yield unit;
            }
            default -> {
                at--;
                throw fail("there is no such escape");
            }
        };
    }

    /** Passes one character of two bytes or more. */
    private int utf8() throws NotJson {
        int first = json[at] & 0xFF;
        // The second byte's range keeps out overlong forms, surrogates and what is beyond U+10FFFF.
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        int more;
        int character;
        if (first >= 0xC2 && first <= 0xDF) {
            more = 1;
            character = first & 0x1F;
        } else if (first >= 0xE0 && first <= 0xEF) {
            more = 2;
            character = first & 0x0F;
        } else if (first >= 0xF0 && first <= 0xF4) {
            more = 3;
            character = first & 0x07;
        } else {
            throw fail("it is not UTF-8");
        }
        at++;
        for (int i = 0; i < more; i++) {
            int b = peek() & 0xFF;
            if (b < lowest || b > highest) {
                throw fail("it is not UTF-8");
            }
            lowest = 0x80;
            highest = 0xBF;
            character = character << 6 | b & 0x3F;
            at++;
        }
        return character;
    }

    // ── the rest ────────────────────────────────────────────────────────────────────────────────

    /** Passes a value that is not wanted. */
    private void skipValue() throws NotJson {
        if (peek() == '{' || json[at] == '[') {
            skipNested();
        } else {
            skipScalar();
        }
    }

    private void skipScalar() throws NotJson {
        byte b = peek();
        switch (b) {
            case '"' -> string(false);
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            case 'n' -> literal(NULL);
            default -> {
                if (!beginsNumber(b)) {
                    throw fail("a value was expected");
                }
                number();
            }
        }
    }

    /** Passes an object or a list of any depth; not by recursion, which a deep one would break. */
    private void skipNested() throws NotJson {
        var objects = new BitSet(); // whether the one at each depth is an object
        int depth = 0;
        while (true) {
            byte b = peek();
            if (b == '{' || b == '[') {
                boolean object = b == '{';
                objects.set(depth++, object);
                at++;
                skipSpace();
                if (peek() != (object ? '}' : ']')) {
                    if (object) {
                        name(false);
                        skipSpace();
                    }
                    continue;
                }
                at++;
                depth--;
            } else {
                skipScalar();
            }
            // A value has ended: close what ends with it.
            while (true) {
                if (depth == 0) {
                    return;
                }
                boolean object = objects.get(depth - 1);
                skipSpace();
                b = peek();
                if (b == ',') {
                    at++;
                    skipSpace();
                    if (object) {
                        name(false);
                        skipSpace();
                    }
                    break;
                }
                if (b != (object ? '}' : ']')) {
                    throw fail(object ? "a ',' or '}' was expected" : "a ',' or ']' was expected");
                }
                at++;
                depth--;
            }
        }
    }

    private void literal(byte[] word) throws NotJson {
        if (!Arrays.equals(json, at, Math.min(end, at + word.length), word, 0, word.length)) {
            throw fail("a value was expected");
        }
        at += word.length;
    }

    private void skipSpace() {
        int i = at;
        if (i < end && json[i] > ' ') {
            return;
        }
        while (i < end && json[i] <= ' ' && isSpace(json[i])) {
            i++;
        }
        at = i;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private byte peek() throws NotJson {
        if (at >= end) {
            throw fail("it ends too early");
        }
        return json[at];
    }

    private NotJson fail(String what) {
        return new NotJson("not JSON: " + what + ", at byte " + at);
    }
}
