package hrm.functions.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RmssdTest {
    private static double of(String intervals) {
        return Rmssd.of(Arrays.stream(intervals.split(" ")).mapToInt(Integer::parseInt).toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "800 810, 10",
        "800 810 800, 10",
        "800 830 790, 35.35533906", // √((30² + 40²) / 2)
        "800 800 800, 0",
        "800 960 800, 160", // a fifth up is normal; down, a sixth
        "800 961 800 810, 114.06", // just over a fifth up is not, its way back is
        "800 500 1100 800 810, 10", // an ectopic beat and its pause
        "800 1600 800 790, 10" // a missed beat
    })
    void isTheRootMeanSquareOfDifferencesBetweenNormalIntervals(String intervals, double expected) {
        assertThat(of(intervals)).isCloseTo(expected, within(0.01));
    }

    @Test
    void isUnknownWithoutTwoNormalNeighbours() {
        assertThat(Rmssd.of(null)).isNaN();
        assertThat(Rmssd.of(new int[] {})).isNaN();
        assertThat(of("800")).isNaN();
        assertThat(of("800 400")).isNaN();
    }
}
