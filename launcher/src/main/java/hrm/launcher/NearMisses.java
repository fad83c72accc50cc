package hrm.launcher;

import hrm.patterns.Hold;
import hrm.patterns.Input;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.spec.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Follows one device beside the detection and remembers what almost told: a hold that ended too
 * soon, a sequence that stopped half-way, a value that came close. It explains, it does not judge:
 * it follows one attempt at a time, the earliest, where the detection may follow several.
 *
 * <pre>
 *  step 1 ──▶ step 2 ──▶ … ──▶ complete: forgotten, the detection tells of it
 *    │          │
 *    └──────────┴── ended too soon, broken, out of time: a miss, and from the start again
 * </pre>
 */
final class NearMisses {
    /** Two misses of one kind nearer than this are one: the closer stays. */
    private static final Duration APART = Duration.ofMinutes(10);

    /**
     * @param at when it began; of a value, when it was measured
     * @param closeness 0 nothing at all to 1 almost an alert
     * @param what how far it came, {@code held 8m40s of 10m}
     */
    record Miss(Instant at, double closeness, String what) {}

    private final CompiledPattern pattern;
    private final List<Step> steps;
    private final List<Miss> misses = new ArrayList<>();
    private final Hold hold = new Hold();
    private final Taken taken;
    private int step;
    private int times;
    private long startMs;
    private long lastMs;
    private Miss closestValue;

    NearMisses(CompiledPattern pattern) {
        this.pattern = pattern;
        this.steps = pattern.spec().sequence();
        this.taken = new Taken(steps.size());
    }

    /**
     * Where an attempt stands when an input comes.
     *
     * @param reached {@code reached 'drop' (2 of 3)}; empty before the first step
     * @param step what it waits for
     * @param filled that step's condition with the input's values
     * @param isTrue whether the condition is true
     * @param held {@code held 8m40s of 10m}, this input included; null when it is no hold or none
     *     runs
     */
    record Stand(String reached, String step, String filled, boolean isTrue, String held) {}

    /** The same as {@link #observe}, and says how the input found what was under way. */
    Stand stand(Input input) {
        if (step > 0 || times > 0) {
            giveUpInTime(input);
        }
        int wanted = positiveFrom(step);
        var reached = step > 0 || times > 0 ? reached() : "";
        var filled = filled(wanted, input);
        boolean isTrue = isTrue(wanted, input);
        advance(input);
        return new Stand(
                reached,
                steps.get(wanted).name(),
                filled,
                isTrue,
                hold.isRunning() ? held(steps.get(wanted), lastedMs()) : null);
    }

    /** The next input of this device, in the order of time. */
    void observe(Input input) {
        if (step > 0 || times > 0) {
            giveUpInTime(input);
        }
        advance(input);
    }

    private void giveUpInTime(Input input) {
        var whole = pattern.spec().within();
        if (whole != null && input.startMs() - startMs >= whole.toMillis()) {
            miss(reached() + ", then its " + Words.duration(whole) + " were over");
            return;
        }
        var waiting = positiveFrom(step);
        var within = waiting < steps.size() ? steps.get(waiting).within() : null;
        if (within != null && times == 0 && input.startMs() - lastMs >= within.toMillis()) {
            miss(
                    reached()
                            + ", then no '"
                            + steps.get(waiting).name()
                            + "' within "
                            + Words.duration(within));
        }
    }

    private void advance(Input input) {
        while (step < steps.size() && steps.get(step).relation().isNegative()) {
            // What must come next ends the watch for what must not come.
            int wanted = positiveFrom(step);
            if (wanted < steps.size() && isTrue(wanted, input)) {
                step = wanted;
                break;
            }
            if (isTrue(step, input)) {
                miss(reached() + ", then '" + steps.get(step).name() + "': " + filled(step, input));
            }
            return;
        }
        var wanted = steps.get(step);
        int truth = pattern.steps().get(step).condition().test(input.values(), taken);
        if (wanted.hold() != null) {
            advanceHold(wanted, truth, input);
        } else if (truth == Truth.TRUE) {
            take(input, 1, input);
        } else if (step == 0 && times == 0) {
            noteValue(input);
        } else if (wanted.relation() == Step.Relation.NEXT || times > 0 && step == 0) {
            miss(reached() + ", then " + filled(step, input));
        }
    }

    private void advanceHold(Step wanted, int truth, Input input) {
        boolean ran = hold.isRunning();
        boolean first = step == 0;
        long lasted = lastedMs();
        long since = hold.sinceMs();
        boolean running = hold.advance(truth, input, wanted.maxGap().toMillis());
        if (ran && (!running || hold.sinceMs() != since)) {
            String why =
                    running
                            ? "then no input for over " + Words.duration(wanted.maxGap())
                            : "then " + filled(step, input);
            if (first) {
                startMs = since;
            }
            if (lasted > 0) {
                note(held(wanted, lasted) + ", " + why, lasted * 1.0 / wanted.hold().toMillis());
            }
        } else if (!ran && !running && first) {
            noteValue(input);
        }
        if (running && lastedMs() >= wanted.hold().toMillis()) {
            if (first) {
                startMs = hold.sinceMs();
            }
            take(input, hold.count(), input);
            hold.reset();
        }
    }

    private long lastedMs() {
        return hold.lastedMs(step == 0 ? Hold.NONE : lastMs);
    }

