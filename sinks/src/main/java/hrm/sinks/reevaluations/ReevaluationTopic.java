package hrm.sinks.reevaluations;

import hrm.model.Json;
import hrm.model.Reevaluation;
import hrm.model.Topics;
import hrm.sinks.KafkaOptions;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The compacted topic {@code reevaluations}: key is {@code ["user","device","2026-01-31"]}, the UTC
 * day of {@code from}; value is the stretch as JSON. Only the newest record of a key is kept, so
 * whoever emits must not let a later {@code from} of a day follow an earlier one. A settled stretch
 * is a tombstone.
 */
public final class ReevaluationTopic implements KafkaRecordSerializationSchema<Reevaluation> {
    private static final long serialVersionUID = 1;

    public static Sink<Reevaluation> sink(KafkaOptions kafka) {
        return kafka.atLeastOnce(new ReevaluationTopic());
    }

    /** Key of a stretch; a tombstone under it says that the stretch was judged again. */
    public static byte[] key(Reevaluation stretch) {
        var day = stretch.from().atOffset(ZoneOffset.UTC).toLocalDate();
        return Json.write(List.of(stretch.userId(), stretch.deviceId(), day.toString()));
    }

    /**
     * @param timestamp not used: the record's time is when it was written
     */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Reevaluation stretch, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                Topics.REEVALUATIONS,
                key(stretch),
                stretch.isSettled() ? null : Json.write(stretch));
    }
}
