package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Messages of devices that work, of devices that do not, and of nobody's making. */
final class GeneratedMessages {
    /** The Kafka timestamp that goes with all of them. */
    static final long RECORD_MS = Instant.parse("2026-01-31T08:15:30.500Z").toEpochMilli();

    private static final String[] NAMES = {
        "user_id",
        "timestamp",
        "heart_rate",
        "device_id",
        "steps",
        "activity",
        "rr_intervals_ms",
        "sensor_contact",
        "confidence"
    };

    private static final byte[][] BAD_UTF8 = {
        bytes(0xC0, 0x80), // overlong NUL
        bytes(0xC1, 0xBF),
        bytes(0xE0, 0x80, 0xAF), // overlong '/'
        bytes(0xE0, 0x9F, 0xBF),
        bytes(0xF0, 0x80, 0x80, 0xAF),
        bytes(0xF0, 0x8F, 0xBF, 0xBF),
        bytes(0xED, 0xA0, 0x80), // a surrogate
        bytes(0xED, 0xBF, 0xBF),
        bytes(0xF4, 0x90, 0x80, 0x80), // beyond U+10FFFF
        bytes(0xF5, 0x80, 0x80, 0x80),
        bytes(0x80),
        bytes(0xBF),
        bytes(0xFF),
        bytes(0xFE),
        bytes(0xE2, 0x82), // cut off
        bytes(0xF0, 0x9F, 0x92),
        bytes(0xC3)
    };

    private static final String[] ODD_TIMES = {
        "1769847330000.0",
        "1.769847330e12",
        "17698473300000000000000000",
        "-17698473300000000000000000",
        "999999999999999999",
        "9223372036854775808",
        "-0",
        "\"1769847330000\"",
        "\"2026-02-29T00:00:00Z\"",
        "\"2024-02-29T00:00:00Z\"",
        "\"2000-02-29T00:00:00Z\"",
        "\"2100-02-29T00:00:00Z\"",
        "\"2026-04-31T00:00:00Z\"",
        "\"2026-13-01T00:00:00Z\"",
        "\"2026-00-01T00:00:00Z\"",
        "\"2026-01-00T00:00:00Z\"",
        "\"2026-01-31T24:00:00Z\"",
        "\"2026-01-31T23:60:00Z\"",
        "\"2025-12-31T23:59:60Z\"",
        "\"2026-01-31T08:15:30\"",
        "\"2026-01-31\"",
        "\"2026-01-31 08:15:30Z\"",
        "\"2026-01-31T08:15:30.Z\"",
        "\"2026-01-31T08:15:30.\"",
        "\"2026-01-31T08:15:30.1\"",
        "\"2026-01-31T08:15:30.0123456789Z\"",
        "\"2026-01-31T08:15:30,5Z\"",
        "\"2026-01-31T08:15:30ZZ\"",
        "\"2026-01-31T08:15:30+18:00\"",
        "\"2026-01-31T08:15:30+18:01\"",
        "\"2026-01-31T08:15:30+19:00\"",
        "\"2026-01-31T08:15:30+01:60\"",
        "\"2026-01-31T08:15:30+1:00\"",
        "\"2026-01-31T08:15:30 01:00\"",
        "\"2026-01-31T08:15:30-00:00\"",
        "\"2026-01-31T0a:15:30Z\"",
        "\"2026-01-31T08:15:3٠Z\"",
        "\"20260131T081530Z\"",
        "\"+12026-01-31T08:15:30Z\"",
        "\"+999999999-12-31T23:59:59Z\"",
        "\"-999999999-01-01T00:00:00Z\"",
        "\"0000-01-01T00:00:00Z\"",
        "\"\"",
        "\"now\""
    };

    private static final String[] ODD_CONFIDENCES = {
        "-0.0",
        "-0",
        "-0.0001",
        "1.0000001",
        "1.0000000000000000000000000000001",
        "1.01",
        "1e-400",
        "-1e-400",
        "1e400",
        "2",
        "0.1e1",
        "10e-1",
        "11E-1",
        "0." + "9".repeat(400),
        "0.30000000000000004"
    };

    private static final String[] ODD_NUMBERS = {
        "0",
        "-0",
        "-0.4",
        "-0.5",
        "-1",
        "1e400",
        "-1e400",
        "1e-400",
        "5e-1",
        "49e-2",
        "0e99999999999999999999",
        "1e99999999999999999999",
        "1E-99999999999999999999",
        "0.000000000000000000000000000001e32",
        "9".repeat(18),
        "9".repeat(19),
        "18446744073709551688", // 72 beyond 2^64
        "4294967368", // 72 beyond 2^32
        "9".repeat(400),
        "72" + "0".repeat(300) + "e-300",
        "-",
        "--1",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x48"
    };

    private final Random random;

