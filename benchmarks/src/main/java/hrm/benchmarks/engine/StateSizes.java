package hrm.benchmarks.engine;

import hrm.benchmarks.engine.PatternHost.Kept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How many bytes this engine's packed value has, serialised, after an hour. */
final class StateSizes {
    private final List<String> rows = new ArrayList<>();

    /**
     * @param lasting readings of which some people's are those of a condition that lasts
     */
    void measure(Readings lasting, int patterns) {
        var list = BenchPattern.first(patterns).stream().map(BenchPattern::compiled).toList();
        var kept = new PatternHost(list).judgeAll(lasting, new Matches(lasting.lapMs()));
        rows.add(
                String.format(
                        Locale.ROOT,
                        "  %-34s %,14.0f %,14.0f",
                        patterns + " patterns",
                        mean(Arrays.stream(kept).skip(lasting.inCondition()).filter(Kept::isQuiet)),
                        mean(Arrays.stream(kept).limit(lasting.inCondition()))));
    }

    private static double mean(Stream<Kept> people) {
        return people.mapToInt(Kept::bytes).average().orElse(Double.NaN);
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("State of the engine alone, bytes serialised, a person");
        lines.add("  %-34s %14s %14s".formatted("(overlap: all)", "quiet", "in condition"));
        lines.addAll(rows);
        return lines;
    }
}
