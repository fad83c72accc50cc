package hrm.benchmarks.engine;

import hrm.benchmarks.engine.BenchPattern.Relation;
import hrm.benchmarks.engine.BenchPattern.Where;
import io.siddhi.core.SiddhiAppRuntime;
import io.siddhi.core.SiddhiManager;
import io.siddhi.core.event.Event;
import io.siddhi.core.stream.input.InputHandler;
import io.siddhi.core.stream.output.StreamCallback;
import io.siddhi.core.util.statistics.metrics.Level;
import io.siddhi.query.api.SiddhiApp;
import io.siddhi.query.api.annotation.Annotation;
import io.siddhi.query.api.definition.Attribute;
import io.siddhi.query.api.definition.StreamDefinition;
import io.siddhi.query.api.execution.partition.Partition;
import io.siddhi.query.api.execution.query.Query;
import io.siddhi.query.api.execution.query.input.state.AbsentStreamStateElement;
import io.siddhi.query.api.execution.query.input.state.State;
import io.siddhi.query.api.execution.query.input.state.StateElement;
import io.siddhi.query.api.execution.query.input.state.StreamStateElement;
import io.siddhi.query.api.execution.query.input.stream.InputStream;
import io.siddhi.query.api.execution.query.selection.Selector;
import io.siddhi.query.api.expression.Expression;
import io.siddhi.query.api.expression.condition.Compare.Operator;
import java.util.List;

/**
 * Siddhi: a query a pattern, all in one partition by person. Time comes with the readings. Built by
 * its API: its parser needs a library that others here need newer.
 */
final class Siddhi implements Alone {
    private final Matches matches;
    private final SiddhiManager manager = new SiddhiManager();
    private final SiddhiAppRuntime app;
    private final InputHandler input;

    Siddhi(List<BenchPattern> patterns, Matches matches, int thread) {
        this.matches = matches;
        var siddhi =
                SiddhiApp.siddhiApp("bench")
                        .annotation(Annotation.annotation("app:playback"))
                        .defineStream(
                                StreamDefinition.id("R")
                                        .attribute("user", Attribute.Type.STRING)
                                        .attribute("at", Attribute.Type.LONG)
                                        .attribute("bpm", Attribute.Type.INT)
                                        .attribute("steps", Attribute.Type.INT));
        var partition = Partition.partition().with("R", Expression.variable("user"));
        for (int i = 0; i < patterns.size(); i++) {
            partition.addQuery(query(patterns.get(i), "Found" + i));
            siddhi.defineStream(
                    StreamDefinition.id("Found" + i)
                            .attribute("user", Attribute.Type.STRING)
                            .attribute("onset", Attribute.Type.LONG)
                            .attribute("detected", Attribute.Type.LONG));
        }
        app = manager.createSiddhiAppRuntime(siddhi.addPartition(partition));
        for (int i = 0; i < patterns.size(); i++) {
            app.addCallback("Found" + i, new Count(i));
        }
        app.setStatisticsLevel(Level.OFF);
        app.start();
        input = app.getInputHandler("R");
    }

    private static Query query(BenchPattern pattern, String into) {
        var steps = pattern.steps();
        StateElement all = null;
        AbsentStreamStateElement never = null;
        int last = -1;
        for (var step : steps) {
            if (step.relation() == Relation.NOT_FOLLOWED_BY) {
                never =
                        State.logicalNot(
                                State.stream(InputStream.stream("R").filter(where(step.where()))),
                                null);
                continue;
            }
            for (int n = 0; n < step.times(); n++) {
                last++;
                var one =
                        State.stream(
                                InputStream.stream("s" + last, "R").filter(where(step.where())));
                all = all == null ? State.every(one) : State.next(all, element(never, one));
                never = null;
            }
        }
        var within = Expression.Time.sec(pattern.within().toSeconds());
        return Query.query()
                .from(
                        isStrict(pattern)
                                ? InputStream.sequenceStream(all, within)
                                : InputStream.patternStream(all, within))
                .select(
                        Selector.selector()
                                .select("user", Expression.variable("user").ofStream("s0"))
                                .select("onset", Expression.variable("at").ofStream("s0"))
                                .select("detected", Expression.variable("at").ofStream("s" + last)))
                .insertInto(into);
    }

    private static StateElement element(AbsentStreamStateElement never, StreamStateElement one) {
        return never == null ? one : State.logicalNotAnd(never, one);
    }

    /** Siddhi's sequences are strict throughout, its patterns nowhere. */
    private static boolean isStrict(BenchPattern pattern) {
        long strict =
                pattern.steps().stream().filter(step -> step.relation() == Relation.NEXT).count();
        if (strict > 0 && strict < pattern.steps().size() - 1) {
            throw new IllegalArgumentException("Siddhi cannot mix next with other relations");
        }
        return strict > 0;
    }

    private static Expression where(Where where) {
        var bpm = Expression.variable("bpm");
        var steps = Expression.variable("steps");
        Expression all = null;
        if (where.over() != null) {
            all = compare(bpm, Operator.GREATER_THAN, Expression.value(where.over()));
        }
        if (where.under() != null) {
            all = and(all, compare(bpm, Operator.LESS_THAN, Expression.value(where.under())));
        }
        if (where.still()) {
            all = and(all, compare(steps, Operator.EQUAL, Expression.value(0)));
        }
        if (where.moving() != null) {
            all = and(all, compare(steps, Operator.GREATER_THAN, Expression.value(where.moving())));
        }
        if (where.aboveFirst() != null) {
            all =
                    and(
                            all,
                            compare(
                                    bpm,
                                    Operator.GREATER_THAN,
                                    Expression.add(
                                            Expression.variable("bpm").ofStream("s0"),
                                            Expression.value(where.aboveFirst()))));
        }
        return all;
    }

    private static Expression compare(Expression left, Operator operator, Expression right) {
        return Expression.compare(left, operator, right);
    }

    private static Expression and(Expression left, Expression right) {
        return left == null ? right : Expression.and(left, right);
    }

    private final class Count extends StreamCallback {
        private final int place;

        Count(int place) {
            this.place = place;
        }

        @Override
        public void receive(Event[] found) {
            for (var match : found) {
                matches.add(
                        place,
                        (String) match.getData(0),
                        (Long) match.getData(1),
                        (Long) match.getData(2));
            }
        }
    }

    @Override
    public void judge(String user, long timestampMs, int bpm, int steps) {
        try {
            input.send(timestampMs, new Object[] {user, timestampMs, bpm, steps});
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Matches matches() {
        return matches;
    }

    @Override
    public void close() {
        app.shutdown();
        manager.shutdown();
    }
}
