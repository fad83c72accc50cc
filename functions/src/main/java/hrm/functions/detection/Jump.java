package hrm.functions.detection;

import static hrm.functions.Packed.NONE;

import hrm.functions.Packed;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Sudden change: a heart rate against the median and spread of the same device's last five minutes,
 * in constant memory. Of each quarter minute the first value is kept, so that a device that sends
 * every second is not its own context. A faulty value among them moves the median by one place at
 * most; that the newest value itself is no fault is what {@link Sensor} or a second value says.
 */
public final class Jump {
    public static final long SLOT_MS = 15_000;
    public static final int SLOTS = 20;

    /** Fewer values have no spread: a device that sends once a minute has four in five minutes. */
    public static final int FEWEST = 4;

    /**
     * The smallest spread to judge by, bpm: breathing alone moves a resting heart rate by some bpm
     * (respiratory sinus arrhythmia), and devices smooth, so that a quiet stretch can have none.
     *
     * @see "Task Force of ESC and NASPE, Circulation 93 (1996) 1043–1065: SDNN of 5 minutes at rest
     *     about 50 ms, which is 3 bpm at 60 bpm"
     */
    public static final double SMALLEST_SIGMA = 3;

    private static final short EMPTY = 0;

    private final short[] slots = new short[SLOTS];
    private long newest = NONE;

    // Not state: the values of the slots in their order, and what they come to. Kept as slots come
    // and go, for sorting them for each reading was half of the whole judgement's time.
    private final int[] sorted = new int[SLOTS];
    private int values;
    private boolean ordered;
    private int newestAt;
    private boolean known;
    private int median2;
    private double sigma;

    /**
     * Sets JUMP_SCORE, JUMP_DIRECTION and JUMP_DELTA; unknown without a heart rate or with fewer
     * than {@value #FEWEST} values in the last five minutes. Then remembers the reading.
     */
    public void score(Reading reading, Values inOut) {
        if (!ordered) {
            order();
        }
        long slot = Math.floorDiv(reading.timestampMs(), SLOT_MS);
        if (slot != newest) {
            advance(slot);
        }
        double score = Double.NaN;
        double delta = Double.NaN;
        if (reading.hasBpm()) {
            if (values >= FEWEST) {
                if (!known) {
                    summarise();
                }
                delta = reading.bpm() - median2 / 2.0;
                score = delta / sigma;
            }
            if (slots[newestAt] == EMPTY) {
                slots[newestAt] = (short) reading.bpm();
                insert(reading.bpm());
            }
        }
        inOut.set(Name.JUMP_SCORE, score);
        inOut.set(Name.JUMP_DIRECTION, Math.signum(score));
        inOut.set(Name.JUMP_DELTA, delta);
    }

    private void advance(long slot) {
        if (newest == NONE || slot - newest >= SLOTS) {
            Arrays.fill(slots, EMPTY);
            values = 0;
            known = false;
        } else {
            for (long s = newest + 1; s <= slot; s++) {
                int at = place(s);
                if (slots[at] != EMPTY) {
                    remove(slots[at]);
                    slots[at] = EMPTY;
                }
            }
        }
        newest = newest == NONE ? slot : Math.max(newest, slot);
        newestAt = place(newest);
    }

    private void order() {
        values = 0;
        for (short bpm : slots) {
            if (bpm != EMPTY) {
                insert(bpm);
            }
        }
        ordered = true;
        newestAt = place(newest);
    }

    private void insert(int bpm) {
        int at = values++;
        while (at > 0 && sorted[at - 1] > bpm) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = bpm;
        known = false;
    }

    private void remove(int bpm) {
        int at = 0;
        while (sorted[at] != bpm) {
            at++;
        }
        values--;
        System.arraycopy(sorted, at + 1, sorted, at, values - at);
        known = false;
    }

    private void summarise() {
        known = true;
        int lower = (values - 1) / 2;
        int upper = values / 2;
        median2 = sorted[lower] + sorted[upper];
        double mad = (deviation2(lower) + deviation2(upper)) / 4.0;
        sigma = Math.max(Deviation.MAD_TO_SIGMA * mad, SMALLEST_SIGMA);
    }

    /**
     * Of deviations from the median, twice each so that they are whole, the one of a rank from 0.
     * The values nearest to the median are neighbours, so it is how far those so many neighbours
     * reach that reach least. The further up they lie, the further up they reach and the less far
     * down, so the least is where one overtakes the other.
     */
    private int deviation2(int rank) {
        int reachingDown = 0;
        int neighbourhoods = values - rank;
        for (int i = 0; i < neighbourhoods; i++) {
            // The sign, without a branch that the processor could not foresee.
            reachingDown += (sorted[i] + sorted[i + rank] - median2) >>> 31;
        }
        int down = reachingDown == 0 ? Integer.MAX_VALUE : median2 - 2 * sorted[reachingDown - 1];
        int up =
                reachingDown == neighbourhoods
                        ? Integer.MAX_VALUE
                        : 2 * sorted[reachingDown + rank] - median2;
        return Math.min(down, up);
    }

    private static int place(long slot) {
        return (int) Math.floorMod(slot, (long) SLOTS);
    }

    public void write(DataOutput out) throws IOException {
        Packed.writeTime(out, newest);
        for (short bpm : slots) {
            Packed.writeInt(out, bpm);
        }
    }

    public static Jump read(DataInput in) throws IOException {
        var jump = new Jump();
        jump.newest = Packed.readTime(in);
        for (int i = 0; i < SLOTS; i++) {
            jump.slots[i] = (short) Packed.readInt(in);
        }
        return jump;
    }

    public Jump copy() {
        var copy = new Jump();
        System.arraycopy(slots, 0, copy.slots, 0, SLOTS);
        copy.newest = newest;
        return copy;
    }
}
