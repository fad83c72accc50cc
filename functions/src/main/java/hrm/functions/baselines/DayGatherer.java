package hrm.functions.baselines;

import static hrm.functions.Packed.NONE;

import hrm.functions.Histogram;
import hrm.functions.LocalClock;
import hrm.functions.detection.Sensor;
import hrm.functions.features.Stillness;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.TreeMap;

/**
 * Turns the readings of one device, as they come back from the store, into the histograms of its
 * local days. A person's days are those of their devices, merged.
 *
 * <p>What does not count: readings of which the {@link Sensor} detector says that it is not the
 * heart that speaks; and, in a cell, readings of which it is unknown whether they are at rest. So a
 * person whose devices report no steps has worn days and no cells.
 *
 * <p>To know a day's first minutes, give the {@value #WARM_UP_MINUTES} before it as well and leave
 * that day's result out.
 */
public final class DayGatherer {
    /**
     * Memory of rest and of the sensor's faults: a stuck value at one reading a minute is longest.
     */
    public static final int WARM_UP_MINUTES = 60;

    /**
     * The night whose still minutes give the resting heart rate: midnight to 7:00 local.
     *
     * @see "Alavi et al., Real-time alerting system for COVID-19 and other stress events using
     *     wearable data, Nature Medicine 28 (2022) 175–184: NightSignal takes 0:00 to 7:00"
     */
    public static final int NIGHT_UNTIL_HOUR = 7;

    private static final long MINUTE_MS = 60_000;

    private final TreeMap<Long, DayHistograms> days = new TreeMap<>();
    private final Stillness stillness = new Stillness();
    private final Sensor sensor = new Sensor();
    private final Values values = new Values();

    private long minuteMs = NONE;
    private ZoneId zone;
    private int steps = Reading.UNKNOWN;
    private final Histogram all = new Histogram();
    private final Histogram rest = new Histogram();
    private final Histogram active = new Histogram();

    /**
     * @param reading later than the one before
     * @param localZone the person's own at that time
     */
    public void add(Reading reading, ZoneId localZone) {
        long timestampMs = reading.timestampMs();
        long itsMinuteMs = timestampMs - Math.floorMod(timestampMs, MINUTE_MS);
        if (itsMinuteMs != minuteMs) {
            finishMinute();
            minuteMs = itsMinuteMs;
            zone = localZone;
        }
        stillness.observe(timestampMs, reading.steps());
        steps = Math.max(steps, reading.steps());
        if (!reading.hasBpm()) {
            return;
        }
        sensor.score(reading, values);
        if (values.get(Name.SENSOR_STUCK) == 1
                || values.get(Name.SENSOR_IMPLAUSIBLE) == 1
                || values.get(Name.SENSOR_NOT_WORN) == 1) {
            return;
        }
        all.add(reading.bpm());
        int atRest = stillness.atRest();
        if (atRest == Truth.TRUE) {
            rest.add(reading.bpm());
        } else if (atRest == Truth.FALSE) {
            active.add(reading.bpm());
        }
    }

    private void finishMinute() {
        if (!all.isEmpty()) {
            int hour = LocalClock.hour(minuteMs, zone);
            var day = days.computeIfAbsent(LocalClock.epochDay(minuteMs, zone), DayHistograms::new);
            day.addWornMinute();
            if (!rest.isEmpty()) {
                day.add(hour, true, rest);
            }
            if (!active.isEmpty()) {
                day.add(hour, false, active);
            }
            if (hour < NIGHT_UNTIL_HOUR && steps == 0) {
                day.addNightMinute(all.median());
            }
        }
        all.clear();
        rest.clear();
        active.clear();
        steps = Reading.UNKNOWN;
    }

    /**
     * The days before this one, oldest first, which are given away: each is asked for once. More
     * readings may follow, of this day or later.
     *
     * @param epochDay local day, counted from 1970-01-01
     */
    public Collection<DayHistograms> takeBefore(long epochDay) {
        finishMinute();
        minuteMs = NONE;
        var before = days.headMap(epochDay);
        var taken = new ArrayList<>(before.values());
        before.clear();
        return taken;
    }

    /** The days so far, oldest first. More readings may follow, of a later minute. */
    public Collection<DayHistograms> days() {
        finishMinute();
        minuteMs = NONE;
        return days.values();
    }
}
