package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.simulator.Arrival;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SentTest {
    private static final long AT = Instant.parse("2026-01-31T08:00:00Z").toEpochMilli();

    private final Sent sent = new Sent();

    private static Arrival arrival(Reading reading) {
        return new Arrival(0, reading.timestampMs(), "u1", ReadingCodec.encode(reading));
    }

    @Test
    void aReadingThatIsSentTwiceCountsOnceAndByItsFirstTime() {
        var arrival = arrival(Reading.of("u1", "watch", AT, 72, 0));

        sent.add(arrival, 10);
        sent.add(arrival, 20);

        assertThat(sent.messages()).isEqualTo(2);
        assertThat(sent.valid()).isEqualTo(2);
        assertThat(sent.distinct()).isEqualTo(1);
    }

    @Test
    void whatTheSystemRejectsIsNoReading() {
        sent.add(new Arrival(0, AT, "u1", "{".getBytes(StandardCharsets.UTF_8)), 10);
        sent.add(arrival(Reading.of("u1", "watch", AT, 400, 0)), 20);

        assertThat(sent.messages()).isEqualTo(2);
        assertThat(sent.valid()).isZero();
        assertThat(sent.distinct()).isZero();
    }
}
