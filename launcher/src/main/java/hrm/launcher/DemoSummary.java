package hrm.launcher;

import hrm.model.RejectReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Help.Ansi;

/**
 * What a demo ends with.
 *
 * @param messages sent to Kafka
 * @param rejected by reason
 * @param late readings older than their device's clock; empty when the job did not say
 * @param duplicates readings of a device and millisecond that had been there; empty when the job
 *     did not say
 * @param opened episodes by pattern, 0 for a pattern that told nothing
 * @param latencyUs from reading sent to alert received, microseconds
 * @param hash of all alert events, see {@link hrm.model.AlertHash}
 * @param flinkUi address
 * @param tryNext commands
 */
record DemoSummary(
        long messages,
        Map<RejectReason, Long> rejected,
        OptionalLong late,
        OptionalLong duplicates,
        Map<String, Integer> opened,
        Histogram latencyUs,
        String hash,
        String flinkUi,
        List<String> tryNext) {

    DemoSummary {
        rejected = Map.copyOf(rejected);
        opened = new TreeMap<>(opened);
        tryNext = List.copyOf(tryNext);
    }

    List<String> lines(Ansi ansi) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add(Style.BOLD.on(ansi, "Summary"));
        lines.add(row("readings", Words.number(messages) + " sent"));
        long all = rejected.values().stream().mapToLong(Long::longValue).sum();
        lines.add(
                row(
                        "rejected",
                        Words.number(all)
                                + (all == 0 ? "" : " (docs/errors.md explains each reason)")));
        rejected.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> lines.add(detail(one.getKey().name(), 25, one.getValue())));
        lines.add(
                row(
                        "late",
                        text(late)
                                + " (older than their device's newest: stored, not judged), "
                                + text(duplicates)
                                + " twice"));
        int alerts = opened.values().stream().mapToInt(Integer::intValue).sum();
        lines.add(row("alerts", Words.number(alerts)));
        int width = opened.keySet().stream().mapToInt(String::length).max().orElse(0);
        opened.forEach((pattern, count) -> lines.add(detail(pattern, width + 2, count)));
        if (latencyUs.getTotalCount() > 0) {
            lines.add(
                    row(
                            "latency",
                            "p50 "
                                    + milliseconds(50)
                                    + ", p99 "
                                    + milliseconds(99)
                                    + " from reading sent to alert received, over "
                                    + Words.count(latencyUs.getTotalCount(), "alert", "alerts")));
        }
        lines.add(row("hash", hash));
        lines.add(row("", "of all alert events: the same for the same people and day"));
        lines.add(row("Flink", flinkUi));
        lines.add("");
        lines.add("Try next:");
        tryNext.forEach(command -> lines.add("  " + Style.CYAN.on(ansi, command)));
        return lines;
    }

    private static String detail(String name, int width, long count) {
        return "              " + name + " ".repeat(width - name.length()) + Words.number(count);
    }

    private String milliseconds(double percentile) {
        return String.format(
                Locale.ROOT, "%.0f ms", latencyUs.getValueAtPercentile(percentile) / 1_000.0);
    }

    private static String text(OptionalLong count) {
        return count.isPresent() ? Words.number(count.getAsLong()) : "unknown";
    }

    private static String row(String name, String text) {
        return String.format(Locale.ROOT, "  %-10s  %s", name, text);
    }
}
