package hrm.patterns.flink;

import hrm.patterns.Input;
import hrm.patterns.Name;
import hrm.patterns.flink.Captured.Stretch;
import hrm.patterns.spec.Step;
import java.util.List;

/**
 * What one device's inputs say of a step that the automaton sees as one event: a {@code hold}, or a
 * step that counts.
 */
abstract sealed class Tracker permits HoldTracker, CountTracker {
    /** Whether it has, being the first step, started a match since it last became due. */
    boolean started;

    /** Whether there is anything to remember. */
    abstract boolean isRunning();

    /**
     * Whether the input that was judged last completes the step.
     *
     * @param before what the step before took last; null when nothing lies before
     * @param stepBefore the place of that step
     */
    abstract boolean isDue(Step step, Captured before, int stepBefore);

    /** What completes the step, as partial matches may keep it. */
    abstract Stretch take(Input input, List<Name> names);
}
