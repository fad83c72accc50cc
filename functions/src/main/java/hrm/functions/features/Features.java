package hrm.functions.features;

import static hrm.functions.Packed.NONE;

import hrm.functions.LocalClock;
import hrm.functions.Packed;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.ZoneId;
import java.util.function.ToDoubleFunction;

/**
 * What a reading says, and what it says together with the ones before it, of one device and in
 * constant memory. Readings come in the order of their time; late ones and duplicates do not come
 * here.
 */
public final class Features {
    /**
     * {@code delta_bpm} is unknown when the value before is older: the person may have done
     * anything since.
     */
    public static final long LONGEST_DELTA_MS = 5 * 60_000L;

    private final Stillness stillness;
    private final Rolling rolling;
    private final ToDoubleFunction<Name> rolled = this::rolled;
    private long lastMs = NONE;
    private long lastBpmMs = NONE;
    private int lastBpm = Reading.UNKNOWN;

    public Features() {
        this(new Stillness(), new Rolling());
    }

    private Features(Stillness stillness, Rolling rolling) {
        this.stillness = stillness;
        this.rolling = rolling;
    }

    /**
     * Sets BPM, STEPS, RR, ACTIVITY, SENSOR_CONTACT, CONFIDENCE, STILL_MINUTES, AT_REST, GAP,
     * DELTA_BPM, HOUR, RMSSD, MEAN_BPM and SLOPE_BPM, to unknown where they are; nothing else. The
     * last two are computed when they are asked for: before the next observation, or settle them.
     *
     * @param zone the person's own
     */
    public void observe(Reading reading, ZoneId zone, Values out) {
        long now = reading.timestampMs();
        said(reading, out);

        stillness.observe(now, reading.steps());
        out.set(Name.STILL_MINUTES, stillness.minutes());
        int atRest = stillness.atRest();
        out.set(Name.AT_REST, atRest == Truth.UNKNOWN ? Double.NaN : atRest == Truth.TRUE ? 1 : 0);

        out.set(Name.GAP, lastMs == NONE ? Double.NaN : (now - lastMs) / 1000.0);
        boolean comparable =
                reading.hasBpm() && lastBpmMs != NONE && now - lastBpmMs <= LONGEST_DELTA_MS;
        out.set(Name.DELTA_BPM, comparable ? reading.bpm() - lastBpm : Double.NaN);
        out.set(Name.HOUR, LocalClock.hour(now, zone));
        out.set(Name.RMSSD, Rmssd.of(reading.rrIntervalsMs()));

        rolling.advance(now);
        if (reading.hasBpm()) {
            rolling.add(now, reading.bpm());
            lastBpm = reading.bpm();
            lastBpmMs = now;
        }
        out.setLater(Name.MEAN_BPM, rolled);
        out.setLater(Name.SLOPE_BPM, rolled);
        lastMs = now;
    }

    private double rolled(Name name) {
        return name == Name.MEAN_BPM ? rolling.mean() : rolling.slope();
    }

    private static void said(Reading reading, Values out) {
        out.set(Name.BPM, reading.hasBpm() ? reading.bpm() : Double.NaN);
        out.set(Name.STEPS, reading.hasSteps() ? reading.steps() : Double.NaN);
        int[] rr = reading.rrIntervalsMs();
        out.set(Name.RR, rr == null ? Double.NaN : rr.length);
        out.set(Name.ACTIVITY, reading.activity());
        Boolean contact = reading.sensorContact();
        out.set(Name.SENSOR_CONTACT, contact == null ? Double.NaN : contact ? 1 : 0);
        out.set(Name.CONFIDENCE, reading.confidence());
    }

    public void write(DataOutput out) throws IOException {
        stillness.write(out);
        rolling.write(out);
        Packed.writeTime(out, lastMs);
        Packed.writeTime(out, lastBpmMs);
        Packed.writeInt(out, lastBpm);
    }

    public static Features read(DataInput in) throws IOException {
        var features = new Features(Stillness.read(in), Rolling.read(in));
        features.lastMs = Packed.readTime(in);
        features.lastBpmMs = Packed.readTime(in);
        features.lastBpm = Packed.readInt(in);
        return features;
    }

    public Features copy() {
        var copy = new Features(stillness.copy(), rolling.copy());
        copy.lastMs = lastMs;
        copy.lastBpmMs = lastBpmMs;
        copy.lastBpm = lastBpm;
        return copy;
    }
}
