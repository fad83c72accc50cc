package hrm.launcher;

import hrm.model.Alert;
import java.util.Locale;
import java.util.UUID;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An id of an episode, alert or event, or its beginning.
 *
 * @param digits 8 to 32 hexadecimal digits, in lower case
 */
record AlertId(String digits) {
    static final int SHORTEST = 8;
    private static final int WHOLE = 32;

    /** With or without hyphens. */
    static final class Converter implements ITypeConverter<AlertId> {
        @Override
        public AlertId convert(String text) {
            var digits = text.toLowerCase(Locale.ROOT).replace("-", "");
            if (!digits.matches("[0-9a-f]{" + SHORTEST + "," + WHOLE + "}")) {
                throw new TypeConversionException(
                        "'"
                                + text
                                + "' is no id. Write one as hrm alerts list shows it: the first 8"
                                + " characters of a UUID or more.");
            }
            return new AlertId(digits);
        }
    }

    /** The beginning that tables show. */
    static String brief(UUID id) {
        return id.toString().substring(0, SHORTEST);
    }

    boolean means(Alert alert) {
        return isOf(alert.episodeId()) || isOf(alert.alertId()) || isOf(alert.eventId());
    }

    private boolean isOf(UUID id) {
        return id != null && id.toString().replace("-", "").startsWith(digits);
    }

    /** The least UUID that begins so: PostgreSQL orders them by their digits. */
    UUID first() {
        return uuid('0');
    }

    UUID last() {
        return uuid('f');
    }

    private UUID uuid(char filling) {
        var all = digits + String.valueOf(filling).repeat(WHOLE - digits.length());
        return new UUID(
                Long.parseUnsignedLong(all, 0, 16, 16), Long.parseUnsignedLong(all, 16, 32, 16));
    }

    @Override
    public String toString() {
        return digits;
    }
}
