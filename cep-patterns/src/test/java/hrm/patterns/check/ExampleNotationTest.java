package hrm.patterns.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExampleNotationTest {
    @Test
    void aStretchGivesReadingsFromItsStartUntilBeforeItsEnd() {
        var readings = ExampleNotation.readings("0m..2m/30s bpm=130 steps=0");

        assertThat(readings)
                .extracting(ExampleReading::at)
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(90));
        assertThat(readings)
                .allMatch(one -> one.reading().bpm() == 130 && one.reading().steps() == 0);
        assertThat(readings.get(1).reading().timestampMs())
                .isEqualTo(Instant.parse("2026-01-01T00:00:30Z").toEpochMilli());
    }

    @Test
    void stretchesAndSinglePointsFollowEachOther() {
        var readings =
                ExampleNotation.readings("0m..1m/30s bpm=60; 1m..2m/30s bpm=70;\n 3m bpm=80;");

        assertThat(readings)
                .extracting(one -> one.reading().bpm())
                .containsExactly(60, 60, 70, 70, 80);
    }

    @Test
    void whatIsNotWrittenIsUnknown() {
        var reading = ExampleNotation.readings("5m steps=3").get(0).reading();

        assertThat(reading)
                .isEqualTo(Reading.of("example", "default", reading.timestampMs(), -1, 3));
    }

    @Test
    void everyFieldOfAReadingCanBeWritten() {
        var reading =
                ExampleNotation.readings(
                                "0s bpm=72 steps=4 activity=run contact=false confidence=0.9"
                                        + " rr=800,810")
                        .get(0)
                        .reading();

        assertThat(reading)
                .isEqualTo(
                        new Reading(
                                "example",
                                "default",
                                ExampleNotation.DAY_ZERO.toEpochMilli(),
                                72,
                                4,
                                "run",
                                new int[] {800, 810},
                                false,
                                0.9));
    }

    @Test
    void valuesOfTheDetectionCanBeSet() {
        var example =
                ExampleNotation.readings(
                                "0s bpm=72 deviation.score=-4.5 at_rest=true gap=90s"
                                        + " baseline.state=READY limits.high=130")
                        .get(0);

        assertThat(example.overrides())
                .isEqualTo(
                        Map.of(
                                Name.DEVIATION_SCORE, -4.5,
                                Name.AT_REST, 1.0,
                                Name.GAP, 90.0,
                                Name.BASELINE_STATE, "READY",
                                Name.LIMITS_HIGH, 130.0));
        var values = new Values().set(Name.LIMITS_HIGH, 120).set(Name.BPM, 72);
        example.override(values);
        assertThat(values.get(Name.LIMITS_HIGH)).isEqualTo(130);
        assertThat(values.get(Name.BPM)).isEqualTo(72);
        assertThat(values.text(Name.BASELINE_STATE)).isEqualTo("READY");
    }

    @Test
    void aRampRisesEvenlyFromFirstToLastReading() {
        var readings = ExampleNotation.readings("0s..50s/10s bpm=60..100");

        assertThat(readings)
                .extracting(one -> one.reading().bpm())
                .containsExactly(60, 70, 80, 90, 100);
    }

    @Test
    void stretchesThatOverlapAreRefused() {
        var parsed = ExampleNotation.parse("0m..2m/30s bpm=60; 1m..3m/30s bpm=70");

        assertThat(parsed.readings()).isEmpty();
        assertThat(parsed.problems())
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.offset()).isEqualTo(19);
                            assertThat(problem.message()).contains("have ended");
                        });
    }

    @Test
    void noReadingsAndTooManyAreRefused() {
        assertThatThrownBy(() -> ExampleNotation.readings(" ; "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no readings");
        assertThatThrownBy(() -> ExampleNotation.readings("0m..168h/1ms bpm=60"))
                .hasMessageContaining("more than 100000 readings");
        assertThatThrownBy(() -> ExampleNotation.readings("0m..200h/1h bpm=60"))
                .hasMessageContaining("at most 7 days");
    }
}
