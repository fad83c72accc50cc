package hrm.patterns.spec;

/**
 * What a match does to the ones that began before it was complete: Flink CEP's after-match skip
 * strategy.
 *
 * @param step place in the sequence, of {@code to_first} and {@code to_last}; else -1
 */
public record Skip(Strategy strategy, int step) {
    public static final Skip NO_SKIP = new Skip(Strategy.NO_SKIP, -1);

    public enum Strategy {
        /** Every match is reported. */
        NO_SKIP,
        /** Ends the others that began at the same input. */
        TO_NEXT,
        /** Ends all that began before the match was complete. */
        PAST_LAST,
        /** Ends all that began before the step's first input. */
        TO_FIRST,
        /** Ends all that began before the step's last input. */
        TO_LAST;

        public boolean namesAStep() {
            return this == TO_FIRST || this == TO_LAST;
        }
    }
}
