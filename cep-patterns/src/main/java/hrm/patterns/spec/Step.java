package hrm.patterns.spec;

import java.time.Duration;

/**
 * @param where a condition, parameters still in it
 * @param onEdge whether a match starts only where the condition becomes true; of the first step
 * @param within since the previous step; null when unbounded
 * @param hold how long it must be true on every input; null when one input is enough
 * @param maxGap longest pause inside a hold; {@link #DEFAULT_MAX_GAP} when not said
 * @param counting null unless the step counts
 */
public record Step(
        Relation relation,
        String name,
        String where,
        boolean onEdge,
        Times times,
        Duration within,
        Duration hold,
        Duration maxGap,
        Counting counting) {

    public static final Duration DEFAULT_MAX_GAP = Duration.ofMinutes(2);

    /** At least this many inputs; 1 when not said. */
    public int timesMin() {
        return times.least();
    }

    /**
     * Whether the automaton sees one event of it, given when a tracker finds that it is due: a
     * {@code hold}, or a step that counts.
     */
    public boolean isTracked() {
        return hold != null || counting != null;
    }

    /** How a step follows the one before. */
    public enum Relation {
        /** The first, of the sequence or of a group. */
        STEP,
        /** Directly after: Flink CEP's {@code next}. */
        NEXT,
        /** Later, others may lie between: Flink CEP's {@code followedBy}. */
        FOLLOWED_BY,
        /** Later, true ones may lie between, too: Flink CEP's {@code followedByAny}. */
        FOLLOWED_BY_ANY,
        /** The next input must not be it: Flink CEP's {@code notNext}. */
        NOT_NEXT,
        /** Must not occur before the next step: Flink CEP's {@code notFollowedBy}. */
        NOT_FOLLOWED_BY;

        public boolean isNegative() {
            return this == NOT_NEXT || this == NOT_FOLLOWED_BY;
        }
    }
}
