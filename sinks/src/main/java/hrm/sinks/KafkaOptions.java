package hrm.sinks;

import java.util.Objects;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param config what the site sets besides (SASL, TLS), in Kafka's own names; wins over what is set
 *     here
 */
public record KafkaOptions(String bootstrapServers, Properties config) {
    /** The longest a broker allows unless configured otherwise; Flink's own hour is refused. */
    private static final String TRANSACTION_TIMEOUT_MS = "900000";

    public KafkaOptions {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        var copy = new Properties();
        for (var name : config.stringPropertyNames()) {
            copy.setProperty(name, config.getProperty(name));
        }
        config = copy;
    }

    public static KafkaOptions of(String bootstrapServers) {
        return new KafkaOptions(bootstrapServers, new Properties());
    }

    /**
     * All records written before a checkpoint completes; after a failure some are written twice.
     */
    public <T> KafkaSink<T> atLeastOnce(KafkaRecordSerializationSchema<T> records) {
        return KafkaSink.<T>builder()
                .setKafkaProducerConfig(producer())
                .setBootstrapServers(bootstrapServers)
                .setRecordSerializer(records)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    /**
     * In transactions that commit with each checkpoint: readers see records that much later.
     *
     * @param transactionalIdPrefix another one for each sink and deployment on the same Kafka, and
     *     never changed: what an earlier run left open is aborted by it
     */
    public <T> KafkaSink<T> exactlyOnce(
            KafkaRecordSerializationSchema<T> records, String transactionalIdPrefix) {
        var producer = producer();
        producer.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        return KafkaSink.<T>builder()
                .setKafkaProducerConfig(producer)
                .setBootstrapServers(bootstrapServers)
                .setRecordSerializer(records)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(transactionalIdPrefix)
                .build();
    }

    /** For those who publish outside a job; waits for all replicas. */
    public Producer<byte[], byte[]> connect() {
        var properties = producer();
        properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        var bytes = new ByteArraySerializer();
        return new KafkaProducer<>(properties, bytes, bytes);
    }

    private Properties producer() {
        var producer = new Properties();
        producer.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        producer.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer.putAll(config);
        return producer;
    }

    /** Without the configuration, which may hold secrets. */
    @Override
    public String toString() {
        return "KafkaOptions[" + bootstrapServers + ']';
    }
}
