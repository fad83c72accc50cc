package hrm.simulator;

import hrm.model.Reading;
import java.time.Instant;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * The readings of one device on one UTC day, by time.
 *
 * <p>The heart follows what the day plan asks of it with a lag, faster up than down. On that lie
 * two noises that forget exponentially: of minutes and of breaths. Scripted events bend the result.
 */
final class DeviceDay implements Iterator<Reading> {
    static final long MINUTE_MS = 60_000;
    static final long DAY_MS = 86_400_000;
    private static final long WARM_UP_MS = 40 * MINUTE_MS;

    private static final double RISE_SECONDS = 40;
    private static final double FALL_SECONDS = 110;

    private final long seed;
    private final Person person;
    private final Device device;
    private final List<ScriptedEvent> events;
    private final Map<Long, DayPlan> plans = new HashMap<>();
    private final BitSet lost = new BitSet();
    private final long dayMs;
    private final long intervalMs;
    private final SplittableRandom random;
    private final SplittableRandom faults;

    private final boolean sendsSteps;
    private final boolean sendsRr;
    private final boolean sendsContact;
    private final boolean sendsConfidence;
    private final boolean sendsActivity;
    private final double rise;
    private final double fall;
    private final Noise minutes;
    private final Noise breath;

    private long nextMs;
    private Reading next;

    // What holds for the minute at hand.
    private long minuteEndMs = Long.MIN_VALUE;
    private double restBpm;
    private double targetBpm;
    private double spread;
    private int minuteSteps;
    private boolean asleep;
    private boolean worn;
    private boolean eventful;

    private double heart;

    DeviceDay(long seed, Person person, Device device, LocalDate day, List<ScriptedEvent> script) {
        this.seed = seed;
        this.person = person;
        this.device = device;
        this.dayMs = day.toEpochDay() * DAY_MS;
        this.events = script.stream().filter(this::touches).toList();
        this.intervalMs = device.interval().toMillis();
        this.random = Chance.of(seed, person.id(), day.toEpochDay(), device.id());
        this.faults = random.split();
        this.sendsSteps = device.sends(Device.Signal.STEPS);
        this.sendsRr = device.sends(Device.Signal.RR_INTERVALS);
        this.sendsContact = device.sends(Device.Signal.CONTACT);
        this.sendsConfidence = device.sends(Device.Signal.CONFIDENCE);
        this.sendsActivity = device.sends(Device.Signal.ACTIVITY);
        double seconds = intervalMs / 1000.0;
        this.rise = 1 - Math.exp(-seconds / RISE_SECONDS);
        this.fall = 1 - Math.exp(-seconds / FALL_SECONDS);
        double variability = person.variability();
        this.minutes = new Noise(1.2 * variability, 240, 0, seconds, random);
        this.breath = new Noise(3.35 * variability, 5.5, 9, seconds, random);
        loseSome();
        this.nextMs = dayMs + random.nextLong(intervalMs);
        warmUp();
        this.next = advance();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Reading next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        var reading = next;
        next = advance();
        return reading;
    }

    private boolean touches(ScriptedEvent event) {
        long before = ScriptedEvent.STILL_BEFORE.toMillis() + WARM_UP_MS;
        return event.userId().equals(person.id())
                && (event.deviceId() == null || event.deviceId().equals(device.id()))
                && event.from().toEpochMilli() - before < dayMs + DAY_MS
                && event.to().toEpochMilli() + before > dayMs;
    }

    /** Brings the heart to where the evening before left it. */
    private void warmUp() {
        long at = nextMs - WARM_UP_MS / intervalMs * intervalMs;
        enterMinute(at);
        heart = targetBpm;
        for (; at < nextMs; at += intervalMs) {
            follow(at);
        }
    }

    private Reading advance() {
        while (nextMs < dayMs + DAY_MS) {
            long at = nextMs;
            nextMs += intervalMs;
            follow(at);
            double slow = minutes.next() * spread;
            double fast = breath.next() * spread;
            // One in two hundred does not get through.
            if (worn && faults.nextInt(200) != 0) {
                return reading(at, slow, fast);
            }
        }
        return null;
    }

