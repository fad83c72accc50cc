package hrm.model;

/**
 * A message that was set aside, with its reason and where it came from.
 *
 * @param reason why
 * @param detail what exactly was wrong, for a person, without the value of a reading
 * @param original the message's bytes as they came
 * @param topic where it was read
 * @param partition where it was read
 * @param offset where it was read
 * @param recordTimestampMs Kafka's timestamp of the message, milliseconds since the epoch
 */
public record Rejection(
        RejectReason reason,
        String detail,
        byte[] original,
        String topic,
        int partition,
        long offset,
        long recordTimestampMs) {}
