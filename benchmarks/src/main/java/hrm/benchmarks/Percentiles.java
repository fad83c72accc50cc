package hrm.benchmarks;

import java.util.Arrays;
import java.util.Collection;

/** Of a set of measured values, by nearest rank. */
final class Percentiles {
    private final long[] sorted;

    /**
     * @throws IllegalArgumentException without any value
     */
    Percentiles(Collection<Long> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        sorted = values.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
    }

    /**
     * The smallest value that so many percent of the values do not exceed.
     *
     * @param percent above 0, at most 100
     */
    long at(double percent) {
        return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
    }

    int count() {
        return sorted.length;
    }

    long max() {
        return sorted[sorted.length - 1];
    }
}