    private void follow(long at) {
        if (at >= minuteEndMs) {
            enterMinute(at);
        }
        heart += (targetBpm - heart) * (targetBpm > heart ? rise : fall);
    }

    private Reading reading(long at, double slow, double fast) {
        double bpm = heart + slow + fast;
        double confidence = Double.NaN;
        if (sendsConfidence) {
            confidence = (minuteSteps > 0 ? 85 : 95) / 100.0 + faults.nextInt(5) / 100.0;
        }
        if (eventful) {
            bpm = bend(at, bpm, 0.2 * slow + 0.6 * fast);
        }
        // The lowest heart rate of anybody healthy here; events go below by themselves.
        int shown = (int) Math.round(Math.max(eventful ? 21 : 34, Math.min(220, bpm)));
        if (person.artefactShare() > 0 && faults.nextDouble() < person.artefactShare()) {
            shown = shown < 105 ? shown * 2 : shown / 2;
            confidence = sendsConfidence ? 0.3 : confidence;
        }
        return new Reading(
                person.id(),
                device.id(),
                at,
                shown,
                sendsSteps ? minuteSteps : Reading.UNKNOWN,
                sendsActivity ? activity() : null,
                sendsRr ? rrIntervals(shown) : null,
                sendsContact ? Boolean.TRUE : null,
                confidence);
    }

    /**
     * @param noise of a heart that an event drives: it varies less
     */
    private double bend(long at, double natural, double noise) {
        double bpm = natural;
        for (var event : events) {
            long from = event.from().toEpochMilli();
            long to = event.to().toEpochMilli();
            if (at < from || at >= to) {
                continue;
            }
            var kind = event.kind();
            if (kind == ScriptedEvent.Kind.STUCK_SENSOR) {
                return person.awakeBpm();
            }
            if (kind == ScriptedEvent.Kind.STRAP_FAULTS) {
                return (faults.nextBoolean() ? 60 : 190) + faults.nextInt(-4, 5);
            }
            double in = (at - event.effectFrom().toEpochMilli()) / 1000.0;
            double level = kind.level(person, in);
            if (!Double.isNaN(level)) {
                double weight = kind.weight(in, (to - at) / 1000.0);
                bpm = (1 - weight) * bpm + weight * (level + noise);
            }
        }
        return bpm;
    }

    /** The beats since the reading before. */
    private int[] rrIntervals(int bpm) {
        double mean = 60_000.0 / bpm;
        var intervals = new int[(int) Math.max(1, Math.min(12, intervalMs / mean))];
        for (int i = 0; i < intervals.length; i++) {
            double rr = mean * (1 + (asleep ? 0.04 : 0.025) * faults.nextGaussian());
            intervals[i] = (int) Math.round(Math.max(200, Math.min(3000, rr)));
        }
        return intervals;
    }

    private String activity() {
        if (asleep) {
            return "sleep";
        }
        return minuteSteps == 0 ? "rest" : minuteSteps > 140 ? "running" : "walking";
    }

