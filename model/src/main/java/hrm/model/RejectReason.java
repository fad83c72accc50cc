package hrm.model;

/** Why a message was set aside. Each has a section in {@code docs/errors.md}. */
public enum RejectReason {
    /** Over 64 KiB. */
    MESSAGE_TOO_LARGE,
    /** Not one JSON object in UTF-8. */
    NOT_JSON,
    /** No {@code user_id}, no {@code timestamp}, or none of heart rate, RR intervals and steps. */
    MISSING_FIELD,
    /**
     * A known field holds another JSON type, or a timestamp that is neither ISO-8601 nor epoch
     * milliseconds.
     */
    WRONG_TYPE,
    /** User or device id empty, over 128 characters, or with control characters. */
    INVALID_ID,
    /** Outside 20 to 300 beats per minute. */
    HEART_RATE_OUT_OF_RANGE,
    /** An RR interval outside 200 to 3000 ms. */
    RR_OUT_OF_RANGE,
    /** Steps of a minute outside 0 to 32767. */
    STEPS_OUT_OF_RANGE,
    /** Confidence outside 0 to 1. */
    CONFIDENCE_OUT_OF_RANGE,
    /** More than 5 minutes ahead of the record's own Kafka timestamp. */
    FUTURE_TIMESTAMP,
    /** Before the year 2000. */
    TIMESTAMP_TOO_OLD
}
