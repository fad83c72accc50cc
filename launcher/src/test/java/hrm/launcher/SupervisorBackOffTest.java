package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.launcher.Supervisor.BackOffs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SupervisorBackOffTest {
    private final Movable clock = new Movable();
    private final BackOffs backOffs = new BackOffs(clock);

    @Test
    void eachFailureDoublesTheWaitUpToAMinute() {
        var waits =
                java.util.stream.IntStream.range(0, 9)
                        .mapToObj(i -> backOffs.failed("Kafka").toSeconds())
                        .toList();

        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void itIsDueWhenTheWaitIsOver() {
        backOffs.failed("Kafka");
        backOffs.failed("Kafka");

        clock.now = clock.now.plusMillis(1_999);
        assertThat(backOffs.isDue("Kafka")).isFalse();
        assertThat(backOffs.isDue("PostgreSQL")).as("another part").isTrue();
        clock.now = clock.now.plusMillis(1);
        assertThat(backOffs.isDue("Kafka")).isTrue();
    }

    @Test
    void successForgetsEarlierFailures() {
        backOffs.failed("Kafka");
        backOffs.failed("Kafka");

        backOffs.succeeded("Kafka");

        assertThat(backOffs.isDue("Kafka")).isTrue();
        assertThat(backOffs.failed("Kafka")).isEqualTo(Duration.ofSeconds(1));
    }

    private static final class Movable extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
