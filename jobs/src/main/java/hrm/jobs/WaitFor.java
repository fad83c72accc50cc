package hrm.jobs;

import java.time.Duration;

/**
 * Waits for what a job needs before it can be submitted, so that a stack may be started in any
 * order. Says each 10 s what it waits for, where the person who submits looks: on standard error.
 */
final class WaitFor {
    private static final long ASK_AGAIN_MS = 1_000;
    private static final long SAY_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

    private WaitFor() {}

    /** Something that may come by itself. */
    @FunctionalInterface
    interface Need {
        /**
         * @return what is missing and what to do about it; null when all is there
         * @throws JobException when waiting would not help
         */
        JobException missing();
    }

    /**
     * Returns when nothing is missing.
     *
     * @param limit 0 to ask once
     * @throws JobException what is still missing when the time is over
     */
    static void all(Duration limit, Need need) {
        long begin = System.nanoTime();
        long said = begin - SAY_AGAIN_NANOS;
        for (var missing = need.missing(); missing != null; missing = need.missing()) {
            long now = System.nanoTime();
            if (now - begin >= limit.toNanos()) {
                throw missing;
            }
            if (now - said >= SAY_AGAIN_NANOS) {
                said = now;
                System.err.printf(
                        "Waiting (%d s of at most %d s): %s%n",
                        Duration.ofNanos(now - begin).toSeconds(),
                        limit.toSeconds(),
                        missing.getMessage());
            }
            try {
                Thread.sleep(ASK_AGAIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw missing;
            }
        }
    }
}
