package hrm.patterns.flink;

import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Matcher;
import hrm.patterns.MatcherState;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.flink.cep.nfa.ComputationState;
import org.apache.flink.cep.nfa.DeweyNumber;
import org.apache.flink.cep.nfa.NFA;
import org.apache.flink.cep.nfa.NFAState;
import org.apache.flink.cep.nfa.State;
import org.apache.flink.cep.nfa.StateTransition;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.nfa.compiler.NFAStateNameHandler;
import org.apache.flink.cep.nfa.sharedbuffer.EventId;
import org.apache.flink.cep.nfa.sharedbuffer.NodeId;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBuffer;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;

/**
 * Runs one pattern on Flink CEP's own automaton, for any number of devices one after another. Not
 * for several threads.
 *
 * <ul>
 *   <li><b>Time</b> is the start of the input being judged. Inputs of one device must come in the
 *       order of their start, no two with the same one.
 *   <li><b>{@code overlap: all}</b> gives Flink CEP's matches in Flink CEP's order. New starts are
 *       refused and counted while {@link #MAX_IN_PROGRESS} partial matches are in progress.
 *   <li><b>{@code overlap: none}</b>: an input starts a match only when none is in progress any
 *       more once it has been judged; so it may start one when what was in progress has just
 *       expired or broken at this very input, but not when it has completed it. The first complete
 *       match is reported and ends everything that was in progress with it.
 *   <li><b>{@code within} of a step</b> is measured from the previous step's last input to the
 *       step's first. Flink CEP ignores it on a step with {@code times}; here it holds there too.
 *   <li><b>{@code hold}</b>: the automaton sees one event, the input at which the stretch has
 *       lasted long enough, counted from the later of its start and the end of the previous step's
 *       last input. From then on the event grows with the stretch, also while later steps match,
 *       and the next step's {@code within} counts from the stretch's last input. The pattern's own
 *       {@code within} counts from the stretch's start. One stretch starts at most one match.
 *       {@code next} on a hold means: true on every input from the previous step on.
 * </ul>
 */
public final class NfaMatcher implements Matcher {
    /** Most partial matches of one pattern on one device. */
    public static final int MAX_IN_PROGRESS = 1000;

    private static final AfterMatchSkipStrategy NO_SKIP = AfterMatchSkipStrategy.noSkip();
    private static final int NOT_TESTED = -1;

    private final CompiledPattern pattern;
    private final List<Step> sequence;
    private final List<Name> names;
    private final int bpm;
    private final boolean overlapping;

    private final NFA<Captured> nfa;
    private final String startState;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private final DeviceStore store = new DeviceStore();
    private final SharedBuffer<Captured> buffer;
    private final StateFormat format;

    private final int[] holdSteps;
    private final boolean extendsWindow;
    private final long shortestWithinMs;

    private final int[] truths;
    private NfaMatcherState device;
    private Input input;

    private final Consumer<RuntimeException> failed;
    private long inputs;
    private long starts;
    private long found;
    private long refusedStarts;
    private long failedTests;
    private RuntimeException firstFailure;

    public NfaMatcher(CompiledPattern pattern) {
        this(pattern, failure -> {});
    }

    /**
     * @param failed is told of the first condition that fails
     */
    public NfaMatcher(CompiledPattern pattern, Consumer<RuntimeException> failed) {
        this.pattern = pattern;
        this.failed = failed;
        this.sequence = pattern.spec().sequence();
        this.names = pattern.captured();
        this.bpm = names.indexOf(Name.BPM);
        this.overlapping = pattern.spec().overlap() == Overlap.ALL;
        this.truths = new int[sequence.size()];
        this.holdSteps = places(step -> step.hold() != null);
        this.extendsWindow =
                holdSteps.length > 0 && places(step -> step.within() != null).length > 0;

        var compiled =
                NFACompiler.compileFactory(FlinkPattern.translate(pattern, new Conditions()), false)
                        .createNFA();
        var withins = withins(compiled.getStates());
        this.shortestWithinMs = withins.values().stream().min(Long::compare).orElse(0L);
        // Not opened: that only hands a runtime context to rich conditions, and ours are not.
        this.nfa = new NFA<>(compiled.getStates(), withins, compiled.getWindowTime(), false);
        this.startState =
                nfa.createInitialNFAState().getPartialMatches().peek().getCurrentStateName();
        nfa.getStates().forEach(state -> waiting.put(state.getName(), new Waiting(state)));
        this.format = new StateFormat(pattern, waiting.keySet());

        // The value serializer is part of descriptors that nobody reads: the maps are in memory.
        this.buffer = new SharedBuffer<>(store, null);
        buffer.releaseCacheStatisticsTimer(); // else a thread for each matcher, for ever
    }

