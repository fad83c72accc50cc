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
import hrm.patterns.compile.CompiledPattern.Asked;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.On;
import hrm.patterns.spec.PatternSpec.Outcome;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
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
import org.apache.flink.cep.nfa.StateTransitionAction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.nfa.compiler.NFAStateNameHandler;
import org.apache.flink.cep.nfa.sharedbuffer.EventId;
import org.apache.flink.cep.nfa.sharedbuffer.NodeId;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBuffer;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferAccessor;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.cep.pattern.conditions.RichAndCondition;
import org.apache.flink.cep.pattern.conditions.RichNotCondition;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;

/**
 * Runs one pattern on Flink CEP's own automaton, for any number of devices one after another. Not
 * for several threads.
 *
 * <ul>
 *   <li><b>Time</b> is the start of the input being judged. Inputs of one device must come in the
 *       order of their start, no two with the same one.
 *   <li><b>{@code overlap: all}</b> gives Flink CEP's matches in Flink CEP's order. New starts are
 *       refused and counted while {@link #MAX_IN_PROGRESS} partial matches are in progress, and
 *       where matches branch beyond that many, the ones that began last are ended and counted.
 *   <li><b>{@code overlap: none}</b>: an input starts a match only when none is in progress any
 *       more once it has been judged; so it may start one when what was in progress has just
 *       expired or broken at this very input, but not when it has completed it. The first complete
 *       match is reported and ends everything that was in progress with it; of several that one
 *       input completes, the one that took most inputs, and of equals the one Flink CEP reports
 *       first.
 *   <li><b>{@code not_followed_by} at the end</b> is decided by time: the match is complete when
 *       its window ends, which the first input at or after it shows. That input may start the next.
 *       {@link #ifSilent} says it before.
 *   <li><b>{@code outcome: timed_out}</b> reports what a window ends instead of what is complete;
 *       under {@code overlap: none} only when nothing of the match is in progress any more, the
 *       part that waited longest.
 *   <li><b>{@code within} of a step</b> is measured from the previous step's last input to the
 *       step's first. Flink CEP ignores it on a step with {@code times}; here it holds there too.
 *   <li><b>{@code hold}</b>: the automaton sees one event, the input at which the stretch has
 *       lasted long enough, counted from the later of its start and the end of the previous step's
 *       last input. From then on the event grows with the stretch, also while later steps match,
 *       and the next step's {@code within} counts from the stretch's last input. The pattern's own
 *       {@code within} counts from the stretch's start. One stretch starts at most one match.
 *       {@code next} on a hold means: true on every input from the previous step on.
 *   <li><b>counting</b>: the automaton sees one event as well, the sample that satisfies the step.
 *       It says of itself what its samples say: since the first true one, how many are true.
 *       Samples before the previous step's last input count for other matches only.
 * </ul>
 */
public class NfaMatcher implements Matcher {
    /** Most partial matches of one pattern on one device. */
    public static final int MAX_IN_PROGRESS = 1000;

    private static final int NOT_TESTED = -1;

    private static final Comparator<Match> MOST_INPUTS =
            Comparator.comparingInt(
                    match -> -match.steps().stream().mapToInt(Match.Step::count).sum());
    private static final Comparator<Match> FIRST_DETECTED =
            Comparator.comparingLong(Match::detectedAtMs).thenComparing(MOST_INPUTS);
    private static final Comparator<Match> LAST_DETECTED =
            Comparator.comparingLong(Match::detectedAtMs).reversed().thenComparing(MOST_INPUTS);

    private final CompiledPattern pattern;
    private final List<Step> sequence;
    private final List<Name> names;
    private final int bpm;
    private final boolean overlapping;
    private final boolean onEdge;
    private final int[] beginnings;
    private final boolean tellsTimeouts;
    private final AfterMatchSkipStrategy skip;

    /** Every condition that the automaton asks: of steps, then untils of steps, then of groups. */
    private final Asked[] asked;

    private final NFA<Captured> nfa;
    private final Map<String, Long> withins;
    private final String startState;
    private final List<Known> starting = new ArrayList<>();

