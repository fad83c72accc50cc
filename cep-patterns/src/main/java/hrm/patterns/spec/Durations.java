package hrm.patterns.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Durations as pattern files write them: {@code 10s}, {@code 5m}, {@code 1h30m}, {@code 500ms}. */
public final class Durations {
    private static final Pattern TEXT =
            Pattern.compile(
                    "(?:(\\d{1,9})h)?(?:(\\d{1,9})m(?!s))?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

    private Durations() {}

    /**
     * @throws Unreadable when it is none: what is wrong, and what to write
     */
    public static Duration parse(String text) {
        var found = TEXT.matcher(text);
        if (text.isEmpty() || !found.matches()) {
            throw unreadable(text);
        }
        return Duration.ofHours(number(found.group(1)))
                .plusMinutes(number(found.group(2)))
                .plusSeconds(number(found.group(3)))
                .plusMillis(number(found.group(4)));
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static Unreadable unreadable(String text) {
        if (text.matches("-\\s*\\d.*")) {
            return new Unreadable(
                    "'" + text + "' is negative", "A duration is positive: " + text.substring(1));
        }
        if (text.matches("\\d+")) {
            return new Unreadable(
                    "'" + text + "' has no unit", "Write " + text + "s or " + text + "m.");
        }
        return new Unreadable(
                "'" + text + "' is not a duration",
                "Write for example 500ms, 10s, 5m or 1h30m, the greatest unit first.");
    }

    /** As {@link #parse} reads it: {@code 1h30m}. */
    public static String format(Duration duration) {
        var text = new StringBuilder();
        for (var part : parts(duration)) {
            text.append(part.amount).append(part.symbol);
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    /** For sentences: {@code 1 hour 30 minutes}. */
    public static String words(Duration duration) {
        var text = new StringBuilder();
        for (var part : parts(duration)) {
            text.append(text.isEmpty() ? "" : " ").append(part.amount).append(' ');
            text.append(part.word).append(part.amount == 1 ? "" : "s");
        }
        return text.isEmpty() ? "0 seconds" : text.toString();
    }

    private record Part(long amount, String symbol, String word) {}

    private static List<Part> parts(Duration duration) {
        var all =
                List.of(
                        new Part(duration.toHours(), "h", "hour"),
                        new Part(duration.toMinutesPart(), "m", "minute"),
                        new Part(duration.toSecondsPart(), "s", "second"),
                        new Part(duration.toMillisPart(), "ms", "millisecond"));
        var parts = new ArrayList<Part>(all);
        parts.removeIf(part -> part.amount == 0);
        return parts;
    }

    /** A text that is no duration. */
    public static final class Unreadable extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
        private final String what;
        private final String advice;

        private Unreadable(String what, String advice) {
            super(what + ". " + advice);
            this.what = what;
            this.advice = advice;
        }

        /** What is wrong, without a full stop. */
        public String what() {
            return what;
        }

        /** What to write instead. */
        public String advice() {
            return advice;
        }
    }
}
