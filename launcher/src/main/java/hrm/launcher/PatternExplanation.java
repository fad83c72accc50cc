package hrm.launcher;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.Alert;
import hrm.model.Alert.State;
import hrm.model.Baseline;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.PatternCompiler;
import hrm.patterns.flink.Matchers;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.Mode;
import hrm.patterns.spec.PatternSpec.On;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why a pattern told, or did not tell, of one device at a time: the detection itself, played again
 * over stored readings.
 */
final class PatternExplanation {
    /**
     * What it comes to.
     *
     * @param told whether an alert of then says it
     * @param lines for people
     */
    record Answer(boolean told, List<String> lines) {}

    private final PatternVersions versions;
    private final Reference reference;
    private final Instant at;
    private final List<Alert> alerts = new ArrayList<>();
    private final List<Match> matches = new ArrayList<>();
    private NearMisses.Stand stand;
    private Instant standAt;

    PatternExplanation(PatternVersions versions, Reference reference, Instant at) {
        this.versions = versions;
        this.reference = reference;
        this.at = at;
    }

    /**
     * @param readings of one device, by time, from so long before that nothing older matters
     */
    Answer of(List<Reading> readings) {
        return of(readings, (values, startMs, endMs) -> {});
    }

    /** The same under a supposition. */
    Answer of(List<Reading> readings, Judgement.Supposition supposing) {
        var version = PublishedPatterns.inForce(versions, at);
        if (version == null) {
            return silent("No version of this pattern was in force then.");
        }
        var pattern = PublishedPatterns.read(versions.patternId(), version);
        if (pattern == null) {
            return silent(
                    "Version "
                            + version.version()
                            + " was refused: it does not check. See the topic"
                            + " rejected_patterns.");
        }
        if (pattern.mode() == Mode.OFF) {
            return silent(
                    "Version "
                            + version.version()
                            + ", in force since "
                            + version.effectiveFrom()
                            + ", switches the pattern off.");
        }
        play(pattern, readings, supposing);
        var lines = new ArrayList<String>();
        lines.add("Version " + pattern.version() + ", " + word(pattern.mode()) + ", was in force.");
        var opened = openedThen();
        if (opened != null) {
            lines.addAll(told(opened));
            return new Answer(true, lines);
        }
        if (matches.stream().anyMatch(this::isThen)) {
            lines.add("It matched, and nobody was told again: " + swallowed(pattern));
        } else {
            lines.addAll(notReached());
            var open = lastBefore();
            if (open != null && isOpenThen(open)) {
                lines.add("What it told at " + open.detectedAt() + " is still open then.");
            }
        }
        lines.addAll(learning(pattern));
        return new Answer(false, lines);
    }

    private static Answer silent(String line) {
        return new Answer(false, List.of(line));
    }

    private void play(PatternSpec spec, List<Reading> readings, Judgement.Supposition supposing) {
        var catalogue = Catalogue.EMPTY.with(versions, Matchers::of).catalogue();
        var compiled = PatternCompiler.compile(spec);
        var judgement = new Judgement();
        var state = new UserState();
        var misses = new NearMisses(compiled);
        long near = nearMs(readings);
        try (var matcher = Matchers.of(compiled)) {
            var own = matcher.start();
            for (var reading : readings) {
                var verdict =
                        judgement.judge(
                                state,
                                reference,
                                reading,
                                catalogue,
                                (values, startMs, endMs) -> {
                                    supposing.apply(values, startMs, endMs);
                                    var input = input(compiled, values, startMs, endMs, reading);
                                    if (input != null) {
                                        matcher.advance(own, input, matches::add);
                                        note(misses.stand(input, input.startMs() >= near), input);
                                    }
                                });
                alerts.addAll(verdict.alerts());
            }
        }
    }

    /** What begins then or later may be the last that had begun: the reading, or its minute. */
    private long nearMs(List<Reading> readings) {
        long last = Long.MAX_VALUE;
        for (var reading : readings) {
            last = reading.timestampMs() <= at.toEpochMilli() ? reading.timestampMs() : last;
        }
        return last == Long.MAX_VALUE ? last : last - Duration.ofMinutes(2).toMillis();
    }

    private static Input input(
            CompiledPattern pattern, Values values, long startMs, long endMs, Reading reading) {
        var on = startMs == endMs ? On.READING : On.MINUTE;
        if (on != pattern.spec().on()) {
            return null;
        }
        return on == On.READING
                ? Input.reading(values, startMs)
                : new Input(values, startMs, endMs + 1, reading.timestampMs());
    }

    /** Of the last input that had begun by then. */
    private void note(NearMisses.Stand stand, Input input) {
        if (input.startMs() <= at.toEpochMilli()) {
            this.stand = stand;
            this.standAt = Instant.ofEpochMilli(input.startMs());
        }
    }

