package hrm.functions.features;

import hrm.functions.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Mean and slope of the last five minutes in ten half-minute sums.
 *
 * <p>"The last five minutes" are the half minute of the newest reading, counted from the epoch, and
 * the nine before it. The slope is that of the least-squares line through the half minutes' centres
 * (mean time, mean bpm), each weighing as much as it has readings; it is unknown until the first
 * and the last centre are a minute apart, for what two neighbours differ by is no trend.
 */
final class Rolling {
    static final int BUCKETS = 10;
    static final long BUCKET_MS = 30_000;
    static final long MIN_SPAN_MS = 60_000;

    private final int[] counts = new int[BUCKETS];
    private final int[] sums = new int[BUCKETS];

    /** Sums of milliseconds since the bucket's start. */
    private final int[] offsets = new int[BUCKETS];

    /** Half minutes since the epoch; its place in the arrays is the remainder by ten. */
    private long newest = Packed.NONE;

    private int newestAt;

    // Not state: what the nine half minutes before the newest come to. They do not change until the
    // next half minute, and to sum them for each reading was a quarter of the whole judgement's
    // time.
    private boolean summed;
    private long count;
    private long sum;
    private double times;
    private double squares;
    private double products;
    private double first;
    private double last;

    /** Moves the window on, without a value. */
    void advance(long timestampMs) {
        long bucket = Math.floorDiv(timestampMs, BUCKET_MS);
        if (newest != Packed.NONE && bucket <= newest) {
            return;
        }
        if (newest == Packed.NONE || bucket - newest >= BUCKETS) {
            Arrays.fill(counts, 0);
            Arrays.fill(sums, 0);
            Arrays.fill(offsets, 0);
        } else {
            for (long b = newest + 1; b <= bucket; b++) {
                int at = place(b);
                counts[at] = 0;
                sums[at] = 0;
                offsets[at] = 0;
            }
        }
        newest = bucket;
        newestAt = place(bucket);
        summed = false;
    }

    /** To be called after {@link #advance} with the same time. */
    void add(long timestampMs, int bpm) {
        counts[newestAt]++;
        sums[newestAt] += bpm;
        offsets[newestAt] += (int) Math.floorMod(timestampMs, BUCKET_MS);
    }

    private static int place(long bucket) {
        return (int) Math.floorMod(bucket, (long) BUCKETS);
    }

    /** bpm; {@code NaN} when there is no value. */
    double mean() {
        sumEarlier();
        int at = newestAt;
        long all = count + counts[at];
        return all == 0 ? Double.NaN : (double) (sum + sums[at]) / all;
    }

    /** bpm per minute; {@code NaN} when the values do not span a minute. */
    double slope() {
        sumEarlier();
        int at = newestAt;
        int newCount = counts[at];
        double centre = newCount == 0 ? last : centre(0, at);
        if (!(centre - first >= MIN_SPAN_MS)) {
            return Double.NaN;
        }
        double meanTime = (times + newCount * centre) / (count + newCount);
        double covariance = products + sums[at] * centre - meanTime * (sum + sums[at]);
        double variance =
                squares + newCount * centre * centre - meanTime * meanTime * (count + newCount);
        return covariance / variance * 60_000;
    }

    private void sumEarlier() {
        if (summed) {
            return;
        }
        summed = true;
        count = 0;
        sum = 0;
        times = 0;
        squares = 0;
        products = 0;
        first = Double.NaN;
        last = Double.NaN;
        int at = newestAt;
        for (int age = BUCKETS - 1; age > 0; age--) {
            at = at == BUCKETS - 1 ? 0 : at + 1;
            if (counts[at] > 0) {
                last = centre(age, at);
                first = Double.isNaN(first) ? last : first;
                count += counts[at];
                sum += sums[at];
                times += counts[at] * last;
                squares += counts[at] * last * last;
                products += sums[at] * last;
            }
        }
    }

    /** Mean time of a bucket's values, milliseconds from the newest bucket's start. */
    private double centre(int age, int at) {
        return -age * BUCKET_MS + (double) offsets[at] / counts[at];
    }

    void write(DataOutput out) throws IOException {
        Packed.writeTime(out, newest);
        for (int i = 0; i < BUCKETS; i++) {
            Packed.writeInt(out, counts[i]);
            if (counts[i] > 0) {
                Packed.writeInt(out, sums[i]);
                Packed.writeInt(out, offsets[i]);
            }
        }
    }

    static Rolling read(DataInput in) throws IOException {
        var rolling = new Rolling();
        rolling.newest = Packed.readTime(in);
        rolling.newestAt = place(rolling.newest);
        for (int i = 0; i < BUCKETS; i++) {
            rolling.counts[i] = Packed.readInt(in);
            if (rolling.counts[i] > 0) {
                rolling.sums[i] = Packed.readInt(in);
                rolling.offsets[i] = Packed.readInt(in);
            }
        }
        return rolling;
    }

    Rolling copy() {
        var copy = new Rolling();
        System.arraycopy(counts, 0, copy.counts, 0, BUCKETS);
        System.arraycopy(sums, 0, copy.sums, 0, BUCKETS);
        System.arraycopy(offsets, 0, copy.offsets, 0, BUCKETS);
        copy.newest = newest;
        copy.newestAt = newestAt;
        return copy;
    }
}
