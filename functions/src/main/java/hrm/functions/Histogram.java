package hrm.functions;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How often each whole number occurred: exact, mergeable, and as small as the distinct values are
 * few. A heart rate has at most 281 of them.
 *
 * <p>Quantiles are those of the expanded sorted values x₁…xₙ by the inverse of the empirical
 * distribution function with averaging at its steps (Hyndman and Fan's definition 2): with h = n·p,
 * the mean of x<sub>h</sub> and x<sub>h+1</sub> if h is whole, else x<sub>⌈h⌉</sub>. The 50th
 * percentile is the ordinary median.
 *
 * @see "R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American Statistician
 *     50 (1996) 361–365"
 */
public final class Histogram {
    private int[] values;
    private int[] counts;
    private int distinct;
    private long total;

    public Histogram() {
        this(8);
    }

    private Histogram(int room) {
        values = new int[room];
        counts = new int[room];
    }

    public void add(int value) {
        add(value, 1);
    }

    public void add(int value, int count) {
        if (count <= 0) {
            throw new IllegalArgumentException("count must be positive, is " + count);
        }
        int at = Arrays.binarySearch(values, 0, distinct, value);
        if (at >= 0) {
            counts[at] = Math.addExact(counts[at], count);
        } else {
            insert(-at - 1, value, count);
        }
        total += count;
    }

    private void insert(int at, int value, int count) {
        if (distinct == values.length) {
            values = Arrays.copyOf(values, distinct * 2 + 8);
            counts = Arrays.copyOf(counts, distinct * 2 + 8);
        }
        System.arraycopy(values, at, values, at + 1, distinct - at);
        System.arraycopy(counts, at, counts, at + 1, distinct - at);
        values[at] = value;
        counts[at] = count;
        distinct++;
    }

    public void merge(Histogram other) {
        for (int i = 0; i < other.distinct; i++) {
            add(other.values[i], other.counts[i]);
        }
    }

    public void clear() {
        distinct = 0;
        total = 0;
    }

    public long total() {
        return total;
    }

    public boolean isEmpty() {
        return total == 0;
    }

    /** How often the value occurred. */
    public int count(int value) {
        int at = Arrays.binarySearch(values, 0, distinct, value);
        return at >= 0 ? counts[at] : 0;
    }

    /**
     * @param percent 1 to 99
     * @return {@code NaN} when empty
     */
    public double percentile(int percent) {
        if (percent < 1 || percent > 99) {
            throw new IllegalArgumentException("percent must be 1 to 99, is " + percent);
        }
        if (total == 0) {
            return Double.NaN;
        }
        // In whole numbers: n·p/100 as a double misses the steps (0.07 · 100 is not 7).
        long hundredfold = total * percent;
        long rank = (hundredfold + 99) / 100;
        int at = indexOfRank(rank);
        return hundredfold % 100 == 0
                ? (values[at] + (double) values[indexOfRank(rank + 1)]) / 2
                : values[at];
    }

    public double median() {
        return percentile(50);
    }

    /**
     * Median absolute deviation from the median, unscaled.
     *
     * @return {@code NaN} when empty
     */
    public double mad() {
        double median = median();
        var doubled = new Histogram();
        for (int i = 0; i < distinct; i++) {
            // The median is whole or ends in .5, so twice a deviation is whole.
            doubled.add((int) Math.round(2 * Math.abs(values[i] - median)), counts[i]);
        }
        return doubled.median() / 2;
    }

    /** Index of the value that is the rank-th smallest, ranks from 1. */
    private int indexOfRank(long rank) {
        long seen = 0;
        for (int i = 0; i < distinct; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return i;
            }
        }
        throw new IllegalStateException("rank " + rank + " of " + total);
    }

    public void write(DataOutput out) throws IOException {
        Packed.writeInt(out, distinct);
        int last = 0;
        for (int i = 0; i < distinct; i++) {
            Packed.writeInt(out, values[i] - last);
            Packed.writeInt(out, counts[i]);
            last = values[i];
        }
    }

    public static Histogram read(DataInput in) throws IOException {
        int distinct = Packed.readInt(in);
        var histogram = new Histogram(distinct);
        int value = 0;
        for (int i = 0; i < distinct; i++) {
            value += Packed.readInt(in);
            int count = Packed.readInt(in);
            // They were written in order, so each goes to the end.
            histogram.values[i] = value;
            histogram.counts[i] = count;
            histogram.total += count;
        }
        histogram.distinct = distinct;
        return histogram;
    }

    public Histogram copy() {
        var copy = new Histogram();
        copy.values = values.clone();
        copy.counts = counts.clone();
        copy.distinct = distinct;
        copy.total = total;
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Histogram that
                && distinct == that.distinct
                && Arrays.equals(values, 0, distinct, that.values, 0, distinct)
                && Arrays.equals(counts, 0, distinct, that.counts, 0, distinct);
    }

    @Override
    public int hashCode() {
        int hash = distinct;
        for (int i = 0; i < distinct; i++) {
            hash = 31 * (31 * hash + values[i]) + counts[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "Histogram[" + distinct + " distinct, " + total + " in all]";
    }
}
