package hrm.functions.flink;

/**
 * A Kafka record as it came.
 *
 * @param value null for a tombstone
 * @param timestampMs Kafka's timestamp of the record, milliseconds since the epoch
 */
public record RawRecord(
        String topic, int partition, long offset, long timestampMs, byte[] key, byte[] value) {}
