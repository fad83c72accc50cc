package hrm.functions.judgement;

import java.util.Arrays;

/**
 * The changes a catalogue has gone through, numbered from 1, each with the event time from which it
 * judges otherwise than before. A device remembers the newest change it has met; when it meets
 * later ones, this says which stretch of its past was judged by what does not hold any more.
 * Immutable.
 */
public final class Changes {
    /** So many are remembered one by one. */
    public static final int KEPT = 1_000;

    /** Of a change that makes nothing judge otherwise, as removing a pattern does. */
    public static final long NOTHING = Long.MAX_VALUE;

    public static final Changes NONE = new Changes(0, new long[0]);

    private final long newest;
    private final long[] fromMs;

    private Changes(long newest, long[] fromMs) {
        this.newest = newest;
        this.fromMs = fromMs;
    }

    /**
     * As they were written down.
     *
     * @param newest the number of the last one
     * @param fromMs of the last ones, oldest first
     */
    public static Changes of(long newest, long... fromMs) {
        return new Changes(newest, fromMs.clone());
    }

    /** And one more. */
    Changes and(long fromMs) {
        int kept = Math.min(this.fromMs.length, KEPT - 1);
        var more =
                Arrays.copyOfRange(this.fromMs, this.fromMs.length - kept, this.fromMs.length + 1);
        more[kept] = fromMs;
        return new Changes(newest + 1, more);
    }

    /** The number of the last one; 0 when there was none. */
    public long newest() {
        return newest;
    }

    /** From when the last one judges otherwise. */
    public long newestFromMs() {
        return fromMs[fromMs.length - 1];
    }

    /**
     * The earliest event time from which something judges otherwise than up to that change; {@link
     * #NOTHING} when nothing does, the first of all times when that is not remembered any more.
     */
    long earliestAfter(long change) {
        if (newest - change > fromMs.length) {
            return Long.MIN_VALUE;
        }
        long earliest = NOTHING;
        for (long i = Math.max(change - newest + fromMs.length, 0); i < fromMs.length; i++) {
            earliest = Math.min(earliest, fromMs[(int) i]);
        }
        return earliest;
    }
}
