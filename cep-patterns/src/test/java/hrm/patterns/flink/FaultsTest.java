package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.Matcher;
import hrm.patterns.MatcherState;
import hrm.patterns.Truth;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.CompiledPattern.Asked;
import hrm.patterns.spec.PatternSpec;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.cep.nfa.ComputationState;
import org.apache.flink.cep.nfa.DeweyNumber;
import org.apache.flink.cep.nfa.NFAState;
import org.apache.flink.cep.nfa.StateTransition;
import org.apache.flink.cep.nfa.StateTransitionAction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The differential test finds engines that are broken on purpose. */
class FaultsTest {
    private static final long SEED = 20_260_131;
    private static final List<Differential.Pair> PAIRS = new ArrayList<>();

    private enum Fault {
        FAST_PATH_IGNORES_A_PROCEED(FastPathIgnoresAProceed::new),
        FAST_PATH_IGNORES_A_TAKE(FastPathIgnoresATake::new),
        EXPIRY_OFF_BY_ONE(ExpiryOffByOne::new),
        SKIP_STRATEGY_NOT_APPLIED(SkipNotApplied::new),
        QUEUE_ORDER_LOST(QueueOrderLost::new),
        LOCK_LOST_IN_PACKED_STATE(LockLost::new),
        LOCK_NOT_RELEASED(LockNotReleased::new),
        VERSION_DIGIT_LOST_IN_PACKED_STATE(VersionDigitLost::new),
        START_STATE_DROPPED_AFTER_A_MATCH(StartDropped::new),
        UNTIL_IGNORED(FaultsTest::withoutUntil),
        WITHIN_FROM_THE_FIRST_STEP(WithinFromTheFirst::new),
        HELD_BACK_MATCHES_FORGOTTEN(HeldBackForgotten::new);

        private final Function<CompiledPattern, ? extends Matcher> matchers;

        Fault(Function<CompiledPattern, ? extends Matcher> matchers) {
            this.matchers = matchers;
        }
    }

    @BeforeAll
    static void askStockFlinkCep() throws Exception {
        for (long seed = SEED; PAIRS.size() < 1600; seed++) {
            PAIRS.addAll(Differential.pairs(seed));
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aBrokenEngineIsFound(Fault fault) {
        assertThat(PAIRS.stream().filter(p -> p.difference(fault.matchers).isPresent()).limit(3))
                .as("pairs that find %s, of %d", fault, PAIRS.size())
                .hasSizeGreaterThanOrEqualTo(1);
    }

    private static final class FastPathIgnoresAProceed extends NfaMatcher {
        FastPathIgnoresAProceed(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        boolean stirs(StateTransition<Captured> transition) {
            return transition.getAction() != StateTransitionAction.PROCEED;
        }
    }

    private static final class FastPathIgnoresATake extends NfaMatcher {
        FastPathIgnoresATake(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        boolean stirs(StateTransition<Captured> transition) {
            return transition.getAction() != StateTransitionAction.TAKE;
        }
    }

    private static final class ExpiryOffByOne extends NfaMatcher {
        ExpiryOffByOne(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        boolean isOver(long endMs, long nowMs) {
            return nowMs > endMs;
        }
    }

    private static final class SkipNotApplied extends NfaMatcher {
        SkipNotApplied(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        AfterMatchSkipStrategy skipStrategy(PatternSpec spec) {
            return AfterMatchSkipStrategy.noSkip();
        }
    }

    private static final class QueueOrderLost extends NfaMatcher {
        QueueOrderLost(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        void settle(NfaMatcherState device) {
            var reversed = new ArrayList<>(device.partials);
            Collections.reverse(reversed);
            device.partials = queue(reversed);
        }
    }

    private static final class StartDropped extends NfaMatcher {
        StartDropped(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        public void advance(MatcherState state, Input input, Consumer<Match> matches) {
            var found = new ArrayList<Match>();
            super.advance(state, input, found::add);
            found.forEach(matches);
            var device = (NfaMatcherState) state;
            if (!found.isEmpty() && device.partials != null) {
                device.partials.removeIf(NfaMatcher::isStart);
            }
        }
    }

    private static final class WithinFromTheFirst extends NfaMatcher {
        WithinFromTheFirst(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        void settle(NfaMatcherState device) {
            device.partials =
                    queue(
                            device.partials.stream()
                                    .map(
                                            partial ->
                                                    isStart(partial)
                                                            ? partial
                                                            : with(
                                                                    partial,
                                                                    partial.getStartTimestamp(),
                                                                    partial.getStartTimestamp()))
                                    .toList());
        }
    }

    private static final class HeldBackForgotten extends NfaMatcher {
        HeldBackForgotten(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        void settle(NfaMatcherState device) {
            device.completed = null;
        }
    }

    private static final class LockNotReleased extends NfaMatcher {
        LockNotReleased(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        StateFormat format(CompiledPattern pattern, Set<String> stateNames) {
            return new StateFormat(pattern, stateNames) {
                @Override
                int locked(int nodes) {
                    return nodes + 1;
                }
            };
        }
    }

    private static final class LockLost extends NfaMatcher {
        LockLost(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        StateFormat format(CompiledPattern pattern, Set<String> stateNames) {
            return new StateFormat(pattern, stateNames) {
                @Override
                int locked(int nodes) {
                    return 1;
                }
            };
        }
    }

    private static final class VersionDigitLost extends NfaMatcher {
        VersionDigitLost(CompiledPattern pattern) {
            super(pattern);
        }

        @Override
        StateFormat format(CompiledPattern pattern, Set<String> stateNames) {
            return new StateFormat(pattern, stateNames) {
                @Override
                DeweyNumber readVersion(DataInput in) throws IOException {
                    var whole = super.readVersion(in).toString();
                    int last = whole.lastIndexOf('.');
                    return DeweyNumber.fromString(last < 0 ? whole : whole.substring(0, last));
                }
            };
        }
    }

    private static NfaMatcher withoutUntil(CompiledPattern pattern) {
        var never = new Asked((values, taken) -> Truth.FALSE, false);
        var steps =
                pattern.steps().stream()
                        .map(
                                step ->
                                        new CompiledPattern.CompiledStep(
                                                step.condition(),
                                                step.refersToSteps(),
                                                step.filled(),
                                                step.until() == null ? null : never,
                                                step.among()))
                        .toList();
        return new NfaMatcher(
                Notation.compiled(
                        pattern.spec(), steps, pattern.groupUntils(), pattern.captured()));
    }

    private static PriorityQueue<ComputationState> queue(List<ComputationState> partials) {
        var queue = new PriorityQueue<>(NFAState.COMPUTATION_STATE_COMPARATOR);
        queue.addAll(partials);
        return queue;
    }
}
