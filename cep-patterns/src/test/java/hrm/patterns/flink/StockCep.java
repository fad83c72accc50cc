package hrm.patterns.flink;

import hrm.patterns.Match;
import hrm.patterns.Truth;
import hrm.patterns.flink.Notation.Reading;
import hrm.patterns.flink.Notation.Taken;
import hrm.patterns.flink.Notation.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.functions.PatternProcessFunction;
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

/**
 * The reference: Flink CEP's own operator, with a translation of the pattern that shares nothing
 * with the one under test.
 */
final class StockCep {
    private StockCep() {}

    /** For each reading the matches that it completes, as {@link Notation#everything} says them. */
    static List<List<String>> perReading(Notation.Case pattern, List<Reading> readings)
            throws Exception {
        var operator =
                new CepOperator<Reading, Integer, String>(
                        TypeInformation.of(Reading.class)
                                .createSerializer(new SerializerConfigImpl()),
                        false,
                        NFACompiler.compileFactory(translate(pattern), false),
                        null,
                        AfterMatchSkipStrategy.noSkip(),
                        new Everything(pattern.compiled().spec().stepNames()),
                        null);
        var found = new ArrayList<List<String>>();
        try (var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(operator, reading -> 1, Types.INT)) {
            harness.open();
            for (var reading : readings) {
                harness.processElement(new StreamRecord<>(reading, reading.timeMs()));
                harness.processWatermark(new Watermark(reading.timeMs()));
                found.add(
                        harness.extractOutputStreamRecords().stream()
                                .map(StreamRecord::getValue)
                                .map(String.class::cast)
                                .toList());
                harness.getOutput().clear();
            }
        }
        return found;
    }

    private static Pattern<Reading, ?> translate(Notation.Case pattern) {
        var spec = pattern.compiled().spec();
        var names = spec.stepNames();
        Pattern<Reading, Reading> flink = null;
        for (int i = 0; i < names.size(); i++) {
            var step = spec.sequence().get(i);
            flink =
                    switch (step.relation()) {
                        case STEP -> Pattern.begin(names.get(i));
                        case NEXT -> flink.next(names.get(i));
                        case FOLLOWED_BY -> flink.followedBy(names.get(i));
                        case NOT_FOLLOWED_BY -> flink.notFollowedBy(names.get(i));
                    };
            flink.where(new StockCondition(pattern.wheres().get(i), List.copyOf(names)));
            if (step.timesMin() != 1 || step.timesMax() != 1) {
                flink.times(step.timesMin(), step.timesMax());
            }
            if (step.within() != null) {
                flink.within(step.within(), WithinType.PREVIOUS_AND_CURRENT);
            }
        }
        return spec.within() == null ? flink : flink.within(spec.within());
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

    private static final class Everything extends PatternProcessFunction<Reading, String> {
        private static final long serialVersionUID = 1;
        private final List<String> names;

        Everything(List<String> names) {
            this.names = new ArrayList<>(names);
        }

        @Override
        public void processMatch(
                Map<String, List<Reading>> match, Context context, Collector<String> out) {
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
            out.collect(Notation.everything(steps));
        }
    }
}
