package hrm.launcher;

import hrm.patterns.spec.Durations;
import java.time.Duration;
import java.util.Locale;

/** Numbers and times as people read them. */
final class Words {
    private Words() {}

    /** {@code 1 error}, {@code 12,000 readings}. */
    static String count(long n, String one, String many) {
        return number(n) + " " + (n == 1 ? one : many);
    }

    /** {@code 12,345}. */
    static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** {@code 131}, {@code 4.5}: at most one decimal. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replaceAll("\\.0$", "");
    }

    /** To the second: {@code 8m40s}. */
    static String duration(Duration duration) {
        return Durations.format(Duration.ofSeconds(duration.toSeconds()));
    }
}
