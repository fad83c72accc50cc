package hrm.sinks.rejected;

import hrm.model.Json;
import hrm.model.PatternRejection;
import hrm.model.Topics;
import hrm.sinks.KafkaOptions;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topic {@code rejected_patterns}: key is the pattern's id, value the JSON. */
public final class RejectedPatternTopic
        implements KafkaRecordSerializationSchema<PatternRejection> {
    private static final long serialVersionUID = 1;

    public static Sink<PatternRejection> sink(KafkaOptions kafka) {
        return kafka.atLeastOnce(new RejectedPatternTopic());
    }

    /**
     * @param timestamp not used: the record's time is when it was written
     */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            PatternRejection rejection, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                Topics.REJECTED_PATTERNS,
                rejection.patternId().getBytes(StandardCharsets.UTF_8),
                Json.write(rejection));
    }
}
