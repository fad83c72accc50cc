package hrm.functions.swap;

import hrm.model.Alert;
import hrm.model.PatternVersions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A pattern of a simple kind and the versions it goes through. Times in milliseconds. */
record SwappedPattern(String id, List<Version> versions) {
    static final long CLEAR_AFTER_MS = 5 * 60_000;
    static final long MAX_GAP_MS = 2 * 60_000;

    /** What a version's half-finished matches depend on. */
    enum Kind {
        THRESHOLD,
        PAIR,
        NEXT,
        HOLD
    }

    /**
     * @param mode null when off
     * @param high the first condition is bpm above it
     * @param low of a pair the second condition is bpm below it
     * @param spanMs of a pair, first to last; of a hold, how long
     * @param resolveBelow an episode lasts until bpm is below; 0 for a momentary one
     */
    record Version(
            int number,
            long fromMs,
            Kind kind,
            Alert.Mode mode,
            int high,
            int low,
            long spanMs,
            int resolveBelow) {
        private String yaml(String id) {
            var sequence =
                    switch (kind) {
                        case THRESHOLD -> "  - { step: high, where: bpm > " + high + " }\n";
                        case HOLD ->
                                "  - { step: high, where: bpm > "
                                        + high
                                        + ", hold: "
                                        + spanMs / 1000
                                        + "s, max_gap: 2m }\n";
                        case PAIR, NEXT ->
                                "  - { step: high, where: bpm > "
                                        + high
                                        + " }\n  - { "
                                        + (kind == Kind.PAIR ? "followed_by" : "next")
                                        + ": low, where: bpm < "
                                        + low
                                        + " }\nwithin: "
                                        + spanMs / 1000
                                        + "s\n";
                    };
            return "id: "
                    + id
                    + "\nversion: "
                    + number
                    + "\ntitle: Generated\ncondition: high\nseverity: low\nmode: "
                    + (mode == null ? "\"off\"" : mode == Alert.Mode.LIVE ? "live" : "shadow")
                    + "\nsequence:\n"
                    + sequence
                    + (resolveBelow == 0
                            ? "clear_after: 5m\n"
                            : "resolve: { where: bpm < " + resolveBelow + ", hold: 0s }\n")
                    + "message: \"Generated\"\nsource: \"a test\"\n";
        }
    }

    /** With its first versions only. */
    PatternVersions published(int count) {
        return new PatternVersions(
                id,
                versions.subList(0, count).stream()
                        .map(
                                version ->
                                        new PatternVersions.Version(
                                                version.number,
                                                Instant.ofEpochMilli(version.fromMs),
                                                version.yaml(id)))
                        .toList());
    }

    /** In force at that time; null when none is. */
    Version at(long timeMs) {
        Version found = null;
        for (var version : versions) {
            found = version.fromMs <= timeMs ? version : found;
        }
        return found;
    }

    static SwappedPattern generated(String id, Random random, long[] swapsMs) {
        var versions = new ArrayList<Version>();
        var kind = Kind.values()[random.nextInt(Kind.values().length)];
        boolean isNew = random.nextInt(5) == 0;
        long firstMs = isNew ? swapsMs[0] : 0;
        var last = version(1, firstMs, kind, random);
        versions.add(last);
        for (int i = isNew ? 1 : 0; i < swapsMs.length; i++) {
            int number = versions.size() + 1;
            var next =
                    switch (random.nextInt(6)) {
                        case 0, 1 -> keepingShape(last, number, swapsMs[i], random);
                        case 2 ->
                                version(
                                        number,
                                        swapsMs[i],
                                        Kind.values()[random.nextInt(Kind.values().length)],
                                        random);
                        case 3 -> withMode(last, number, swapsMs[i], null);
                        case 4 ->
                                withMode(
                                        last,
                                        number,
                                        swapsMs[i],
                                        last.mode == Alert.Mode.LIVE
                                                ? Alert.Mode.SHADOW
                                                : Alert.Mode.LIVE);
                        default -> withMode(versions.get(0), number, swapsMs[i], Alert.Mode.LIVE);
                    };
            versions.add(next);
            last = next;
        }
        return new SwappedPattern(id, versions);
    }

    private static Version version(int number, long fromMs, Kind kind, Random random) {
        int high = 95 + random.nextInt(30);
        return new Version(
                number,
                fromMs,
                kind,
                random.nextInt(4) == 0 ? Alert.Mode.SHADOW : Alert.Mode.LIVE,
                high,
                60 + random.nextInt(20),
                (2 + random.nextInt(6)) * 60_000L,
                random.nextBoolean() ? 0 : high - 5 - random.nextInt(20));
    }

    private static Version keepingShape(Version of, int number, long fromMs, Random random) {
        var other = version(number, fromMs, of.kind, random);
        return new Version(
                number,
                fromMs,
                of.kind,
                of.mode,
                other.high,
                other.low,
                random.nextBoolean() ? of.spanMs : other.spanMs,
                of.resolveBelow == 0 ? 0 : other.high - 10);
    }

    private static Version withMode(Version of, int number, long fromMs, Alert.Mode mode) {
        return new Version(
                number, fromMs, of.kind, mode, of.high, of.low, of.spanMs, of.resolveBelow);
    }
}
