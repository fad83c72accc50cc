package hrm.patterns.flink;

import hrm.patterns.Match;
import hrm.patterns.Truth;
import hrm.patterns.flink.Notation.Reading;
import hrm.patterns.flink.Notation.Taken;
import hrm.patterns.flink.Notation.Where;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.Outcome;
import hrm.patterns.spec.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.functions.TimedOutPartialMatchHandler;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.operator.CepOperator;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.WithinType;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * The reference: Flink CEP's own operator, with a translation of the pattern that shares nothing
 * with the one under test.
 */
final class StockCep {
    private static final long DAY_MS = 86_400_000;
    private static final OutputTag<String> TIMED_OUT = new OutputTag<>("timed-out", Types.STRING);

    private StockCep() {}

    /**
     * What one stream of readings gives.
     *
     * @param perReading for each reading the matches that it completes, as {@link
     *     Notation#everything} says them
     * @param silent what is decided when the watermark passes everything
     */
    record Run(List<List<String>> perReading, List<String> silent) {}

    /** Several streams through one operator, each under a key of its own, one after another. */
    static List<Run> run(Notation.Case pattern, List<List<Reading>> streams) throws Exception {
        var spec = pattern.compiled().spec();
        boolean timeouts = spec.outcome() == Outcome.TIMED_OUT;
        var flink = new Translation(pattern).whole();
        var operator =
                new CepOperator<Reading, Integer, String>(
                        TypeInformation.of(Reading.class)
                                .createSerializer(new SerializerConfigImpl()),
                        false,
                        NFACompiler.compileFactory(flink, timeouts),
                        null,
                        flink.getAfterMatchSkipStrategy(),
                        new Everything(spec.stepNames(), timeouts),
                        null);
        var runs = new ArrayList<Run>();
        try (var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        operator, reading -> reading.stream, Types.INT)) {
            harness.open();
            for (int stream = 0; stream < streams.size(); stream++) {
                long dayMs = stream * 2 * DAY_MS;
                var found = new ArrayList<List<String>>();
                for (var reading : streams.get(stream)) {
                    reading.stream = stream;
                    long timeMs = dayMs + reading.timeMs();
                    harness.processElement(new StreamRecord<>(reading, timeMs));
                    found.add(decided(harness, timeMs, timeouts));
                }
                runs.add(new Run(found, decided(harness, dayMs + DAY_MS, timeouts)));
            }
        }
        return runs;
    }

    private static List<String> decided(
            KeyedOneInputStreamOperatorTestHarness<Integer, Reading, String> harness,
            long watermarkMs,
            boolean timeouts)
            throws Exception {
        harness.processWatermark(new Watermark(watermarkMs));
        var found = new ArrayList<String>();
        if (timeouts) {
            var timedOut = harness.getSideOutput(TIMED_OUT);
            if (timedOut != null) {
                timedOut.forEach(record -> found.add(record.getValue()));
                timedOut.clear();
            }
        } else {
            harness.extractOutputStreamRecords()
                    .forEach(record -> found.add((String) record.getValue()));
        }
        harness.getOutput().clear();
        return found;
    }

    private record Translation(PatternSpec spec, List<String> names, List<Where> wheres) {
        Translation(Notation.Case pattern) {
            this(
                    pattern.compiled().spec(),
                    List.copyOf(pattern.compiled().spec().stepNames()),
                    pattern.wheres());
        }

        Pattern<Reading, Reading> whole() {
            var flink = part(0, names.size(), -1);
            return spec.within() == null ? flink : flink.within(spec.within());
        }

        private AfterMatchSkipStrategy skip() {
            return switch (spec.skip().strategy()) {
                case NO_SKIP -> AfterMatchSkipStrategy.noSkip();
                case TO_NEXT -> AfterMatchSkipStrategy.skipToNext();
                case PAST_LAST -> AfterMatchSkipStrategy.skipPastLastEvent();
                case TO_FIRST -> AfterMatchSkipStrategy.skipToFirst(names.get(spec.skip().step()));
                case TO_LAST -> AfterMatchSkipStrategy.skipToLast(names.get(spec.skip().step()));
            };
        }

        /**
         * @param inside the group whose inside this is; -1 at the top
         */
        private Pattern<Reading, Reading> part(int from, int to, int inside) {
            Pattern<Reading, Reading> flink = null;
            int i = from;
            while (i < to) {
                int group = -1;
                for (int g = spec.groups().size() - 1; g > inside; g--) {
                    group = spec.groups().get(g).from() == i ? g : group;
                }
                if (group >= 0) {
                    var whole = spec.groups().get(group);
                    var part = part(i, whole.to(), group);
                    flink =
                            times(
                                    switch (whole.relation()) {
                                        case STEP -> Pattern.begin(part, skip());
                                        case NEXT -> flink.next(part);
                                        case FOLLOWED_BY -> flink.followedBy(part);
                                        case FOLLOWED_BY_ANY -> flink.followedByAny(part);
                                        default -> throw new AssertionError(whole);
                                    },
                                    whole.times());
                    i = whole.to();
                } else {
                    flink = step(flink, i);
                    i++;
                }
            }
            return flink;
        }

        private Pattern<Reading, Reading> step(Pattern<Reading, Reading> before, int i) {
            var step = spec.sequence().get(i);
            String name = names.get(i);
            var flink =
                    switch (step.relation()) {
                        case STEP -> Pattern.<Reading>begin(name, skip());
                        case NEXT -> before.next(name);
                        case FOLLOWED_BY -> before.followedBy(name);
                        case FOLLOWED_BY_ANY -> before.followedByAny(name);
                        case NOT_NEXT -> before.notNext(name);
                        case NOT_FOLLOWED_BY -> before.notFollowedBy(name);
                    };
            flink.where(new StockCondition(wheres.get(i), names));
            times(flink, step.times());
            if (step.within() != null) {
                flink.within(step.within(), WithinType.PREVIOUS_AND_CURRENT);
            }
            return flink;
        }

        private Pattern<Reading, Reading> times(Pattern<Reading, Reading> flink, Times times) {
            if (times.least() == 1 && times.most() == Times.UNBOUNDED) {
                flink.oneOrMore();
            } else if (times.most() == Times.UNBOUNDED) {
                flink.timesOrMore(times.least());
            } else if (times.most() > 1) {
                flink.times(times.least(), times.most());
            }
            switch (times.between()) {
                case NOTHING -> flink.consecutive();
                case ANY -> flink.allowCombinations();
                case OTHERS -> {}
            }
            if (times.until() != null) {
                flink.until(new StockCondition(new Where(times.until(), null, null, -1), names));
            }
            if (times.optional()) {
                flink.optional();
            }
            if (times.greedy()) {
                flink.greedy();
            }
            return flink;
        }
    }

    private static final class StockCondition extends IterativeCondition<Reading> {
        private static final long serialVersionUID = 1;
        private final Where where;
        private final List<String> names;

        StockCondition(Where where, List<String> names) {
            this.where = where;
            this.names = names;
        }

        @Override
        public boolean filter(Reading reading, Context<Reading> context) throws Exception {
            var taken =
                    new Taken() {
                        @Override
                        public double first(int step) throws Exception {
                            for (var one : context.getEventsForPattern(names.get(step))) {
                                return one.bpm;
                            }
                            return Double.NaN;
                        }

                        @Override
                        public double last(int step) throws Exception {
                            double last = Double.NaN;
                            for (var one : context.getEventsForPattern(names.get(step))) {
                                last = one.bpm;
                            }
                            return last;
                        }

                        @Override
                        public int count(int step) throws Exception {
                            int count = 0;
                            for (var ignored : context.getEventsForPattern(names.get(step))) {
                                count++;
                            }
                            return count;
                        }
                    };
            return where.test(reading.letter, reading.bpm, taken) == Truth.TRUE;
        }
    }

    private static final class Everything extends PatternProcessFunction<Reading, String>
            implements TimedOutPartialMatchHandler<Reading> {
        private static final long serialVersionUID = 1;
        private final List<String> names;
        private final boolean timeouts;

        Everything(List<String> names, boolean timeouts) {
            this.names = new ArrayList<>(names);
            this.timeouts = timeouts;
        }

        @Override
        public void processMatch(
                Map<String, List<Reading>> match, Context context, Collector<String> out) {
            if (!timeouts) {
                out.collect(text(match));
            }
        }

        @Override
        public void processTimedOutMatch(Map<String, List<Reading>> match, Context context) {
            context.output(TIMED_OUT, text(match));
        }

        private String text(Map<String, List<Reading>> match) {
            var steps = new ArrayList<Match.Step>();
            for (int i = 0; i < names.size(); i++) {
                var taken = match.get(names.get(i));
                if (taken != null) {
                    var first = taken.get(0);
                    var last = taken.get(taken.size() - 1);
                    steps.add(
                            new Match.Step(
                                    i,
                                    first.timeMs(),
                                    last.timeMs(),
                                    first.bpm,
                                    last.bpm,
                                    taken.size()));
                }
            }
            return Notation.everything(steps);
        }
    }
}