    /** The alert whose match was under way or decided then. */
    private Alert openedThen() {
        return alerts.stream()
                .filter(alert -> alert.state() == State.OPENED)
                .filter(alert -> !alert.onset().isAfter(at))
                .filter(alert -> !alert.detectedAt().isBefore(at.minus(Duration.ofSeconds(1))))
                .findFirst()
                .orElse(null);
    }

    private boolean isThen(Match match) {
        return match.onsetMs() <= at.toEpochMilli()
                && match.detectedAtMs() >= at.minus(Duration.ofSeconds(1)).toEpochMilli();
    }

    private Alert lastBefore() {
        Alert last = null;
        for (var alert : alerts) {
            last = alert.state() == State.OPENED && !alert.detectedAt().isAfter(at) ? alert : last;
        }
        return last;
    }

    private boolean isOpenThen(Alert opened) {
        return alerts.stream()
                .filter(alert -> alert.episodeId().equals(opened.episodeId()))
                .allMatch(alert -> alert.resolvedAt() == null || alert.resolvedAt().isAfter(at));
    }

    private String swallowed(PatternSpec pattern) {
        var last = lastBefore();
        if (last == null) {
            return "the episode that it belongs to began before the stored readings.";
        }
        return pattern.resolve() == null
                ? "it was told at "
                        + last.detectedAt()
                        + ", and repeats within clear_after, "
                        + Words.duration(pattern.clearAfter())
                        + ", are only counted."
                : "what was told at " + last.detectedAt() + " was still open.";
    }

    private static List<String> told(Alert opened) {
        var lines = new ArrayList<String>();
        lines.add(
                "Told at "
                        + opened.detectedAt()
                        + " ("
                        + word(opened.mode())
                        + "): "
                        + opened.message());
        if (opened.mode() == Alert.Mode.SHADOW) {
            lines.add("In shadow: recorded, and nobody is notified.");
        }
        for (var step : opened.explanation().steps()) {
            lines.add(
                    "  "
                            + step.step()
                            + ": "
                            + step.from()
                            + (step.from().equals(step.to()) ? "" : " to " + step.to())
                            + ", "
                            + Words.count(step.count(), "input", "inputs")
                            + (step.lastBpm() == null
                                    ? ""
                                    : ", bpm " + Words.number(step.lastBpm())));
        }
        lines.add("  " + opened.explanation().condition());
        return lines;
    }

    private List<String> notReached() {
        if (stand == null) {
            return List.of("No stored reading that this pattern judges had come by then.");
        }
        var lines = new ArrayList<String>();
        if (!stand.broken().isEmpty()) {
            lines.add("At " + standAt + " an attempt ended: " + stand.broken() + ".");
        }
        var waited = stand.waits().stream().map(NearMisses.Wait::step).toList();
        lines.add(
                "Nothing was told. At "
                        + standAt
                        + (stand.reached().isEmpty() ? "" : " it had " + had(stand.reached()))
                        + " it waited for "
                        + String.join(", or for ", waited)
                        + ":");
        stand.waits().forEach(wait -> lines.addAll(lacked(wait)));
        return lines;
    }

    private static String had(String reached) {
        return (reached.startsWith("'") ? "taken " : "") + reached + " and";
    }

    private static List<String> lacked(NearMisses.Wait wait) {
        var lines = new ArrayList<String>();
        if (!wait.filled().isEmpty()) {
            lines.add("  " + wait.filled());
        }
        if (wait.isTrue()) {
            lines.add("  true" + (wait.progress().isEmpty() ? "" : ", but " + wait.progress()));
            return lines;
        }
        if (!wait.filled().isEmpty()) {
            var failing = Comparisons.failing(wait.filled());
            failing.forEach(one -> lines.add("  " + one.line()));
            if (failing.isEmpty()) {
                wait.nudges().forEach(nudge -> lines.add("  is not true: " + nudge + " would do"));
                if (wait.nudges().isEmpty()) {
                    lines.add(
                            "  is not true; a value that is unknown makes it so, too (hrm values)");
                }
            }
        }
        if (!wait.progress().isEmpty()) {
            lines.add("  " + wait.progress());
        }
        return lines;
    }

    private List<String> learning(PatternSpec pattern) {
        var baseline = reference.at(at.toEpochMilli()).baseline();
        boolean ready = baseline != null && baseline.state() == Baseline.State.READY;
        boolean asks =
                pattern.yaml().contains("baseline.") || pattern.yaml().contains("deviation.");
        return ready || !asks
                ? List.of()
                : List.of(
                        "The person's baseline is "
                                + (baseline == null ? "LEARNING" : baseline.state())
                                + ", so what the pattern compares with it is unknown.");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
