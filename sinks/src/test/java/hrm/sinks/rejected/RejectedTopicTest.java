package hrm.sinks.rejected;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.RejectReason;
import hrm.model.Rejection;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RejectedTopicTest {
    @Test
    void originalBytesAreTheValueAndHeadersSayWhyAndWhence() {
        byte[] original = {0, (byte) 0xff, '{', '\n'};

        var record = serialize(original);

        assertThat(record.topic()).isEqualTo(Topics.REJECTED);
        assertThat(record.key()).isNull();
        assertThat(record.value()).isEqualTo(original);
        // Kafka's producer puts the wall clock; the original's time may be long past retention.
        assertThat(record.timestamp()).isNull();
        assertThat(headers(record))
                .isEqualTo(
                        Map.of(
                                "hrm-reason", "NOT_JSON",
                                "hrm-detail", "no value at byte 0 – „x“",
                                "hrm-topic", "heart_rate_data",
                                "hrm-partition", "3",
                                "hrm-offset", "4294967296",
                                "hrm-timestamp", "1769847330123"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_537, RejectedTopic.MAX_BYTES})
    void messageOfUpToHalfAMebibyteIsWhole(int size) {
        var record = serialize(new byte[size]);

        assertThat(record.value()).hasSize(size);
        assertThat(headers(record)).doesNotContainKey(RejectedTopic.ORIGINAL_SIZE);
    }

    /** Kafka would refuse it with its headers, and the job would restart for ever. */
    @Test
    void longerMessageIsCutAndSaysSo() {
        var original = new byte[RejectedTopic.MAX_BYTES + 1];
        original[0] = 'x';

        var record = serialize(original);

        assertThat(record.value()).hasSize(RejectedTopic.MAX_BYTES).startsWith('x');
        assertThat(headers(record)).containsEntry("hrm-original-size", "524289");
    }

    private static ProducerRecord<byte[], byte[]> serialize(byte[] original) {
        return new RejectedTopic()
                .serialize(
                        new Rejection(
                                RejectReason.NOT_JSON,
                                "no value at byte 0 – „x“",
                                original,
                                "heart_rate_data",
                                3,
                                1L << 32,
                                1_769_847_330_123L),
                        null,
                        0L);
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        var headers = new HashMap<String, String>();
        record.headers()
                .forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
