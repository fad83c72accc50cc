package hrm.functions.history;

/** By which baselines history is judged. */
public enum BaselinePolicy {
    /** Those in force at each reading's own time, as the stream had them. */
    AS_OF,
    /** Each person's newest, for all time: what would be told if all were known then. */
    CURRENT,
    /** One for each local day, made of the days before it: what a person would have been told. */
    WALK_FORWARD
}
