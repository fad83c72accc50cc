package hrm.model;

/** What comes of judging history, chunk by chunk: what is told, and then that the chunk is done. */
public sealed interface BackfillEvent {
    /** Which chunk of the run. */
    int chunk();

    /** An alert event of a chunk. */
    record Told(int chunk, Alert alert) implements BackfillEvent {}

    /**
     * A chunk has been judged to its end.
     *
     * @param people who have readings in it
     * @param minutes rows that were read
     * @param readings that were judged or, before the time that was asked for, only remembered
     * @param alerts events that were told
     */
    record Done(int chunk, long people, long minutes, long readings, long alerts)
            implements BackfillEvent {}
}
