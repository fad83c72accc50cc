package hrm.sinks.rejected;

import hrm.model.Rejection;
import hrm.model.RejectionHeaders;
import hrm.model.Topics;
import hrm.sinks.KafkaOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The topic {@code rejected_readings}: no key, the value is the original message byte by byte, and
 * headers say why it was rejected and where it came from ({@link RejectionHeaders}).
 */
public final class RejectedTopic implements KafkaRecordSerializationSchema<Rejection> {
    /** Only where the message was cut: how many bytes it had. */
    public static final String ORIGINAL_SIZE = "hrm-original-size";

    /**
     * A longer message is cut to this. Half of what Kafka takes by default: with its headers a
     * message that was just allowed in would be refused here, and stop the job.
     */
    public static final int MAX_BYTES = 512 * 1024;

    private static final long serialVersionUID = 1;

    public static Sink<Rejection> sink(KafkaOptions kafka) {
        return kafka.atLeastOnce(new RejectedTopic());
    }

    /**
     * @param timestamp not used: the record's time is when it was rejected, or Kafka would at once
     *     delete by its age what a replay of old messages rejects
     */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Rejection rejection, KafkaSinkContext context, Long timestamp) {
        var original = rejection.original();
        boolean cut = original != null && original.length > MAX_BYTES;
        var record =
                new ProducerRecord<byte[], byte[]>(
                        Topics.REJECTED, null, cut ? Arrays.copyOf(original, MAX_BYTES) : original);
        RejectionHeaders.of(rejection).forEach(record.headers()::add);
        if (cut) {
            var size = Integer.toString(original.length).getBytes(StandardCharsets.UTF_8);
            record.headers().add(ORIGINAL_SIZE, size);
        }
        return record;
    }
}
