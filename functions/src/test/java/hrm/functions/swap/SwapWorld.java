package hrm.functions.swap;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** People, their readings, and patterns that are swapped in the middle; all by one seed. */
public final class SwapWorld {
    private static final long START_MS = 1_780_000_000_000L;

    private final List<SwappedPattern> patterns = new ArrayList<>();
    private final Map<String, List<Reading>> devices = new LinkedHashMap<>();
    private final List<Arrival> arrivals = new ArrayList<>();

    /** What comes in, in its order: either a reading or a pattern's versions. */
    public record Arrival(long atMs, Reading reading, PatternVersions versions) {}

    public SwapWorld(long seed, int people) {
        var random = new Random(seed);
        var swaps = new long[1 + random.nextInt(3)];
        for (int i = 0; i < swaps.length; i++) {
            swaps[i] =
                    START_MS + (20 + 30L * i + random.nextInt(25)) * 60_000 + random.nextInt(999);
        }
        for (int i = 0; i < 4; i++) {
            patterns.add(SwappedPattern.generated("pattern-" + i, random, swaps));
        }
        for (int i = 0; i < people; i++) {
            int count = 1 + random.nextInt(2);
            for (int device = 0; device < count; device++) {
                var user = "u" + i;
                var name = "d" + device;
                var readings = readings(user, name, random);
                devices.put(user + "/" + name, readings);
                // It syncs late by up to hours, and not before what judges is there.
                long lateMs = random.nextInt(3) == 0 ? random.nextInt(200) * 60_000L : 0;
                readings.forEach(
                        reading ->
                                arrivals.add(
                                        new Arrival(
                                                reading.timestampMs() + lateMs, reading, null)));
            }
        }
        for (var pattern : patterns) {
            for (int i = 1; i <= pattern.versions().size(); i++) {
                // A version arrives before it takes effect, the first before everything.
                long fromMs = pattern.versions().get(i - 1).fromMs();
                long atMs = fromMs == 0 ? 0 : fromMs - 1 - random.nextInt(60_000);
                arrivals.add(new Arrival(atMs, null, pattern.published(i)));
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atMs));
    }

    private static List<Reading> readings(String user, String device, Random random) {
        var readings = new ArrayList<Reading>();
        long timeMs = START_MS + random.nextInt(600_000);
        int bpm = 90;
        int count = 100 + random.nextInt(150);
        for (int i = 0; i < count; i++) {
            int chance = random.nextInt(100);
            timeMs +=
                    chance == 0
                            ? 60_000L * (1 + random.nextInt(50))
                            : 1_000L * (10 + random.nextInt(60));
            if (random.nextInt(8) == 0) {
                bpm = 55 + random.nextInt(85);
            }
            readings.add(Reading.of(user, device, timeMs, bpm + random.nextInt(7) - 3, 0));
        }
        return readings;
    }

    public List<Arrival> arrivals() {
        return arrivals;
    }

    /** What each device should be told of each pattern. */
    public Map<String, List<String>> expected() {
        var told = new TreeMap<String, List<String>>();
        devices.forEach(
                (device, readings) ->
                        patterns.forEach(
                                pattern -> {
                                    var lines = SwapModel.told(readings, pattern);
                                    if (!lines.isEmpty()) {
                                        told.put(device + "/" + pattern.id(), lines);
                                    }
                                }));
        return told;
    }

    /** What was told, in the same form; what was told twice is told once. */
    public static Map<String, List<String>> told(Collection<Alert> alerts) {
        var byEvent = new LinkedHashMap<Object, Alert>();
        alerts.forEach(alert -> byEvent.putIfAbsent(alert.eventId(), alert));
        var told = new TreeMap<String, List<String>>();
        for (var alert : byEvent.values()) {
            told.computeIfAbsent(
                            alert.userId() + "/" + alert.deviceId() + "/" + alert.patternId(),
                            key -> new ArrayList<>())
                    .add(
                            SwapModel.line(
                                    alert.state(),
                                    alert.reason(),
                                    alert.mode(),
                                    alert.patternVersion(),
                                    alert.onset().toEpochMilli(),
                                    alert.detectedAt().toEpochMilli(),
                                    alert.resolvedAt() == null
                                            ? -1
                                            : alert.resolvedAt().toEpochMilli()));
        }
        return told;
    }

    /** Fails with the first device and pattern that was told something else. */
    public void assertTold(Collection<Alert> alerts, String seed) {
        var told = told(alerts);
        var expected = expected();
        var all = new TreeSet<>(told.keySet());
        all.addAll(expected.keySet());
        for (var key : all) {
            var pattern = patterns.get(Integer.parseInt(key.substring(key.length() - 1)));
            assertThat(told.getOrDefault(key, List.of()))
                    .as("%s: %s, %s", seed, key, pattern)
                    .isEqualTo(expected.getOrDefault(key, List.of()));
        }
    }

    /** Whether something began before the first swap and was told after it. */
    public boolean crosses() {
        long swapMs =
                patterns.stream()
                        .flatMap(pattern -> pattern.versions().stream())
                        .mapToLong(SwappedPattern.Version::fromMs)
                        .filter(fromMs -> fromMs > 0)
                        .min()
                        .orElseThrow();
        return expected().values().stream()
                .flatMap(List::stream)
                .filter(line -> line.startsWith("OPENED"))
                .map(line -> line.split(" "))
                .anyMatch(
                        word ->
                                Long.parseLong(word[4]) < swapMs
                                        && Long.parseLong(word[6]) >= swapMs);
    }
}
