package hrm.benchmarks.engine;

import com.espertech.esper.common.client.EventBean;
import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompileException;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.DeploymentOptions;
import com.espertech.esper.runtime.client.EPDeployException;
import com.espertech.esper.runtime.client.EPEventService;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import hrm.benchmarks.engine.BenchPattern.Relation;
import hrm.benchmarks.engine.BenchPattern.Where;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Esper: a statement a pattern. Its filters find a person's begun matches by an index, which a
 * statement for each person (a context) would not do faster. Time comes with the readings.
 */
final class Esper implements Alone {
    private static final AtomicLong RUNTIMES = new AtomicLong();

    private final Matches matches;
    private final EPRuntime runtime;
    private final EPEventService events;

    Esper(List<BenchPattern> patterns, Matches matches, int thread) {
        this.matches = matches;
        var configuration = new Configuration();
        configuration.getCommon().addEventType("R", Measured.class);
        configuration.getRuntime().getThreading().setInternalTimerEnabled(false);
        // One thread sends, and nothing listens that would.
        configuration.getRuntime().getThreading().setListenerDispatchPreserveOrder(false);
        configuration.getRuntime().getThreading().setInsertIntoDispatchPreserveOrder(false);
        configuration.getRuntime().getExecution().setPrioritized(false);
        runtime =
                EPRuntimeProvider.getRuntime("bench-" + RUNTIMES.incrementAndGet(), configuration);
        events = runtime.getEventService();
        events.clockExternal();
        events.advanceTime(Readings.BASE_MS - 1);
        for (int i = 0; i < patterns.size(); i++) {
            deploy(i, statement(patterns.get(i)), configuration);
        }
    }

    /** A reading as Esper likes it best: a class with getters. */
    public static final class Measured {
        private final String user;
        private final long timestampMs;
        private final int bpm;
        private final int steps;

        Measured(String user, long timestampMs, int bpm, int steps) {
            this.user = user;
            this.timestampMs = timestampMs;
            this.bpm = bpm;
            this.steps = steps;
        }

        public String getUser() {
            return user;
        }

        public long getTimestampMs() {
            return timestampMs;
        }

        public int getBpm() {
            return bpm;
        }

        public int getSteps() {
            return steps;
        }
    }

    static String statement(BenchPattern pattern) {
        var rest = new StringBuilder();
        int last = 0;
        String never = null;
        for (int i = 0; i < pattern.steps().size(); i++) {
            var step = pattern.steps().get(i);
            var where = where(step.where());
            if (step.relation() == Relation.NOT_FOLLOWED_BY) {
                never = where;
                continue;
            }
            for (int n = i == 0 ? 1 : 0; n < step.times(); n++) {
                last++;
                rest.append(last == 1 ? "" : " -> ");
                if (step.relation() == Relation.NEXT) {
                    never = opposite(step.where());
                }
                var one = "s%d=R(user = s0.user, %s)".formatted(last, where);
                rest.append(
                        never == null
                                ? one
                                : "(%s and not R(user = s0.user, %s))".formatted(one, never));
                never = null;
            }
        }
        return "select s0 as first, s%d as last from pattern [every s0=R(%s) -> (%s) where timer:within(%d sec)]"
                .formatted(
                        last,
                        where(pattern.steps().get(0).where()),
                        rest,
                        pattern.within().toSeconds());
    }

    private static String where(Where where) {
        return where.text("=", ", ", "s0.bpm");
    }

    private static String opposite(Where where) {
        if (!where.equals(Where.over(where.over() == null ? 0 : where.over()))) {
            throw new IllegalArgumentException("only bpm may be asked directly after");
        }
        return "bpm <= " + where.over();
    }

    private void deploy(int place, String epl, Configuration configuration) {
        try {
            var compiled =
                    EPCompilerProvider.getCompiler()
                            .compile(epl, new CompilerArguments(configuration));
            var deployed = runtime.getDeploymentService().deploy(compiled, new DeploymentOptions());
            deployed.getStatements()[0].addListener(
                    (found, old, statement, in) -> found(place, found));
        } catch (EPCompileException | EPDeployException e) {
            throw new IllegalStateException("Esper refuses " + epl, e);
        }
    }

    private void found(int place, EventBean[] found) {
        for (var match : found) {
            var first = (Measured) match.get("first");
            var last = (Measured) match.get("last");
            matches.add(place, first.user, first.timestampMs, last.timestampMs);
        }
    }

    @Override
    public void advance(long timestampMs) {
        events.advanceTime(timestampMs);
    }

    @Override
    public void judge(String user, long timestampMs, int bpm, int steps) {
        events.sendEventBean(new Measured(user, timestampMs, bpm, steps), "R");
    }

    @Override
    public Matches matches() {
        return matches;
    }

    @Override
    public void close() {
        runtime.destroy();
    }
}
