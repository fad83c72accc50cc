package hrm.sinks.rejected;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Json;
import hrm.model.PatternRejection;
import hrm.model.Topics;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectedPatternTopicTest {
    @Test
    void keyIsThePatternAndTheRecordsTimeIsTheWallClocks() {
        var rejection =
                new PatternRejection(
                        "quick", 3, Instant.EPOCH, List.of("unknown name 'bmp'"), Instant.EPOCH);

        var record = new RejectedPatternTopic().serialize(rejection, null, 0L);

        assertThat(record.topic()).isEqualTo(Topics.REJECTED_PATTERNS);
        assertThat(record.key()).asString().isEqualTo("quick");
        assertThat(Json.read(record.value(), PatternRejection.class)).isEqualTo(rejection);
        assertThat(record.timestamp()).isNull();
    }
}
