package hrm.functions.history;

import hrm.model.Alert;
import hrm.model.Baselines;
import hrm.model.PatternVersions;
import hrm.model.PatternVersions.Version;
import hrm.model.Reading;
import hrm.model.UserProfiles;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * People over a week, and how all of it comes in: up to 48 hours late and out of order, some of it
 * twice, once with another value; patterns, baselines and profiles that change, before their time
 * or a day after it.
 */
final class LateWorld {
    static final int DAYS = 7;

    /** By then everything has come in. */
    static final Instant ALL_IN = PersonInHistory.START.plus(Duration.ofDays(DAYS + 3));

    private static final long LATEST_MS = Duration.ofHours(48).toMillis();

    private static final List<String> PATTERNS =
            List.of(
                    """
                    id: stays-up
                    version: 1
                    title: High while inactive
                    condition: high
                    severity: high
                    mode: live
                    on: minute
                    let: { limit: limits.high }
                    sequence:
                      - step: high
                        where: bpm > limit - 5 && steps == 0
                        hold: 4m
                        max_gap: 2m
                    resolve: { where: bpm < limit - 10, hold: 3m }
                    message: "Above ${limit}"
                    source: test
                    """,
                    """
                    id: peak
                    version: 1
                    title: High
                    condition: high
                    severity: medium
                    mode: live
                    sequence:
                      - step: high
                        where: bpm > 150
                    clear_after: 12m
                    message: "${bpm}"
                    source: test
                    """,
                    """
                    id: up-and-down
                    version: 1
                    title: Up and down
                    condition: high
                    severity: low
                    mode: live
                    sequence:
                      - step: up
                        where: bpm > 140
                      - followed_by: down
                        where: bpm < 90
                    within: 25m
                    clear_after: 5m
                    message: "From ${first(up).bpm} to ${bpm}"
                    source: test
                    """,
                    """
                    id: stays-low
                    version: 1
                    title: Low
                    condition: low
                    severity: low
                    mode: live
                    sequence:
                      - step: low
                        where: bpm < 45
                        hold: 3m
                    resolve: { where: bpm > 50, hold: 40s }
                    message: "${bpm}"
                    source: test
                    """,
                    """
                    id: not-calm
                    version: 1
                    title: Does not calm down
                    condition: recovery
                    severity: low
                    mode: live
                    sequence:
                      - step: exertion
                        where: bpm > 150
                      - not_followed_by: calm
                        where: bpm < 110
                        within: 9m
                    clear_after: 10m
                    message: "Not below 110 within 9 minutes of ${first(exertion).bpm}"
                    source: test
                    """,
                    """
                    id: not-moving
                    version: 1
                    title: Does not move
                    condition: recovery
                    severity: low
                    mode: live
                    on: minute
                    sequence:
                      - step: exertion
                        where: bpm > 120
                      - not_followed_by: moves
                        where: steps > 0
                        within: 12m
                    resolve: { where: bpm < 70 }
                    message: "${first(exertion).bpm}"
                    source: test
                    """);

    /** What comes in: one of these. */
    record Arrival(
            long atMs,
            Reading reading,
            PatternVersions patterns,
            Baselines baselines,
            UserProfiles profiles) {}

    final List<Arrival> arrivals = new ArrayList<>();
    final List<PersonInHistory> people = new ArrayList<>();

    /** Of each pattern, all versions. */
    final List<PatternVersions> patterns = new ArrayList<>();

    LateWorld(long seed, int count) {
        var random = new Random(seed);
        for (int i = 0; i < count; i++) {
            people.add(new PersonInHistory("u" + i, DAYS, random));
        }
        for (var person : people) {
            person.devices.forEach(readings -> arrive(readings, random));
            arriveVersions(person, random);
        }
        PATTERNS.forEach(yaml -> arriveVersions(yaml, random));
        for (var shipped : hrm.patterns.Catalogue.shipped()) {
            if (random.nextInt(3) == 0) {
                var always = new Version(shipped.version(), Instant.EPOCH, shipped.yaml());
                patterns.add(new PatternVersions(shipped.id(), List.of(always)));
                arrivals.add(arrival(0, patterns.get(patterns.size() - 1)));
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atMs));
    }

    private static Arrival arrival(long atMs, PatternVersions versions) {
        return new Arrival(atMs, null, versions, null, null);
    }

    private static Arrival arrival(long atMs, Reading reading) {
        return new Arrival(atMs, reading, null, null, null);
    }

