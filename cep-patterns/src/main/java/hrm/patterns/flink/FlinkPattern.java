package hrm.patterns.flink;

import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.spec.Group;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import hrm.patterns.spec.Times;
import hrm.patterns.spec.Times.Between;
import java.util.function.Supplier;
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

        /** What ends the taking of a step that repeats. */
        IterativeCondition<E> until(int step);

        /**
         * What ends the repetition of a group.
         *
         * @param group the group's place among the pattern's groups
         */
        IterativeCondition<E> groupUntil(int group);

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
     * #name}. The pattern carries no skip strategy: see {@link #skip}.
     *
     * <p>A step's {@code within} becomes Flink's {@code PREVIOUS_AND_CURRENT}; on a step with
     * {@code times} Flink ignores it, {@link NfaMatcher} does not.
     *
     * @throws org.apache.flink.cep.pattern.MalformedPatternException for what Flink CEP cannot run,
     *     such as a step's {@code within} that is longer than the pattern's
     */
    public static <E> Pattern<E, ?> translate(CompiledPattern pattern, Conditions<E> conditions) {
        var spec = pattern.spec();
        return new Translation<>(spec, conditions)
                .sequence(0, spec.sequence().size(), 0)
                .within(spec.within());
    }

    /** The pattern's skip strategy in Flink CEP's words. */
    public static AfterMatchSkipStrategy skip(PatternSpec spec) {
        String step = name(spec.skip().step());
        return switch (spec.skip().strategy()) {
            case NO_SKIP -> AfterMatchSkipStrategy.noSkip();
            case TO_NEXT -> AfterMatchSkipStrategy.skipToNext();
            case PAST_LAST -> AfterMatchSkipStrategy.skipPastLastEvent();
            case TO_FIRST -> AfterMatchSkipStrategy.skipToFirst(step);
            case TO_LAST -> AfterMatchSkipStrategy.skipToLast(step);
        };
    }

    private record Translation<E>(PatternSpec spec, Conditions<E> conditions) {

        /**
         * @param group place of the first group that may begin here
         */
        Pattern<E, E> sequence(int from, int to, int group) {
            Pattern<E, E> last = null;
            int nextGroup = group;
            int i = from;
            while (i < to) {
                var here = nextGroup < spec.groups().size() ? spec.groups().get(nextGroup) : null;
                if (here != null && here.from() == i && here.to() <= to) {
                    last = group(last, here, nextGroup);
                    i = here.to();
                    while (nextGroup < spec.groups().size()
                            && spec.groups().get(nextGroup).from() < i) {
                        nextGroup++;
                    }
                } else {
                    last = step(last, i);
                    i++;
                }
            }
            return last;
        }

        private Pattern<E, E> group(Pattern<E, E> before, Group group, int place) {
            var inside = sequence(group.from(), group.to(), place + 1);
            Pattern<E, E> whole =
                    switch (group.relation()) {
                        case STEP -> Pattern.begin(inside);
                        case NEXT -> before.next(inside);
                        case FOLLOWED_BY -> before.followedBy(inside);
                        case FOLLOWED_BY_ANY -> before.followedByAny(inside);
                        case NOT_NEXT, NOT_FOLLOWED_BY ->
                                throw new IllegalArgumentException("a group cannot be forbidden");
                    };
            return quantified(whole, group.times(), () -> conditions.groupUntil(place));
        }

        private Pattern<E, E> step(Pattern<E, E> before, int index) {
            var step = spec.sequence().get(index);
            var positive = follow(before, step, index).where(conditions.where(index));
            return quantified(positive, step.times(), () -> conditions.until(index))
                    .within(step.within(), WithinType.PREVIOUS_AND_CURRENT);
        }

        private Pattern<E, E> follow(Pattern<E, E> before, Step step, int index) {
            String name = name(index);
            if (step.hold() != null && step.relation() == Relation.NEXT) {
                // A hold is taken when it has lasted, not on the next input: until then the stretch
                // must not end.
                return before.notFollowedBy(name + "!")
                        .where(conditions.broken(index))
                        .followedBy(name);
            }
            return switch (step.relation()) {
                case STEP -> Pattern.begin(name);
                case NEXT -> before.next(name);
                case FOLLOWED_BY -> before.followedBy(name);
                case FOLLOWED_BY_ANY -> before.followedByAny(name);
                case NOT_NEXT -> before.notNext(name);
                case NOT_FOLLOWED_BY -> before.notFollowedBy(name);
            };
        }

        private static <E> Pattern<E, E> quantified(
                Pattern<E, E> one, Times times, Supplier<IterativeCondition<E>> until) {
            Pattern<E, E> many = one;
            if (times.isUnbounded()) {
                many = many.timesOrMore(times.least());
            } else if (times.least() != times.most()) {
                many = many.times(times.least(), times.most());
            } else if (times.repeats()) {
                many = many.times(times.least());
            }
            if (times.between() == Between.NOTHING) {
                many = many.consecutive();
            } else if (times.between() == Between.ANY) {
                many = many.allowCombinations();
            }
            if (times.greedy()) {
                many = many.greedy();
            }
            if (times.optional()) {
                many = many.optional();
            }
            return times.until() == null ? many : many.until(until.get());
        }
    }

    /** What Flink CEP calls the step at this place of the sequence. */
    public static String name(int step) {
        return Integer.toString(step);
    }
}
