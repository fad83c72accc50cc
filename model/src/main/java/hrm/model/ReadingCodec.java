package hrm.model;

/** JSON of a reading, read and written in one pass. */
public final class ReadingCodec {
    private ReadingCodec() {}

    /**
     * Either a reading or the reason why there is none.
     *
     * @param reading null when rejected
     * @param reason null when accepted
     * @param detail what exactly was wrong; null when accepted
     */
    public record Decoded(Reading reading, RejectReason reason, String detail) {}

    /**
     * @param recordTimestampMs the record's own Kafka timestamp, which a reading may be at most 5
     *     minutes ahead of
     */
    public static Decoded decode(byte[] json, long recordTimestampMs) {
        throw new UnsupportedOperationException("being written");
    }

    /** UTF-8 JSON with ISO-8601 time; unknown fields are left out. */
    public static byte[] encode(Reading reading) {
        throw new UnsupportedOperationException("being written");
    }
}