    private void enterMinute(long at) {
        long minuteMs = Math.floorDiv(at, MINUTE_MS) * MINUTE_MS;
        minuteEndMs = minuteMs + MINUTE_MS;
        var offset = person.timeZone().getRules().getOffset(Instant.ofEpochMilli(minuteMs));
        long localMs = minuteMs + offset.getTotalSeconds() * 1000L;
        long localDay = Math.floorDiv(localMs, DAY_MS);
        int minute = (int) (Math.floorMod(localMs, DAY_MS) / MINUTE_MS);
        var plan = plans.computeIfAbsent(localDay, day -> DayPlan.of(seed, person, day));

        asleep = plan.asleep(minute);
        minuteSteps = plan.steps[minute];
        double intensity = plan.intensity[minute];
        double mood = plan.mood[minute] * person.variability();
        restBpm = asleep ? night(plan, minute) : day(minute);
        boolean workout = plan.workout(minute);

        eventful = false;
        for (var event : events) {
            long from = event.from().toEpochMilli();
            long to = event.to().toEpochMilli();
            boolean during = minuteMs >= from && minuteMs < to;
            if (event.kind() == ScriptedEvent.Kind.FEVER) {
                restBpm += during ? asleep ? 10 : 5 : 0;
                continue;
            }
            eventful |= during;
            if (event.kind().movesHeart()) {
                long still = ScriptedEvent.STILL_BEFORE.toMillis();
                if (minuteMs >= from - still && minuteMs < to + still / 3) {
                    minuteSteps = 0;
                    intensity = 0;
                    mood = 0;
                    workout = false;
                }
                if (minuteMs >= from && minuteMs < event.effectFrom().toEpochMilli()) {
                    minuteSteps = event.kind().leadSteps;
                    intensity = event.kind().leadIntensity();
                    workout = true;
                    asleep = false;
                }
            }
        }
        targetBpm = restBpm + mood + intensity * (person.maxBpm() - restBpm);
        spread = asleep ? 0.75 : intensity > 0.15 ? 1.3 : 1;
        worn =
                switch (device.wear()) {
                    case ALWAYS -> true;
                    case AWAKE -> !asleep;
                    case WORKOUTS -> workout;
                };
        worn &= eventful || !lost.get((int) Math.max(0, (minuteMs - dayMs) / MINUTE_MS));
    }

    /** Sinks through the night, with the waves of sleep's cycles. */
    private double night(DayPlan plan, int minute) {
        double passed = plan.nightPassed(minute);
        return person.restingBpm() + 3 - 6 * passed + 1.5 * Math.sin(2 * Math.PI * minute / 90);
    }

    /** Highest in the afternoon. */
    private double day(int minute) {
        return person.awakeBpm() + 2.5 * Math.cos(2 * Math.PI * (minute - 960) / 1440);
    }

    /** Charging on most days, and short losses of contact; never close to a scripted event. */
    private void loseSome() {
        if (random.nextInt(10) < 7) {
            lose(random.nextInt(DayPlan.MINUTES), 25 + random.nextInt(25));
        }
        int losses = random.nextInt(6);
        for (int i = 0; i < losses; i++) {
            double length = -Math.log(1 - random.nextDouble());
            lose(random.nextInt(DayPlan.MINUTES), 3 + (int) (10 * length));
        }
        for (var event : events) {
            if (event.kind() == ScriptedEvent.Kind.FEVER) {
                continue;
            }
            long margin = ScriptedEvent.STILL_BEFORE.toMinutes() + 10;
            long dayMinute = dayMs / MINUTE_MS;
            long from = event.from().toEpochMilli() / MINUTE_MS - dayMinute - margin;
            long to = event.to().toEpochMilli() / MINUTE_MS - dayMinute + margin;
            if (from < DayPlan.MINUTES && to > 0) {
                lost.clear((int) Math.max(0, from), (int) Math.min(DayPlan.MINUTES, to));
            }
        }
    }

    private void lose(int from, int length) {
        lost.set(from, Math.min(DayPlan.MINUTES, from + length));
    }

    /**
     * Autoregressive noise of first order: remembers, exponentially less with time. A device shows
     * its running mean.
     */
    private static final class Noise {
        private final double keep;
        private final double fresh;
        private final double smooth;
        private final SplittableRandom random;
        private double value;
        private double shown;

        /**
         * @param sd of what is shown, whatever the interval
         * @param smoothSeconds time constant of the running mean; zero for none
         */
        Noise(
                double sd,
                double memorySeconds,
                double smoothSeconds,
                double stepSeconds,
                SplittableRandom random) {
            this.keep = Math.exp(-stepSeconds / memorySeconds);
            this.smooth = Math.exp(-stepSeconds / smoothSeconds);
            double variance =
                    (1 - smooth) / (1 + smooth) * (1 + keep * smooth) / (1 - keep * smooth);
            double unsmoothed = sd / Math.sqrt(variance);
            this.fresh = unsmoothed * Math.sqrt(1 - keep * keep);
            this.random = random;
            this.value = unsmoothed * random.nextGaussian();
            this.shown = sd * random.nextGaussian();
        }

        double next() {
            value = keep * value + fresh * random.nextGaussian();
            shown = smooth * shown + (1 - smooth) * value;
            return shown;
        }
    }
}
