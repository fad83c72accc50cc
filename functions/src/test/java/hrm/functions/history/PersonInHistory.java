package hrm.functions.history;

import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.MinuteColumns;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A person with one or two devices over some days: calm, busy, with a racing or a slow heart, with
 * gaps of minutes and of hours, and with versions of profile and baseline that change on the way.
 */
final class PersonInHistory {
    static final Instant START = Instant.parse("2026-03-25T21:00:00Z");
    private static final List<String> ZONES =
            List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata");

    final String userId;
    final UserProfiles profiles;
    final Baselines baselines;

    /** By device, each in its order. */
    final List<List<Reading>> devices = new ArrayList<>();

    PersonInHistory(String userId, int days, Random random) {
        this.userId = userId;
        this.profiles = profiles(days, random);
        this.baselines = baselines(days, random);
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            devices.add(readings("device-" + i, days, random));
        }
    }

    private UserProfiles profiles(int days, Random random) {
        var versions = new ArrayList<UserProfile>();
        for (int i = random.nextInt(3); i > 0; i--) {
            versions.add(
                    new UserProfile(
                            START.plusSeconds(random.nextInt(days * 86_400)).minusSeconds(86_400),
                            ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))),
                            random.nextBoolean() ? 100 + random.nextInt(20) : null,
                            random.nextBoolean() ? 45 + random.nextInt(8) : null));
        }
        return new UserProfiles(userId, versions);
    }

    private Baselines baselines(int days, Random random) {
        var versions = new ArrayList<Baseline>();
        for (int i = random.nextInt(4); i > 0; i--) {
            var cells = new ArrayList<Baseline.Cell>();
            for (int group = 0; group < Baseline.HOUR_GROUPS; group++) {
                double at = 60 + random.nextInt(20);
                cells.add(new Baseline.Cell(group, true, 900, at - 10, at, at + 20, 3));
                cells.add(new Baseline.Cell(group, false, 900, at, at + 20, at + 60, 9));
            }
            versions.add(
                    new Baseline(
                            userId,
                            "run-" + i,
                            START.plusSeconds(random.nextInt(days * 86_400)),
                            random.nextInt(4) == 0 ? Baseline.State.STALE : Baseline.State.READY,
                            55.0,
                            cells,
                            20,
                            100_000,
                            28));
        }
        return new Baselines(userId, versions);
    }

    private List<Reading> readings(String device, int days, Random random) {
        var readings = new ArrayList<Reading>();
        long time = START.toEpochMilli() + random.nextInt(3_600_000);
        long end = START.plus(Duration.ofDays(days)).toEpochMilli();
        boolean talkative = random.nextInt(4) == 0;
        while (time < end) {
            int kind = random.nextInt(12);
            int level =
                    kind < 6 ? 60 + random.nextInt(25) : kind < 10 ? 100 + random.nextInt(75) : 36;
            int steps = kind < 8 || kind > 9 ? 0 : 30 + random.nextInt(60);
            int everyMs = 1_000 * (15 + random.nextInt(75));
            for (int left = 5 + random.nextInt(60); left > 0 && time < end; left--) {
                readings.add(reading(device, time, level, steps, talkative, random));
                time += everyMs + random.nextInt(3_000);
            }
            int pause = random.nextInt(20);
            time +=
                    pause == 0
                            ? 3_600_000L * random.nextInt(12)
                            : pause < 4 ? 60_000L * random.nextInt(50) : 0;
        }
        return readings;
    }

    private Reading reading(
            String device, long time, int level, int steps, boolean talkative, Random random) {
        int bpm =
                random.nextInt(50) == 0
                        ? Reading.UNKNOWN
                        : random.nextInt(80) == 0 ? 210 : level + random.nextInt(9) - 4;
        int counted = random.nextInt(30) == 0 ? Reading.UNKNOWN : steps;
        if (!talkative || bpm == Reading.UNKNOWN && counted == Reading.UNKNOWN) {
            int known = bpm == Reading.UNKNOWN && counted == Reading.UNKNOWN ? level : bpm;
            return Reading.of(userId, device, time, known, counted);
        }
        return new Reading(
                userId,
                device,
                time,
                bpm,
                counted,
                random.nextBoolean() ? "rest" : null,
                random.nextBoolean() ? new int[] {800, 812, 790} : null,
                random.nextInt(10) == 0 ? null : (Boolean) (random.nextInt(30) > 0),
                random.nextBoolean() ? 0.5 : Double.NaN);
    }

    /** All devices' readings by time. */
    List<Reading> byTime() {
        return devices.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(Reading::timestampMs))
                .toList();
    }

    /** As the store has them. */
    List<MinuteColumns> minutes() {
        var minutes = new ArrayList<MinuteColumns>();
        for (var readings : devices) {
            var byMinute = new TreeMap<Long, List<Reading>>();
            for (var reading : readings) {
                byMinute.computeIfAbsent(
                                reading.timestampMs() / 60_000 * 60_000, at -> new ArrayList<>())
                        .add(reading);
            }
            byMinute.forEach(
                    (at, some) ->
                            minutes.add(
                                    MinuteColumns.of(
                                            new MinuteRow(
                                                    userId, some.get(0).deviceId(), at, some))));
        }
        return minutes;
    }
}