    /** States of which silence makes a match. */
    private final Set<String> pending = new HashSet<>();

    private final Map<String, Waiting> waiting = new HashMap<>();
    private final DeviceStore store = new DeviceStore();
    private final SharedBuffer<Captured> buffer;
    private final StateFormat format;

    private final int[] trackedSteps;
    private final boolean extendsWindow;
    private final long shortestWithinMs;

    /** How long an input lasts: its end is what times of decisions count from. */
    private final long inputMs;

    private final int[] truths;
    private NfaMatcherState device;
    private Input input;

    private final Tally tally;

    public NfaMatcher(CompiledPattern pattern) {
        this(pattern, new Tally());
    }

    public NfaMatcher(CompiledPattern pattern, Tally tally) {
        this.pattern = pattern;
        this.tally = tally;
        this.sequence = pattern.spec().sequence();
        this.names = pattern.captured();
        this.bpm = names.indexOf(Name.BPM);
        this.overlapping = pattern.spec().overlap() == Overlap.ALL;
        this.onEdge = sequence.get(0).onEdge();
        this.beginnings = pattern.spec().beginnings().stream().mapToInt(place -> place).toArray();
        this.tellsTimeouts = pattern.spec().outcome() == Outcome.TIMED_OUT;
        // Without overlap the first complete match ends all others anyway.
        this.skip = overlapping ? skipStrategy(pattern.spec()) : AfterMatchSkipStrategy.noSkip();
        this.inputMs = pattern.spec().on() == On.MINUTE ? 60_000 : 0;
        this.asked = asked(pattern);
        this.truths = new int[asked.length];
        this.trackedSteps = places(Step::isTracked);
        this.extendsWindow =
                places(step -> step.hold() != null).length > 0
                        && places(step -> step.within() != null).length > 0;

        var compiled =
                NFACompiler.compileFactory(
                                FlinkPattern.translate(pattern, new Conditions()), tellsTimeouts)
                        .createNFA();
        this.withins = withins(compiled.getStates());
        this.shortestWithinMs = withins.values().stream().min(Long::compare).orElse(0L);
        // Not opened: that only hands a runtime context to rich conditions, and ours are not.
        this.nfa =
                new NFA<>(compiled.getStates(), withins, compiled.getWindowTime(), tellsTimeouts);
        this.startState =
                nfa.createInitialNFAState().getPartialMatches().peek().getCurrentStateName();
        for (var state : nfa.getStates()) {
            waiting.put(state.getName(), new Waiting(state));
            if (state.isPending()) {
                pending.add(state.getName());
            }
            if (state.getName().equals(startState)) {
                taking(state, starting);
            }
        }
        this.format = format(pattern, waiting.keySet());

        // The value serializer is part of descriptors that nobody reads: the maps are in memory.
        this.buffer = new SharedBuffer<>(store, null);
        buffer.releaseCacheStatisticsTimer(); // else a thread for each matcher, for ever
    }

    private static Asked[] asked(CompiledPattern pattern) {
        int steps = pattern.steps().size();
        int groups = pattern.spec().groups().size();
        var asked = new Asked[2 * steps + groups];
        for (int i = 0; i < steps; i++) {
            var step = pattern.steps().get(i);
            asked[i] = new Asked(step.condition(), step.refersToSteps());
            asked[steps + i] = step.until();
        }
        for (int i = 0; i < groups; i++) {
            asked[2 * steps + i] = pattern.groupUntils().get(i);
        }
        return asked;
    }

    private int[] places(Predicate<Step> wanted) {
        return IntStream.range(0, sequence.size())
                .filter(i -> wanted.test(sequence.get(i)))
                .toArray();
    }

    /** How long each state waits for a step's first input. */
    private Map<String, Long> withins(Collection<State<Captured>> states) {
        var byName = new HashMap<String, Long>();
        for (int i = 1; i < sequence.size(); i++) {
            var step = sequence.get(i);
            if (step.within() == null) {
                continue;
            }
            var further = step.times().repeats() ? furtherInputs(states, i) : Set.of();
            for (var state : states) {
                if (isOfStep(state, i) && !state.isStop() && !further.contains(state.getName())) {
                    byName.put(state.getName(), step.within().toMillis());
                }
            }
        }
        return byName;
    }

