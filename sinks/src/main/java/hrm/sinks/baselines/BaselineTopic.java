package hrm.sinks.baselines;

import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.Topics;
import hrm.sinks.KafkaOptions;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The compacted topic {@code baselines}: key is the user, value all versions that may still be
 * needed, as JSON. Works in BATCH as well: all is written before the job ends.
 */
public final class BaselineTopic implements KafkaRecordSerializationSchema<Baselines> {
    private static final long serialVersionUID = 1;

    public static Sink<Baselines> sink(KafkaOptions kafka) {
        return kafka.atLeastOnce(new BaselineTopic());
    }

    /**
     * @param timestamp not used: the record's time is when it was written
     */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Baselines baselines, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                Topics.BASELINES,
                baselines.userId().getBytes(StandardCharsets.UTF_8),
                Json.write(baselines));
    }
}
