package hrm.functions.detection;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.Name;
import hrm.patterns.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviationTest {
    private static Values score(double bpm, double p50, double mad) {
        var values =
                new Values()
                        .set(Name.BPM, bpm)
                        .set(Name.BASELINE_P50, p50)
                        .set(Name.BASELINE_MAD, mad);
        Deviation.score(values);
        return values;
    }

    // A MAD of 1.6862 is a sigma of 2.5: below it the sensor's own error is the spread.
    @ParameterizedTest
    @CsvSource({
        "100, 70, 4, 5.0587, 1",
        "40, 70, 4, -5.0587, -1",
        "70, 70, 4, 0, 0",
        "75, 70, 0, 2, 1",
        "75, 70, 1.68, 2, 1",
        "75, 70, 1.69, 1.9955, 1"
    })
    void isTheDistanceFromTheMedianInRobustSpreads(
            double bpm, double p50, double mad, double score, double direction) {
        var values = score(bpm, p50, mad);
        assertThat(values.get(Name.DEVIATION_SCORE))
                .isCloseTo(score, org.assertj.core.api.Assertions.within(1e-4));
        assertThat(values.get(Name.DEVIATION_DIRECTION)).isEqualTo(direction);
    }

    @Test
    void isUnknownWhereHeartRateOrBaselineIs() {
        assertThat(score(Double.NaN, 70, 4).known(Name.DEVIATION_SCORE)).isFalse();
        assertThat(score(72, Double.NaN, 4).known(Name.DEVIATION_SCORE)).isFalse();
        assertThat(score(72, 70, Double.NaN).known(Name.DEVIATION_SCORE)).isFalse();
        assertThat(score(72, 70, Double.NaN).known(Name.DEVIATION_DIRECTION)).isFalse();
    }
}
