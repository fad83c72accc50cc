package hrm.benchmarks.engine;

import hrm.benchmarks.engine.BenchPattern.Where;
import hrm.model.Reading;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.util.Collector;

/** A pattern as Flink CEP's own users write it. */
final class StockPattern {
    private StockPattern() {}

    static Pattern<Reading, ?> of(BenchPattern pattern) {
        Pattern<Reading, Reading> flink = null;
        for (int i = 0; i < pattern.steps().size(); i++) {
            var step = pattern.steps().get(i);
            var name = Integer.toString(i);
            flink =
                    switch (step.relation()) {
                        case STEP -> Pattern.begin(name);
                        case NEXT -> flink.next(name);
                        case FOLLOWED_BY -> flink.followedBy(name);
                        case NOT_FOLLOWED_BY -> flink.notFollowedBy(name);
                    };
            flink =
                    flink.where(
                            step.where().aboveFirst() == null
                                    ? new Plain(step.where())
                                    : new AboveFirst(step.where()));
            if (step.times() > 1) {
                flink = flink.times(step.times());
            }
        }
        return flink.within(pattern.within());
    }

    private static final class Plain extends SimpleCondition<Reading> {
        private static final long serialVersionUID = 1L;
        private final Where where;

        Plain(Where where) {
            this.where = where;
        }

        @Override
        public boolean filter(Reading reading) {
            return where.test(reading, 0);
        }
    }

    private static final class AboveFirst extends IterativeCondition<Reading> {
        private static final long serialVersionUID = 1L;
        private final Where where;

        AboveFirst(Where where) {
            this.where = where;
        }

        @Override
        public boolean filter(Reading reading, Context<Reading> context) throws Exception {
            // What is cheap first: the buffer is asked only for readings that may match.
            if (where.still() && reading.steps() != 0) {
                return false;
            }
            for (var first : context.getEventsForPattern("0")) {
                return where.test(reading, first.bpm());
            }
            return false;
        }
    }

    /** Counts. */
    static final class Count extends PatternProcessFunction<Reading, Long> {
        private static final long serialVersionUID = 1L;
        private final int pattern;
        private final String last;
        private final Meter meter;
        private transient Matches matches;

        Count(int pattern, int steps, Meter meter) {
            this.pattern = pattern;
            this.last = Integer.toString(steps - 1);
            this.meter = meter;
        }

        @Override
        public void open(OpenContext context) {
            meter.begin();
            matches = meter.matches();
        }

        @Override
        public void processMatch(
                Map<String, List<Reading>> match, Context context, Collector<Long> out) {
            var first = match.get("0").get(0);
            var taken = match.get(last);
            matches.add(
                    pattern,
                    first.userId(),
                    first.timestampMs(),
                    taken.get(taken.size() - 1).timestampMs());
        }

        @Override
        public void close() {
            meter.end(matches);
        }
    }
}
