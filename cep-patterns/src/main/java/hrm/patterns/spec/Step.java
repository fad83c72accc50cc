package hrm.patterns.spec;

import java.time.Duration;

/**
 * @param where a condition, parameters still in it
 * @param timesMin at least this many in a row of the step; 1 when not said
 * @param timesMax at most; equal to {@code timesMin} when not a range
 * @param within since the previous step; null when unbounded
 * @param hold how long it must be true on every input; null when one input is enough
 * @param maxGap longest pause inside a hold; {@link #DEFAULT_MAX_GAP} when not said
 */
public record Step(
        Relation relation,
        String name,
        String where,
        int timesMin,
        int timesMax,
        Duration within,
        Duration hold,
        Duration maxGap) {

    public static final Duration DEFAULT_MAX_GAP = Duration.ofMinutes(2);

    /** How a step follows the one before. */
    public enum Relation {
        /** The first. */
        STEP,
        /** Directly after: Flink CEP's {@code next}. */
        NEXT,
        /** Later, others may lie between: Flink CEP's {@code followedBy}. */
        FOLLOWED_BY,
        /** Must not occur before the next step: Flink CEP's {@code notFollowedBy}. */
        NOT_FOLLOWED_BY;

        public boolean isNegative() {
            return this == NOT_FOLLOWED_BY;
        }
    }
}
