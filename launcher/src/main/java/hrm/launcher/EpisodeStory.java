package hrm.launcher;

import hrm.model.Alert;
import hrm.model.Alert.Explanation;
import hrm.model.Alert.StepEvidence;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import picocli.CommandLine.Help.Ansi;

/** One episode in words: what, why step by step, and what was said of it when. */
final class EpisodeStory {
    private final List<Alert> events;
    private final Alert newest;

    /**
     * @param events of one episode, at least one; in any order, some perhaps twice
     */
    EpisodeStory(Collection<Alert> events) {
        var once = new LinkedHashMap<UUID, Alert>();
        boolean live = events.stream().anyMatch(event -> event.mode() != Alert.Mode.BACKFILL);
        events.stream()
                // What a backfill makes of an episode that was live is another story.
                .filter(event -> !live || event.mode() != Alert.Mode.BACKFILL)
                .forEach(event -> once.putIfAbsent(event.eventId(), event));
        this.events =
                once.values().stream()
                        .sorted(
                                Comparator.comparingInt(Alert::revision)
                                        .thenComparing(event -> event.eventId().toString()))
                        .toList();
        this.newest = this.events.get(this.events.size() - 1);
    }

    /** Each once, the first revision first. */
    List<Alert> events() {
        return events;
    }

    void print(PrintWriter out, Ansi ansi) {
        var first = events.get(0);
        out.println(Style.of(newest.severity()).on(ansi, first.message()));
        row(out, "person", newest.userId() + ", device " + newest.deviceId());
        row(
                out,
                "severity",
                word(newest.severity())
                        + (newest.mode() == Alert.Mode.LIVE
                                ? ""
                                : ", " + word(newest.mode()) + ": recorded, never notified"));
        row(
                out,
                "pattern",
                newest.patternId()
                        + ", version "
                        + newest.patternVersion()
                        + ", condition "
                        + newest.condition());
        row(out, "state", state());
        row(out, "began", time(newest.onset()));
        row(
                out,
                "noticed",
                time(newest.detectedAt())
                        + " ("
                        + between(newest.onset(), newest.detectedAt())
                        + " later"
                        + (newest.detectedLate() ? "; found by the late run)" : ")"));
        if (newest.resolvedAt() != null && newest.state() != Alert.State.RETRACTED) {
            row(
                    out,
                    "ended",
                    time(newest.resolvedAt())
                            + " ("
                            + between(newest.onset(), newest.resolvedAt())
                            + " after it began)");
        }
        if (first.value() != null) {
            row(out, "measured", Words.number(first.value()));
        }
        if (first.limit() != null) {
            row(out, "limit", Words.number(first.limit()) + AlertLines.source(first.limitSource()));
        }
        why(out, ansi, explanation());
        out.println();
        out.println(Style.BOLD.on(ansi, "What was said"));
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("  REVISION", "STATE", "OF", "PUBLISHED", "EVENT", "MESSAGE"));
        for (var event : events) {
            rows.add(
                    List.of(
                            "  " + event.revision(),
                            word(event.state())
                                    + (event.reason() == null
                                            ? ""
                                            : ": " + word(event.reason()).replace('_', ' ')),
                            time(AlertLines.at(event)),
                            event.publishedAt() == null ? "-" : time(event.publishedAt()),
                            event.eventId().toString(),
                            event.message()));
        }
        new Table(rows).print(out);
        out.println();
        row(out, "episode", newest.episodeId().toString());
        if (!newest.alertId().equals(newest.episodeId())) {
            row(out, "alert", newest.alertId().toString());
        }
    }

    private String state() {
        if (newest.state() == Alert.State.RETRACTED) {
            return "taken back";
        }
        if (newest.resolvedAt() == null) {
            return "open";
        }
        if (newest.reason() == null) {
            return "over: a moment, not a state that lasts";
        }
        return switch (newest.reason()) {
            case RECOVERED -> "over: recovered";
            case SIGNAL_LOST -> "ended: no reading for 30 minutes, which is no recovery";
            case PATTERN_CHANGED -> "ended: the pattern was removed, switched off or changed mode";
            case CLOSED -> "ended: closed by a person";
        };
    }

    /** The newest that there is: an end needs none of its own. */
    private Explanation explanation() {
        Explanation found = null;
        for (var event : events) {
            found = event.explanation() == null ? found : event.explanation();
        }
        return found;
    }

    private static void why(PrintWriter out, Ansi ansi, Explanation explanation) {
        out.println();
        out.println(Style.BOLD.on(ansi, "Why"));
        if (explanation == null) {
            out.println("  The event carries no explanation.");
            return;
        }
        int number = 0;
        for (var step : explanation.steps()) {
            out.println("  " + ++number + ". " + sentence(step));
        }
        if (explanation.condition() != null) {
            out.println("  Decided by: " + explanation.condition());
        }
        if (explanation.baselineRun() == null) {
            out.println("  No baseline was in force.");
        } else {
            out.println(
                    "  Baseline: run "
                            + explanation.baselineRun()
                            + (explanation.baselineState() == null
                                    ? ""
                                    : ", " + explanation.baselineState()));
        }
    }

    private static String sentence(StepEvidence step) {
        var text = new StringBuilder("Step '").append(step.step()).append("': ");
        text.append(Words.count(step.count(), "match", "matches"));
        if (step.from().equals(step.to())) {
            text.append(" at ").append(time(step.from()));
        } else {
            text.append(" from ").append(time(step.from())).append(" to ").append(time(step.to()));
            text.append(" (").append(between(step.from(), step.to())).append(')');
        }
        if (step.firstBpm() != null) {
            text.append(", bpm ").append(Words.number(step.firstBpm()));
            if (step.lastBpm() != null && !step.from().equals(step.to())) {
                text.append(" at first, ").append(Words.number(step.lastBpm())).append(" at last");
            }
        }
        return text.toString();
    }

    private static String time(Instant time) {
        return AlertLines.dated().format(time);
    }

    private static String between(Instant from, Instant to) {
        return Words.duration(Duration.between(from, to));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void row(PrintWriter out, String name, String text) {
        out.println(String.format(Locale.ROOT, "  %-9s %s", name, text));
    }
}
