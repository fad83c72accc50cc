package hrm.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * What a ratio or a figure must be.
 *
 * @param what in words, beside the table
 * @param measured {@code NaN} when it could not be
 * @param least whether {@code bar} must be reached from below; else it must not be passed
 * @param unit behind the numbers; for ratios {@code x}
 * @param aim what is hoped for; {@code NaN} when nothing more than the bar
 */
public record Bar(
        String what, double measured, boolean least, double bar, String unit, double aim) {

    public static Bar atLeast(String what, double measured, double bar) {
        return new Bar(what, measured, true, bar, "x", Double.NaN);
    }

    public static Bar atLeast(String what, double measured, double bar, double aim) {
        return new Bar(what, measured, true, bar, "x", aim);
    }

    public static Bar atMost(String what, double measured, double bar, String unit) {
        return new Bar(what, measured, false, bar, unit, Double.NaN);
    }

    public boolean isReached() {
        return least ? measured >= bar : measured <= bar;
    }

    /** Aligned below each other. */
    public static List<String> lines(List<Bar> bars) {
        return bars.stream().map(Bar::line).toList();
    }

    private String line() {
        return String.format(
                Locale.ROOT,
                "%-52s %10s   bar %s %-9s %-12s%s",
                what,
                number(measured),
                least ? ">=" : "<=",
                number(bar),
                isReached() ? "reached" : "NOT REACHED",
                Double.isNaN(aim) ? "" : "aim " + number(aim));
    }

    private String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f %s" : "%,.0f %s", value, unit);
    }
}
