package hrm.patterns.spec;

import hrm.model.Alert.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A pattern file as its authors wrote it, checked. Semantics are Flink CEP's where it has the
 * construct; the language is in {@code docs/patterns.md}.
 *
 * @param condition what snooze and grouping speak of: high, low, signal …
 * @param parameters numbers, durations and texts by name, in the file's order
 * @param let expressions by name, in the file's order; each may use the ones before
 * @param groups steps that are one in the sequence; an outer group before those inside it
 * @param within first to last; null when unbounded
 * @param skip what a match does to others; only under {@code overlap: all}
 * @param resolve null: a momentary alert
 * @param clearAfter repeats of a momentary alert within it are only counted
 * @param message with {@code ${name}} filled in at the match
 * @param source where the numbers come from
 * @param yaml the text it was read from
 */
public record PatternSpec(
        String id,
        int version,
        String title,
        String condition,
        Severity severity,
        Mode mode,
        On on,
        Map<String, Parameter> parameters,
        Map<String, String> let,
        List<Step> sequence,
        List<Group> groups,
        Duration within,
        Overlap overlap,
        Skip skip,
        Outcome outcome,
        Resolve resolve,
        Duration clearAfter,
        String message,
        String source,
        List<Example> examples,
        String yaml) {

    public PatternSpec {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        let = Collections.unmodifiableMap(new LinkedHashMap<>(let));
        sequence = List.copyOf(sequence);
        groups = List.copyOf(groups);
        examples = List.copyOf(examples);
    }

    /** Names of the steps, in order. */
    public List<String> stepNames() {
        var names = new ArrayList<String>();
        sequence.forEach(step -> names.add(step.name()));
        return names;
    }

    public enum Mode {
        LIVE,
        /** Recorded and counted, never notified. */
        SHADOW,
        OFF
    }

    /** What a pattern is fed with. */
    public enum On {
        READING,
        MINUTE
    }

    /** Whether the last step forbids something, so that silence completes a match. */
    public boolean endsInNotFollowedBy() {
        return sequence.get(sequence.size() - 1).relation() == Step.Relation.NOT_FOLLOWED_BY;
    }

    /**
     * Places of the steps of which one must be true of an input, for anything to be remembered of
     * it where nothing is: the first, and those that hold, for their stretches may begin before it.
     * Empty when it is not that simple.
     */
    public List<Integer> beginnings() {
        if (!groups.isEmpty()
                || sequence.get(0).times().optional()
                || sequence.stream().anyMatch(step -> step.counting() != null)) {
            return List.of();
        }
        return IntStream.range(0, sequence.size())
                .filter(place -> place == 0 || sequence.get(place).hold() != null)
                .boxed()
                .toList();
    }

    /**
     * Whether each step after the first must come in a time of its own, so that a match ends though
     * the pattern has no {@code within}.
     */
    public boolean isBoundedByItsSteps() {
        for (int i = 0; i < sequence.size(); i++) {
            if (isUnbounded(sequence, i)) {
                return false;
            }
        }
        return groups.stream().noneMatch(group -> group.times().repeats());
    }

    /**
     * Whether a half-finished match may wait for this step, or for more of its inputs, for ever as
     * far as the step is concerned.
     */
    public static boolean isUnbounded(List<Step> sequence, int index) {
        var step = sequence.get(index);
        boolean last = index == sequence.size() - 1;
        if (step.relation() == Step.Relation.NOT_FOLLOWED_BY) {
            return last && step.within() == null;
        }
        return step.counting() != null
                || step.times().repeats()
                || index > 0 && !step.relation().isNegative() && step.within() == null;
    }

    /** What a pattern tells. */
    public enum Outcome {
        /** That the whole sequence has come. */
        MATCH,
        /** That a sequence has begun and its rest has not come in time. */
        TIMED_OUT
    }

    public enum Overlap {
        /** No new start while a match of this pattern is in progress on this device. */
        NONE,
        /** Flink CEP's meaning: every input may start a match. */
        ALL
    }
}
