package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.simulator.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReplayTest {
    /** A clock that moves when somebody sleeps. */
    private static final class Hands implements Replay.Pace {
        private long nanos = 5_000_000_000L;
        private final List<Long> sleeps = new ArrayList<>();

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void sleepNanos(long sleep) {
            sleeps.add(sleep);
            nanos += sleep;
        }

        long elapsedMs() {
            return (nanos - 5_000_000_000L) / 1_000_000;
        }
    }

    private final Hands hands = new Hands();

    private List<Long> sentAtMs(double speed, long... afterMs) throws InterruptedException {
        var sent = new ArrayList<Long>();
        new Replay(speed, hands)
                .run(arrivals(afterMs).iterator(), arrival -> sent.add(hands.elapsedMs()));
        return sent;
    }

    private static List<Arrival> arrivals(long... afterMs) {
        return LongStream.of(afterMs)
                .mapToObj(after -> new Arrival(after, after, "u1", new byte[0]))
                .toList();
    }

    @Test
    void messagesGoOutAtTheirTimeDividedBySpeed() throws InterruptedException {
        assertThat(sentAtMs(1, 0, 1_000, 1_000, 60_000))
                .containsExactly(0L, 1_000L, 1_000L, 60_000L);
    }

    @Test
    void aDayAtTheUsualSpeedTakesNinetySeconds() throws InterruptedException {
        assertThat(sentAtMs(960, 0, 43_200_000, 86_400_000)).containsExactly(0L, 45_000L, 90_000L);
    }

    @Test
    void asFastAsPossibleNeverSleeps() throws InterruptedException {
        sentAtMs(Double.POSITIVE_INFINITY, 0, 43_200_000, 86_400_000);

        assertThat(hands.sleeps).isEmpty();
    }

    @Test
    void timeLostIsCaughtUpWith() throws InterruptedException {
        var sent = new ArrayList<Long>();
        new Replay(1, hands)
                .run(
                        arrivals(0, 1_000, 2_000, 10_000).iterator(),
                        arrival -> {
                            if (sent.isEmpty()) {
                                hands.nanos += 3_000_000_000L; // sending took three seconds
                            }
                            sent.add(hands.elapsedMs());
                        });

        assertThat(sent).containsExactly(3_000L, 3_000L, 3_000L, 10_000L);
    }

    @Test
    void aSleepThatEndsTooEarlyIsContinued() throws InterruptedException {
        var restless =
                new Replay.Pace() {
                    @Override
                    public long nanoTime() {
                        return hands.nanoTime();
                    }

                    @Override
                    public void sleepNanos(long nanos) {
                        hands.sleepNanos(Math.max(1, nanos / 2));
                    }
                };
        var sent = new ArrayList<Long>();

        new Replay(1, restless)
                .run(arrivals(0, 1_000).iterator(), arrival -> sent.add(hands.elapsedMs()));

        assertThat(sent).containsExactly(0L, 1_000L);
    }

    @Test
    void aSpeedIsAboveZero() {
        assertThatThrownBy(() -> new Replay(0, hands)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Replay(Double.NaN, hands)).hasMessageContaining("above 0");
    }
}
