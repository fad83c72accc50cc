package hrm.patterns.flink;

import hrm.patterns.Input;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.flink.Captured.Stretch;
import hrm.patterns.spec.Counting;
import hrm.patterns.spec.Step;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The last samples of one counting step on one device: as many as it counts among, and none older
 * than the pattern's {@code within}.
 *
 * <p>Time is cut into slots of {@code every} since the epoch; a sample is the first input of a slot
 * that {@code among} is true on. So what is a sample does not depend on where one begins to look.
 *
 * <p>What an earlier version of the pattern has taken as a sample, and found true, stays so: a
 * changed {@code where} or {@code among} asks inputs from then on.
 */
final class CountTracker extends Tracker {
    /**
     * @param isTrue whether the step's condition was true; unknown counts as not
     * @param values captured
     */
    record Sample(long startMs, boolean isTrue, double[] values) {}

    final ArrayDeque<Sample> samples = new ArrayDeque<>();

    /** Whether the input that was judged last is a sample. */
    private boolean sampled;

    /**
     * @param among a {@link Truth}: whether the input can be a sample
     * @param truth a {@link Truth}: of the step's condition
     * @param memoryMs samples so old are forgotten; {@code Long.MAX_VALUE} when none
     */
    void advance(Step step, int among, int truth, Input input, long memoryMs, List<Name> names) {
        while (!samples.isEmpty() && input.startMs() - samples.peek().startMs >= memoryMs) {
            samples.poll();
        }
        var counting = step.counting();
        sampled = among == Truth.TRUE && isOfNewSlot(input.startMs(), counting);
        if (!sampled) {
            return;
        }
        samples.add(
                new Sample(input.startMs(), truth == Truth.TRUE, Captured.values(input, names)));
        while (samples.size() > counting.of()) { // a version before may have counted among more
            samples.poll();
        }
        if (!isSatisfied(counting, Long.MIN_VALUE)) {
            started = false;
        }
    }

    private boolean isOfNewSlot(long timeMs, Counting counting) {
        long every = counting.every().toMillis();
        return samples.isEmpty()
                || every == 0
                || Math.floorDiv(timeMs, every) != Math.floorDiv(samples.peekLast().startMs, every);
    }

    private boolean isSatisfied(Counting counting, long afterMs) {
        int trues = 0;
        long first = 0;
        long last = 0;
        for (var sample : samples) {
            if (sample.isTrue && sample.startMs > afterMs) {
                first = trues == 0 ? sample.startMs : first;
                last = sample.startMs;
                trues++;
            }
        }
        return trues >= counting.atLeast() && last - first >= counting.minSpan().toMillis();
    }

    @Override
    boolean isRunning() {
        return started || !samples.isEmpty(); // its samples may all be too old by now
    }

    @Override
    boolean isDue(Step step, Captured before, int stepBefore) {
        long afterMs = before == null ? Long.MIN_VALUE : before.lastStartMs(stepBefore);
        return sampled && samples.peekLast().isTrue && isSatisfied(step.counting(), afterMs);
    }

    @Override
    Stretch take(Input input, List<Name> names) {
        Sample first = null;
        int trues = 0;
        for (var sample : samples) {
            if (sample.isTrue) {
                first = first == null ? sample : first;
                trues++;
            }
        }
        var taken = new Stretch(first.startMs, first.values);
        taken.lastStartMs = input.startMs();
        taken.lastEndMs = input.endMs();
        taken.count = trues;
        taken.last = samples.peekLast().values;
        return taken;
    }
}