    /** Some are slow, some come again, and each device sends what ends everything it began. */
    private void arrive(List<Reading> readings, Random random) {
        int usual = random.nextInt(4);
        for (int i = 0; i < readings.size(); ) {
            int some = 1 + random.nextInt(120);
            boolean isSlow = random.nextInt(10) < usual;
            long lateMs =
                    !isSlow
                            ? 0
                            : random.nextBoolean()
                                    ? random.nextInt(7_200_000)
                                    : (long) (random.nextDouble() * LATEST_MS);
            boolean shuffled = random.nextInt(6) == 0;
            for (; some > 0 && i < readings.size(); some--, i++) {
                var reading = readings.get(i);
                long atMs =
                        reading.timestampMs()
                                + 200
                                + lateMs
                                + (shuffled ? random.nextInt(600_000) : 0);
                arrivals.add(arrival(atMs, reading));
                int chance = random.nextInt(200);
                if (chance < 5) {
                    arrivals.add(arrival(atMs + random.nextInt(100_000_000), reading));
                } else if (chance == 5) {
                    var other =
                            Reading.of(
                                    reading.userId(),
                                    reading.deviceId(),
                                    reading.timestampMs(),
                                    160,
                                    0);
                    arrivals.add(arrival(atMs + random.nextInt(100_000_000), other));
                }
            }
        }
        var any = readings.get(0);
        for (int part = 0; part < 4; part++) {
            var from = part < 2 ? ALL_IN : ALL_IN.plus(Duration.ofDays(2));
            for (int i = 0; i < 50; i++) {
                long atMs = from.toEpochMilli() + part * 14_400_000L + i * 30_000L;
                arrivals.add(arrival(atMs, Reading.of(any.userId(), any.deviceId(), atMs, 60, 0)));
            }
        }
    }

    private void arriveVersions(PersonInHistory person, Random random) {
        var known = person.baselines.versions();
        for (int i = 1; i <= known.size(); i++) {
            var some = new Baselines(person.userId, known.subList(0, i));
            long atMs = arrival(known.get(i - 1).effectiveFrom(), random);
            arrivals.add(new Arrival(atMs, null, null, some, null));
        }
        var profiles = person.profiles.versions();
        for (int i = 1; i <= profiles.size(); i++) {
            var some = new UserProfiles(person.userId, profiles.subList(0, i));
            long atMs = arrival(profiles.get(i - 1).effectiveFrom(), random);
            arrivals.add(new Arrival(atMs, null, null, null, some));
        }
        // However they came, the topic has all of them in the end.
        long lastMs = ALL_IN.toEpochMilli() - 1;
        arrivals.add(new Arrival(lastMs, null, null, person.baselines, null));
        arrivals.add(new Arrival(lastMs, null, null, null, person.profiles));
    }

    /** A moment before it takes effect, or up to a day after. */
    private static long arrival(Instant effectiveFrom, Random random) {
        return effectiveFrom.toEpochMilli()
                + (random.nextBoolean()
                        ? -60_000
                        : (long) (random.nextDouble() * Duration.ofDays(1).toMillis()));
    }

    private void arriveVersions(String yaml, Random random) {
        var id = yaml.lines().findFirst().orElseThrow().substring("id: ".length());
        var versions = new ArrayList<Version>();
        var times = new TreeMap<Long, Long>();
        long fromMs = 0;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            times.put(fromMs, fromMs == 0 ? 0 : arrival(Instant.ofEpochMilli(fromMs), random));
            fromMs =
                    PersonInHistory.START.toEpochMilli()
                            + (long) (random.nextDouble() * Duration.ofDays(DAYS).toMillis());
        }
        int number = 1;
        for (var from : times.keySet()) {
            versions.add(
                    new Version(
                            number,
                            Instant.ofEpochMilli(from),
                            number == 1 ? yaml : changed(yaml, number, random)));
            number++;
        }
        long atMs = 0;
        int come = 0;
        for (var time : times.values()) {
            come++;
            atMs = Math.max(atMs, time);
            arrivals.add(arrival(atMs, new PatternVersions(id, versions.subList(0, come))));
        }
        patterns.add(new PatternVersions(id, versions));
    }

    private static String changed(String yaml, int number, Random random) {
        var next = yaml.replace("version: 1", "version: " + number);
        return switch (random.nextInt(6)) {
            case 0 -> next.replace("mode: live", "mode: shadow");
            case 1 -> next.replace("mode: live", "mode: \"off\"");
            case 2 ->
                    next.replace("severity: low", "severity: high").replace("hold: 3m", "hold: 2m");
            default ->
                    next.replace("bpm > 150", "bpm > 135")
                            .replace("bpm > 140", "bpm > 125")
                            .replace("bpm < 45", "bpm < 60")
                            .replace("bpm > 120", "bpm > 110")
                            .replace("limit - 5", "limit - 9");
        };
    }

    /** How each episode stands, of those that were not taken back; one line each. */
    static List<String> standing(Iterable<Alert> events) {
        var newest = new java.util.LinkedHashMap<java.util.UUID, Alert>();
        for (var event : events) {
            // As the table: of two of one revision the first counts.
            newest.merge(
                    event.episodeId(),
                    event,
                    (one, other) -> other.revision() > one.revision() ? other : one);
        }
        return newest.values().stream()
                .filter(alert -> alert.state() != Alert.State.RETRACTED)
                .map(
                        alert ->
                                String.join(
                                        " ",
                                        alert.userId(),
                                        alert.deviceId(),
                                        alert.patternId(),
                                        alert.onset().toString(),
                                        alert.alertId().toString(),
                                        alert.detectedAt().toString(),
                                        String.valueOf(alert.resolvedAt()),
                                        String.valueOf(alert.reason()),
                                        alert.severity().toString(),
                                        "v" + alert.patternVersion(),
                                        alert.mode().toString(),
                                        alert.value() + " " + alert.limit(),
                                        alert.explanation().toString()))
                .sorted()
                .toList();
    }
}