    private String held(Step wanted, long lastedMs) {
        return (step == 0 && steps.size() == 1 ? "" : reachedBefore() + "'" + wanted.name() + "' ")
                + "held "
                + Words.duration(Duration.ofMillis(lastedMs))
                + " of "
                + Words.duration(wanted.hold());
    }

    private String reachedBefore() {
        return step == 0 ? "" : reached() + ", then ";
    }

    private void take(Input input, int count, Input last) {
        if (step == 0 && times == 0 && steps.get(0).hold() == null) {
            startMs = input.startMs();
        }
        taken.take(step, input.values(), count);
        lastMs = last.endMs();
        times++;
        if (steps.get(step).hold() != null || times >= steps.get(step).timesMin()) {
            step++;
            times = 0;
        }
        if (step == steps.size()) {
            startAgain();
            closestValue = null;
        }
    }

    private boolean isTrue(int index, Input input) {
        return pattern.steps().get(index).condition().test(input.values(), taken) == Truth.TRUE;
    }

    private String filled(int index, Input input) {
        return pattern.steps().get(index).filled().fill(input.values(), taken);
    }

    private int positiveFrom(int index) {
        int wanted = index;
        while (wanted < steps.size() && steps.get(wanted).relation().isNegative()) {
            wanted++;
        }
        return wanted;
    }

    /** {@code reached 'drop' (2 of 3)}. */
    private String reached() {
        long all = steps.stream().filter(one -> !one.relation().isNegative()).count();
        if (times > 0) {
            return "'"
                    + steps.get(step).name()
                    + "' "
                    + times
                    + " of "
                    + steps.get(step).timesMin()
                    + " times";
        }
        int last = step - 1;
        while (last > 0 && steps.get(last).relation().isNegative()) {
            last--;
        }
        return "reached '" + steps.get(last).name() + "' (" + done() + " of " + all + ")";
    }

    private long done() {
        return steps.subList(0, step).stream().filter(one -> !one.relation().isNegative()).count();
    }

    private void miss(String what) {
        note(what, times * 1.0 / Math.max(1, step < steps.size() ? steps.get(step).timesMin() : 1));
        startAgain();
    }

    private void startAgain() {
        step = 0;
        times = 0;
        hold.reset();
        taken.clear();
    }

    /**
     * @param ofStep how much of the step in work was done, 0 to 1
     */
    private void note(String what, double ofStep) {
        long all = steps.stream().filter(one -> !one.relation().isNegative()).count();
        add(new Miss(Instant.ofEpochMilli(startMs), (done() + Math.min(ofStep, 0.99)) / all, what));
    }

    /** How near the first step's condition came, where it compares numbers. */
    private void noteValue(Input input) {
        var text = filled(0, input);
        var distance = Comparisons.distance(text);
        if (distance == null) {
            return;
        }
        // Behind everything that at least began.
        double closeness = 0.01 / (1 + distance.share());
        var miss =
                new Miss(
                        Instant.ofEpochMilli(input.startMs()),
                        closeness,
                        text + " was not true by " + Words.number(distance.by()));
        if (closestValue != null && apart(closestValue, miss)) {
            misses.add(closestValue);
            closestValue = miss;
        } else if (closestValue == null || closestValue.closeness() < closeness) {
            closestValue = miss;
        }
    }

    private static boolean apart(Miss one, Miss other) {
        return Duration.between(one.at(), other.at()).compareTo(APART) >= 0;
    }

    private void add(Miss miss) {
        misses.add(miss);
    }

    /** After the last input: what was still under way is a miss too. Closest first. */
    List<Miss> finish() {
        if (hold.isRunning() && lastedMs() > 0) {
            if (step == 0) {
                startMs = hold.sinceMs();
            }
            var wanted = steps.get(step);
            note(
                    held(wanted, lastedMs()) + ", then the data ended",
                    lastedMs() * 1.0 / wanted.hold().toMillis());
        } else if (step > 0 || times > 0) {
            miss(reached() + ", then the data ended");
        }
        if (closestValue != null) {
            misses.add(closestValue);
            closestValue = null;
        }
        return misses.stream()
                .sorted(Comparator.comparingDouble(Miss::closeness).reversed())
                .toList();
    }

    /** What conditions of later steps read. */
    private static final class Taken implements MatchedSteps {
        private final double[][] first;
        private final double[][] last;
        private final int[] counts;

        Taken(int steps) {
            first = new double[steps][];
            last = new double[steps][];
            counts = new int[steps];
        }

        void take(int step, Values values, int count) {
            var copy = new double[Name.values().length];
            for (var name : Name.values()) {
                copy[name.ordinal()] = values.get(name);
            }
            if (first[step] == null) {
                first[step] = copy;
            }
            last[step] = copy;
            counts[step] += count;
        }

        void clear() {
            java.util.Arrays.fill(first, null);
            java.util.Arrays.fill(last, null);
            java.util.Arrays.fill(counts, 0);
        }

        @Override
        public double first(int step, Name name) {
            return first[step] == null ? Double.NaN : first[step][name.ordinal()];
        }

        @Override
        public double last(int step, Name name) {
            return last[step] == null ? Double.NaN : last[step][name.ordinal()];
        }

        @Override
        public int count(int step) {
            return counts[step];
        }
    }
}
