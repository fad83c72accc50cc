package hrm.launcher;

import hrm.model.Alert;
import hrm.model.Alert.LimitSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/**
 * An alert event as one readable line: time, person, severity, message, and what was compared with
 * what.
 *
 * <pre>
 *  10:52:30  anna      HIGH      Heart rate above 108 for 10 minutes while inactive (bpm 131, limit 108 by baseline, resting-tachycardia)
 *  11:20:00  anna      over      Over: Heart rate above 108 … (lasted 28m, resting-tachycardia)
 * </pre>
 */
final class AlertLines {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final DateTimeFormatter times;
    private final Ansi ansi;

    /**
     * @param times of {@link #clock} or {@link #dated}
     */
    AlertLines(DateTimeFormatter times, Ansi ansi) {
        this.times = times;
        this.ansi = ansi;
    }

    /** Time of day in UTC, where all is of one day. */
    static DateTimeFormatter clock() {
        return CLOCK;
    }

    static DateTimeFormatter dated() {
        return DATED;
    }

    /** When, by the readings, what it says came to be. */
    static Instant at(Alert alert) {
        return alert.state() == Alert.State.OPENED || alert.resolvedAt() == null
                ? alert.detectedAt()
                : alert.resolvedAt();
    }

    String of(Alert alert) {
        boolean opened = alert.state() == Alert.State.OPENED;
        var word =
                switch (alert.state()) {
                    case OPENED, UPDATED -> alert.severity().name();
                    case RESOLVED -> alert.reason() == Alert.Reason.RECOVERED ? "over" : "ended";
                    case AMENDED -> "amended";
                    case RETRACTED -> "taken back";
                };
        var style = opened ? Style.of(alert.severity()) : Style.FAINT;
        return times.format(at(alert))
                + "  "
                + pad(alert.userId(), 10)
                + "  "
                + style.on(ansi, pad(word, 8))
                + "  "
                + alert.message()
                + Style.FAINT.on(ansi, detail(alert));
    }

    private static String detail(Alert alert) {
        if (alert.state() == Alert.State.RESOLVED) {
            return " (lasted " + Words.duration(lasted(alert)) + ", " + alert.patternId() + ")";
        }
        var text = new StringBuilder(" (");
        if (alert.value() != null) {
            text.append("bpm ").append(Words.number(alert.value())).append(", ");
        }
        if (alert.limit() != null) {
            text.append("limit ").append(Words.number(alert.limit()));
            text.append(source(alert.limitSource())).append(", ");
        }
        if (alert.mode() == Alert.Mode.SHADOW) {
            text.append("shadow, ");
        }
        return text.append(alert.patternId()).append(')').toString();
    }

    /** {@code by baseline}; empty for null. */
    static String source(LimitSource source) {
        if (source == null) {
            return "";
        }
        return switch (source) {
            case PROFILE -> " by profile";
            case BASELINE -> " by baseline";
            case DEFAULT -> " by default";
            case PATTERN -> " by pattern";
        };
    }

    private static Duration lasted(Alert alert) {
        return Duration.between(alert.onset(), alert.resolvedAt());
    }

    private static String pad(String text, int width) {
        return String.format(Locale.ROOT, "%-" + width + "s", text);
    }
}
