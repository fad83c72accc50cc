package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.RejectReason;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class DemoSummaryTest {
    private static String text(DemoSummary summary, Ansi ansi) {
        return String.join("\n", summary.lines(ansi));
    }

    private static DemoSummary summary(OptionalLong late, Histogram latencyUs) {
        return new DemoSummary(
                212_345,
                Map.of(RejectReason.HEART_RATE_OUT_OF_RANGE, 101L, RejectReason.NOT_JSON, 2L),
                late,
                OptionalLong.of(12),
                Map.of("sudden-drop", 1, "sensor-fault", 2, "never", 0),
                latencyUs,
                "0123abcd",
                "http://127.0.0.1:8081",
                List.of("hrm one", "hrm two", "hrm three"));
    }

    @Test
    void saysWhatCameOfTheDay() {
        var latency = new Histogram(1_000_000, 3);
        for (int ms = 1; ms <= 100; ms++) {
            latency.recordValue(ms * 1_000L);
        }

        assertThat(text(summary(OptionalLong.of(60), latency), Ansi.OFF))
                .isEqualTo(
                        """

                        Summary
                          readings    212,345 sent
                          rejected    103 (docs/errors.md explains each reason)
                                      NOT_JSON                 2
                                      HEART_RATE_OUT_OF_RANGE  101
                          late        60 (older than their device's newest: stored, not judged), 12 twice
                          alerts      3
                                      never         0
                                      sensor-fault  2
                                      sudden-drop   1
                          latency     p50 50 ms, p99 99 ms from reading sent to alert received, over 100 alerts
                          hash        0123abcd
                                      of all alert events: the same for the same people and day
                          Flink       http://127.0.0.1:8081

                        Try next:
                          hrm one
                          hrm two
                          hrm three""");
    }

    @Test
    void whatIsNotKnownIsNotGuessed() {
        var text = text(summary(OptionalLong.empty(), new Histogram(1_000, 3)), Ansi.OFF);

        assertThat(text).contains("late        unknown (").doesNotContain("p50");
    }

    @Test
    void coloursAreForTerminals() {
        var latency = new Histogram(1_000, 3);
        assertThat(text(summary(OptionalLong.of(0), latency), Ansi.OFF)).doesNotContain("\u001b");
        assertThat(text(summary(OptionalLong.of(0), latency), Ansi.ON)).contains("\u001b");
    }
}
