package hrm.patterns.flink;

import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.WithinType;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;

/** Says a pattern in Flink CEP's own words. */
public final class FlinkPattern {
    private FlinkPattern() {}

    /**
     * What the steps test.
     *
     * @param <E> what the pattern is matched on
     */
    public interface Conditions<E> {
        /**
         * @param step the step's place in the sequence, from 0
         */
        IterativeCondition<E> where(int step);

        /**
         * For a hold that is a {@code next}: whether its stretch is not running, which ends the
         * match.
         */
        default IterativeCondition<E> broken(int step) {
            throw new IllegalArgumentException("Flink CEP has no hold of its own");
        }
    }

    /**
     * A step is named by its place, so that renaming it keeps what is in progress; see {@link
     * #name}. Nothing is skipped after a match.
     *
     * <p>A step's {@code within} becomes Flink's {@code PREVIOUS_AND_CURRENT}; on a step with
     * {@code times} Flink ignores it, {@link NfaMatcher} does not.
     *
     * @throws IllegalArgumentException when the last step is negative
     * @throws org.apache.flink.cep.pattern.MalformedPatternException when a step's {@code within}
     *     is longer than the pattern's
     */
    public static <E> Pattern<E, ?> translate(CompiledPattern pattern, Conditions<E> conditions) {
        var sequence = pattern.spec().sequence();
        if (sequence.get(sequence.size() - 1).relation().isNegative()) {
            throw new IllegalArgumentException(
                    "pattern '%s' ends in not_followed_by, which cannot be run yet"
                            .formatted(pattern.spec().id()));
        }
        Pattern<E, E> last = null;
        for (int i = 0; i < sequence.size(); i++) {
            Step step = sequence.get(i);
            last = follow(last, step, i, conditions).where(conditions.where(i));
            if (step.timesMin() != step.timesMax()) {
                last = last.times(step.timesMin(), step.timesMax());
            } else if (step.timesMin() > 1) {
                last = last.times(step.timesMin());
            }
            last = last.within(step.within(), WithinType.PREVIOUS_AND_CURRENT);
        }
        return last.within(pattern.spec().within());
    }

    private static <E> Pattern<E, E> follow(
            Pattern<E, E> before, Step step, int index, Conditions<E> conditions) {
        String name = name(index);
        if (before == null) {
            return Pattern.begin(name, AfterMatchSkipStrategy.noSkip());
        }
        if (step.hold() != null && step.relation() == Relation.NEXT) {
            // A hold is taken when it has lasted, not on the next input: until then the stretch
            // must not end.
            return before.notFollowedBy(name + "!")
                    .where(conditions.broken(index))
                    .followedBy(name);
        }
        return switch (step.relation()) {
            case NEXT -> before.next(name);
            case FOLLOWED_BY -> before.followedBy(name);
            case NOT_FOLLOWED_BY -> before.notFollowedBy(name);
            case STEP ->
                    throw new IllegalArgumentException(
                            "'%s' is a first step in the middle".formatted(step.name()));
        };
    }

    /** What Flink CEP calls the step at this place of the sequence. */
    public static String name(int step) {
        return Integer.toString(step);
    }
}
