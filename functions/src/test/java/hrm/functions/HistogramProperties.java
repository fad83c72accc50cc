package hrm.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistogramProperties {
    private static int[] values(Random random) {
        int spread = 1 + random.nextInt(random.nextBoolean() ? 8 : 281);
        return random.ints(1 + random.nextInt(400), 0, spread).map(v -> 20 + v).toArray();
    }

    private static Histogram histogram(int[] values) {
        var histogram = new Histogram();
        for (int value : values) {
            histogram.add(value);
        }
        return histogram;
    }

    @Test
    void percentilesAreThoseOfTheExpandedValues() {
        var percentile = new Percentile().withEstimationType(EstimationType.R_2);
        Generated.cases(
                500,
                random -> {
                    int[] values = values(random);
                    double[] expanded = Arrays.stream(values).asDoubleStream().toArray();
                    var histogram = histogram(values);
                    for (int p : new int[] {1, 5, 25, 50, 75, 95, 99}) {
                        assertThat(histogram.percentile(p))
                                .as("%d of %d values", p, values.length)
                                .isEqualTo(percentile.evaluate(expanded, p));
                    }
                });
    }

    @Test
    void madIsTheMedianOfTheDeviations() {
        Generated.cases(
                500,
                random -> {
                    int[] values = values(random);
                    double[] expanded = Arrays.stream(values).asDoubleStream().toArray();
                    double median = new Median().evaluate(expanded);
                    double mad =
                            new Median()
                                    .evaluate(
                                            Arrays.stream(expanded)
                                                    .map(v -> Math.abs(v - median))
                                                    .toArray());
                    assertThat(histogram(values).mad()).isEqualTo(mad);
                });
    }

    @Test
    void mergedHistogramsAreThatOfAllValues() {
        Generated.cases(
                300,
                random -> {
                    int[] a = values(random);
                    int[] b = values(random);
                    var merged = histogram(a);
                    var other = histogram(b);
                    merged.merge(other);
                    int[] both = Arrays.copyOf(a, a.length + b.length);
                    System.arraycopy(b, 0, both, a.length, b.length);
                    assertThat(merged)
                            .isEqualTo(histogram(both))
                            .hasSameHashCodeAs(histogram(both));
                    assertThat(merged.total()).isEqualTo(both.length);
                    assertThat(other).isEqualTo(histogram(b));
                });
    }

    @Test
    void comesBackFromBytesAndCopiesAreApart() {
        Generated.cases(
                300,
                random -> {
                    var histogram = histogram(values(random));
                    var back = Bytes.roundTrip(histogram::write, Histogram::read);
                    assertThat(back).isEqualTo(histogram);
                    var copy = histogram.copy();
                    copy.add(300);
                    assertThat(back).isEqualTo(histogram).isNotEqualTo(copy);
                });
    }

    // n·p/100 whole: the mean of two neighbours; just not whole: the next one.
    @ParameterizedTest
    @CsvSource({"100,1,1.5", "101,1,2", "99,1,1", "100,99,99.5", "99,99,99", "2,50,1.5", "3,50,2"})
    void percentileOnBothSidesOfAStep(int n, int percent, double expected) {
        var histogram = new Histogram();
        for (int value = 1; value <= n; value++) {
            histogram.add(value);
        }
        assertThat(histogram.percentile(percent)).isEqualTo(expected);
    }

    @Test
    void nothingHasNoPercentile() {
        var histogram = new Histogram();
        assertThat(histogram.median()).isNaN();
        assertThat(histogram.mad()).isNaN();
        histogram.add(72, 3);
        histogram.clear();
        assertThat(histogram).isEqualTo(new Histogram());
        assertThat(histogram.isEmpty()).isTrue();
    }

    @Test
    void refusesWhatHasNoMeaning() {
        var histogram = new Histogram();
        assertThatThrownBy(() -> histogram.add(72, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> histogram.percentile(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> histogram.percentile(100))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
