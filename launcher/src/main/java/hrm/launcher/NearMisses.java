package hrm.launcher;

import hrm.launcher.Ways.Way;
import hrm.patterns.Condition;
import hrm.patterns.Hold;
import hrm.patterns.Input;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.spec.PatternSpec.Outcome;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Follows one device beside the detection and remembers what almost told: a hold that ended too
 * soon, a sequence that stopped half-way, a count that was not reached, a value that came close. It
 * explains, it does not judge: it follows one attempt at a time, the earliest, where the detection
 * may follow several, and of several ways on it takes the one that leads further.
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

    private static final int NOTHING = -1;

    private final CompiledPattern pattern;
    private final List<Step> steps;
    private final Ways ways;
    private final List<Miss> misses = new ArrayList<>();
    private final Hold[] holds;
    private final Samples[] samples;
    private final long[] used;
    private final Taken taken;
    private int step = NOTHING;
    private int times;
    private int passed;
    private List<Integer> turns;
    private boolean ended;
    private boolean wasTrue;
    private long startMs;
    private long lastStartMs;
    private long lastEndMs;
    private String broken = "";
    private Miss closestValue;
    private Miss closestCount;

    NearMisses(CompiledPattern pattern) {
        this.pattern = pattern;
        this.steps = pattern.spec().sequence();
        this.ways = new Ways(pattern.spec());
        this.taken = new Taken(steps.size());
        this.holds = new Hold[steps.size()];
        this.samples = new Samples[steps.size()];
        this.used = new long[steps.size()];
        var within = pattern.spec().within();
        for (int i = 0; i < holds.length; i++) {
            holds[i] = new Hold();
            used[i] = Hold.NONE;
            samples[i] =
                    steps.get(i).counting() == null
                            ? null
                            : new Samples(steps.get(i).counting(), within);
        }
    }

    /**
     * Where an attempt stands when an input comes.
     *
     * @param reached {@code reached 'drop' (2 of 3)}; empty before the first step
     * @param waits what it waits for, one of which is enough
     * @param broken how this input ended the attempt; empty when it did not
     */
    record Stand(String reached, List<Wait> waits, String broken) {}

    /**
     * A step that is waited for.
     *
     * @param step what it is, {@code 'drop'}
     * @param filled its condition with the input's values; empty when it is silence that is waited
     *     for
     * @param isTrue whether the condition is true
     * @param progress {@code held 8m40s of 10m}, this input included, or what else is lacking;
     *     empty when nothing is
     * @param nudges what of the input would make the condition true
     */
    record Wait(String step, String filled, boolean isTrue, String progress, List<String> nudges) {}

    /** The same as {@link #observe}, and says how the input found what was under way. */
    Stand stand(Input input) {
        return stand(input, false);
    }

    /**
     * @param closely whether to try what would make conditions true, which takes its time
     */
    Stand stand(Input input, boolean closely) {
        broken = "";
        track(input);
        inTime(input);
        var reached = step == NOTHING ? "" : reached();
        var waits = new ArrayList<Wait>();
        var open = open(input);
        for (var way : open) {
            // More of a step that has enough is nothing to wait for.
            boolean enough = way.repeats() && times >= steps.get(step).timesMin();
            if (!enough || open.size() == 1) {
                waits.add(wait(way, input, closely));
            }
        }
        advance(input);
        return new Stand(reached, waits, broken);
    }

    /** The next input of this device, in the order of time. */
    void observe(Input input) {
        track(input);
        inTime(input);
        advance(input);
    }

    private Wait wait(Way way, Input input, boolean closely) {
        if (way.step() == Ways.COMPLETE) {
            int forbidden = last(way.forbidden());
            if (!isOfSilence(way)) {
                var other = "an input that is not " + quoted(forbidden);
                return new Wait(other, filled(forbidden, input), false, "", List.of());
            }
            long left = deadlineMs(steps.get(forbidden)) - input.startMs();
            return new Wait(
                    "the time of " + quoted(forbidden) + " to be over",
                    "",
                    false,
                    Words.duration(Duration.ofMillis(left)) + " more without it would do",
                    List.of());
        }
        boolean isTrue = isTrue(way.step(), input);
        return new Wait(
                quoted(way.step()) + (way.repeats() ? " again (" + times(way.step()) + ")" : ""),
                filled(way.step(), input),
                isTrue,
                progress(way, isTrue),
                closely && !isTrue
                        ? Nudges.find(condition(way.step()), input.values(), taken, true)
                        : List.of());
    }

    private String progress(Way way, boolean isTrue) {
        var wanted = steps.get(way.step());
        if (wanted.counting() != null) {
            return samples[way.step()].lack(step == NOTHING ? Long.MIN_VALUE : lastStartMs);
        }
        if (wanted.hold() != null && isTrue) {
            return isSpent(way.step())
                    ? "it has told of this stretch already"
                    : "only " + held(way.step(), lastedMs(way.step()));
        }
        return isTrue && step == NOTHING && wanted.onEdge() && wasTrue
                ? "it was true on the input before as well: it starts only where it becomes true"
                : "";
    }

    // ---- what is asked of every input, whatever is under way

    private void track(Input input) {
        for (int i = 0; i < steps.size(); i++) {
            var one = steps.get(i);
            if (one.hold() != null) {
                trackHold(i, one, input);
            } else if (samples[i] != null) {
                var among = pattern.steps().get(i).among();
                boolean can = among == null || Nudges.isTrue(among, input.values(), taken);
                int before = samples[i].trues(Long.MIN_VALUE);
                samples[i].add(input.startMs(), can, isTrue(i, input));
                noteCount(i, before, input);
            }
        }
    }

    private void trackHold(int place, Step one, Input input) {
        var hold = holds[place];
        long lasted = lastedMs(place);
        long since = hold.sinceMs();
        boolean ran = hold.isRunning() && !isSpent(place);
        boolean waited = place == 0 ? step == NOTHING : step != NOTHING && waitsFor(place, input);
        int truth = truth(place, input);
        boolean running = hold.advance(truth, input, one.maxGap().toMillis());
        if (ran && waited && lasted > 0 && (!running || hold.sinceMs() != since)) {
            var why =
                    running
                            ? "then no input for over " + Words.duration(one.maxGap())
                            : "then " + filled(place, input);
            long began = step == NOTHING ? since : startMs;
            note(began, heldAfter(place, lasted) + ", " + why, share(lasted, one.hold()));
        }
        if (running && step == place && used[place] == hold.sinceMs()) {
            taken.grow(place, input.values(), hold.count());
            lastStartMs = hold.lastStartMs();
            lastEndMs = hold.lastEndMs();
        }
    }

    private static double share(long lasted, Duration of) {
        return lasted * 1.0 / of.toMillis();
    }

    private boolean waitsFor(int place, Input input) {
        return open(input).stream().anyMatch(way -> way.step() == place);
    }

    private void noteCount(int place, int before, Input input) {
        int trues = samples[place].trues(Long.MIN_VALUE);
        int needed = steps.get(place).counting().atLeast();
        if (step != NOTHING || trues <= 0 || samples[place].isSatisfied(Long.MIN_VALUE)) {
            if (trues == 0 && before > 0) {
                keepCount();
            }
            return;
        }
        double closeness = Math.min(0.99, trues * 1.0 / needed) / positives();
        var miss =
                new Miss(
                        Instant.ofEpochMilli(input.startMs()),
                        closeness,
                        "'" + steps.get(place).name() + "' " + samples[place].lack(Long.MIN_VALUE));
        if (closestCount == null || closestCount.closeness() < closeness) {
            closestCount = miss;
        }
    }

    private void keepCount() {
        if (closestCount != null) {
            misses.add(closestCount);
            closestCount = null;
        }
    }

    // ---- what is under way

    /** Windows that have ended before this input. */
    private void inTime(Input input) {
        if (step == NOTHING) {
            return;
        }
        long now = input.startMs();
        var whole = pattern.spec().within();
        var on = ways();
        var silent = on.stream().filter(way -> way.step() == Ways.COMPLETE).findFirst();
        if (silent.filter(this::isOfSilence).isPresent()
                && now >= deadlineMs(steps.get(last(silent.get().forbidden())))) {
            told();
        } else if (whole != null && now - startMs >= whole.toMillis()) {
            over(", then its " + Words.duration(whole) + " were over", now - startMs, whole);
        } else {
            var closed = on.stream().filter(way -> isTooLate(way, now)).toList();
            boolean all = closed.size() == on.size() && !on.isEmpty();
            if (all) {
                var wanted = steps.get(closed.get(0).step());
                over(
                        ", then no '%s' within %s"
                                .formatted(wanted.name(), Words.duration(wanted.within())),
                        now - lastStartMs,
                        wanted.within());
            }
        }
    }

    private void over(String how, long after, Duration of) {
        if (pattern.spec().outcome() == Outcome.TIMED_OUT) {
            told(); // that is what it tells of
            return;
        }
        var what = reached() + how;
        miss(what);
        broken =
                what
                        + "; this input came "
                        + Words.duration(Duration.ofMillis(after - of.toMillis()))
                        + " too late, and a moment more";
    }

    private boolean isTooLate(Way way, long nowMs) {
        var within = way.step() == Ways.COMPLETE ? null : steps.get(way.step()).within();
        return within != null && !way.repeats() && nowMs - lastStartMs >= within.toMillis();
    }

    private long deadlineMs(Step forbidden) {
        var whole = pattern.spec().within();
        long end = whole == null ? Long.MAX_VALUE : startMs + whole.toMillis();
        return forbidden.within() == null
                ? end
                : Math.min(end, lastStartMs + forbidden.within().toMillis());
    }

    private List<Way> ways() {
        return step == NOTHING
                ? ways.fromTheStart()
                : ways.after(step, times, turns).stream()
                        .filter(way -> !(ended && way.repeats()))
                        .toList();
    }

    /** The ways on that this input could be taken on. */
    private List<Way> open(Input input) {
        return ways().stream()
                .filter(way -> step == NOTHING || !isTooLate(way, input.startMs()))
                .filter(way -> !way.direct() || passed == 0 || isHold(way))
                .toList();
    }

    private boolean isHold(Way way) {
        return way.step() != Ways.COMPLETE && steps.get(way.step()).isTracked();
    }

    private void advance(Input input) {
        boolean underWay = step != NOTHING;
        if (underWay && goesOn(input)) {
            return;
        }
        if (step == NOTHING) { // what has just ended leaves the input to a new attempt
            start(input, !underWay);
        }
    }

    private void start(Input input, boolean noteValues) {
        for (var way : ways.fromTheStart()) {
            int first = way.step();
            boolean onEdge = !steps.get(first).onEdge() || !wasTrue;
            if (isDue(first, input) && onEdge) {
                taken.clear();
                take(way, input);
                break;
            }
        }
        if (step == NOTHING && noteValues && !holds[0].isRunning() && !isTrue(0, input)) {
            noteValue(input);
        }
        wasTrue = isTrue(0, input);
    }

    /** Whether the input belongs to the attempt under way, or is passed over by it. */
    private boolean goesOn(Input input) {
        var until = steps.get(step).times().until();
        if (until != null && Nudges.isTrue(until(step), input.values(), taken)) {
            ended = true;
            if (times < steps.get(step).timesMin()) {
                miss(reached() + ", then its until: " + until + ", bpm " + bpm(input));
                return false;
            }
        }
        var on = open(input);
        for (int i = on.size() - 1; i >= 0; i--) {
            // A step that is greedy has the input before those behind it.
            var way = steps.get(step).times().greedy() ? on.get(on.size() - 1 - i) : on.get(i);
            if (way.step() == Ways.COMPLETE || !isDue(way.step(), input)) {
                continue;
            }
            int against = forbiddenBy(way, input);
            int taking = way.repeats() ? times + 1 : 1;
            boolean completes =
                    ways.after(way.step(), taking, way.turns()).stream()
                            .anyMatch(NearMisses::isDone);
            if (against == NOTHING || completes) {
                take(way, input);
                return true;
            }
        }
        boolean allEnd = !on.isEmpty();
        String why = "";
        for (var way : on) {
            int against = forbiddenBy(way, input);
            boolean brokenHold = way.direct() && isHold(way) && !isTrue(way.step(), input);
            if (against != NOTHING) {
                why = "'" + steps.get(against).name() + "': " + filled(against, input);
                var nudges = Nudges.find(condition(against), input.values(), taken, false);
                broken = quoted(against) + " came, and ended it: " + filled(against, input);
                broken += nudges.isEmpty() ? "" : "; " + alternatives(nudges) + " would not have";
            } else if (way.direct() && !isHold(way) || brokenHold) {
                why = filled(way.step(), input);
            } else {
                allEnd = false;
            }
        }
        if (allEnd || on.isEmpty()) {
            var how = broken;
            miss(reached() + (why.isEmpty() ? ", and nothing can follow" : ", then " + why));
            broken = how.isEmpty() ? broken : how;
            return false;
        }
        passed++;
        if (on.stream().anyMatch(way -> way.step() == Ways.COMPLETE && !isOfSilence(way))) {
            told(); // what must not be next was not
        }
        return true;
    }

    /** Whether time completes it, and not the next input. */
    private boolean isOfSilence(Way way) {
        return way.forbidden().stream()
                .anyMatch(place -> steps.get(place).relation() == Relation.NOT_FOLLOWED_BY);
    }

    /** The forbidden step that this input is; {@link #NOTHING} when none. */
    private int forbiddenBy(Way way, Input input) {
        for (int place : way.forbidden()) {
            boolean counts = steps.get(place).relation() == Relation.NOT_FOLLOWED_BY || passed == 0;
            if (counts && isTrue(place, input)) {
                return place;
            }
        }
        return NOTHING;
    }

    private static boolean isDone(Way way) {
        return way.step() == Ways.COMPLETE && way.forbidden().isEmpty();
    }

    private boolean isDue(int place, Input input) {
        var wanted = steps.get(place);
        if (wanted.hold() != null) {
            return !isSpent(place)
                    && lastedMs(place) >= wanted.hold().toMillis()
                    && holds[place].isRunning();
        }
        if (samples[place] != null) {
            long after = step == NOTHING ? Long.MIN_VALUE : lastStartMs;
            return samples[place].isDue(after) && !isSpent(place);
        }
        return isTrue(place, input);
    }

    /** Whether what lasts has started an attempt already: of the first step, one is all. */
    private boolean isSpent(int place) {
        long since = samples[place] == null ? holds[place].sinceMs() : samples[place].since();
        return place == 0 && since != Hold.NONE && used[place] == since;
    }

    private long lastedMs(int place) {
        return holds[place].lastedMs(step == NOTHING ? Hold.NONE : lastEndMs);
    }

    private void take(Way way, Input input) {
        int place = way.step();
        var wanted = steps.get(place);
        if (step == NOTHING) {
            startMs = wanted.hold() != null ? holds[place].sinceMs() : input.startMs();
        }
        times = step == place && way.repeats() ? times + 1 : 1;
        step = place;
        turns = way.turns();
        passed = 0;
        ended = false;
        lastStartMs = input.startMs();
        lastEndMs = input.endMs();
        int count = 1;
        var nudges =
                pattern.spec().outcome() == Outcome.TIMED_OUT
                        ? Nudges.find(condition(place), input.values(), taken, false)
                        : List.<String>of();
        if (wanted.hold() != null) {
            used[place] = holds[place].sinceMs();
            count = holds[place].count();
        } else if (samples[place] != null) {
            used[place] = samples[place].since();
            count = samples[place].trues(Long.MIN_VALUE);
            startMs = Math.min(startMs, samples[place].firstTrueMs());
        }
        taken.take(place, input.values(), count);
        if (ways().stream().anyMatch(NearMisses::isDone)) {
            if (pattern.spec().outcome() == Outcome.TIMED_OUT) {
                miss(reached() + ", so nothing was out of time");
                broken += nudges.isEmpty() ? "" : "; " + alternatives(nudges) + " would not have";
            } else {
                told();
            }
        }
    }

    private void told() {
        startAgain();
        closestValue = null;
        closestCount = null;
    }

    private boolean isTrue(int index, Input input) {
        return truth(index, input) == Truth.TRUE;
    }

    private int truth(int index, Input input) {
        return Nudges.isTrue(condition(index), input.values(), taken) ? Truth.TRUE : Truth.FALSE;
    }

    private Condition condition(int index) {
        return pattern.steps().get(index).condition();
    }

    private Condition until(int index) {
        return pattern.steps().get(index).until().condition();
    }

    private String filled(int index, Input input) {
        return pattern.steps().get(index).filled().fill(input.values(), taken);
    }

    private static String bpm(Input input) {
        double bpm = input.values().get(Name.BPM);
        return Double.isNaN(bpm) ? "unknown" : Words.number(bpm);
    }

    private static String alternatives(List<String> nudges) {
        return String.join(" or ", nudges);
    }

    private String quoted(int place) {
        return "'" + steps.get(place).name() + "'";
    }

    private static int last(List<Integer> places) {
        return places.get(places.size() - 1);
    }

    private String held(int place, long lastedMs) {
        return "held "
                + Words.duration(Duration.ofMillis(lastedMs))
                + " of "
                + Words.duration(steps.get(place).hold());
    }

    private String heldAfter(int place, long lastedMs) {
        boolean named = place > 0 || steps.size() > 1;
        return (step == NOTHING ? "" : reached() + ", then ")
                + (named ? "'" + steps.get(place).name() + "' " : "")
                + held(place, lastedMs);
    }

    private String times(int place) {
        return times + " of " + steps.get(place).timesMin() + " times";
    }

    /** {@code reached 'drop' (2 of 3)}, {@code 'high' 2 of 3 times}. */
    private String reached() {
        if (times < steps.get(step).timesMin()) {
            return "'" + steps.get(step).name() + "' " + times(step);
        }
        return "reached '"
                + steps.get(step).name()
                + "' ("
                + (before() + 1)
                + " of "
                + positives()
                + turn()
                + ")";
    }

    private String turn() {
        for (int g = pattern.spec().groups().size() - 1; g >= 0; g--) {
            var group = pattern.spec().groups().get(g).times();
            if (turns.get(g) > 0 && group.repeats()) {
                return ", turn " + turns.get(g) + " of " + group.least();
            }
        }
        return "";
    }

    private long positives() {
        return steps.stream().filter(one -> !one.relation().isNegative()).count();
    }

    private long before() {
        return steps.subList(0, step).stream().filter(one -> !one.relation().isNegative()).count();
    }

    private void miss(String what) {
        boolean whole = times >= steps.get(step).timesMin();
        double ofStep = whole ? 0 : times * 1.0 / steps.get(step).timesMin();
        add(startMs, (before() + (whole ? 1 : ofStep)) / positives(), what);
        broken = what;
        startAgain();
    }

    private void startAgain() {
        step = NOTHING;
        times = 0;
        passed = 0;
        ended = false;
        taken.clear();
    }

    /**
     * @param ofStep how much of the step in work was done, 0 to 1
     */
    private void note(long beganMs, String what, double ofStep) {
        long done = step == NOTHING ? 0 : before() + 1;
        add(beganMs, (done + Math.min(ofStep, 0.99)) / positives(), what);
    }

    private void add(long beganMs, double closeness, String what) {
        misses.add(new Miss(Instant.ofEpochMilli(beganMs), Math.min(closeness, 0.99), what));
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

    /** After the last input: what was still under way is a miss too. Closest first. */
    List<Miss> finish() {
        int place = step == NOTHING ? 0 : Math.min(step + 1, steps.size() - 1);
        var hold = holds[place];
        boolean running = hold.isRunning() && !isSpent(place) && lastedMs(place) > 0;
        if (running) {
            var what = heldAfter(place, lastedMs(place)) + ", then the data ended";
            long began = step == NOTHING ? hold.sinceMs() : startMs;
            note(began, what, share(lastedMs(place), steps.get(place).hold()));
        } else if (step != NOTHING) {
            miss(reached() + ", then the data ended");
        }
        keepCount();
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

        /** More of a stretch that was taken. */
        void grow(int step, Values values, int count) {
            take(step, values, 0);
            counts[step] = count;
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
