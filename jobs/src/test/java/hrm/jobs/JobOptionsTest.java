package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.junit.jupiter.api.Test;

class JobOptionsTest {
    @Test
    void everythingHasADefault() throws Exception {
        var options = MonitoringOptions.parse();

        assertThat(options.bootstrapServers()).isEqualTo("localhost:9092");
        assertThat(options.runs(MonitoringOptions.Region.STORE)).isTrue();
        assertThat(options.runs(MonitoringOptions.Region.DETECT)).isTrue();
        assertThat(options.delivery()).isEqualTo(MonitoringOptions.Delivery.AT_LEAST_ONCE);
        assertThat(options.minuteSilence).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.checkpointInterval).isNull();
    }

    @Test
    void aDurationNeedsAUnit() {
        assertThatThrownBy(() -> MonitoringOptions.parse("--checkpoint-interval", "10"))
                .isInstanceOf(ProgramParametrizationException.class)
                .hasMessageStartingWith(
                        "--checkpoint-interval: '10' has no unit. Write 10s or 1m.");
    }

    @Test
    void anUnknownWordNamesTheKnownOnes() {
        assertThatThrownBy(() -> MonitoringOptions.parse("--regions", "detekt"))
                .hasMessage("--regions: 'detekt' is unknown. Write store or detect.");
    }

    @Test
    void exactlyOnceRefusesToRunBothRegionsInOneJob() throws Exception {
        assertThatThrownBy(() -> MonitoringOptions.parse("--delivery", "exactly-once"))
                .hasMessageContaining("--regions detect");
        assertThat(
                        MonitoringOptions.parse("--delivery", "exactly-once", "--regions", "detect")
                                .delivery())
                .isEqualTo(MonitoringOptions.Delivery.EXACTLY_ONCE);
    }

    @Test
    void helpListsAllOptionsWithAnExample() {
        assertThatThrownBy(() -> MonitoringOptions.parse("--help"))
                .isInstanceOf(ProgramParametrizationException.class)
                .hasMessageContaining("--kafka-config")
                .hasMessageContaining("Example:");
    }

    @Test
    void aBaselineHoldsFromAMinuteAfterItsRunUnlessTold() throws Exception {
        var now = Instant.parse("2026-03-01T03:00:00Z");

        assertThat(BaselineOptions.parse(now).effectiveFrom).isEqualTo(now.plusSeconds(60));
        assertThat(BaselineOptions.parse(now).asOf).isEqualTo(now);
        assertThat(
                        BaselineOptions.parse(now, "--effective-from", "2026-03-02T00:00:00Z")
                                .effectiveFrom)
                .isEqualTo(Instant.parse("2026-03-02T00:00:00Z"));
        assertThatThrownBy(() -> BaselineOptions.parse(now, "--as-of", "today"))
                .hasMessage("--as-of: 'today' is no time. Write 2026-01-31T00:00:00Z.");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws Exception {
        var options = MonitoringOptions.parse("--kafka-config", "no/such/file");

        assertThatThrownBy(options::kafkaClient)
                .isInstanceOf(JobException.class)
                .hasMessageContaining("--kafka-config: cannot read no/such/file");
    }
}
