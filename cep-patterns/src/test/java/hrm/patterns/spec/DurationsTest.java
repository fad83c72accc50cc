package hrm.patterns.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S, 500 milliseconds",
        "10s, PT10S, 10 seconds",
        "1m, PT1M, 1 minute",
        "90m, PT1H30M, 1 hour 30 minutes",
        "1h30m, PT1H30M, 1 hour 30 minutes",
        "1h0m1s, PT1H1S, 1 hour 1 second",
        "0s, PT0S, 0 seconds"
    })
    void durationsAreReadAndSaidInWords(String text, Duration duration, String words) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.words(duration)).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "m", "-5m", "1.5h", "10 m", "5m1h", "1d", "ms", "10mm"})
    void everythingElseIsRefusedWithAdvice(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(Durations.Unreadable.class)
                .hasMessageMatching("(?s)'.*' (is|has) .*\\. .+");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("DurationsTest -Dseed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            var duration = Duration.ofMillis(random.nextInt() & Integer.MAX_VALUE);
            assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
        }
    }
}
