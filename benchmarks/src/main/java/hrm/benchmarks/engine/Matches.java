package hrm.benchmarks.engine;

/**
 * What an engine has found, as a number and a hash over pattern, person, first and last reading of
 * each match, in any order and in any lap: two engines agree when both are equal.
 */
final class Matches {
    private final long lapMs;
    private long count;
    private long hash;

    /**
     * @param lapMs how far a lap is from the next, see {@link Readings}
     */
    Matches(long lapMs) {
        this.lapMs = lapMs;
    }

    void add(int pattern, String user, long onsetMs, long detectedMs) {
        count++;
        long one = pattern;
        one = mixed(one, user.hashCode());
        one = mixed(one, (onsetMs - Readings.BASE_MS) % lapMs);
        one = mixed(one, (detectedMs - Readings.BASE_MS) % lapMs);
        hash += one;
    }

    private static long mixed(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 32);
    }

    void add(Matches other) {
        count += other.count;
        hash += other.hash;
    }

    /**
     * Of all laps.
     *
     * @param laps in how many they were found
     */
    Found found(int laps) {
        return new Found(count, hash, laps);
    }

    /**
     * @param count of all laps
     */
    record Found(long count, long hash, int laps) {
        double perLap() {
            return (double) count / laps;
        }

        /** Whether each lap gave the same. */
        boolean agreesWith(Found other) {
            return count * other.laps == other.count * laps
                    && hash * other.laps == other.hash * laps;
        }
    }
}
