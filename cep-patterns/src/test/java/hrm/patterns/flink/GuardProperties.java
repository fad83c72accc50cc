package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.Matcher;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.Guard;
import hrm.patterns.compile.PatternCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A pattern finds the same whether or not its guard spares it readings that begin nothing. */
class GuardProperties {
    private static final List<String> FIRST =
            List.of(
                    "bpm > 100",
                    "100 < bpm",
                    "bpm >= high",
                    "high <= bpm && bpm <= 120",
                    "steps == 0 && bpm > 90",
                    "bpm < 60 && deviation.score < -1.5",
                    "-1 > deviation.score || bpm > 120",
                    "steps == 0",
                    "!(bpm > 100)",
                    "bpm > limits.high && steps < 1");
    private static final List<String> MORE =
            List.of(
                    "",
                    "times: 2",
                    "one_or_more: true",
                    "one_or_more: true\n    greedy: true",
                    "times: 2..3\n    consecutive: true",
                    "starts: edge",
                    "optional: true",
                    "hold: 30s\n    max_gap: 1m",
                    "at_least: 2\n    of: 3\n    every: 10s\n    min_span: 10s");
    private static final List<String> THEN =
            List.of(
                    "",
                    "  - next: then\n    where: bpm < 110\n",
                    "  - followed_by: then\n    where: bpm < 70\n",
                    "  - followed_by_any: then\n    where: bpm > 70\n",
                    "  - followed_by: then\n    where: bpm < 70\n    hold: 20s\n    max_gap: 1m\n",
                    "  - not_followed_by: never\n    where: steps > 0\n"
                            + "  - followed_by: then\n    where: bpm > 100\n",
                    "  - not_followed_by: never\n    where: bpm < 70\n    within: 1m\n",
                    "  - not_next: never\n    where: bpm < 70\n"
                            + "  - followed_by: then\n    where: bpm > 100\n");

    @Test
    void whatAGuardSparesFindsNothing() {
        long seed = Long.getLong("hrm.seed", new Random().nextLong());
        var random = new Random(seed);
        int patterns = 0;
        long spared = 0;
        long matches = 0;
        for (var first : FIRST) {
            for (var more : MORE) {
                for (var then : THEN) {
                    var compiled = compiled(first, more, then, random.nextBoolean());
                    if (compiled == null) {
                        continue;
                    }
                    patterns++;
                    var readings = readings(random);
                    spared +=
                            readings.stream()
                                    .filter(values -> !compiled.guard().admits(values))
                                    .count();
                    var found = found(compiled, readings);
                    matches += found.size();
                    assertThat(found)
                            .as("%s; %s; %s, hrm.seed=%d", first, more, then, seed)
                            .isEqualTo(found(unguarded(compiled), readings));
                    var matcher = Matchers.of(compiled);
                    assertThat(found(matcher, readings, matcher::spares))
                            .as("spared: %s; %s; %s, hrm.seed=%d", first, more, then, seed)
                            .isEqualTo(found);
                }
            }
        }
        assertThat(patterns).isGreaterThan(300);
        assertThat(spared).as("readings spared").isGreaterThan(10_000);
        assertThat(matches).as("matches").isGreaterThan(1_000);
    }

    /** Null when the validator refuses it. */
    private static CompiledPattern compiled(
            String first, String more, String then, boolean overlapping) {
        var yaml =
                "id: guarded\nversion: 1\ntitle: t\ncondition: c\nseverity: low\n"
                        + "parameters: { high: 95 }\nwithin: 2m\nsource: s\nmessage: m\n"
                        + "examples: []\n"
                        + (overlapping ? "overlap: all\n" : "")
                        + "sequence:\n  - step: begin\n    where: \""
                        + first
                        + "\"\n"
                        + (more.isEmpty() ? "" : "    " + more + "\n")
                        + then;
        var spec = PatternLoader.load("guarded.yaml", yaml).spec();
        return spec == null ? null : PatternCompiler.compile(spec);
    }

    private static CompiledPattern unguarded(CompiledPattern pattern) {
        return new CompiledPattern(
                pattern.spec(),
                Guard.NONE,
                pattern.steps(),
                pattern.groupUntils(),
                pattern.resolve(),
                pattern.lets(),
                pattern.captured(),
                pattern.limit(),
                pattern.limitSource(),
                pattern.message(),
                pattern.longestMemoryMs());
    }

    private static List<Values> readings(Random random) {
        var readings = new ArrayList<Values>();
        int bpm = 80;
        for (int i = 0; i < 150; i++) {
            bpm = random.nextInt(3) == 0 ? 50 + random.nextInt(90) : bpm;
            var values = new Values().set(Name.LIMITS_HIGH, 115).set(Name.STEPS, random.nextInt(2));
            if (random.nextInt(10) > 0) {
                values.set(Name.BPM, bpm);
            }
            if (random.nextInt(4) > 0) {
                values.set(Name.DEVIATION_SCORE, random.nextInt(7) - 3);
            }
            readings.add(values);
        }
        return readings;
    }

    /** Each reading's matches and what is in progress after it. */
    private static List<String> found(CompiledPattern pattern, List<Values> readings) {
        return found(Matchers.of(pattern), readings, input -> false);
    }

    private static List<String> found(
            Matcher matcher, List<Values> readings, Predicate<Input> spares) {
        var state = matcher.start();
        var found = new ArrayList<String>();
        for (int i = 0; i < readings.size(); i++) {
            var matches = new ArrayList<Match>();
            var input = Input.reading(readings.get(i), 10_000L * i);
            if (!state.isEmpty() || !spares.test(input)) {
                matcher.advance(state, input, matches::add);
            }
            if (!matches.isEmpty() || state.partialMatches() > 0) {
                found.add(i + " " + matches + " " + state.partialMatches());
            }
        }
        found.add(matcher.tally().inputs() + " " + matcher.tally().starts());
        return found;
    }
}
