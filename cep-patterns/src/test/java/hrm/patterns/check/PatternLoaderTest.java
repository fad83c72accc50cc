package hrm.patterns.check;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert.Severity;
import hrm.patterns.spec.Counting;
import hrm.patterns.spec.Group;
import hrm.patterns.spec.Parameter;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.Mode;
import hrm.patterns.spec.PatternSpec.On;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Resolve;
import hrm.patterns.spec.Skip;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import hrm.patterns.spec.Times;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternLoaderTest {
    private static final String HEAD =
            """
            id: high
            version: 3
            title: High
            condition: high
            severity: high
            """;
    private static final String TAIL =
            """
            message: "High"
            source: a test
            examples: []
            """;

    private static PatternSpec load(String middle) {
        var loaded = PatternLoader.load("high.yaml", HEAD + middle + TAIL);
        assertThat(loaded.report()).isEmpty();
        return loaded.spec();
    }

    private static PatternLoader.Loaded condition(String where) {
        return PatternLoader.load(
                "high.yaml", HEAD + "sequence:\n  - step: high\n    where: " + where + "\n" + TAIL);
    }

    @Test
    void everythingThatIsWrittenIsRead() {
        var spec =
                load(
                        """
                        mode: shadow
                        on: minute
                        parameters: { hold: 10m, clear: 5, much: -2.5, word: run, quoted: "10m" }
                        let: { limit: limits.high + much }
                        sequence:
                          - step: first
                            where: bpm > limit && activity != word && activity != quoted
                            times: 2..4
                            starts: edge
                          - not_followed_by: moving
                            where: steps > 0
                          - followed_by: higher
                            where: bpm > last(first).bpm + clear
                            within: 5m
                          - next: held
                            where: bpm > 130
                            hold: ${hold}
                            max_gap: 90s
                        within: 1h30m
                        overlap: all
                        resolve: { where: bpm < limit, hold: "${hold}", max_gap: 3m }
                        """);

        assertThat(spec.id()).isEqualTo("high");
        assertThat(spec.version()).isEqualTo(3);
        assertThat(spec.severity()).isEqualTo(Severity.HIGH);
        assertThat(spec.mode()).isEqualTo(Mode.SHADOW);
        assertThat(spec.on()).isEqualTo(On.MINUTE);
        assertThat(spec.overlap()).isEqualTo(Overlap.ALL);
        assertThat(spec.within()).isEqualTo(Duration.ofMinutes(90));
        assertThat(spec.parameters())
                .containsEntry("hold", new Parameter.Span(Duration.ofMinutes(10)))
                .containsEntry("much", new Parameter.Number(-2.5))
                .containsEntry("word", new Parameter.Text("run"))
                .containsEntry("quoted", new Parameter.Text("10m"));
        assertThat(spec.sequence())
                .containsExactly(
                        new Step(
                                Relation.STEP,
                                "first",
                                "bpm > limit && activity != word && activity != quoted",
                                true,
                                Times.of(2, 4),
                                null,
                                null,
                                Step.DEFAULT_MAX_GAP,
                                null),
                        new Step(
                                Relation.NOT_FOLLOWED_BY,
                                "moving",
                                "steps > 0",
                                false,
                                Times.ONCE,
                                null,
                                null,
                                Step.DEFAULT_MAX_GAP,
                                null),
                        new Step(
                                Relation.FOLLOWED_BY,
                                "higher",
                                "bpm > last(first).bpm + clear",
                                false,
                                Times.ONCE,
                                Duration.ofMinutes(5),
                                null,
                                Step.DEFAULT_MAX_GAP,
                                null),
                        new Step(
                                Relation.NEXT,
                                "held",
                                "bpm > 130",
                                false,
                                Times.ONCE,
                                null,
                                Duration.ofMinutes(10),
                                Duration.ofSeconds(90),
                                null));
        assertThat(spec.resolve())
                .isEqualTo(
                        new Resolve("bpm < limit", Duration.ofMinutes(10), Duration.ofMinutes(3)));
    }

    @Test
    void quantifiersGroupsAndSkipAreRead() {
        var spec =
                PatternLoader.load(
                                "high.yaml",
                                HEAD
                                        + """
                                        overlap: all
                                        skip: { to_last: more }
                                        sequence:
                                          - step: high
                                            where: bpm > 120
                                          - next: more
                                            where: bpm > 130
                                            one_or_more: true
                                            consecutive: true
                                            greedy: true
                                            until: bpm < 90
                                          - followed_by:
                                              - step: up
                                                where: bpm > 140
                                              - not_next: down
                                                where: bpm < 100
                                              - followed_by_any: again
                                                where: bpm > 140
                                            times: 2..
                                            optional: false
                                        within: 10m
                                        outcome: timed_out
                                        """
                                        + TAIL)
                        .spec();

        assertThat(spec.skip()).isEqualTo(new Skip(Skip.Strategy.TO_LAST, 1));
        assertThat(spec.outcome()).isEqualTo(PatternSpec.Outcome.TIMED_OUT);
        assertThat(spec.stepNames()).containsExactly("high", "more", "up", "down", "again");
        assertThat(spec.sequence().get(1).times())
                .isEqualTo(
                        new Times(
                                1,
                                Times.UNBOUNDED,
                                Times.Between.NOTHING,
                                false,
                                true,
                                "bpm < 90"));
        assertThat(spec.groups())
                .containsExactly(
                        new Group(Relation.FOLLOWED_BY, 2, 5, Times.of(2, Times.UNBOUNDED)));
    }

    @Test
    void aCountingStepIsRead() {
        var spec =
                load(
                        """
                        sequence:
                          - step: irregular
                            where: rmssd > 100
                            at_least: 5
                            of: 6
                            every: 15m
                            min_span: 65m
                            among: exists(rmssd)
                        within: 8h
                        """);

        assertThat(spec.sequence().get(0).counting())
                .isEqualTo(
                        new Counting(
                                5,
                                6,
                                Duration.ofMinutes(15),
                                Duration.ofMinutes(65),
                                "exists(rmssd)"));
    }

    @Test
    void whatIsLeftOutHasADefault() {
        var spec = load("sequence:\n  - step: high\n    where: bpm > 120\n");

        assertThat(spec.mode()).isEqualTo(Mode.LIVE);
        assertThat(spec.on()).isEqualTo(On.READING);
        assertThat(spec.overlap()).isEqualTo(Overlap.NONE);
        assertThat(spec.resolve()).isNull();
        assertThat(spec.within()).isNull();
        assertThat(spec.clearAfter()).isEqualTo(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bpm > 150",
                "bpm > 150.5",
                "steps == 0",
                "bpm > -1 && bpm / 2 > 3.5 - 1",
                "\"!at_rest || !(bpm > 3)\"",
                "at_rest",
                "exists(rr) && size(rr) >= 2",
                "gap > duration(\"5m\")",
                "hour >= 22 || hour < 6",
                "abs(deviation.score) > max(3, min(4, 5))",
                "activity in [\"rest\", 'sleep']",
                "hour in [22, 23, 0]",
                "'activity == \"rest\"'",
                "'exists(steps) ? steps == 0 : bpm > 220'",
                "(at_rest == true) != (baseline.state == \"READY\")"
            })
    void conditionsThatAPersonWouldWriteAreFine(String where) {
        assertThat(condition(where).report()).isEmpty();
    }

    @Test
    void theNameOfAFileIsComparedWithTheIdAndThatOfATopicIsNot() {
        String yaml = HEAD + "sequence:\n  - step: high\n    where: bpm > 120\n" + TAIL;

        assertThat(PatternLoader.load("catalogue/high.yaml", yaml).isFine()).isTrue();
        assertThat(PatternLoader.load("cep_patterns, version 3", yaml).isFine()).isTrue();
        assertThat(PatternLoader.load("low.yml", yaml).report()).contains("id 'high' in the file");
    }

    @Test
    void aSequenceIsBoundedByTheWithinOfEachLaterStep() {
        var spec =
                load(
                        """
                        sequence:
                          - step: first
                            where: bpm > 120
                          - followed_by: second
                            where: bpm > 130
                            within: 5m
                        """);

        assertThat(spec.within()).isNull();
        assertThat(spec.sequence().get(1).within()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void twentyStepsAreFineAndTwentyOneAreNot() {
        String step = "  - followed_by: s%d\n    where: bpm > 1\n";
        var twenty = new StringBuilder("within: 1h\nsequence:\n  - step: s0\n    where: bpm > 1\n");
        for (int i = 1; i < 20; i++) {
            twenty.append(String.format(step, i));
        }
        assertThat(load(twenty.toString()).sequence()).hasSize(20);

        twenty.append(String.format(step, 20));
        var loaded = PatternLoader.load("high.yaml", HEAD + twenty + TAIL);

        assertThat(loaded.findings())
                .extracting(Finding::message)
                .containsExactly("more than 20 steps");
    }

    @Test
    void aWarningDoesNotRefuseThePattern() {
        var loaded =
                PatternLoader.load(
                        "high.yaml",
                        HEAD
                                + "parameters: { hold: 10m }\n"
                                + "sequence:\n  - step: high\n    where: bpm > 120\n"
                                + TAIL);

        assertThat(loaded.isFine()).isTrue();
        assertThat(loaded.findings())
                .extracting(Finding::severity)
                .isEqualTo(List.of(Finding.Severity.WARNING));
    }

    @Test
    void aConditionThatIsVeryDeepOrLongIsRefusedAndNotARunAway() {
        assertThat(condition("(".repeat(900) + "at_rest" + ")".repeat(900)).isFine()).isFalse();
        assertThat(condition("\"" + "!".repeat(1900) + "at_rest\"").isFine()).isTrue();
        assertThat(condition("at_rest" + " && at_rest".repeat(150)).report()).isEmpty();
        assertThat(condition("at_rest" + " && at_rest".repeat(200)).report())
                .contains("longer than 2000 characters");
    }

    @Test
    void aLongLineIsShownAroundItsMistake() {
        var loaded = condition("at_rest && at_rest" + " && at_rest".repeat(40) + " && bmp > 3");

        assertThat(loaded.report().lines().toList().get(1))
                .contains("bmp > 3")
                .hasSizeLessThan(180);
        var lines = loaded.report().lines().toList();
        assertThat(lines.get(2).indexOf('^')).isEqualTo(lines.get(1).indexOf("bmp"));
    }
}
