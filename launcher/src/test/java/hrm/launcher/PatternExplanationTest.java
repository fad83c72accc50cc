package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.detection.Reference;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PatternExplanationTest {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private static final String UP_AND_DOWN =
            """
            id: up-and-down
            version: 1
            title: Up and down
            condition: high
            severity: low
            mode: live
            let: { limit: limits.high + 20 }
            sequence:
              - step: up
                where: bpm > limit && steps == 0
              - followed_by: down
                where: bpm <= 60
            within: 30m
            clear_after: 10m
            message: "Up and down"
            source: test
            """;

    private static final String HELD =
            """
            id: up-and-down
            version: 1
            title: Held
            condition: high
            severity: low
            mode: live
            sequence:
              - step: high
                where: bpm > 120
                hold: 10m
            resolve: { where: bpm < 110, hold: 1m }
            message: "Held"
            source: test
            """;

    private final List<Reading> readings = new ArrayList<>();

    private void reads(double minute, int bpm) {
        readings.add(Reading.of("u1", "watch", at(minute).toEpochMilli(), bpm, 0));
    }

    private static Instant at(double minute) {
        return START.plusMillis(Math.round(minute * 60_000));
    }

    private PatternExplanation.Answer explain(String yaml, double minute) {
        return new PatternExplanation(
                        PatternVersions.always("up-and-down", 1, yaml), new Reference(), at(minute))
                .of(readings);
    }

    private static int wouldDo(PatternExplanation.Answer answer) {
        var amount =
                Pattern.compile("short, (\\d+) would do")
                        .matcher(String.join("\n", answer.lines()));
        assertThat(amount.find()).as(answer.toString()).isTrue();
        return Integer.parseInt(amount.group(1));
    }

    @Test
    void theStatedAmountMakesThePatternFire() {
        reads(0, 150);
        reads(5, 64);
        var missed = explain(UP_AND_DOWN, 5);
        assertThat(missed.told()).isFalse();
        assertThat(missed.lines())
                .anyMatch(line -> line.contains("reached 'up' (1 of 2) and it waited for 'down'"))
                .anyMatch(line -> line.contains("bpm 64 <= 60 is not true: 4 short, 4 would do"));

        readings.remove(1);
        reads(5, 64 - wouldDo(missed));

        var told = explain(UP_AND_DOWN, 5);
        assertThat(told.told()).isTrue();
        assertThat(told.lines())
                .anyMatch(line -> line.contains("up: 2026-03-01T08:00:00Z, 1 input, bpm 150"))
                .anyMatch(line -> line.contains("bpm 60 <= 60"));
    }

    @Test
    void aStrictComparisonNeedsOneMore() {
        reads(0, 138);
        var missed = explain(UP_AND_DOWN, 0);
        assertThat(missed.lines())
                .anyMatch(
                        line ->
                                line.contains(
                                        "bpm 138 > limit 140 is not true: 2 short, 3 would do"));

        readings.clear();
        reads(0, 138 + wouldDo(missed));
        reads(5, 55);

        assertThat(explain(UP_AND_DOWN, 5).told()).isTrue();
    }

    @Test
    void aHoldThatIsTooShortSaysHowLongItHeld() {
        for (double minute = 0; minute <= 8; minute += 0.5) {
            reads(minute, 130);
        }

        assertThat(explain(HELD, 8).lines())
                .anyMatch(line -> line.contains("true, but only held 8m of 10m"));
    }

    @Test
    void whatSwallowedARepeatIsNamed() {
        reads(0, 150);
        reads(1, 55);
        reads(5, 150);
        reads(6, 55);

        assertThat(explain(UP_AND_DOWN, 6).lines())
                .anyMatch(line -> line.contains("repeats within clear_after, 10m"));
    }

    @Test
    void anEpisodeThatIsStillOpenIsNamed() {
        for (double minute = 0; minute <= 20; minute += 0.5) {
            reads(minute, 130);
        }

        assertThat(explain(HELD, 15).lines())
                .anyMatch(line -> line.contains("2026-03-01T08:10:00Z is still open"));
    }

    @Test
    void offAndShadowAreSaid() {
        reads(0, 150);
        reads(1, 55);

        assertThat(explain(UP_AND_DOWN.replace("mode: live", "mode: off"), 1).lines())
                .anyMatch(line -> line.contains("switches the pattern off"));
        assertThat(explain(UP_AND_DOWN.replace("mode: live", "mode: shadow"), 1).lines())
                .contains("In shadow: recorded, and nobody is notified.");
    }
}