    /** Of a step that repeats, the states that wait for its second input and later ones. */
    private static Set<String> furtherInputs(Collection<State<Captured>> states, int step) {
        var further = new HashSet<String>();
        boolean more = true;
        while (more) {
            more = false;
            for (var state : states) {
                for (var transition : state.getStateTransitions()) {
                    boolean leadsOn =
                            transition.getAction() == StateTransitionAction.TAKE
                                    || transition.getAction() == StateTransitionAction.IGNORE
                                            && further.contains(state.getName());
                    if (leadsOn
                            && isOfStep(state, step)
                            && isOfStep(transition.getTargetState(), step)) {
                        more |= further.add(transition.getTargetState().getName());
                    }
                }
            }
        }
        return further;
    }

    private static boolean isOfStep(State<Captured> state, int step) {
        return NFAStateNameHandler.getOriginalNameFromInternal(state.getName())
                .equals(FlinkPattern.name(step));
    }

    /** Conditions of which one must be true for a match to start. */
    private void taking(State<Captured> state, List<Known> conditions) {
        for (var transition : state.getStateTransitions()) {
            if (transition.getAction() == StateTransitionAction.TAKE) {
                conditions.add(Known.of(transition.getCondition()));
            } else if (transition.getAction() == StateTransitionAction.PROCEED
                    && !transition.getTargetState().isStop()) {
                taking(transition.getTargetState(), conditions);
            }
        }
    }

    @Override
    public CompiledPattern pattern() {
        return pattern;
    }

