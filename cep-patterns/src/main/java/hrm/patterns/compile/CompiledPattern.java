package hrm.patterns.compile;

import hrm.model.Alert.LimitSource;
import hrm.patterns.Condition;
import hrm.patterns.Expression;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.spec.PatternSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A pattern ready to run.
 *
 * @param guard what a reading must have to begin a match
 * @param steps one for each step of the specification, in order
 * @param groupUntils conditions that end the repetition of groups, by the group's place
 * @param resolve null when the specification has none
 * @param lets by name, in the file's order
 * @param captured values of matched inputs that conditions of later steps use, by name; {@code bpm}
 *     is always first
 * @param limit value of the let {@code limit}; null when the pattern has none
 * @param limitSource where that limit comes from; null when the pattern has none
 * @param message the sentence, with {@code ${name}} to be filled in
 * @param longestMemoryMs nothing older can matter to a match in progress; {@code Long.MAX_VALUE}
 *     when unbounded
 */
public record CompiledPattern(
        PatternSpec spec,
        Guard guard,
        List<CompiledStep> steps,
        Map<Integer, Asked> groupUntils,
        Condition resolve,
        Map<String, Expression> lets,
        List<Name> captured,
        Expression limit,
        Function<Values, LimitSource> limitSource,
        Message message,
        long longestMemoryMs) {

    public CompiledPattern {
        steps = List.copyOf(steps);
        groupUntils = Map.copyOf(groupUntils);
        lets = new LinkedHashMap<>(lets);
        captured = List.copyOf(captured);
    }

    /**
     * A condition and how it may be asked.
     *
     * @param refersToSteps whether it reads earlier steps, so that it differs from one partial
     *     match to the next
     */
    public record Asked(Condition condition, boolean refersToSteps) {}

    /**
     * @param refersToSteps whether the condition reads earlier steps, so that it differs from one
     *     partial match to the next
     * @param filled the condition with its values filled in, {@code bpm 131 > limit 120 && steps 0
     *     == 0}
     * @param until ends the taking of a step that repeats; null when it has none
     * @param among which inputs a step that counts looks at; null when all
     */
    public record CompiledStep(
            Condition condition,
            boolean refersToSteps,
            Message filled,
            Asked until,
            Condition among) {

        /** A step that neither ends its repetition nor counts. */
        public CompiledStep(Condition condition, boolean refersToSteps, Message filled) {
            this(condition, refersToSteps, filled, null, null);
        }
    }

    /** A sentence about one input. */
    @FunctionalInterface
    public interface Message {
        String fill(Values values, MatchedSteps steps);
    }
}
