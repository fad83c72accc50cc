package hrm.launcher;

import hrm.model.Baseline;
import hrm.model.BaselineLineage;
import hrm.sinks.baselines.BaselineRuns;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Baselines and their runs in plain words. */
final class BaselineLines {
    private BaselineLines() {}

    /** What a run that has succeeded read and found. */
    static List<String> outcome(Connection database, BaselineRuns.Run run) throws SQLException {
        var lines = new ArrayList<String>();
        var counts = run.counts();
        lines.add(
                "Read "
                        + Words.count(counts.minutes(), "row", "rows")
                        + " with "
                        + Words.count(counts.readings(), "reading", "readings")
                        + " of "
                        + Words.count(counts.days(), "person-day", "person-days")
                        + (run.changesSince() == null
                                ? ": all that is stored."
                                : ": those with new readings since the last run."));
        lines.add(
                "Baselines for "
                        + Words.count(run.users(), "person", "people")
                        + (run.users() == 0 ? "" : ": " + states(database, run.runId()))
                        + "."
                        + (counts.unchanged() == 0
                                ? ""
                                : " Nothing new about " + Words.number(counts.unchanged()) + "."));
        if (run.users() > 0) {
            lines.add("In force from " + AlertLines.dated().format(run.effectiveFrom()) + ".");
        }
        lines.add("Run " + run.runId() + ", took " + took(run) + ".");
        return lines;
    }

    private static String states(Connection database, String runId) throws SQLException {
        Map<Baseline.State, Integer> states = new TreeMap<>();
        try (var select =
                database.prepareStatement(
                        "SELECT state, count(*) FROM baselines WHERE run_id = ? GROUP BY state")) {
            select.setString(1, runId);
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    states.put(Baseline.State.valueOf(row.getString(1)), row.getInt(2));
                }
            }
        }
        return states.entrySet().stream()
                .map(one -> Words.number((long) one.getValue()) + " " + one.getKey())
                .collect(Collectors.joining(", "));
    }

    static String took(BaselineRuns.Run run) {
        return run.finishedAt() == null
                ? "?"
                : Words.duration(Duration.between(run.startedAt(), run.finishedAt()));
    }

    /** A person's baseline, and where it comes from. */
    static List<String> baseline(Baseline baseline, BaselineLineage lineage, Instant now) {
        var lines = new ArrayList<String>();
        lines.add(baseline.userId() + ": " + meaning(baseline.state()));
        lines.add(
                "  resting heart rate  "
                        + (baseline.restingBpm() == null
                                ? "unknown: no night with an hour without a step"
                                : Words.number(baseline.restingBpm())
                                        + " bpm, the median of its nights"));
        if (!baseline.cells().isEmpty()) {
            lines.add("");
            lines.add("  hours            1 %   middle   99 %   spread   readings");
            for (var cell : baseline.cells()) {
                lines.add(
                        String.format(
                                Locale.ROOT,
                                "  %02d-%02d %-6s %6s %8s %6s %8s %,10d",
                                3 * cell.hourGroup(),
                                3 * cell.hourGroup() + 3,
                                cell.atRest() ? "rest" : "active",
                                Words.number(cell.p01()),
                                Words.number(cell.p50()),
                                Words.number(cell.p99()),
                                Words.number(cell.mad()),
                                cell.readings()));
            }
            lines.add("  bpm; the spread is the median distance from the middle.");
        }
        lines.add("");
        lines.add(
                "In force "
                        + (baseline.effectiveFrom().isAfter(now) ? "from " : "since ")
                        + AlertLines.dated().format(baseline.effectiveFrom())
                        + ", by run "
                        + baseline.runId()
                        + ".");
        lines.add(
                "Made of "
                        + Words.count(baseline.readingsUsed(), "reading", "readings")
                        + " on "
                        + Words.count(baseline.daysUsed(), "day", "days")
                        + " of a window of "
                        + baseline.windowDays()
                        + (lineage == null
                                ? "."
                                : ", "
                                        + lineage.firstDay()
                                        + " to "
                                        + lineage.lastDay()
                                        + " in "
                                        + lineage.timeZone()
                                        + "."));
        if (lineage != null) {
            lines.add(
                    lineage.daysRead() == 0
                            ? "That run read nothing new of this person."
                            : "For it that run read "
                                    + Words.count(lineage.minutesRead(), "row", "rows")
                                    + " of "
                                    + Words.count(lineage.daysRead(), "day", "days")
                                    + "; the other days had been read before.");
            left(lineage, BaselineLineage.Reason.WORN_TOO_LITTLE, "worn for under 4 hours", lines);
            left(lineage, BaselineLineage.Reason.ILLNESS, "within an illness", lines);
        }
        return lines;
    }

    private static void left(
            BaselineLineage lineage,
            BaselineLineage.Reason reason,
            String why,
            List<String> lines) {
        var days =
                lineage.excluded().stream()
                        .filter(one -> one.reason() == reason)
                        .map(one -> one.day().toString())
                        .toList();
        if (!days.isEmpty()) {
            lines.add(
                    "Left out, "
                            + why
                            + ": "
                            + String.join(", ", days.subList(0, Math.min(7, days.size())))
                            + (days.size() > 7 ? " and " + (days.size() - 7) + " more" : ""));
        }
    }

    private static String meaning(Baseline.State state) {
        return switch (state) {
            case LEARNING ->
                    "LEARNING, under 7 usable days. General limits apply until there are more.";
            case READY -> "READY, alerts are judged by it.";
            case STALE -> "STALE, not worn for 14 days. General limits apply until it is again.";
            case INSUFFICIENT -> "INSUFFICIENT, worn too little. General limits apply.";
        };
    }
}
