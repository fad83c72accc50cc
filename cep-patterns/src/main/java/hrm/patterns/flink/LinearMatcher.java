package hrm.patterns.flink;

import hrm.patterns.Condition;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Matcher;
import hrm.patterns.MatcherState;
import hrm.patterns.Name;
import hrm.patterns.Tally;
import hrm.patterns.Truth;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.Guard;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.Outcome;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Skip;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import hrm.patterns.spec.Times.Between;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs one pattern whose half-finished matches never branch: each input moves such a match on by
 * one, ends it, or leaves it alone. So a match is its place in the sequence and the first and last
 * input of each step, and needs no automaton. Finds what {@link NfaMatcher} finds, in the same
 * order and with the same meaning of time, {@code overlap} and {@code within}. Not for several
 * threads.
 *
 * <pre>
 *   input ─▶ window over?            ─▶ ended
 *            the last awaited input? ─▶ a match
 *            a forbidden step?       ─▶ ended
 *            an awaited input?       ─▶ one more of its step; after the step's last the next step is awaited
 *            must come directly?     ─▶ ended
 *            otherwise               ─▶ as it was
 * </pre>
 */
public final class LinearMatcher implements Matcher {
    private static final int NOT_TESTED = -1;

    private final CompiledPattern pattern;
    private final Tally tally;
    private final Guard guard;
    private final int[] placeOfName;
    private final List<Name> names;
    private final boolean overlapping;
    private final boolean onEdge;
    private final long withinMs;

    private final Condition[] conditions;
    private final boolean[] refersToSteps;

    // By place in the sequence.
    private final int[] times;
    private final long[] withinsMs;
    private final boolean[] directly;
    private final boolean[] consecutive;

    /** The step after it that takes inputs; the sequence's length after the last. */
    private final int[] nextTaking;

    private final int[] truths;
    private Input input;

    LinearMatcher(CompiledPattern pattern, Tally tally) {
        var spec = pattern.spec();
        var sequence = spec.sequence();
        int steps = sequence.size();
        this.pattern = pattern;
        this.tally = tally;
        this.guard = pattern.guard();
        this.names = pattern.captured();
        this.placeOfName = new int[Name.values().length];
        Arrays.fill(placeOfName, -1);
        for (int i = 0; i < names.size(); i++) {
            placeOfName[names.get(i).ordinal()] = i;
        }
        this.overlapping = spec.overlap() == Overlap.ALL;
        this.onEdge = sequence.get(0).onEdge();
        this.withinMs = spec.within() == null ? Long.MAX_VALUE : spec.within().toMillis();
        this.conditions = new Condition[steps];
        this.refersToSteps = new boolean[steps];
        this.times = new int[steps];
        this.withinsMs = new long[steps];
        this.directly = new boolean[steps];
        this.consecutive = new boolean[steps];
        this.nextTaking = new int[steps];
        this.truths = new int[steps];
        int next = steps;
        for (int i = steps - 1; i >= 0; i--) {
            var step = sequence.get(i);
            conditions[i] = pattern.steps().get(i).condition();
            refersToSteps[i] = pattern.steps().get(i).refersToSteps();
            times[i] = step.timesMin();
            withinsMs[i] =
                    i == 0 || step.within() == null ? Long.MAX_VALUE : step.within().toMillis();
            directly[i] = step.relation() == Relation.NEXT;
            consecutive[i] = step.times().between() == Between.NOTHING;
            nextTaking[i] = next;
            if (!step.relation().isNegative()) {
                next = i;
            }
        }
    }

