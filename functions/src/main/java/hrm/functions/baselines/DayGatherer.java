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
import java.util.List;
import java.util.TreeMap;

/**
 * Turns the readings of one device, as they come back from the store, into the histograms of its
 * local days. A person's days are those of their devices, merged.
 *
 * <p>What does not count: readings of which the {@link Sensor} detector says that it is not the
 * heart that speaks; and, in a cell, readings of which it is unknown whether they are at rest. So a
 * person whose devices report no steps has worn days and no cells. Of a value that turns out to be
 * stuck no reading counts, from its first on: each waits until another value comes.
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

    /** Readings of one value, and what came between them. */
    private final List<Held> held = new ArrayList<>();

    private int heldBpm = Reading.UNKNOWN;

    private long minuteMs = NONE;
    private ZoneId minuteZone;
    private int steps = Reading.UNKNOWN;
    private final Histogram all = new Histogram();
    private final Histogram rest = new Histogram();
    private final Histogram active = new Histogram();

    /** A reading that counts, unless its value turns out to be stuck. */
    private record Held(long minuteMs, ZoneId zone, int bpm, int steps, int atRest) {}

    /**
     * @param reading later than the one before
     * @param zone the person's own at that time
     */
    public void add(Reading reading, ZoneId zone) {
        long timestampMs = reading.timestampMs();
        long itsMinuteMs = timestampMs - Math.floorMod(timestampMs, MINUTE_MS);
        stillness.observe(timestampMs, reading.steps());
        int bpm = reading.hasBpm() ? plausible(reading) : Reading.UNKNOWN;
        if (bpm != Reading.UNKNOWN && bpm != heldBpm) {
            release();
            heldBpm = bpm;
        }
        if (bpm != Reading.UNKNOWN || reading.steps() != Reading.UNKNOWN) {
            held.add(new Held(itsMinuteMs, zone, bpm, reading.steps(), stillness.atRest()));
        }
        if (heldBpm == Reading.UNKNOWN) {
            release();
        }
    }

    /** The reading's heart rate, or unknown when it is not the heart that speaks. */
    private int plausible(Reading reading) {
        sensor.score(reading, values);
        if (values.get(Name.SENSOR_STUCK) == 1) {
            held.clear();
            heldBpm = Reading.UNKNOWN;
            return Reading.UNKNOWN;
        }
        return values.get(Name.SENSOR_IMPLAUSIBLE) == 1 || values.get(Name.SENSOR_NOT_WORN) == 1
                ? Reading.UNKNOWN
                : reading.bpm();
    }

    private void release() {
        for (var reading : held) {
            if (reading.minuteMs != minuteMs) {
                finishMinute();
                minuteMs = reading.minuteMs;
                minuteZone = reading.zone;
            }
            steps = Math.max(steps, reading.steps);
            if (reading.bpm == Reading.UNKNOWN) {
                continue;
            }
            all.add(reading.bpm);
            if (reading.atRest == Truth.TRUE) {
                rest.add(reading.bpm);
            } else if (reading.atRest == Truth.FALSE) {
                active.add(reading.bpm);
            }
        }
        held.clear();
    }

    private void finishMinute() {
        if (!all.isEmpty()) {
            int hour = LocalClock.hour(minuteMs, minuteZone);
            var day =
                    days.computeIfAbsent(
                            LocalClock.epochDay(minuteMs, minuteZone), DayHistograms::new);
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
     * The days before this one, oldest first, which are given away: each is asked for once, and
     * told as it was known at its end. That a value has been stuck since the evening is not known
     * at midnight. More readings may follow, of this day or later.
     *
     * @param epochDay local day, counted from 1970-01-01
     */
    public Collection<DayHistograms> takeBefore(long epochDay) {
        release();
        finishMinute();
        minuteMs = NONE;
        var before = days.headMap(epochDay);
        var taken = new ArrayList<>(before.values());
        before.clear();
        return taken;
    }

    /** The days so far, oldest first. More readings may follow, of a later minute. */
    public Collection<DayHistograms> days() {
        release();
        finishMinute();
        minuteMs = NONE;
        return days.values();
    }
}
