package hrm.simulator;

import java.util.SplittableRandom;

/** Independent random streams: which one depends on what is asked for, never on what was before. */
final class Chance {
    private Chance() {}

    static SplittableRandom of(long seed, String person, long day, String purpose) {
        long state = mix(seed + 0x9E3779B97F4A7C15L);
        state = mix(state ^ hash(person));
        state = mix(state ^ (day * 0xD1B54A32D192ED03L));
        return new SplittableRandom(mix(state ^ hash(purpose)));
    }

    /** FNV-1a, 64 bits: String.hashCode has too many equal values among thousands of people. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