    private int[] places(Predicate<Step> wanted) {
        return IntStream.range(0, sequence.size())
                .filter(i -> wanted.test(sequence.get(i)))
                .toArray();
    }

    /**
     * How long each state waits for a step's first input. Flink's compiler creates the states of
     * {@code times} from the last input to the first and numbers them so.
     */
    private Map<String, Long> withins(Collection<State<Captured>> states) {
        var byName = new HashMap<String, Long>();
        for (int i = 1; i < sequence.size(); i++) {
            var step = sequence.get(i);
            if (step.within() != null && !step.relation().isNegative()) {
                String name = FlinkPattern.name(i);
                long copies =
                        states.stream()
                                .map(State::getName)
                                .map(NFAStateNameHandler::getOriginalNameFromInternal)
                                .filter(name::equals)
                                .count();
                byName.put(
                        copies == 1 ? name : name + ":" + (copies - 2), step.within().toMillis());
            }
        }
        return byName;
    }

    @Override
    public CompiledPattern pattern() {
        return pattern;
    }

    @Override
    public MatcherState start() {
        return new NfaMatcherState(format, sequence.size());
    }

    /** Inputs judged, of all devices. */
    public long inputs() {
        return inputs;
    }

    /** Inputs that started a match. */
    public long starts() {
        return starts;
    }

    /** Matches reported. */
    public long found() {
        return found;
    }

    /** Inputs that could have started a match but for {@link #MAX_IN_PROGRESS}. */
    public long refusedStarts() {
        return refusedStarts;
    }

    /** Conditions that failed at run time; each counted as unknown. */
    public long failedTests() {
        return failedTests;
    }

    public Optional<RuntimeException> firstFailure() {
        return Optional.ofNullable(firstFailure);
    }

