package hrm.simulator;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A simulated person. Two with the same id and seed live the same life.
 *
 * @param id the reading's {@code user_id}
 * @param timeZone nights and workouts are local to it
 * @param restingBpm median of the night's still minutes, beats per minute
 * @param awakeBpm where the heart rate lies when they sit awake, beats per minute
 * @param maxBpm heart rate at the limit of exertion, beats per minute
 * @param chronotype how much later than 7:00 to 23:00 they are awake; negative for early risers
 * @param workoutsPerWeek how often they exercise, on average
 * @param runs whether they run (about 160 steps a minute) or walk briskly (about 115)
 * @param variability how much the heart varies by posture, mood and night beside what exertion asks
 *     of it: 1 as in recordings, 0 not at all
 * @param artefactShare share of readings that count a beat twice or miss every second one: inside
 *     20 to 300 bpm, so nothing rejects them; 0 to 1
 * @param devices at least one, ids differ
 */
public record Person(
        String id,
        ZoneId timeZone,
        int restingBpm,
        int awakeBpm,
        int maxBpm,
        Duration chronotype,
        double workoutsPerWeek,
        boolean runs,
        double variability,
        double artefactShare,
        List<Device> devices) {

    private static final List<ZoneId> ZONES =
            List.of(
                    ZoneId.of("Europe/Berlin"),
                    ZoneId.of("Europe/London"),
                    ZoneId.of("America/New_York"),
                    ZoneId.of("America/Sao_Paulo"),
                    ZoneId.of("Asia/Kolkata"),
                    ZoneId.of("Asia/Tokyo"),
                    ZoneId.of("Australia/Sydney"),
                    ZoneId.of("UTC"));

    public Person {
        devices = List.copyOf(devices);
        if (restingBpm < 35
                || restingBpm > 100
                || awakeBpm < restingBpm
                || maxBpm < awakeBpm + 32
                || maxBpm > 230) {
            throw new IllegalArgumentException(
                    "a person has a resting rate of 35 to 100 bpm, not more than that awake, and a"
                            + " maximum at least 32 above the latter, up to 230");
        }
        var ids = new HashSet<String>();
        devices.forEach(device -> ids.add(device.id()));
        if (devices.isEmpty() || ids.size() < devices.size()) {
            throw new IllegalArgumentException("a person has a device, and device ids differ");
        }
    }

    /** How much a calm person's heart varies: half of what is usual. */
    static final double CALM = 0.45;

    /** A calm person with one watch, who walks three times a week. */
    public static Person of(String id, ZoneId timeZone, int restingBpm, Device... devices) {
        return new Person(
                id,
                timeZone,
                restingBpm,
                restingBpm + 8,
                restingBpm + 122,
                Duration.ZERO,
                3,
                false,
                CALM,
                0,
                List.of(devices));
    }

    /** Person number {@code index} of a seed: the same whoever else is asked for. */
    static Person drawn(long seed, int index) {
        var id = "p%06d".formatted(index);
        var random = Chance.of(seed, id, 0, "person");
        double age = 20 + random.nextDouble() * 55;
        boolean runs = random.nextInt(3) == 0;
        int resting = clamp((runs ? 55 : 62) + 6.5 * random.nextGaussian(), 42, 85);
        // Tanaka, Monahan, Seals, J Am Coll Cardiol 37 (2001) 153–156: 208 − 0.7 × age, SD about 7.
        int max = clamp(208 - 0.7 * age + 7 * random.nextGaussian(), 140, 215);
        return new Person(
                id,
                ZONES.get(random.nextInt(ZONES.size())),
                resting,
                clamp(resting + 8 + 4.5 * random.nextGaussian(), resting, resting + 20),
                max,
                Duration.ofMinutes(clamp(50 * random.nextGaussian(), -100, 120)),
                runs ? 3 : 2.5 * random.nextDouble(),
                runs,
                Math.max(0.5, 1 + 0.2 * random.nextGaussian()),
                0.00004 * Math.exp(random.nextGaussian()),
                drawnDevices(random));
    }

    private static List<Device> drawnDevices(SplittableRandom random) {
        int[] intervals = {5, 5, 10, 10, 15, 30};
        var watch = Device.watch("watch", intervals[random.nextInt(intervals.length)]);
        int kind = random.nextInt(10);
        if (kind == 0) {
            watch = watch.withoutSteps();
        } else if (kind == 1) {
            watch = watch.reporting(Device.Signal.CONFIDENCE, Device.Signal.ACTIVITY);
        } else if (kind == 2) {
            watch = watch.reporting(Device.Signal.RR_INTERVALS, Device.Signal.CONTACT);
        } else if (kind == 3 || kind == 5) {
            watch = watch.worn(Device.Wear.AWAKE);
        } else if (kind == 4) {
            return List.of(watch, Device.strap("strap", 5).worn(Device.Wear.WORKOUTS));
        }
        return List.of(watch);
    }

    public Person living(Duration laterThanMost) {
        return new Person(
                id,
                timeZone,
                restingBpm,
                awakeBpm,
                maxBpm,
                laterThanMost,
                workoutsPerWeek,
                runs,
                variability,
                artefactShare,
                devices);
    }

    public Person exercising(double timesPerWeek, boolean running) {
        return new Person(
                id,
                timeZone,
                restingBpm,
                awakeBpm,
                maxBpm,
                chronotype,
                timesPerWeek,
                running,
                variability,
                artefactShare,
                devices);
    }

    private static int clamp(double value, int low, int high) {
        return (int) Math.round(Math.max(low, Math.min(high, value)));
    }
}
