package hrm.sinks.alerts;

import hrm.model.Alert;
import hrm.model.Json;
import hrm.model.Topics;
import hrm.sinks.KafkaOptions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topic {@code alerts}: key is the user, value the event as JSON. */
public final class AlertTopic implements KafkaRecordSerializationSchema<Alert> {
    private static final long serialVersionUID = 1;

    private final Clock clock;

    /**
     * @param clock stamps an alert that has no {@code published_at}; serializable, as {@link
     *     Clock#systemUTC} is
     */
    public AlertTopic(Clock clock) {
        this.clock = clock;
    }

    /** An alert may come twice after a failure; its {@code event_id} says so. */
    public static Sink<Alert> sink(KafkaOptions kafka) {
        return kafka.atLeastOnce(new AlertTopic(Clock.systemUTC()));
    }

    /** Each alert once, seen when its checkpoint is complete: see {@link KafkaOptions}. */
    public static Sink<Alert> exactlyOnceSink(KafkaOptions kafka, String transactionalIdPrefix) {
        return kafka.exactlyOnce(new AlertTopic(Clock.systemUTC()), transactionalIdPrefix);
    }

    /**
     * @param timestamp not used: what a timer emitted has the timer's, 1970, and Kafka would delete
     *     the alert by its age
     */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Alert alert, KafkaSinkContext context, Long timestamp) {
        var published =
                alert.publishedAt() == null
                        ? alert.withPublishedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                        : alert;
        return new ProducerRecord<>(
                Topics.ALERTS,
                null,
                published.publishedAt().toEpochMilli(),
                alert.userId().getBytes(StandardCharsets.UTF_8),
                Json.write(published));
    }
}
