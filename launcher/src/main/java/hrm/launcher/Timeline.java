package hrm.launcher;

import hrm.functions.judgement.ExampleRunner.Outcome;
import hrm.patterns.check.ExampleReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/**
 * An example as a strip of time: heart rates as bars, below them where alerts were expected and
 * where they came.
 *
 * <pre>
 *   bpm    ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄  130
 *   expect                               ^       10m
 *   fired                                ^       10m
 *          0m                               12m
 * </pre>
 */
final class Timeline {
    private static final int WIDTH = 56;
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final Duration from;
    private final Duration to;
    private final Outcome outcome;

    Timeline(Outcome outcome) {
        this.outcome = outcome;
        var times = new ArrayList<Duration>();
        outcome.readings().forEach(reading -> times.add(reading.at()));
        times.addAll(outcome.example().expect());
        times.addAll(outcome.fired());
        this.from = Collections.min(times);
        this.to = Collections.max(times);
    }

    /** Lines without their end, to be indented by the caller. */
    List<String> lines(Ansi ansi) {
        var lines = new ArrayList<String>();
        lines.add("bpm    " + bars() + "  " + range());
        lines.add("expect " + marks(outcome.example().expect(), Style.FAINT, ansi));
        var style = outcome.asExpected() ? Style.GREEN : Style.RED;
        lines.add("fired  " + marks(outcome.fired(), style, ansi));
        var first = Words.duration(from);
        var last = Words.duration(to);
        lines.add(
                "       "
                        + first
                        + " ".repeat(Math.max(1, WIDTH - first.length() - last.length()))
                        + last);
        return lines;
    }

    private String bars() {
        var sums = new double[WIDTH];
        var counts = new int[WIDTH];
        for (var reading : outcome.readings()) {
            if (reading.reading().hasBpm()) {
                int at = place(reading.at());
                sums[at] += reading.reading().bpm();
                counts[at]++;
            }
        }
        double low = lowest();
        double spread = highest() - low;
        var bars = new StringBuilder();
        double shown = Double.NaN;
        int since = 0;
        // Fewer readings than places: a bar lasts until the next, unless that is far.
        int longest = Math.max(2, 2 * WIDTH / Math.max(1, outcome.readings().size()));
        for (int i = 0; i < WIDTH; i++) {
            if (counts[i] > 0) {
                shown = sums[i] / counts[i];
                since = 0;
            } else if (++since > longest) {
                shown = Double.NaN;
            }
            if (Double.isNaN(shown)) {
                bars.append(' ');
            } else {
                double share = spread == 0 ? 0.4 : (shown - low) / spread;
                bars.append(BARS.charAt((int) Math.round(share * (BARS.length() - 1))));
            }
        }
        return bars.toString();
    }

    private String range() {
        if (outcome.readings().stream().noneMatch(reading -> reading.reading().hasBpm())) {
            return "unknown";
        }
        int low = (int) lowest();
        int high = (int) highest();
        return low == high ? Integer.toString(low) : low + " to " + high;
    }

    private double lowest() {
        return outcome.readings().stream()
                .map(ExampleReading::reading)
                .filter(reading -> reading.hasBpm())
                .mapToDouble(reading -> reading.bpm())
                .min()
                .orElse(0);
    }

    private double highest() {
        return outcome.readings().stream()
                .map(ExampleReading::reading)
                .filter(reading -> reading.hasBpm())
                .mapToDouble(reading -> reading.bpm())
                .max()
                .orElse(0);
    }

    private String marks(List<Duration> times, Style style, Ansi ansi) {
        var marks = new StringBuilder(" ".repeat(WIDTH));
        times.forEach(time -> marks.setCharAt(place(time), '^'));
        var named =
                times.isEmpty()
                        ? "no alert"
                        : times.stream().map(Words::duration).collect(Collectors.joining(", "));
        return style.on(ansi, marks + "  " + named);
    }

    private int place(Duration time) {
        long all = to.minus(from).toMillis();
        return all == 0
                ? 0
                : (int) Math.min(WIDTH - 1, time.minus(from).toMillis() * (WIDTH - 1) / all);
    }
}