    GeneratedMessages(long seed) {
        random = new Random(seed);
    }

    byte[] next() {
        int kind = random.nextInt(100);
        if (kind < 35) {
            return document(0, 0).getBytes(UTF_8);
        }
        if (kind < 70) {
            return document(0.06, 0.1).getBytes(UTF_8);
        }
        if (kind < 75) {
            return document(0.3, 0.5).getBytes(UTF_8);
        }
        if (kind < 77) {
            return soup().getBytes(UTF_8);
        }
        if (oneIn(400)) {
            return filledTo(65_534 + random.nextInt(5));
        }
        var bytes = document(0.03, 0.3).getBytes(UTF_8);
        for (int i = random.nextInt(2); i >= 0; i--) {
            bytes = mutated(bytes);
        }
        return bytes;
    }

    /** A reading that the codec accepts. */
    Reading reading() {
        int[] rr = random.nextBoolean() ? new int[1 + random.nextInt(6)] : null;
        if (rr != null) {
            for (int i = 0; i < rr.length; i++) {
                rr[i] = 200 + random.nextInt(2801);
            }
        }
        return new Reading(
                id(),
                oneIn(2) ? Reading.DEFAULT_DEVICE : id(),
                946_684_800_000L + (long) (random.nextDouble() * (RECORD_MS - 946_684_500_000L)),
                20 + random.nextInt(281),
                oneIn(3) ? Reading.UNKNOWN : random.nextInt(32_768),
                oneIn(2) ? null : id() + pick("", "\"", "\\", "/", "\n", "\u0001", "\u007f"),
                rr,
                pick(null, true, false),
                oneIn(2) ? Double.NaN : pick(0.0, 1.0, 0.98, 1e-7, random.nextDouble()));
    }