    @Override
    public void advance(MatcherState state, Input input, Consumer<Match> matches) {
        this.device = (NfaMatcherState) state;
        this.input = input;
        inputs++;
        Arrays.fill(truths, NOT_TESTED);
        try {
            trackHolds();
            if (device.partials != null) {
                store.pointAt(device);
                growTakenHolds();
                expire();
            }
            if (overlapping) {
                advanceAll(matches);
            } else {
                advanceOne(matches);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(
                    "pattern '%s' cannot be matched".formatted(pattern.spec().id()), e);
        } finally {
            store.pointAtNothing();
            this.device = null;
            this.input = null;
        }
    }

    private void advanceAll(Consumer<Match> matches) throws Exception {
        boolean startable = startable();
        ComputationState refused = null;
        if (device.partials == null) {
            if (!startable) {
                return;
            }
            begin();
        } else if (!startable && quiet()) {
            return;
        } else if (startable && device.inProgress >= MAX_IN_PROGRESS) {
            refused = removeStart();
            refusedStarts++;
        }
        for (var match : process(startable && refused == null)) {
            found++;
            matches.accept(match);
        }
        if (refused != null) {
            device.partials.add(refused);
        }
        if (device.inProgress == 0) {
            device.endAll();
        }
    }

    private void advanceOne(Consumer<Match> matches) throws Exception {
        if (device.partials != null) {
            if (quiet()) {
                return;
            }
            if (report(process(false), matches)) {
                return;
            }
        }
        if (device.inProgress == 0) {
            device.endAll();
            if (startable()) {
                begin();
                if (!report(process(true), matches)) {
                    removeStart();
                }
            }
        }
    }

    private boolean report(List<Match> found, Consumer<Match> matches) {
        if (found.isEmpty()) {
            return false;
        }
        this.found++;
        matches.accept(found.get(0));
        device.endAll();
        return true;
    }

    private void begin() {
        store.pointAt(device);
        device.partials = newQueue();
        device.partials.add(ComputationState.createStartState(startState));
    }

    private ComputationState removeStart() {
        var start = device.partials.stream().filter(NfaMatcher::isStart).findFirst().orElseThrow();
        device.partials.remove(start);
        return start;
    }

    static boolean isStart(ComputationState partial) {
        return partial.getPreviousBufferEntry() == null;
    }

    private static PriorityQueue<ComputationState> newQueue() {
        return new PriorityQueue<>(NFAState.COMPUTATION_STATE_COMPARATOR);
    }

    private List<Match> process(boolean starts) throws Exception {
        if (device.events.containsKey(new EventId(0, input.startMs()))) {
            throw new IllegalArgumentException(
                    "two inputs of one device have the same time: drop duplicates before");
        }
        var event = Captured.of(input, names);
        for (int step : holdSteps) {
            if (dueSince(step, Long.MIN_VALUE)) {
                if (event.stretches == null) {
                    event.stretches = new Captured.Stretch[sequence.size()];
                }
                event.stretches[step] = device.holds[step].take(input, names);
            }
        }
        if (starts) {
            this.starts++;
        }
        List<Match> found = new ArrayList<>(1);
        try (var accessor = buffer.getAccessor()) {
            var automaton = automaton();
            var taken =
                    nfa.process(
                            accessor,
                            automaton,
                            event,
                            input.startMs(),
                            NO_SKIP,
                            input::decidedAtMs);
            device.partials = (PriorityQueue<ComputationState>) automaton.getPartialMatches();
            taken.forEach(steps -> found.add(match(steps)));
        }
        if (sequence.get(0).hold() != null && starts) {
            device.holds[0].started = true;
            countFromStretch();
        }
        takeStock();
        return found;
    }

    /** Times out what has waited too long. */
    private void expire() throws Exception {
        if (input.startMs() < device.deadlineMs) {
            return;
        }
        try (var accessor = buffer.getAccessor()) {
            var automaton = automaton();
            nfa.advanceTime(accessor, automaton, input.startMs(), NO_SKIP);
            device.partials = (PriorityQueue<ComputationState>) automaton.getPartialMatches();
        }
        takeStock();
        if (device.inProgress == 0) {
            device.endAll();
        }
    }

    private NFAState automaton() {
        return new NFAState(new Replaced(device.partials), newQueue());
    }

    /** Counts what is in progress and finds the earliest time at which a window may end. */
    private void takeStock() {
        int inProgress = 0;
        long deadline = Long.MAX_VALUE;
        for (var partial : device.partials) {
            if (isStart(partial)) {
                continue;
            }
            inProgress++;
            if (nfa.getWindowTime() > 0) {
                deadline = Math.min(deadline, partial.getStartTimestamp() + nfa.getWindowTime());
            }
            if (shortestWithinMs > 0) {
                deadline = Math.min(deadline, partial.getPreviousTimestamp() + shortestWithinMs);
            }
        }
        device.inProgress = inProgress;
        device.deadlineMs = deadline;
    }

    private Match match(Map<String, List<Captured>> taken) {
        var steps = new ArrayList<Match.Step>(taken.size());
        for (int i = 0; i < sequence.size(); i++) {
            var inputs = taken.get(FlinkPattern.name(i));
            if (inputs != null) {
                var first = inputs.get(0);
                var last = inputs.get(inputs.size() - 1);
                int count = 0;
                for (var one : inputs) {
                    count += one.count(i);
                }
                steps.add(
                        new Match.Step(
                                i,
                                first.firstStartMs(i),
                                last.lastStartMs(i),
                                first.first(i, bpm),
                                last.last(i, bpm),
                                count));
            }
        }
        return new Match(steps.get(0).fromMs(), input.decidedAtMs(), steps);
    }

    // ---- conditions

    private boolean startable() {
        if (sequence.get(0).hold() != null) {
            return dueSince(0, Long.MIN_VALUE) && !device.holds[0].started;
        }
        return pattern.steps().get(0).refersToSteps()
                ? test(0, MatchedSteps.NONE) == Truth.TRUE
                : truth(0) == Truth.TRUE;
    }

    /** Of a condition that refers to no step: tested once for each input. */
    private int truth(int step) {
        if (truths[step] == NOT_TESTED) {
            truths[step] = test(step, MatchedSteps.NONE);
        }
        return truths[step];
    }

    private int test(int step, MatchedSteps taken) {
        try {
            return pattern.steps().get(step).condition().test(input.values(), taken);
        } catch (RuntimeException e) {
            failedTests++;
            if (firstFailure == null) {
                firstFailure = e;
                failed.accept(e);
            }
            return Truth.UNKNOWN;
        }
    }

    /** Whether no partial match would do anything with this input but ignore it. */
    private boolean quiet() {
        for (var partial : device.partials) {
            if (!isStart(partial) && !waiting.get(partial.getCurrentStateName()).isQuiet()) {
                return false;
            }
        }
        return true;
    }

    private final class Conditions implements FlinkPattern.Conditions<Captured> {
        @Override
        public IterativeCondition<Captured> where(int step) {
            return new StepCondition(NfaMatcher.this, step);
        }

        @Override
        public IterativeCondition<Captured> broken(int step) {
            return new BrokenCondition(NfaMatcher.this, step);
        }
    }

    /** A condition whose answer for this input may be known without asking Flink's automaton. */
    private abstract static class InputCondition extends IterativeCondition<Captured> {
        private static final long serialVersionUID = 1;

        // Flink checks that conditions can be shipped; these never are.
        final transient NfaMatcher matcher;
        final int step;

        InputCondition(NfaMatcher matcher, int step) {
            this.matcher = matcher;
            this.step = step;
        }

        /** Whether it may be true for a partial match. */
        abstract boolean isPossible();
    }

    private static final class StepCondition extends InputCondition {
        private static final long serialVersionUID = 1;

        StepCondition(NfaMatcher matcher, int step) {
            super(matcher, step);
        }

        @Override
        boolean isPossible() {
            if (matcher.sequence.get(step).hold() != null) {
                return matcher.dueSince(step, Long.MIN_VALUE);
            }
            return matcher.pattern.steps().get(step).refersToSteps()
                    || matcher.truth(step) == Truth.TRUE;
        }

        @Override
        public boolean filter(Captured event, Context<Captured> taken) {
            if (matcher.sequence.get(step).hold() != null) {
                return isPossible() && matcher.heldSinceStepBefore(step, taken);
            }
            if (matcher.pattern.steps().get(step).refersToSteps()) {
                return matcher.test(step, new TakenSteps(taken, matcher.names)) == Truth.TRUE;
            }
            return matcher.truth(step) == Truth.TRUE;
        }
    }

    private static final class BrokenCondition extends InputCondition {
        private static final long serialVersionUID = 1;

        BrokenCondition(NfaMatcher matcher, int step) {
            super(matcher, step);
        }

        @Override
        boolean isPossible() {
            return matcher.truth(step) != Truth.TRUE;
        }

        @Override
        public boolean filter(Captured event, Context<Captured> taken) {
            return isPossible();
        }
    }

    /** What makes a partial match in this state do anything but ignore an input. */
    private static final class Waiting {
        private final List<InputCondition> stirring = new ArrayList<>();
        private boolean ignores;
        private boolean simple = true;

        Waiting(State<Captured> state) {
            for (StateTransition<Captured> transition : state.getStateTransitions()) {
                boolean stays = transition.getTargetState().getName().equals(state.getName());
                switch (transition.getAction()) {
                    case IGNORE -> {
                        ignores |= stays;
                        simple &= stays;
                    }
                    case TAKE -> stir(transition.getCondition());
                    case PROCEED -> {
                        simple &= transition.getTargetState().isStop();
                        stir(transition.getCondition());
                    }
                }
            }
        }

        private void stir(IterativeCondition<Captured> condition) {
            if (condition instanceof InputCondition ours) {
                stirring.add(ours);
            } else {
                simple = false;
            }
        }

        boolean isQuiet() {
            if (!ignores || !simple) {
                return false;
            }
            for (var condition : stirring) {
                if (condition.isPossible()) {
                    return false;
                }
            }
            return true;
        }
    }

    // ---- holds

    private void trackHolds() {
        for (int step : holdSteps) {
            var tracker = device.holds[step];
            int truth = truth(step);
            if (tracker == null) {
                if (truth != Truth.TRUE) {
                    continue;
                }
                tracker = new HoldTracker();
                device.holds[step] = tracker;
            }
            tracker.advance(truth, input, sequence.get(step).maxGap().toMillis(), names);
        }
    }

    private boolean dueSince(int step, long notBeforeMs) {
        var tracker = device.holds[step];
        return tracker != null
                && tracker.hold.isRunning()
                && tracker.hold.lastedMs(notBeforeMs) >= sequence.get(step).hold().toMillis();
    }

    private boolean heldSinceStepBefore(int step, IterativeCondition.Context<Captured> context) {
        if (step == 0) {
            return !device.holds[0].started;
        }
        int before = step - 1;
        while (sequence.get(before).relation().isNegative()) {
            before--;
        }
        var last = new TakenSteps(context, names).last(before);
        return dueSince(step, last.lastEndMs(before));
    }

    /** The next step's window counts from the last input of a hold that still runs. */
    private void growTakenHolds() {
        if (!extendsWindow) {
            return;
        }
        for (int step : holdSteps) {
            var tracker = device.holds[step];
            if (tracker != null && tracker.taken != null) {
                String page = FlinkPattern.name(step);
                replacePartials(
                        partial ->
                                waitsAfter(partial, page, step, tracker.taken)
                                        ? with(
                                                partial,
                                                partial.getStartTimestamp(),
                                                input.startMs())
                                        : partial);
            }
        }
    }

    private boolean waitsAfter(
            ComputationState partial, String page, int step, Captured.Stretch stretch) {
        NodeId last = partial.getPreviousBufferEntry();
        if (last == null || !last.getPageName().equals(page)) {
            return false;
        }
        var stretches = device.events.get(last.getEventId()).getElement().stretches;
        return stretches != null && stretches[step] == stretch;
    }

    /** The pattern's window counts from the start of the stretch that has just begun a match. */
    private void countFromStretch() {
        if (nfa.getWindowTime() > 0) {
            long since = device.holds[0].hold.sinceMs();
            replacePartials(
                    partial ->
                            !isStart(partial)
                                            && partial.getStartEventID().getTimestamp()
                                                    == input.startMs()
                                    ? with(partial, since, partial.getPreviousTimestamp())
                                    : partial);
        }
    }

    private void replacePartials(UnaryOperator<ComputationState> change) {
        // In the queue's own order, so that ties keep theirs.
        var changed = newQueue();
        device.partials.forEach(partial -> changed.add(change.apply(partial)));
        device.partials = changed;
    }

    private static ComputationState with(
            ComputationState partial, long startTimestamp, long previousTimestamp) {
        return ComputationState.createState(
                partial.getCurrentStateName(),
                partial.getPreviousBufferEntry(),
                partial.getVersion(),
                startTimestamp,
                previousTimestamp,
                partial.getStartEventID());
    }

    // ---- state

    @Override
    public void write(MatcherState state, DataOutput out) throws IOException {
        format.write((NfaMatcherState) state, out);
    }

    @Override
    public MatcherState read(DataInput in) throws IOException {
        var state = format.read(in);
        if (state.partials != null) {
            adoptOverlap(state);
        }
        return state;
    }

    /** The pattern may have changed its {@code overlap} since the state was written. */
    private void adoptOverlap(NfaMatcherState state) {
        boolean hasStart = state.partials.stream().anyMatch(NfaMatcher::isStart);
        if (overlapping && !hasStart) {
            int runs =
                    state.partials.stream().mapToInt(p -> p.getVersion().getRun()).max().orElse(0);
            state.partials.add(
                    ComputationState.createStartState(startState, new DeweyNumber(runs + 1)));
        } else if (!overlapping && hasStart) {
            state.partials.removeIf(NfaMatcher::isStart);
        }
    }

    /**
     * Partial matches that the automaton is about to replace. It first removes from them what is
     * not among the new ones, comparing each with each, which changes nothing.
     */
    private static final class Replaced extends PriorityQueue<ComputationState> {
        private static final long serialVersionUID = 1;

        Replaced(PriorityQueue<ComputationState> partials) {
            super(partials);
        }

        @Override
        public boolean removeIf(Predicate<? super ComputationState> filter) {
            return false;
        }
    }
}
