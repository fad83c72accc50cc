package hrm.functions;

import java.util.Random;

/** Runs a check on generated cases. A failure names the seed: -Dhrm.seed=… repeats it first. */
public final class Generated {
    private static final long FIRST =
            Long.getLong("hrm.seed", System.currentTimeMillis() % 1_000_000 * 1_000);

    private Generated() {}

    public interface Check {
        void on(Random random) throws Exception;
    }

    public static void cases(int count, Check check) {
        System.out.println("generated cases from hrm.seed=" + FIRST);
        for (long seed = FIRST; seed < FIRST + count; seed++) {
            try {
                check.on(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "fails with -Dhrm.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** A time of the years 2000 to 2040, milliseconds. */
    public static long time(Random random) {
        return 946_684_800_000L + (long) (random.nextDouble() * 40 * 365.25 * 86_400_000L);
    }
}