    /** Whether no half-finished match of it can branch, and nothing of it is decided by silence. */
    public static boolean canRun(PatternSpec spec) {
        if (spec.outcome() != Outcome.MATCH
                || spec.endsInNotFollowedBy()
                || !spec.groups().isEmpty()
                || spec.overlap() == Overlap.ALL
                        && spec.skip().strategy() != Skip.Strategy.NO_SKIP) {
            return false;
        }
        for (int i = 0; i < spec.sequence().size(); i++) {
            if (!isLinear(spec.sequence(), i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLinear(List<Step> sequence, int place) {
        var step = sequence.get(place);
        if (step.isTracked()) {
            return false;
        }
        boolean afterNegative = place > 0 && sequence.get(place - 1).relation().isNegative();
        var times = step.times();
        return switch (step.relation()) {
            case STEP, FOLLOWED_BY, NEXT ->
                    times.least() == times.most()
                            && !times.optional()
                            && !times.greedy()
                            && times.until() == null
                            && times.between() != Between.ANY
                            // What Flink CEP makes of these is left to Flink CEP.
                            && !(afterNegative
                                    && (times.repeats() || step.relation() == Relation.NEXT));
            // Behind a step that repeats, Flink CEP forbids it between its inputs as well.
            case NOT_FOLLOWED_BY ->
                    step.within() == null && !sequence.get(place - 1).times().repeats();
            case FOLLOWED_BY_ANY, NOT_NEXT -> false;
        };
    }

    @Override
    public CompiledPattern pattern() {
        return pattern;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public MatcherState start() {
        return new Progress();
    }

    @Override
    public boolean spares(Input input) {
        if (guard.admits(input.values()) && ask(0, input, MatchedSteps.NONE) == Truth.TRUE) {
            return false;
        }
        tally.input();
        return true;
    }

    @Override
    public void advance(MatcherState state, Input input, Consumer<Match> matches) {
        var progress = (Progress) state;
        tally.input();
        if (progress.isEmpty() && !guard.admits(input.values())) {
            return;
        }
        this.input = input;
        Arrays.fill(truths, NOT_TESTED);
        boolean found = false;
        if (!progress.partials.isEmpty()) {
            requireLater(progress);
            found = advanceAll(progress, matches);
        }
        if (overlapping || !found && progress.partials.isEmpty()) {
            startAt(progress, matches);
        }
        if (onEdge) {
            progress.wasTrue = truth(0) == Truth.TRUE;
        }
        this.input = null;
    }

    private void requireLater(Progress progress) {
        for (int i = 0; i < progress.partials.size(); i++) {
            if (progress.partials.get(i).previousMs == input.startMs()) {
                throw new IllegalArgumentException(
                        "two inputs of one device have the same time: drop duplicates before");
            }
        }
    }

    /**
     * @return whether a match is complete
     */
    private boolean advanceAll(Progress progress, Consumer<Match> matches) {
        var partials = progress.partials;
        boolean found = false;
        int kept = 0;
        for (int i = 0; i < partials.size(); i++) {
            var partial = partials.get(i);
            if (isOver(partial)) {
                continue;
            }
            boolean takes = test(partial.awaited, partial) == Truth.TRUE;
            if (takes && partial.awaitsItsLast()) {
                partial.take(input);
                report(partial, matches);
                found = true;
            } else if (!isForbidden(partial) && (takes || !mustComeNow(partial))) {
                if (takes) {
                    partial.take(input);
                }
                partials.set(kept++, partial);
            }
        }
        for (int last = partials.size() - 1; last >= kept; last--) {
            partials.remove(last);
        }
        return found;
    }

    private boolean isOver(Partial partial) {
        long now = input.startMs();
        return now - partial.startMs >= withinMs
                || partial.counts[partial.awaited] == 0
                        && now - partial.previousMs >= withinsMs[partial.awaited];
    }

    /** Whether a step that must not occur before the awaited one occurs. */
    private boolean isForbidden(Partial partial) {
        for (int place = partial.lastTaken() + 1; place < partial.awaited; place++) {
            if (test(place, partial) == Truth.TRUE) {
                return true;
            }
        }
        return false;
    }

    private boolean mustComeNow(Partial partial) {
        return partial.counts[partial.awaited] == 0
                ? directly[partial.awaited]
                : consecutive[partial.awaited];
    }

    private void startAt(Progress progress, Consumer<Match> matches) {
        if (onEdge && progress.wasTrue || truth(0) != Truth.TRUE) {
            return;
        }
        if (progress.partials.size() >= NfaMatcher.MAX_IN_PROGRESS) {
            tally.refusedStart();
            return;
        }
        tally.start();
        var partial = new Partial(input.startMs());
        partial.take(input);
        if (partial.awaited == conditions.length) {
            report(partial, matches);
        } else {
            progress.partials.add(partial);
        }
    }

    private void report(Partial partial, Consumer<Match> matches) {
        tally.match();
        matches.accept(partial.match(input.decidedAtMs()));
    }

    private int test(int place, Partial partial) {
        return refersToSteps[place] ? ask(place, input, partial) : truth(place);
    }

    /** Without regard to earlier steps: tested once for each input. */
    private int truth(int place) {
        if (truths[place] == NOT_TESTED) {
            truths[place] = ask(place, input, MatchedSteps.NONE);
        }
        return truths[place];
    }

    private int ask(int place, Input input, MatchedSteps taken) {
        try {
            return conditions[place].test(input.values(), taken);
        } catch (RuntimeException e) {
            tally.failedCondition(e);
            return Truth.UNKNOWN;
        }
    }

    /** What is remembered of one device. */
    private final class Progress implements MatcherState {
        /** Those that began first come first. */
        final ArrayList<Partial> partials = new ArrayList<>(2);

        /** Whether the first step was true on the last input; kept where matches start on edges. */
        boolean wasTrue;

        @Override
        public boolean isEmpty() {
            return partials.isEmpty() && !wasTrue;
        }

        @Override
        public int partialMatches() {
            return partials.size();
        }

        @Override
        public void startAgain() {
            // Nothing here lasts.
        }

        @Override
        public MatcherState copy() {
            var copy = new Progress();
            copy.wasTrue = wasTrue;
            for (var partial : partials) {
                copy.partials.add(partial.copy());
            }
            return copy;
        }
    }

    /** A half-finished match. */
    private final class Partial implements MatchedSteps {
        final long startMs;

        /** Place of the step that it waits for, or for more of. */
        int awaited;

        /** Start of the last input taken. */
        long previousMs;

        // By place in the sequence.
        final int[] counts = new int[conditions.length];
        final long[] firstsMs = new long[conditions.length];
        final long[] lastsMs = new long[conditions.length];
        final double[] firsts = new double[conditions.length * names.size()];
        final double[] lasts = new double[conditions.length * names.size()];

        Partial(long startMs) {
            this.startMs = startMs;
        }

        void take(Input input) {
            int place = awaited;
            if (counts[place]++ == 0) {
                firstsMs[place] = input.startMs();
                capture(input, place, firsts);
            }
            lastsMs[place] = input.startMs();
            capture(input, place, lasts);
            previousMs = input.startMs();
            goOn();
        }

        boolean awaitsItsLast() {
            return counts[awaited] + 1 == times[awaited] && nextTaking[awaited] == counts.length;
        }

        /** To the next step, if the awaited one is complete. */
        void goOn() {
            if (counts[awaited] == times[awaited]) {
                awaited = nextTaking[awaited];
            }
        }

        private void capture(Input input, int place, double[] values) {
            int at = place * names.size();
            for (int i = 0; i < names.size(); i++) {
                values[at + i] = input.values().get(names.get(i));
            }
        }

        /** Place of the step of which the last input is; negative ones may lie behind it. */
        int lastTaken() {
            int place = awaited;
            while (counts[place] == 0) {
                place--;
            }
            return place;
        }

        @Override
        public double first(int step, Name name) {
            return value(step, name, firsts);
        }

        @Override
        public double last(int step, Name name) {
            return value(step, name, lasts);
        }

        private double value(int step, Name name, double[] values) {
            return counts[step] == 0
                    ? Double.NaN
                    : values[step * names.size() + placeOfName[name.ordinal()]];
        }

        @Override
        public int count(int step) {
            return counts[step];
        }

        Match match(long detectedAtMs) {
            var steps = new ArrayList<Match.Step>(counts.length);
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0) {
                    steps.add(
                            new Match.Step(
                                    i,
                                    firstsMs[i],
                                    lastsMs[i],
                                    first(i, Name.BPM),
                                    last(i, Name.BPM),
                                    counts[i]));
                }
            }
            return new Match(startMs, detectedAtMs, false, steps);
        }

        Partial copy() {
            var copy = new Partial(startMs);
            copy.awaited = awaited;
            copy.previousMs = previousMs;
            System.arraycopy(counts, 0, copy.counts, 0, counts.length);
            System.arraycopy(firstsMs, 0, copy.firstsMs, 0, counts.length);
            System.arraycopy(lastsMs, 0, copy.lastsMs, 0, counts.length);
            System.arraycopy(firsts, 0, copy.firsts, 0, firsts.length);
            System.arraycopy(lasts, 0, copy.lasts, 0, lasts.length);
            return copy;
        }
    }

    // ---- state

    /**
     * The bytes of a device's state, numbers as variable-length integers unless said:
     *
     * <pre>
     * byte    version
     * names   count, then UTF: what is captured beside bpm
     * partial matches: twice their count, plus 1 if the first step was true
     *   base    long ms; nothing follows when there are none
     *   each    start since base · steps with inputs, each:
     *           first and last input since the start · inputs · values of the first, and of the last if it is another
     * </pre>
     *
     * Steps go by their place and values by name, so that another version of the same shape can
     * read them.
     */
    private static final int VERSION = 65; // the first; what the automaton writes has 1 to 64

    @Override
    public void write(MatcherState state, DataOutput out) throws IOException {
        var progress = (Progress) state;
        out.writeByte(VERSION);
        StateFormat.writeUnsigned(names.size() - 1, out);
        for (int i = 1; i < names.size(); i++) {
            out.writeUTF(names.get(i).text());
        }
        var partials = progress.partials;
        StateFormat.writeUnsigned(2L * partials.size() + (progress.wasTrue ? 1 : 0), out);
        if (partials.isEmpty()) {
            return;
        }
        long base = partials.get(0).startMs;
        out.writeLong(base);
        for (var partial : partials) {
            StateFormat.writeUnsigned(partial.startMs - base, out);
            write(partial, out);
        }
    }

    private void write(Partial partial, DataOutput out) throws IOException {
        int taken = 0;
        for (int count : partial.counts) {
            taken += count > 0 ? 1 : 0;
        }
        StateFormat.writeUnsigned(taken, out);
        for (int place = 0; place < conditions.length; place++) {
            if (partial.counts[place] > 0) {
                StateFormat.writeUnsigned(partial.firstsMs[place] - partial.startMs, out);
                StateFormat.writeUnsigned(partial.lastsMs[place] - partial.startMs, out);
                StateFormat.writeUnsigned(partial.counts[place], out);
                writeValues(partial.firsts, place, out);
                if (partial.counts[place] > 1) {
                    writeValues(partial.lasts, place, out);
                }
            }
        }
    }

    private void writeValues(double[] values, int place, DataOutput out) throws IOException {
        for (int i = place * names.size(); i < (place + 1) * names.size(); i++) {
            StateFormat.writeNumber(values[i], out);
        }
    }

    @Override
    public MatcherState read(DataInput in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException(
                    "state of pattern '%s' has format %d, this version reads %d: restore it with the version that wrote it"
                            .formatted(pattern.spec().id(), version, VERSION));
        }
        var written = new int[(int) StateFormat.readUnsigned(in) + 1];
        for (int i = 1; i < written.length; i++) {
            var name = Name.byText().get(in.readUTF());
            written[i] = name == null ? -1 : placeOfName[name.ordinal()];
        }
        var progress = new Progress();
        long head = StateFormat.readUnsigned(in);
        progress.wasTrue = (head & 1) == 1;
        int count = (int) (head >> 1);
        if (count > 0) {
            long base = in.readLong();
            for (int i = 0; i < count; i++) {
                var partial = new Partial(base + StateFormat.readUnsigned(in));
                read(partial, written, in);
                progress.partials.add(partial);
            }
        }
        return progress;
    }

    private void read(Partial partial, int[] written, DataInput in) throws IOException {
        for (int left = (int) StateFormat.readUnsigned(in); left > 0; left--) {
            int place = partial.awaited;
            if (place == conditions.length) {
                throw new IOException(
                        "state of pattern '%s' is of another shape: it must start clean"
                                .formatted(pattern.spec().id()));
            }
            partial.firstsMs[place] = partial.startMs + StateFormat.readUnsigned(in);
            partial.lastsMs[place] = partial.startMs + StateFormat.readUnsigned(in);
            partial.counts[place] = (int) StateFormat.readUnsigned(in);
            partial.previousMs = partial.lastsMs[place];
            readValues(partial.firsts, place, written, in);
            if (partial.counts[place] > 1) {
                readValues(partial.lasts, place, written, in);
            } else {
                int at = place * names.size();
                System.arraycopy(partial.firsts, at, partial.lasts, at, names.size());
            }
            partial.goOn();
        }
    }

    /** By the names they were written with; what was not captured then is unknown. */
    private void readValues(double[] values, int place, int[] written, DataInput in)
            throws IOException {
        int at = place * names.size();
        Arrays.fill(values, at, at + names.size(), Double.NaN);
        for (int to : written) {
            double value = StateFormat.readNumber(in);
            if (to >= 0) {
                values[at + to] = value;
            }
        }
    }
}
