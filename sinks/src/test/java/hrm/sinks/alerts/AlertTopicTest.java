package hrm.sinks.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.Json;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class AlertTopicTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00.123456Z");

    private final AlertTopic topic = new AlertTopic(Clock.fixed(NOW, ZoneOffset.UTC));

    /** What a timer emits has the timer's timestamp; Kafka would delete it as of 1970. */
    @Test
    void recordTimeIsWhenItWasPublishedWhateverTimestampFlinkGives() {
        var alert = Alerts.opened("u1");

        var record = topic.serialize(alert, null, 1L);

        assertThat(record.timestamp()).isEqualTo(alert.publishedAt().toEpochMilli());
        assertThat(record.topic()).isEqualTo(Topics.ALERTS);
        assertThat(record.partition()).isNull();
        assertThat(record.key()).isEqualTo("u1".getBytes(StandardCharsets.UTF_8));
        assertThat(Json.read(record.value(), Alert.class)).isEqualTo(alert);
    }

    @Test
    void anAlertThatWasNotPublishedYetIsPublishedNow() {
        var alert = Alerts.unpublished(Alerts.opened("u1"));

        var record = topic.serialize(alert, null, null);

        var written = Json.read(record.value(), Alert.class);
        assertThat(written.publishedAt()).isEqualTo(Instant.parse("2026-02-01T00:00:00.123Z"));
        assertThat(record.timestamp()).isEqualTo(written.publishedAt().toEpochMilli());
        assertThat(Alerts.unpublished(written)).isEqualTo(alert);
    }

    @Test
    void isSentToTheTaskManagers() throws Exception {
        var copy =
                InstantiationUtil.clone(
                        new AlertTopic(Clock.systemUTC()), getClass().getClassLoader());

        assertThat(copy.serialize(Alerts.opened("u1"), null, null)).isNotNull();
    }
}
