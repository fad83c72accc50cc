package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.Match;
import hrm.patterns.Values;
import hrm.patterns.spec.PatternShape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A step that counts is replaced by one that counts otherwise, its samples kept. */
class CountCarryOverTest {
    private static final String COUNTS = "a at_least 3 of 4 among %s all_within 100s";

    /** Matches of both, one after the other on the same state. */
    private static List<String> replaced(
            String before, String readings, String after, String readingsAfter) {
        var old = Notation.pattern(before).compiled();
        var other = Notation.pattern(after).compiled();
        assertThat(PatternShape.of(other.spec())).isEqualTo(PatternShape.of(old.spec()));
        var found = new ArrayList<Match>();
        try (var first = Matchers.of(old);
                var second = Matchers.of(other)) {
            var values = new Values();
            var state = first.start();
            for (var reading : Notation.readings(readings)) {
                first.advance(state, Notation.input(reading, values, 0), found::add);
            }
            state = Notation.read(second, Notation.write(first, state));
            for (var reading : Notation.readings(readingsAfter)) {
                second.advance(state, Notation.input(reading, values, 0), found::add);
            }
        }
        return found.stream().map(match -> Notation.everything(match.steps())).toList();
    }

    @Test
    void aChangedAmongIsAChangedConditionAndKeepsTheSamples() {
        var among = COUNTS.formatted("ax");

        assertThat(replaced(among, "a0 a1", COUNTS.formatted("ay"), "x2 x3 x4 a5"))
                .containsExactly("0:0..5000x3(70.0..70.0)");
        assertThat(replaced(among, "a0 a1 x2", COUNTS.formatted("ay"), "y3 a4")).isEmpty();
    }

    @Test
    void whatWasFoundTrueByTheVersionBeforeStaysTrue() {
        var other = COUNTS.formatted("abx").replaceFirst("^a", "b");

        assertThat(replaced(COUNTS.formatted("abx"), "a0 a1", other, "b2"))
                .containsExactly("0:0..2000x3(70.0..70.0)");
        assertThat(replaced(COUNTS.formatted("abx"), "a0 a1", other, "a2 a3 b4")).isEmpty();
    }

    @Test
    void whoCountsAmongFewerSamplesLooksAtNoMore() {
        var six = "a at_least 2 of 6 among ax all_within 100s";
        var two = six.replace("of 6", "of 2");

        assertThat(replaced(six, "a0 x1 x2 x3 x4", two, "a5")).isEmpty();
        assertThat(replaced(six, "a0 x1 x2 x3 x4", two, "a5 a6"))
                .containsExactly("0:5000..6000x2(70.0..70.0)");
    }
}
