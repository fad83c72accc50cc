package hrm.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.Year;

/**
 * ISO-8601 times with an offset, as milliseconds since the epoch.
 *
 * <p>The usual form, {@code 2026-01-31T08:15:30[.fraction]} and {@code Z} or {@code +01:00}, is
 * read and written here: {@code Instant.parse} costs ten times as much as the whole message. Every
 * other form goes to {@link OffsetDateTime#parse(CharSequence)}, whose meaning this has.
 */
final class IsoTime {
    /** What {@code parse} returns for a text that is no such time. */
    static final long NOT_A_TIME = Long.MIN_VALUE;

    private IsoTime() {}

    /**
     * @param text ASCII
     * @return milliseconds since the epoch, what is finer cut off; {@link #NOT_A_TIME}
     */
    static long parse(byte[] text, int from, int to) {
        long usual = parseUsual(text, from, to);
        return usual != NOT_A_TIME ? usual : parse(new String(text, from, to - from, ISO_8859_1));
    }

    /**
     * @return milliseconds since the epoch, what is finer cut off; {@link #NOT_A_TIME}
     */
    static long parse(String text) {
        OffsetDateTime time;
        try {
            time = OffsetDateTime.parse(text);
        } catch (DateTimeException e) {
            return NOT_A_TIME;
        }
        try {
            return time.toInstant().toEpochMilli();
        } catch (ArithmeticException e) {
            // A year beyond 292 million: a time, but no number of milliseconds.
            return time.getYear() > 0 ? Long.MAX_VALUE : NOT_A_TIME + 1;
        }
    }

    private static long parseUsual(byte[] text, int from, int to) {
        // 0123456789012345678 9
        // 2026-01-31T08:15:30Z
        if (to - from < 20
                || text[from + 4] != '-'
                || text[from + 7] != '-'
                || text[from + 10] != 'T'
                || text[from + 13] != ':'
                || text[from + 16] != ':') {
            return NOT_A_TIME;
        }
        int century = twoDigits(text, from);
        int yearOfCentury = twoDigits(text, from + 2);
        int month = twoDigits(text, from + 5);
        int day = twoDigits(text, from + 8);
        int hour = twoDigits(text, from + 11);
        int minute = twoDigits(text, from + 14);
        int second = twoDigits(text, from + 17);
        int year = century * 100 + yearOfCentury;
        if ((century | yearOfCentury | month | day | hour | minute | second) < 0
                || month < 1
                || month > 12
                || day < 1
                || day > 28 && day > Month.of(month).length(Year.isLeap(year))
                || hour > 23
                || minute > 59
                || second > 59) {
            return NOT_A_TIME;
        }

        int at = from + 19;
        int millis = 0;
        if (text[at] == '.') {
            int first = ++at;
            while (at < to && isDigit(text[at])) {
                if (at - first < 3) {
                    millis = millis * 10 + text[at] - '0';
                }
                at++;
            }
            int digits = at - first;
            if (digits == 0 || digits > 9 || at == to) {
                return NOT_A_TIME;
            }
            millis *= digits == 1 ? 100 : digits == 2 ? 10 : 1;
        }

        int offsetMinutes = 0;
        if (text[at] != 'Z') {
            if (to - at != 6 || text[at] != '+' && text[at] != '-' || text[at + 3] != ':') {
                return NOT_A_TIME;
            }
            int hours = twoDigits(text, at + 1);
            int minutes = twoDigits(text, at + 4);
            offsetMinutes = hours * 60 + minutes;
            // 18 hours is the most that java.time allows.
            if (hours < 0 || minutes < 0 || minutes > 59 || offsetMinutes > 18 * 60) {
                return NOT_A_TIME;
            }
            if (text[at] == '-') {
                offsetMinutes = -offsetMinutes;
            }
        } else if (to - at != 1) {
            return NOT_A_TIME;
        }

        long days = LocalDate.of(year, month, day).toEpochDay();
        long seconds = ((days * 24 + hour) * 60 + minute - offsetMinutes) * 60 + second;
        return seconds * 1000 + millis;
    }

    /** Two digits as a number, or something negative. */
    private static int twoDigits(byte[] text, int at) {
        byte tens = text[at];
        byte ones = text[at + 1];
        return isDigit(tens) && isDigit(ones) ? (tens - '0') * 10 + ones - '0' : Integer.MIN_VALUE;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** As {@code 2026-01-31T08:15:30.000Z}, milliseconds always. */
    static void append(long epochMs, StringBuilder out) {
        long days = Math.floorDiv(epochMs, 86_400_000L);
        var date = LocalDate.ofEpochDay(days);
        int year = date.getYear();
        if (year < 1000 || year > 9999) {
            out.append(Instant.ofEpochMilli(epochMs));
            return;
        }
        int ms = (int) (epochMs - days * 86_400_000L);
        out.append(year).append('-');
        appendTwoDigits(date.getMonthValue(), out);
        out.append('-');
        appendTwoDigits(date.getDayOfMonth(), out);
        out.append('T');
        appendTwoDigits(ms / 3_600_000, out);
        out.append(':');
        appendTwoDigits(ms / 60_000 % 60, out);
        out.append(':');
        appendTwoDigits(ms / 1000 % 60, out);
        out.append('.').append((char) ('0' + ms / 100 % 10));
        appendTwoDigits(ms % 100, out);
        out.append('Z');
    }

    private static void appendTwoDigits(int number, StringBuilder out) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
