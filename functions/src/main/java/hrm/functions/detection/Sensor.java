package hrm.functions.detection;

import static hrm.functions.Packed.NONE;

import hrm.functions.Packed;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Whether it is the sensor that speaks and not the heart.
 *
 * <ul>
 *   <li><b>not worn</b>: the device says that it does not touch the skin.
 *   <li><b>implausible</b>: further from the last plausible value than a heart changes in the time
 *       between. So after a fault the return to normal is plausible. A new level on which the
 *       values agree for {@value #BELIEVED_MS} ms is believed: a supraventricular tachycardia does
 *       begin within a beat.
 *   <li><b>stuck</b>: the same value for 15 minutes and at least {@value #STUCK_READINGS} readings.
 *       A pacemaker's fixed rate looks the same.
 * </ul>
 *
 * <p>The score is half the ratio of what was measured to what is still plausible, at most 1, the
 * greatest of them; so 0.5 is the border. Not worn is 1. There is no direction.
 */
public final class Sensor {
    /**
     * What a heart does at once, bpm: a start as hard as can be from 80 bpm, or a faint.
     *
     * @see "C. G. Araújo et al., Heart rate responses to deep breathing and 4-seconds of exercise,
     *     Clinical Autonomic Research 2 (1992) 35–40: the RR interval shortens by up to about 1.6
     *     times within four seconds"
     */
    public static final double AT_ONCE_BPM = 45;

    /**
     * How fast it goes on rising, bpm per second: with the above 105 bpm in 30 s, as in a sprint
     * from rest.
     *
     * @see "30 s all-out (Wingate) tests, after which heart rates of 160 to 180 are usual: O.
     *     Bar-Or, The Wingate anaerobic test, Sports Medicine 4 (1987) 381–394"
     */
    public static final double RISE_PER_SECOND = 2;

    /**
     * How fast it goes on falling, bpm per second: more than after exercise, when the first minute
     * brings some 20 bpm, and seldom 60.
     *
     * @see "C. R. Cole et al., Heart-rate recovery immediately after exercise, NEJM 341 (1999)
     *     1351–1357"
     */
    public static final double FALL_PER_SECOND = 1;

    /**
     * For how long the values of a new level must agree. Chest straps repeat a faulty value two to
     * four times, over up to 12 s.
     */
    public static final long BELIEVED_MS = 15_000;

    /** A level older than this says nothing of now. */
    public static final long LONGEST_PAUSE_MS = 5 * 60_000L;

    /**
     * Longest natural run of one value in some 3,000 hours of a chest strap and of wrist devices:
     * 10 minutes with few readings, 73 readings in 4 minutes. Both of these must be passed.
     */
    public static final long STUCK_MS = 15 * 60_000L;

    public static final int STUCK_READINGS = 60;

    private long levelMs = NONE;
    private int level;

    /** Since when values do not fit the level but each other; {@code NONE} when there are none. */
    private long rivalSinceMs = NONE;

    private long rivalMs = NONE;
    private int rival;

    private long lastMs = NONE;
    private int last = Reading.UNKNOWN;
    private long sameSinceMs = NONE;
    private int same;

    /**
     * Sets SENSOR_SCORE, SENSOR_STUCK, SENSOR_IMPLAUSIBLE and SENSOR_NOT_WORN. Without a heart rate
     * the first three are unknown, unless the sensor is not worn; without a contact flag the last.
     */
    public void score(Reading reading, Values inOut) {
        Boolean contact = reading.sensorContact();
        boolean notWorn = contact != null && !contact;
        double score = Double.NaN;
        double stuck = Double.NaN;
        double implausible = Double.NaN;
        if (reading.hasBpm()) {
            double change = change(reading.timestampMs(), reading.bpm());
            double sameness = sameness(reading.timestampMs(), reading.bpm());
            implausible = change > 1 ? 1 : 0;
            stuck = sameness >= 1 ? 1 : 0;
            score = Math.min(1, Math.max(change, sameness) / 2);
        }
        inOut.set(Name.SENSOR_SCORE, notWorn ? 1 : score);
        inOut.set(Name.SENSOR_STUCK, stuck);
        inOut.set(Name.SENSOR_IMPLAUSIBLE, implausible);
        inOut.set(Name.SENSOR_NOT_WORN, contact == null ? Double.NaN : notWorn ? 1 : 0);
    }

    /** The change against what is plausible: more than 1 is not. */
    private double change(long nowMs, int bpm) {
        if (levelMs == NONE || nowMs - levelMs > LONGEST_PAUSE_MS) {
            believe(nowMs, bpm);
            return 0;
        }
        double change = ratio(bpm - level, nowMs - levelMs);
        if (change <= 1) {
            believe(nowMs, bpm);
            return change;
        }
        boolean agrees = rivalSinceMs != NONE && ratio(bpm - rival, nowMs - rivalMs) <= 1;
        rivalSinceMs = agrees ? rivalSinceMs : nowMs;
        rival = bpm;
        rivalMs = nowMs;
        if (nowMs - rivalSinceMs >= BELIEVED_MS) {
            believe(nowMs, bpm);
            return 1;
        }
        return change;
    }

    private static double ratio(int difference, long elapsedMs) {
        double perSecond = difference > 0 ? RISE_PER_SECOND : FALL_PER_SECOND;
        return Math.abs(difference) * 1000 / (AT_ONCE_BPM * 1000 + perSecond * elapsedMs);
    }

    private void believe(long nowMs, int bpm) {
        level = bpm;
        levelMs = nowMs;
        rivalSinceMs = NONE;
        rivalMs = NONE;
        rival = 0;
    }

    /** The run of equal values against the longest that is plausible: 1 and more is not. */
    private double sameness(long nowMs, int bpm) {
        boolean goesOn = bpm == last && nowMs - lastMs <= LONGEST_PAUSE_MS;
        same = goesOn ? Math.min(same + 1, 2 * STUCK_READINGS) : 1;
        sameSinceMs = goesOn ? sameSinceMs : nowMs;
        last = bpm;
        lastMs = nowMs;
        return Math.min((double) same / STUCK_READINGS, (double) (nowMs - sameSinceMs) / STUCK_MS);
    }

    public void write(DataOutput out) throws IOException {
        Packed.writeTime(out, levelMs);
        Packed.writeInt(out, level);
        Packed.writeTime(out, rivalSinceMs);
        Packed.writeTime(out, rivalMs);
        Packed.writeInt(out, rival);
        Packed.writeTime(out, lastMs);
        Packed.writeInt(out, last);
        Packed.writeTime(out, sameSinceMs);
        Packed.writeInt(out, same);
    }

    public static Sensor read(DataInput in) throws IOException {
        var sensor = new Sensor();
        sensor.levelMs = Packed.readTime(in);
        sensor.level = Packed.readInt(in);
        sensor.rivalSinceMs = Packed.readTime(in);
        sensor.rivalMs = Packed.readTime(in);
        sensor.rival = Packed.readInt(in);
        sensor.lastMs = Packed.readTime(in);
        sensor.last = Packed.readInt(in);
        sensor.sameSinceMs = Packed.readTime(in);
        sensor.same = Packed.readInt(in);
        return sensor;
    }

    public Sensor copy() {
        var copy = new Sensor();
        copy.levelMs = levelMs;
        copy.level = level;
        copy.rivalSinceMs = rivalSinceMs;
        copy.rivalMs = rivalMs;
        copy.rival = rival;
        copy.lastMs = lastMs;
        copy.last = last;
        copy.sameSinceMs = sameSinceMs;
        copy.same = same;
        return copy;
    }
}
