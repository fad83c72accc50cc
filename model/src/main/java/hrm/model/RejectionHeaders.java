package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names of the Kafka headers of a record of {@code rejected_readings}. Its value is the original
 * message, byte for byte (null for a tombstone); the headers say why it was set aside and where it
 * came from. Every header is UTF-8 text, numbers in decimal.
 */
public final class RejectionHeaders {
    /** Name of a {@link RejectReason}. */
    public static final String REASON = "hrm-reason";

    /** What exactly was wrong, for a person. */
    public static final String DETAIL = "hrm-detail";

    public static final String TOPIC = "hrm-topic";
    public static final String PARTITION = "hrm-partition";
    public static final String OFFSET = "hrm-offset";

    /** Kafka's timestamp of the message, milliseconds since the epoch. */
    public static final String TIMESTAMP = "hrm-timestamp";

    private RejectionHeaders() {}

    /** The headers of a rejection, by name. */
    public static Map<String, byte[]> of(Rejection rejection) {
        var headers = new LinkedHashMap<String, byte[]>();
        headers.put(REASON, rejection.reason().name().getBytes(UTF_8));
        headers.put(DETAIL, rejection.detail().getBytes(UTF_8));
        headers.put(TOPIC, rejection.topic().getBytes(UTF_8));
        headers.put(PARTITION, Integer.toString(rejection.partition()).getBytes(UTF_8));
        headers.put(OFFSET, Long.toString(rejection.offset()).getBytes(UTF_8));
        headers.put(TIMESTAMP, Long.toString(rejection.recordTimestampMs()).getBytes(UTF_8));
        return headers;
    }
}
