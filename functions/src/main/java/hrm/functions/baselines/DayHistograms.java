package hrm.functions.baselines;

import hrm.functions.Histogram;
import hrm.functions.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * One person's local day: how often each heart rate occurred, by hour and by rest or activity.
 * Exact, and mergeable: of several devices, or of parts of the day.
 */
public final class DayHistograms {
    public static final int HOURS = 24;

    private final long epochDay;
    private final Histogram[] bpm;

    /** Minutes with such a reading, at the same places. */
    private final int[] minutes = new int[2 * HOURS];

    /** The night's still minutes by twice their median, for a median may end in .5. */
    private Histogram night = new Histogram();

    private int wornMinutes;

    /**
     * @param epochDay the local day, counted from 1970-01-01
     */
    public DayHistograms(long epochDay) {
        this(epochDay, new Histogram[2 * HOURS]);
        Arrays.setAll(bpm, i -> new Histogram());
    }

    private DayHistograms(long epochDay, Histogram[] bpm) {
        this.epochDay = epochDay;
        this.bpm = bpm;
    }

    private static int place(int hour, boolean atRest) {
        return 2 * hour + (atRest ? 1 : 0);
    }

    public long epochDay() {
        return epochDay;
    }

    /** Heart rates of a local hour; not to be modified. */
    public Histogram bpm(int hour, boolean atRest) {
        return bpm[place(hour, atRest)];
    }

    /** Minutes of a local hour with a heart rate at rest, or active. */
    public int minutes(int hour, boolean atRest) {
        return minutes[place(hour, atRest)];
    }

    /** Minutes with a heart rate, whether at rest, active or unknown; at most a day's. */
    public int wornMinutes() {
        return Math.min(wornMinutes, HOURS * 60);
    }

    /** The night's minutes without a step and with a heart rate. */
    public long nightMinutes() {
        return night.total();
    }

    /** Median of the night's still minutes' medians, bpm; {@code NaN} when there are none. */
    public double nightBpm() {
        return night.median() / 2;
    }

    void add(int hour, boolean atRest, Histogram readings) {
        bpm[place(hour, atRest)].merge(readings);
        minutes[place(hour, atRest)]++;
    }

    void addWornMinute() {
        wornMinutes++;
    }

    void addNightMinute(double median) {
        night.add((int) Math.round(2 * median));
    }

    /**
     * @throws IllegalArgumentException for another day
     */
    public void merge(DayHistograms other) {
        if (other.epochDay != epochDay) {
            throw new IllegalArgumentException(
                    "day " + other.epochDay + " cannot be merged into day " + epochDay);
        }
        for (int i = 0; i < bpm.length; i++) {
            bpm[i].merge(other.bpm[i]);
            minutes[i] += other.minutes[i];
        }
        night.merge(other.night);
        wornMinutes += other.wornMinutes;
    }

    public void write(DataOutput out) throws IOException {
        Packed.writeLong(out, epochDay);
        Packed.writeInt(out, wornMinutes);
        night.write(out);
        for (int i = 0; i < bpm.length; i++) {
            Packed.writeInt(out, minutes[i]);
            bpm[i].write(out);
        }
    }

    public static DayHistograms read(DataInput in) throws IOException {
        var day = new DayHistograms(Packed.readLong(in), new Histogram[2 * HOURS]);
        day.wornMinutes = Packed.readInt(in);
        day.night = Histogram.read(in);
        for (int i = 0; i < day.bpm.length; i++) {
            day.minutes[i] = Packed.readInt(in);
            day.bpm[i] = Histogram.read(in);
        }
        return day;
    }

    public DayHistograms copy() {
        var copy = new DayHistograms(epochDay);
        copy.merge(this);
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DayHistograms that
                && epochDay == that.epochDay
                && wornMinutes == that.wornMinutes
                && night.equals(that.night)
                && Arrays.equals(minutes, that.minutes)
                && Arrays.equals(bpm, that.bpm);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(epochDay) + Arrays.hashCode(bpm);
    }
}
