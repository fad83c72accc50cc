package hrm.sinks.readings;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;

/** Seeded minutes: few people, devices and offsets, so that many of them meet. */
final class Minutes {
    static final long[] STARTS = {
        Instant.parse("2019-02-28T23:59:00Z").toEpochMilli(),
        Instant.parse("2019-03-01T00:00:00Z").toEpochMilli(),
        Instant.parse("2026-01-31T08:15:00Z").toEpochMilli(),
        Instant.parse("2027-12-31T23:59:00Z").toEpochMilli()
    };
    private static final String[] USERS = {"u1", "u2", "Ünï-👩", "u'; DROP TABLE readings; --"};
    private static final String[] ACTIVITIES = {
        "", "rest", "NULL", "a\"b\\c,{d}", "läuft 🏃", "two\nlines"
    };

    private final Random random;

    Minutes(long seed) {
        random = new Random(seed);
    }

    MinuteRow next() {
        var user = USERS[random.nextInt(USERS.length)];
        var device = random.nextBoolean() ? "watch" : "strap";
        long minute = STARTS[random.nextInt(STARTS.length)];
        var offsets = new TreeSet<Integer>();
        int size = 1 + random.nextInt(random.nextBoolean() ? 2 : 15);
        // Now from the whole minute, now from a part of it, so that some come after all others.
        int from = random.nextInt(60);
        while (offsets.size() < size) {
            offsets.add(
                    random.nextInt(8) == 0
                            ? random.nextInt(60_000)
                            : (from + random.nextInt(60 - from)) * 1_000 + random.nextInt(2) * 999);
            from = random.nextInt(from + 1);
        }
        double[] share = share(user, device, minute);
        var readings = new ArrayList<Reading>();
        for (int offset : offsets) {
            readings.add(reading(user, device, minute + offset, share));
        }
        return new MinuteRow(user, device, minute, readings);
    }

    /** The same minute, with some of its readings and some values changed. */
    MinuteRow again(MinuteRow row) {
        if (random.nextBoolean()) {
            return row;
        }
        var readings = new ArrayList<Reading>();
        double[] share = share(row.userId(), row.deviceId(), row.minuteMs());
        for (var reading : row.readings()) {
            if (readings.isEmpty() || random.nextInt(3) > 0) {
                readings.add(reading(row.userId(), row.deviceId(), reading.timestampMs(), share));
            }
        }
        return new MinuteRow(row.userId(), row.deviceId(), row.minuteMs(), readings);
    }

    /**
     * How many of these readings have each of the six fields: often none, often all. Some fields no
     * reading of the whole minute has.
     */
    private double[] share(String user, String device, long minute) {
        int never = Objects.hash(user, device, minute) * 0x9E3779B9 >>> 26; // six bits
        double[] share = new double[6];
        for (int field = 0; field < share.length; field++) {
            double x = random.nextDouble();
            share[field] = x < 0.4 || (never >> field & 1) == 1 ? 0 : x > 0.7 ? 1 : x;
        }
        return share;
    }

    private Reading reading(String user, String device, long timestamp, double[] share) {
        return new Reading(
                user,
                device,
                timestamp,
                has(share[0]) ? 20 + random.nextInt(281) : Reading.UNKNOWN,
                has(share[1]) ? random.nextInt(32_768) : Reading.UNKNOWN,
                has(share[2]) ? ACTIVITIES[random.nextInt(ACTIVITIES.length)] : null,
                has(share[3]) ? random.ints(random.nextInt(4), 200, 3_001).toArray() : null,
                has(share[4]) ? random.nextBoolean() : null,
                has(share[5])
                        ? List.of(0.0, 1.0, 0.1 + 0.2, random.nextDouble()).get(random.nextInt(4))
                        : Double.NaN);
    }

    private boolean has(double share) {
        return random.nextDouble() < share;
    }
}
