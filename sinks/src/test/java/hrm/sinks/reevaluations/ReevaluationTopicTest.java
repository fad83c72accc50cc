package hrm.sinks.reevaluations;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Json;
import hrm.model.Reevaluation;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReevaluationTopicTest {
    @Test
    void keyIsUserDeviceAndDay() {
        assertThat(key("u\"1", "watch", "2026-01-31T23:59:59.999Z"))
                .isEqualTo("[\"u\\\"1\",\"watch\",\"2026-01-31\"]");
    }

    @Test
    void stretchesOfOneDayShareAKeyAndOthersDoNot() {
        var key = key("u1", "watch", "2026-01-31T00:00:00Z");

        assertThat(key("u1", "watch", "2026-01-31T23:59:59.999Z")).isEqualTo(key);
        assertThat(key("u1", "watch", "2026-02-01T00:00:00Z")).isNotEqualTo(key);
        assertThat(key("u1", "strap", "2026-01-31T00:00:00Z")).isNotEqualTo(key);
        assertThat(key("u1\",\"w", "atch", "2026-01-31T00:00:00Z")).isNotEqualTo(key);
    }

    @Test
    void valueIsTheStretchAndTheRecordsTimeIsTheWallClocks() {
        var stretch = stretch("u1", "watch", "2026-01-31T08:15:30.123Z");

        var record = new ReevaluationTopic().serialize(stretch, null, 0L);

        assertThat(record.topic()).isEqualTo(Topics.REEVALUATIONS);
        assertThat(record.key()).isEqualTo(ReevaluationTopic.key(stretch));
        assertThat(Json.read(record.value(), Reevaluation.class)).isEqualTo(stretch);
        assertThat(record.timestamp()).isNull();
    }

    private static String key(String user, String device, String from) {
        return new String(
                ReevaluationTopic.key(stretch(user, device, from)), StandardCharsets.UTF_8);
    }

    private static Reevaluation stretch(String user, String device, String from) {
        return new Reevaluation(
                user, device, Instant.parse(from), Reevaluation.Reason.LATE_READING);
    }
}