    @Override
    public MatcherState start() {
        return new NfaMatcherState(format, sequence.size());
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public boolean spares(Input input) {
        if (beginnings.length == 0) {
            return false;
        }
        if (pattern.guard().admits(input.values())) {
            for (int place : beginnings) {
                if (test(asked[place].condition(), input, MatchedSteps.NONE) == Truth.TRUE) {
                    return false;
                }
            }
        }
        tally.input();
        return true;
    }

    @Override
    public void advance(MatcherState state, Input input, Consumer<Match> matches) {
        tally.input();
        if (!pattern.guard().admits(input.values()) && state.isEmpty()) {
            return;
        }
        this.device = (NfaMatcherState) state;
        this.input = input;
        Arrays.fill(truths, NOT_TESTED);
        try {
            track();
            if (device.partials != null) {
                store.pointAt(device);
                growTakenHolds();
                expire(input.startMs(), matches);
            }
            if (overlapping) {
                advanceAll(matches);
            } else {
                advanceOne(matches);
            }
            if (onEdge) {
                device.wasTrue = truth(0) == Truth.TRUE;
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw cannotBeMatched(e);
        } finally {
            store.pointAtNothing();
            this.device = null;
            this.input = null;
        }
    }

    private void advanceAll(Consumer<Match> matches) throws Exception {
        boolean startable = startable();
        if (device.partials == null) {
            if (!startable) {
                return;
            }
            begin();
        } else if (!startable && quiet()) {
            return;
        }
        boolean full = device.inProgress >= MAX_IN_PROGRESS;
        if (startable && full) {
            tally.refusedStart();
        }
        // The start state knows neither of the cap nor of edges.
        boolean withhold = startable ? full : onEdge;
        var withheld = withhold ? removeStart() : null;
        process(startable && withheld == null, matches);
        if (withheld != null && device.partials != null) {
            device.partials.add(withheld);
        }
        if (device.inProgress == 0) {
            device.endAll();
        }
    }

    private void advanceOne(Consumer<Match> matches) throws Exception {
        if (device.partials != null) {
            if (quiet() || process(false, matches)) {
                return;
            }
        }
        if (device.inProgress == 0) {
            device.endAll();
            if (startable()) {
                begin();
                if (!process(true, matches) && device.partials != null) {
                    removeStart();
                    if (device.partials.isEmpty()) {
                        device.endAll(); // what it has begun was over with the same input
                    }
                }
            }
        }
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

    /**
     * Lets the automaton judge the input.
     *
     * @return whether a match is complete
     */
    private boolean process(boolean starts, Consumer<Match> matches) throws Exception {
        if (device.events.containsKey(new EventId(0, input.startMs()))) {
            throw new IllegalArgumentException(
                    "two inputs of one device have the same time: drop duplicates before");
        }
        var event = Captured.of(input, names);
        for (int step : trackedSteps) {
            if (isDue(step, null, -1)) {
                if (event.stretches == null) {
                    event.stretches = new Captured.Stretch[sequence.size()];
                }
                event.stretches[step] = device.trackers[step].take(input, names);
            }
        }
        if (starts) {
            tally.start();
        }
        List<Match> found = new ArrayList<>(1);
        try (var accessor = buffer.getAccessor()) {
            var automaton = automaton();
            var taken =
                    nfa.process(
                            accessor, automaton, event, input.startMs(), skip, input::decidedAtMs);
            keep(automaton);
            taken.forEach(steps -> found.add(match(steps, input.decidedAtMs())));
            endBranchesBeyondTheMost(accessor);
        }
        if (sequence.get(0).isTracked() && starts) {
            device.trackers[0].started = true;
            countFromStretch();
        }
        takeStock();
        if (overlapping) {
            if (!tellsTimeouts) {
                found.forEach(match -> report(match, matches));
            }
        } else if (!found.isEmpty()) {
            if (!tellsTimeouts) {
                report(Collections.min(found, MOST_INPUTS), matches);
            }
            device.endAll();
        }
        // A step that might have gone on has ended with this input: its window was over before.
        expire(input.startMs(), matches);
        return !found.isEmpty();
    }

    private void report(Match match, Consumer<Match> matches) {
        if (input != null) { // else it only might be, if nothing came
            tally.match();
        }
        matches.accept(match);
    }

    private void endBranchesBeyondTheMost(SharedBufferAccessor<Captured> accessor)
            throws Exception {
        if (device.partials.size() <= MAX_IN_PROGRESS + 1) {
            return;
        }
        var kept = newQueue();
        int left = MAX_IN_PROGRESS;
        while (!device.partials.isEmpty()) {
            var partial = device.partials.poll();
            if (isStart(partial) || left > 0) {
                kept.add(partial);
                left -= isStart(partial) ? 0 : 1;
            } else {
                accessor.releaseNode(partial.getPreviousBufferEntry(), partial.getVersion());
                tally.endedBranch();
            }
        }
        device.partials = kept;
    }

    /** Ends what has waited too long: it has timed out, or is complete by that. */
    private void expire(long nowMs, Consumer<Match> matches) throws Exception {
        if (!isOver(device.deadlineMs, nowMs)) {
            return;
        }
        List<Match> decided = new ArrayList<>(1);
        try (var accessor = buffer.getAccessor()) {
            var automaton = automaton();
            var ended = nfa.advanceTime(accessor, automaton, nowMs, skip);
            keep(automaton);
            if (tellsTimeouts) {
                for (var partial : ended.f1) {
                    decided.add(timedOut(partial.f0, partial.f1));
                }
            } else {
                ended.f0.forEach(steps -> decided.add(whenOver(match(steps, Long.MAX_VALUE))));
            }
        }
        takeStock();
        if (overlapping) {
            decided.forEach(match -> report(match, matches));
        } else if (!decided.isEmpty()) {
            if (!tellsTimeouts) {
                report(Collections.min(decided, FIRST_DETECTED), matches);
                device.endAll();
            } else if (device.inProgress == 0) {
                report(Collections.min(decided, LAST_DETECTED), matches);
            }
        }
        if (device.inProgress == 0) {
            device.endAll();
        }
    }

    @Override
    public long deadlineMs(MatcherState state) {
        var of = (NfaMatcherState) state;
        long earliest = Long.MAX_VALUE;
        if (of.partials != null) {
            for (var partial : of.partials) {
                if (!isStart(partial)
                        && (tellsTimeouts
                                || of.completed != null
                                || pending.contains(partial.getCurrentStateName()))) {
                    earliest = Math.min(earliest, endMs(partial));
                }
            }
        }
        return earliest == Long.MAX_VALUE ? earliest : earliest + inputMs;
    }

    @Override
    public void ifSilent(MatcherState state, long untilMs, Consumer<Match> matches) {
        if (untilMs < deadlineMs(state)) {
            return;
        }
        device = (NfaMatcherState) state.copy();
        try {
            store.pointAt(device);
            expire(untilMs - inputMs, matches);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw cannotBeMatched(e);
        } finally {
            store.pointAtNothing();
            device = null;
        }
    }

    private IllegalStateException cannotBeMatched(Exception cause) {
        return new IllegalStateException(
                "pattern '%s' cannot be matched".formatted(pattern.spec().id()), cause);
    }

    /** When the windows of this partial match end; {@code Long.MAX_VALUE} when it has none. */
    private long endMs(ComputationState partial) {
        long end = Long.MAX_VALUE;
        if (nfa.getWindowTime() > 0) {
            end = partial.getStartTimestamp() + nfa.getWindowTime();
        }
        var within = withins.get(partial.getCurrentStateName());
        return within == null ? end : Math.min(end, partial.getPreviousTimestamp() + within);
    }

    private NFAState automaton() {
        return new NFAState(
                new Replaced(device.partials),
                device.completed == null ? newQueue() : device.completed);
    }

    private void keep(NFAState automaton) {
        device.partials = (PriorityQueue<ComputationState>) automaton.getPartialMatches();
        var completed = (PriorityQueue<ComputationState>) automaton.getCompletedMatches();
        device.completed = completed.isEmpty() ? null : completed;
    }

    /** Counts what is in progress and finds the earliest time at which a window may end. */
    private void takeStock() {
        settle(device);
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

    private Match match(Map<String, List<Captured>> taken, long detectedAtMs) {
        var steps = new ArrayList<Match.Step>(taken.size());
        long onset = Long.MAX_VALUE;
        long earliest = Long.MAX_VALUE;
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
                // Not always the first step's: a group may begin with an optional one. And not what
                // is earliest: a stretch that is taken later may have begun before the match.
                if (first.startMs < earliest) {
                    earliest = first.startMs;
                    onset = first.firstStartMs(i);
                }
            }
        }
        return new Match(onset, detectedAtMs, false, steps);
    }

    /**
     * @param oneEndMs when one of its windows ended, not always the first to end
     */
    private Match timedOut(Map<String, List<Captured>> taken, long oneEndMs) {
        var match = match(taken, Long.MAX_VALUE);
        long end = nfa.getWindowTime() > 0 ? match.onsetMs() + nfa.getWindowTime() : oneEndMs;
        return overdue(match, Math.min(oneEndMs, end));
    }

    /** A match whose last step has not come, at the end of its window. */
    private Match whenOver(Match match) {
        long last = match.steps().stream().mapToLong(Match.Step::toMs).max().orElseThrow();
        long end = nfa.getWindowTime() > 0 ? match.onsetMs() + nfa.getWindowTime() : Long.MAX_VALUE;
        var within = sequence.get(sequence.size() - 1).within();
        if (within != null) {
            end = Math.min(end, last + within.toMillis());
        }
        return overdue(match, end);
    }

    private Match overdue(Match match, long endMs) {
        return new Match(match.onsetMs(), endMs + inputMs, true, match.steps());
    }

    // ---- conditions

    /** Whether this input may start a match. */
    private boolean startable() {
        if (sequence.get(0).isTracked()) {
            return isDue(0, null, -1) && !device.trackers[0].started;
        }
        if (onEdge && device.wasTrue) {
            return false;
        }
        for (int i = 0; i < starting.size(); i++) {
            if (starting.get(i).now() != Truth.FALSE) {
                return true;
            }
        }
        return false;
    }

    /** Of a condition that refers to no step: tested once for each input. */
    private int truth(int place) {
        if (truths[place] == NOT_TESTED) {
            truths[place] = test(asked[place].condition(), MatchedSteps.NONE);
        }
        return truths[place];
    }

    private int test(Condition condition, MatchedSteps taken) {
        return test(condition, input, taken);
    }

    private int test(Condition condition, Input input, MatchedSteps taken) {
        try {
            return condition.test(input.values(), taken);
        } catch (RuntimeException e) {
            tally.failedCondition(e);
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
            return sequence.get(step).isTracked()
                    ? new DueCondition(NfaMatcher.this, step)
                    : new AskedCondition(NfaMatcher.this, step);
        }

        @Override
        public IterativeCondition<Captured> until(int step) {
            return new AskedCondition(NfaMatcher.this, sequence.size() + step);
        }

        @Override
        public IterativeCondition<Captured> groupUntil(int group) {
            return new AskedCondition(NfaMatcher.this, 2 * sequence.size() + group);
        }

        @Override
        public IterativeCondition<Captured> broken(int step) {
            return new BrokenCondition(NfaMatcher.this, step);
        }
    }

    /** What a condition will answer, as far as that is known without asking the automaton. */
    @FunctionalInterface
    interface Known {
        /**
         * @return a {@link Truth}; unknown where partial matches may differ
         */
        int now();

        /** Of any condition that Flink's compiler makes from ours; null is always true. */
        static Known of(IterativeCondition<Captured> condition) {
            if (condition instanceof InputCondition ours) {
                return ours;
            } else if (condition instanceof RichNotCondition<Captured> not) {
                var what = of(not.getNestedConditions()[0]);
                return () -> Truth.not(what.now());
            } else if (condition instanceof RichAndCondition<Captured> and) {
                var left = of(and.getLeft());
                var right = of(and.getRight());
                return () -> Truth.and(left.now(), right.now());
            } else if (condition instanceof SimpleCondition<Captured> || condition == null) {
                // Ours are none: it is one of Flink's two constants.
                return isConstantly(condition) ? () -> Truth.TRUE : () -> Truth.FALSE;
            }
            throw new IllegalStateException(
                    "Flink CEP makes a condition that is not known here: another version?");
        }

        private static boolean isConstantly(IterativeCondition<Captured> condition) {
            try {
                return condition == null || condition.filter(null, null);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private abstract static class InputCondition extends IterativeCondition<Captured>
            implements Known {
        private static final long serialVersionUID = 1;

        // Flink checks that conditions can be shipped; these never are.
        final transient NfaMatcher matcher;
        final int place;

        InputCondition(NfaMatcher matcher, int place) {
            this.matcher = matcher;
            this.place = place;
        }
    }

    private static final class AskedCondition extends InputCondition {
        private static final long serialVersionUID = 1;

        AskedCondition(NfaMatcher matcher, int place) {
            super(matcher, place);
        }

        @Override
        public int now() {
            if (matcher.asked[place].refersToSteps()) {
                return Truth.UNKNOWN;
            }
            return matcher.truth(place) == Truth.TRUE ? Truth.TRUE : Truth.FALSE;
        }

        @Override
        public boolean filter(Captured event, Context<Captured> taken) {
            var condition = matcher.asked[place];
            return condition.refersToSteps()
                    ? matcher.test(condition.condition(), new TakenSteps(taken, matcher.names))
                            == Truth.TRUE
                    : matcher.truth(place) == Truth.TRUE;
        }
    }

    /** Of a step that the automaton sees as one event. */
    private static final class DueCondition extends InputCondition {
        private static final long serialVersionUID = 1;

        DueCondition(NfaMatcher matcher, int step) {
            super(matcher, step);
        }

        @Override
        public int now() {
            return matcher.isDue(place, null, -1) ? Truth.UNKNOWN : Truth.FALSE;
        }

        @Override
        public boolean filter(Captured event, Context<Captured> taken) {
            return matcher.isDue(place, null, -1) && matcher.isDueSinceStepBefore(place, taken);
        }
    }

    private static final class BrokenCondition extends InputCondition {
        private static final long serialVersionUID = 1;

        BrokenCondition(NfaMatcher matcher, int step) {
            super(matcher, step);
        }

        @Override
        public int now() {
            return matcher.truth(place) == Truth.TRUE ? Truth.FALSE : Truth.TRUE;
        }

        @Override
        public boolean filter(Captured event, Context<Captured> taken) {
            return now() == Truth.TRUE;
        }
    }

    /** What makes a partial match in this state do anything but ignore an input. */
    private final class Waiting {
        /** One that is not false moves the partial match, or branches it. */
        private final List<Known> stirring = new ArrayList<>();

        /** One that is not true ends it. */
        private final List<Known> keeping = new ArrayList<>();

        private boolean stays;

        Waiting(State<Captured> state) {
            for (StateTransition<Captured> transition : state.getStateTransitions()) {
                if (transition.getAction() == StateTransitionAction.IGNORE
                        && transition.getTargetState().getName().equals(state.getName())) {
                    stays = true;
                    keeping.add(Known.of(transition.getCondition()));
                } else if (stirs(transition)) {
                    stirring.add(Known.of(transition.getCondition()));
                }
            }
        }

        boolean isQuiet() {
            if (!stays) {
                return false;
            }
            for (int i = 0; i < stirring.size(); i++) {
                if (stirring.get(i).now() != Truth.FALSE) {
                    return false;
                }
            }
            for (int i = 0; i < keeping.size(); i++) {
                if (keeping.get(i).now() != Truth.TRUE) {
                    return false;
                }
            }
            return true;
        }
    }

    // ---- holds and counts

    private void track() {
        for (int place : trackedSteps) {
            var step = sequence.get(place);
            var tracker = device.trackers[place];
            if (step.hold() != null) {
                int truth = truth(place);
                if (tracker == null && truth != Truth.TRUE) {
                    continue;
                }
                var hold = tracker == null ? new HoldTracker() : (HoldTracker) tracker;
                device.trackers[place] = hold;
                hold.advance(truth, input, step.maxGap().toMillis(), names);
            } else {
                var among = pattern.steps().get(place).among();
                int isSample = among == null ? Truth.TRUE : test(among, MatchedSteps.NONE);
                if (tracker == null && isSample != Truth.TRUE) {
                    continue;
                }
                var count = tracker == null ? new CountTracker() : (CountTracker) tracker;
                device.trackers[place] = count;
                long memoryMs = nfa.getWindowTime() > 0 ? nfa.getWindowTime() : Long.MAX_VALUE;
                count.advance(step, isSample, truth(place), input, memoryMs, names);
            }
        }
    }

    boolean isDue(int step, Captured before, int stepBefore) {
        var tracker = device.trackers[step];
        return tracker != null && tracker.isDue(sequence.get(step), before, stepBefore);
    }

    private boolean isDueSinceStepBefore(int step, IterativeCondition.Context<Captured> context) {
        if (step == 0) {
            return !device.trackers[0].started;
        }
        var taken = new TakenSteps(context, names);
        int before = step - 1;
        while (before > 0 && taken.last(before) == null) {
            before--; // forbidden, or optional and left out
        }
        return isDue(step, taken.last(before), before);
    }

    /** The next step's window counts from the last input of a hold that still runs. */
    private void growTakenHolds() {
        if (!extendsWindow) {
            return;
        }
        for (int step : trackedSteps) {
            if (device.trackers[step] instanceof HoldTracker tracker && tracker.taken != null) {
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
            long since = device.trackers[0].take(input, names).sinceMs;
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

    static ComputationState with(
            ComputationState partial, long startTimestamp, long previousTimestamp) {
        return ComputationState.createState(
                partial.getCurrentStateName(),
                partial.getPreviousBufferEntry(),
                partial.getVersion(),
                startTimestamp,
                previousTimestamp,
                partial.getStartEventID());
    }

    // ---- what tests break on purpose

    AfterMatchSkipStrategy skipStrategy(PatternSpec spec) {
        return FlinkPattern.skip(spec);
    }

    StateFormat format(CompiledPattern pattern, Set<String> stateNames) {
        return new StateFormat(pattern, stateNames);
    }

    /** After the automaton has judged an input, or time. */
    void settle(NfaMatcherState device) {}

    /** Whether a window that ends then is over. */
    boolean isOver(long endMs, long nowMs) {
        return nowMs >= endMs;
    }

    /** Whether this way out of a state does more than to ignore the input. */
    boolean stirs(StateTransition<Captured> transition) {
        return true;
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
