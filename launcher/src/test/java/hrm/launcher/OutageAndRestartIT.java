package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** PostgreSQL hangs for a minute, everything dies at once, and the stack is stopped and started. */
class OutageAndRestartIT {
    private static final Duration OUTAGE = Duration.ofSeconds(60);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(5);

    @Test
    void nothingIsLostAndNothingDoubledWhetherItIsKilledOrStopped() throws Exception {
        try (var loaded = new LoadedStack()) {
            var stack = loaded.stack;

            LoadedStack.note("PostgreSQL hangs");
            assertThat(longestGapWhilePostgresHangs(stack)).isLessThan(LONGEST_GAP);
            stack.awaitWell(Instant.now());

            LoadedStack.note("kill -9 of everything");
            stack.killEverything();
            stack.up();
            stack.awaitWell(Instant.now());

            LoadedStack.note("down and up");
            var open =
                    await("an episode is open")
                            .atMost(Duration.ofMinutes(1))
                            .until(loaded::openEpisodes, episodes -> !episodes.isEmpty());
            stack.down();
            stack.up();
            stack.awaitWell(Instant.now());

            // The very episodes that were open before the stop end afterwards.
            loaded.requireNothingLostAndNothingDoubled(open);
        }
    }

    /** Also connections that are open get no answer, which is worse than being refused. */
    private static Duration longestGapWhilePostgresHangs(KeptStack stack) throws Exception {
        var arrivals = new ArrayList<Long>();
        try (var listener =
                new Listener(
                        stack.broker(),
                        new Sent(),
                        alert -> {
                            synchronized (arrivals) {
                                arrivals.add(System.nanoTime());
                            }
                        })) {
            await("alerts come").until(() -> listener.episodes() > 0);
            var end = System.nanoTime() + OUTAGE.toNanos();
            stack.signal("PostgreSQL", "STOP");
            try {
                await("the outage is over")
                        .atMost(OUTAGE.plusSeconds(30))
                        .until(() -> System.nanoTime() > end);
            } finally {
                stack.signal("PostgreSQL", "CONT");
            }
        }
        long longest = 0;
        synchronized (arrivals) {
            for (int i = 1; i < arrivals.size(); i++) {
                longest = Math.max(longest, arrivals.get(i) - arrivals.get(i - 1));
            }
            LoadedStack.note(
                    arrivals.size()
                            + " alert events meanwhile, longest gap "
                            + longest / 1_000_000
                            + " ms");
        }
        return Duration.ofNanos(longest);
    }
}
