package hrm.embedded;

/** A job's state, as Flink names it. */
public enum JobState {
    INITIALIZING,
    CREATED,
    RUNNING,
    FAILING,
    FAILED,
    CANCELLING,
    CANCELED,
    FINISHED,
    RESTARTING,
    SUSPENDED,
    RECONCILING;

    /** Nothing will happen to it any more. */
    public boolean isFinal() {
        return this == FAILED || this == CANCELED || this == FINISHED;
    }
}