    private String id() {
        var out = new StringBuilder();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            out.append(pick("u", "1", "-", " ", "\"", "\\", "ä", "€", "💓"));
        }
        return out.append(random.nextInt(1000)).toString();
    }

    /**
     * @param bad how often a value is one that must be refused
     * @param odd how often something is written in an unusual, but allowed way
     */
    private String document(double bad, double odd) {
        var members = new ArrayList<String>();
        for (var name : NAMES) {
            boolean required = name.equals("user_id") || name.equals("timestamp");
            boolean usual = required || name.equals("heart_rate");
            if (chance(usual ? 1 - bad : 0.5)) {
                members.add(member(name, bad, odd));
            }
            if (chance(odd / 4)) {
                members.add(member(name, Math.max(bad, 0.3), odd)); // repeated
            }
        }
        while (chance(0.1 + odd)) {
            members.add(
                    string(
                                    pick(
                                            "",
                                            "x",
                                            "user",
                                            "USER_ID",
                                            "heart_rat",
                                            "steps2",
                                            "é€",
                                            "timestamq"),
                                    odd)
                            + space(odd)
                            + ":"
                            + space(odd)
                            + anything(0));
        }
        if (chance(0.5)) {
            Collections.shuffle(members, random);
        }
        var out = new StringBuilder(space(odd)).append('{').append(space(odd));
        for (int i = 0; i < members.size(); i++) {
            out.append(i == 0 ? "" : "," + space(odd)).append(members.get(i)).append(space(odd));
        }
        return out.append('}').append(space(odd)).toString();
    }

    /** Pieces of JSON in any order. */
    private String soup() {
        var out = new StringBuilder(oneIn(2) ? "{" : "");
        for (int i = random.nextInt(12); i >= 0; i--) {
            out.append(
                    pick(
                            "{",
                            "}",
                            "[",
                            "]",
                            ",",
                            ":",
                            " ",
                            "1",
                            "-",
                            "0",
                            ".5",
                            "e1",
                            "null",
                            "true",
                            "false",
                            "tru",
                            "\"a\"",
                            "\"a\":",
                            "\"steps\":",
                            "\"\\",
                            "\"rr_intervals_ms\":["));
        }
        return out.toString();
    }

    private String member(String name, double bad, double odd) {
        String value =
                chance(bad / 3)
                        ? anything(0)
                        : chance(bad / 3)
                                ? "null"
                                : switch (name) {
                                    case "user_id", "device_id" -> idValue(bad, odd);
                                    case "timestamp" -> timestamp(bad, odd);
                                    case "heart_rate" ->
                                            number(bad, odd, 20, 300, 20 + random.nextInt(281));
                                    case "steps" ->
                                            number(bad, odd, 0, 32_767, random.nextInt(200));
                                    case "activity" ->
                                            string(
                                                    pick("rest", "walk", "", "läuft", "💓", "a\0b"),
                                                    odd);
                                    case "rr_intervals_ms" -> intervals(bad, odd);
                                    case "sensor_contact" -> pick("true", "false");
                                    default -> confidence(bad);
                                };
        return string(name, odd / 2) + space(odd) + ":" + space(odd) + value;
    }

    private String idValue(double bad, double odd) {
        if (chance(bad)) {
            return pick(
                    "\"\"",
                    "\"  \"",
                    "\"\\u2003\"",
                    "\"a\\u0000\"",
                    "\"a\\n\"",
                    "\"a\\u007f\"",
                    "\"a\u0085\"",
                    "\"\\ud83d\"",
                    "\"\\udc93\\ud83d\"",
                    "\"a\\udc93b\"",
                    "\"" + "x".repeat(128 + random.nextInt(2)) + "\"",
                    "\"" + "💓".repeat(128 + random.nextInt(2)) + "\"");
        }
        return string(pick("u1", "u" + random.nextInt(100_000), "Zoë", "人", "💓x"), odd);
    }

    private String timestamp(double bad, double odd) {
        long ms = RECORD_MS - (long) (random.nextDouble() * random.nextDouble() * 3e10);
        if (chance(bad)) {
            ms =
                    pick(
                            RECORD_MS + 299_999,
                            RECORD_MS + 300_000,
                            RECORD_MS + 300_001,
                            RECORD_MS + 900_000,
                            946_684_799_999L,
                            946_684_800_000L,
                            0L,
                            -1L,
                            1_769_847_330L,
                            -62_167_219_200_000L);
        }
        if (chance(0.25)) {
            return Long.toString(ms);
        }
        if (chance(bad)) {
            return pick(ODD_TIMES);
        }
        int offsetMinutes = chance(0.2) ? random.nextInt(2161) - 1080 : 0;
        var local =
                Instant.ofEpochMilli(ms).atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
        var fraction =
                padded((int) Math.floorMod(ms, 1000L), 3) + padded(random.nextInt(1_000_000), 6);
        int digits = chance(0.5) ? 3 : random.nextInt(10);
        String text =
                padded(local.getYear(), 4)
                        + "-"
                        + padded(local.getMonthValue(), 2)
                        + "-"
                        + padded(local.getDayOfMonth(), 2)
                        + "T"
                        + padded(local.getHour(), 2)
                        + ":"
                        + padded(local.getMinute(), 2)
                        + ":"
                        + padded(local.getSecond(), 2);
        text += digits == 0 ? "" : "." + fraction.substring(0, digits);
        text += offsetMinutes == 0 && chance(0.9) ? "Z" : offset(offsetMinutes);
        if (chance(odd / 4)) {
            text =
                    pick(
                            text.replace('T', 't'),
                            text.replace('Z', 'z'),
                            "2026-01-31T08:15Z",
                            "2026-01-31T08:15:30+0100",
                            "2026-01-31T08:15:30+01",
                            "2026-01-31T08:15:30+01:00:30");
        }
        return string(text, odd / 2);
    }

    private static String offset(int minutes) {
        int magnitude = Math.abs(minutes);
        return (minutes < 0 ? "-" : "+")
                + padded(magnitude / 60, 2)
                + ":"
                + padded(magnitude % 60, 2);
    }

    private static String padded(int number, int digits) {
        var text = Integer.toString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    private String intervals(double bad, double odd) {
        var elements = new ArrayList<String>();
        for (int i = random.nextInt(5); i > 0; i--) {
            elements.add(
                    chance(bad / 5)
                            ? anything(0)
                            : number(bad / 2, odd, 200, 3000, 200 + random.nextInt(2801)));
        }
        return "[" + space(odd) + String.join(space(odd) + "," + space(odd), elements) + "]";
    }

    private String confidence(double bad) {
        if (chance(bad)) {
            return pick(ODD_CONFIDENCES);
        }
        return pick("0", "1", "0.98", "1.0", "1e0", Double.toString(random.nextDouble()));
    }

    private String number(double bad, double odd, int least, int greatest, int usual) {
        if (chance(bad)) {
            return oneIn(2)
                    ? pick(ODD_NUMBERS)
                    : pick(
                            Integer.toString(least - 1),
                            Integer.toString(greatest + 1),
                            least - 1 + ".5",
                            least - 1 + ".49999999999999999999999999",
                            greatest + ".49999999999999999999999999",
                            greatest + ".5",
                            "-" + usual,
                            "0" + usual,
                            "+" + usual,
                            usual + ".",
                            "." + usual,
                            usual + "e",
                            usual + "e+");
        }
        if (chance(odd)) {
            return pick(
                    least + ".0",
                    greatest + ".0",
                    least + "e0",
                    usual + "." + random.nextInt(1000),
                    usual + "E+0",
                    usual + "0e-1",
                    usual + "5e-1",
                    usual + "49E-2",
                    usual / 10.0 + "e1",
                    usual + ".4999999999999999999999",
                    usual / 100 + "." + padded(usual % 100, 2) + "e+002");
        }
        return pick(
                Integer.toString(usual),
                Integer.toString(usual),
                Integer.toString(least),
                Integer.toString(greatest));
    }

    /** Any JSON value. */
    private String anything(int depth) {
        int kind = random.nextInt(depth > 4 ? 7 : 10);
        if (kind >= 7 && oneIn(50)) {
            int deep = 1 + random.nextInt(1500);
            return "[".repeat(deep) + "]".repeat(deep);
        }
        return switch (kind) {
            case 0 -> "null";
            case 1 -> pick("true", "false");
            case 2 -> number(0.02, 0.5, 0, 100, 7);
            case 3, 4 -> string(pick("", "x", "user_id", "}\"{", "läuft", "💓", "\\\"", "\0"), 0.3);
            case 5 -> pick("[]", "{}", "[ ]", "{ }", "[[],{}]");
            case 6 -> "{\"user_id\":\"other\",\"heart_rate\":[{}]}";
            case 7, 8 -> {
                var elements = new ArrayList<String>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    elements.add(space(0.2) + anything(depth + 1));
                }
                yield "[" + String.join(",", elements) + space(0.2) + "]";
            }
            default -> {
                var members = new ArrayList<String>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.add(string(pick(NAMES), 0.2) + space(0.2) + ":" + anything(depth + 1));
                }
                yield "{" + String.join("," + space(0.2), members) + "}";
            }
        };
    }

    private String string(String text, double odd) {
        var out = new StringBuilder("\"");
        boolean escape = chance(odd);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (escape && oneIn(3) || c < 0x20) {
                var hex = HexFormat.of().toHexDigits(c);
                out.append("\\u").append(oneIn(2) ? hex : hex.toUpperCase(Locale.ROOT));
            } else if (c == '"' || c == '\\' || c == '/' && escape) {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        if (escape && oneIn(20)) {
            out.append(
                    pick(
                            "\\b",
                            "\\f",
                            "\\n",
                            "\\r",
                            "\\t",
                            "\\/",
                            "\\ud83d\\udc93",
                            "\\x",
                            "\\u12g4",
                            "\\'",
                            "\t"));
        }
        return out.append('"').toString();
    }

    private String space(double odd) {
        return chance(odd) ? pick(" ", "\t", "\r\n", "  ", "\n", "\n \t") : "";
    }

    private byte[] mutated(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        return switch (random.nextInt(12)) {
            case 0 -> slice(bytes, 0, at);
            case 1 ->
                    join(
                            slice(bytes, 0, at),
                            slice(bytes, Math.min(bytes.length, at + 1), bytes.length));
            case 2 -> insert(bytes, at, bytes((int) random.nextLong()));
            case 3 ->
                    insert(
                            bytes,
                            at,
                            pick(
                                            "{", "}", "[", "]", ",", ":", "\"", "\\", "-", "0", "e",
                                            ".", "n", " ", "\u00a0", "//", "/**/", "\0")
                                    .getBytes(UTF_8));
            case 4 -> insert(bytes, at, pick(BAD_UTF8));
            case 5 -> insert(bytes, at, "é".getBytes(UTF_8));
            case 6 ->
                    join(
                            pick(bytes(0xEF, 0xBB, 0xBF), bytes(0xEF, 0xBB), bytes(0xFE, 0xFF)),
                            bytes);
            case 7 ->
                    join(
                            bytes,
                            pick("{}", ",", "}", " x", "\0", " \n", "null", "\uFEFF")
                                    .getBytes(UTF_8));
            case 8 ->
                    pick(
                                    "",
                                    " ",
                                    "null",
                                    "[]",
                                    "{}",
                                    "\"x\"",
                                    "12",
                                    "true",
                                    "{",
                                    "{\"",
                                    "\uFEFF",
                                    "{\"user_id\"",
                                    "{,}",
                                    "{\"a\":1,}",
                                    "[1")
                            .getBytes(UTF_8);
            case 9 -> oneIn(10) ? new String(bytes, UTF_8).getBytes(UTF_16) : flipped(bytes);
            default -> flipped(bytes);
        };
    }

    private byte[] flipped(byte[] bytes) {
        var copy = bytes.clone();
        if (copy.length > 0) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    private byte[] filledTo(int length) {
        var text = "{\"x\":\"\"," + document(0, 0).substring(1);
        int missing = length - text.getBytes(UTF_8).length;
        return text.replace("{\"x\":\"", "{\"x\":\"" + "y".repeat(missing)).getBytes(UTF_8);
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    @SafeVarargs
    private <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static byte[] bytes(int... values) {
        var out = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = (byte) values[i];
        }
        return out;
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] insert(byte[] bytes, int at, byte[] what) {
        return join(slice(bytes, 0, at), what, slice(bytes, at, bytes.length));
    }

    private static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        List.of(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
