package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.launcher.NearMisses.Miss;
import hrm.patterns.Input;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.compile.PatternCompiler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NearMissesTest {
    private static final long START = Instant.parse("2026-01-31T08:00:00Z").toEpochMilli();

    private static final String HOLD =
            """
              - step: high
                where: bpm > 120
                hold: 10m
            """;

    private static final String SEQUENCE =
            """
              - step: up
                where: bpm > 120
              - not_followed_by: calm
                where: bpm < 80
              - followed_by: higher
                where: bpm > last(up).bpm + 30
                within: 2m
            within: 10m
            """;

    private static final String NEXT =
            """
              - step: up
                where: bpm > 120
                times: 3
              - next: down
                where: bpm < 100
            within: 10m
            """;

    /** One bpm a minute from 08:00 on. */
    private static List<Miss> misses(String sequence, int... bpms) {
        var loaded =
                PatternLoader.load(
                        "a text",
                        """
                        id: tried
                        version: 1
                        title: Tried
                        condition: high
                        severity: low
                        sequence:
                        %smessage: "told"
                        source: "a test"
                        """
                                .formatted(sequence));
        assertThat(loaded.report()).doesNotContain("error");
        var misses = new NearMisses(PatternCompiler.compile(loaded.spec()));
        var values = new Values();
        for (int i = 0; i < bpms.length; i++) {
            values.clear();
            values.set(Name.BPM, bpms[i]);
            misses.observe(Input.reading(values, START + Duration.ofMinutes(i).toMillis()));
        }
        return misses.finish();
    }

    @Test
    void aHoldThatEndedTooSoonSaysHowLongItLastedAndWhatEndedIt() {
        var miss = misses(HOLD, 100, 130, 130, 130, 110).get(0);

        assertThat(miss.what()).isEqualTo("held 2m of 10m, then bpm 110 > 120");
        assertThat(miss.at()).isEqualTo("2026-01-31T08:01:00Z");
        assertThat(miss.closeness()).isEqualTo(0.2);
    }

    @Test
    void theLongestHoldComesFirst() {
        assertThat(misses(HOLD, 130, 130, 110, 130, 130, 130, 130, 110))
                .extracting(Miss::what)
                .startsWith(
                        "held 3m of 10m, then bpm 110 > 120", "held 1m of 10m, then bpm 110 > 120");
    }

    @Test
    void aHoldThatIsStillRunningAtTheEndIsAMissToo() {
        assertThat(misses(HOLD, 130, 130, 130).get(0).what())
                .isEqualTo("held 2m of 10m, then the data ended");
    }

    @Test
    void aHoldThatLastedLongEnoughIsNoMiss() {
        assertThat(misses(HOLD, 130, 130, 130, 130, 130, 130, 130, 130, 130, 130, 130)).isEmpty();
    }

    @Test
    void whereNothingBeganTheClosestValueIsSaid() {
        assertThat(misses(HOLD, 80, 100, 118, 90))
                .extracting(Miss::what)
                .containsExactly("bpm 118 > 120 was not true by 2");
    }

    @Test
    void aSequenceSaysHowFarItCame() {
        assertThat(misses(SEQUENCE, 125, 130, 130, 130).get(0).what())
                .isEqualTo("reached 'up' (1 of 2), then no 'higher' within 2m");
        assertThat(misses(SEQUENCE, 125, 70, 160).get(0).what())
                .isEqualTo("reached 'up' (1 of 2), then 'calm': bpm 70 < 80");
        assertThat(misses(SEQUENCE, 125, 156)).isEmpty();
    }

    @Test
    void aSequenceSaysWhichInputBrokeIt() {
        assertThat(misses(NEXT, 125, 125, 125, 110).get(0).what())
                .isEqualTo("reached 'up' (1 of 2), then bpm 110 < 100");
        assertThat(misses(NEXT, 125, 125, 110).get(0).what())
                .isEqualTo("'up' 2 of 3 times, then the data ended");
        assertThat(misses(NEXT, 125, 125, 125, 90)).isEmpty();
        assertThat(misses(NEXT, 125, 125, 110, 125, 90)).isEmpty(); // others may lie between
    }

    @Test
    void distanceIsThatOfTheOnlyComparisonThatFails() {
        assertThat(Comparisons.distance("bpm 118 > limit 125 - clear 5 && steps 0 == 0").by())
                .isEqualTo(2);
        assertThat(Comparisons.distance("bpm 50 < 40").share()).isEqualTo(0.25);
        assertThat(Comparisons.distance("bpm 118 > 120 && steps 4 == 0")).isNull();
        assertThat(Comparisons.distance("bpm 130 > 120")).isNull();
        assertThat(Comparisons.distance("at_rest false && bpm 118 > 120")).isNull();
        assertThat(Comparisons.distance("bpm 118 > 120 || bpm 118 < 40")).isNull();
        assertThat(Comparisons.distance("first(up).bpm 90 >= bpm 100").by()).isEqualTo(10);
    }
}
