package hrm.importers;

/**
 * Why something in a file is no reading, where no message could be made of it for {@link
 * hrm.model.RejectReason} to speak of. Each is on the page {@code docs/history.md}.
 */
public enum FileReason {
    /** Does not fit the header, or a header that lacks a column. */
    NOT_CSV,
    /** Not well-formed. */
    NOT_XML,
    /** The file ends in the middle, or cannot be unpacked to its end. */
    CUT_OFF,
    /** A heart rate that is not in beats per minute. */
    WRONG_UNIT,
    /** A smallest, greatest or withdrawn value: no measurement of one moment. */
    NOT_A_MEASUREMENT,
    /** Steps of more than an hour: they say nothing of a minute. */
    LONG_STEPS
}
