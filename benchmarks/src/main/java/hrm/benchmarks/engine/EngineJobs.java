package hrm.benchmarks.engine;

import hrm.benchmarks.engine.PatternHost.Kept;
import hrm.functions.flink.ControlGate;
import hrm.functions.flink.Judge;
import hrm.functions.flink.Types;
import hrm.functions.judgement.UserEvent;
import hrm.model.Alert;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.cep.CEP;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.util.Collector;

/** The jobs that are compared: the same source, the same exchange by person, then what differs. */
final class EngineJobs {
    private static final TypeInformation<Long> LONG =
            org.apache.flink.api.common.typeinfo.Types.LONG;

    private EngineJobs() {}

    private static KeyedStream<Reading, String> readings(
            StreamExecutionEnvironment env, Feed feed, Meter meter, boolean watermarks) {
        return env.addSource(new ReadingSource(feed, meter, watermarks), "readings", Types.READING)
                .keyBy(Reading::userId);
    }

    /** A keyed step that reads and writes one value: the least that a keyed job does. */
    static void limit(StreamExecutionEnvironment env, Feed feed, Meter meter) {
        readings(env, feed, meter, false)
                .process(new Limit(meter))
                .returns(LONG)
                .sinkTo(new DiscardingSink<>());
    }

    /** Flink CEP: an operator a pattern, all on one stream, and watermarks. */
    static void stock(
            StreamExecutionEnvironment env, Feed feed, Meter meter, List<BenchPattern> patterns) {
        var readings = readings(env, feed, meter, true);
        for (int i = 0; i < patterns.size(); i++) {
            var pattern = patterns.get(i);
            CEP.pattern(readings, StockPattern.of(pattern))
                    .process(new StockPattern.Count(i, pattern.steps().size(), meter), LONG)
                    .sinkTo(new DiscardingSink<>());
        }
    }

    /** All patterns in one step over one value a person. */
    static void engine(
            StreamExecutionEnvironment env, Feed feed, Meter meter, List<BenchPattern> patterns) {
        readings(env, feed, meter, false)
                .process(new Engine(patterns, meter))
                .returns(LONG)
                .sinkTo(new DiscardingSink<>());
    }

    /** The whole judgement as it ships, with a baseline for everybody. */
    static void judge(
            StreamExecutionEnvironment env, Feed feed, Meter meter, List<BenchPattern> patterns) {
        var catalogue =
                env.addSource(new PatternSource(patterns), "patterns", Types.PATTERN_VERSIONS)
                        .setParallelism(1)
                        .broadcast(Judge.CATALOGUE, Judge.CHANGES);
        env.addSource(new EventSource(feed, meter), "events", Types.USER_EVENT)
                .keyBy(UserEvent::userId)
                .connect(catalogue)
                .process(new Judge())
                .returns(Types.ALERT)
                .filter(new CountAlerts(ids(patterns), meter))
                .sinkTo(new DiscardingSink<>());
    }

    private static List<String> ids(List<BenchPattern> patterns) {
        return new ArrayList<>(patterns.stream().map(BenchPattern::id).toList());
    }

    private static final class Limit extends KeyedProcessFunction<String, Reading, Long> {
        private static final long serialVersionUID = 1L;
        private final Meter meter;
        private transient ValueState<Long> newest;

        Limit(Meter meter) {
            this.meter = meter;
        }

        @Override
        public void open(OpenContext context) {
            meter.begin();
            newest = getRuntimeContext().getState(new ValueStateDescriptor<>("newest", LONG));
        }

        @Override
        public void processElement(Reading reading, Context context, Collector<Long> out)
                throws Exception {
            var before = newest.value();
            newest.update(
                    before == null
                            ? reading.timestampMs()
                            : Math.max(before, reading.timestampMs()));
        }

        @Override
        public void close() {
            meter.end(null);
        }
    }

    private static final class Engine extends KeyedProcessFunction<String, Reading, Long> {
        private static final long serialVersionUID = 1L;
        private final List<BenchPattern> patterns;
        private final Meter meter;
        private transient ValueState<Kept> state;
        private transient PatternHost host;
        private transient Matches matches;

        Engine(List<BenchPattern> patterns, Meter meter) {
            this.patterns = patterns;
            this.meter = meter;
        }

        @Override
        public void open(OpenContext context) {
            host = new PatternHost(patterns.stream().map(BenchPattern::compiled).toList());
            state =
                    getRuntimeContext()
                            .getState(new ValueStateDescriptor<>("kept", KeptSerializer.INSTANCE));
            matches = meter.matches();
            meter.begin();
        }

        @Override
        public void processElement(Reading reading, Context context, Collector<Long> out)
                throws Exception {
            var kept = state.value();
            if (kept == null) {
                kept = new Kept();
            }
            host.judge(
                    kept,
                    reading.userId(),
                    reading.timestampMs(),
                    reading.bpm(),
                    reading.steps(),
                    matches);
            state.update(kept);
        }

        @Override
        public void close() {
            meter.end(matches);
        }
    }

    /** Everybody's baseline, then their readings. */
    private static final class EventSource extends RichParallelSourceFunction<UserEvent> {
        private static final long serialVersionUID = 1L;
        private final Feed feed;
        private final Meter meter;
        private volatile boolean running = true;

        EventSource(Feed feed, Meter meter) {
            this.feed = feed;
            this.meter = meter;
        }

        @Override
        public void run(SourceContext<UserEvent> context) {
            meter.begin();
            context.emitWatermark(ControlGate.OPEN);
            var readings = feed.readings();
            int task = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            int tasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
            for (int person = task; person < readings.people(); person += tasks) {
                context.collect(new UserEvent.BaselinesChanged(baselines(readings.user(person))));
            }
            for (int lap = 0; lap < feed.laps(); lap++) {
                for (int tick = 0; tick < readings.ticks() && running; tick++) {
                    for (int person = task; person < readings.people(); person += tasks) {
                        context.collect(
                                new UserEvent.Measured(readings.reading(lap, tick, person)));
                    }
                }
            }
            meter.end(null);
        }

        @Override
        public void cancel() {
            running = false;
        }
    }

    private static Baselines baselines(String user) {
        var cells = new ArrayList<Baseline.Cell>();
        for (int group = 0; group < Baseline.HOUR_GROUPS; group++) {
            cells.add(new Baseline.Cell(group, true, 1_000, 48, 60, 85, 4));
            cells.add(new Baseline.Cell(group, false, 1_000, 60, 85, 150, 12));
        }
        return new Baselines(
                user,
                List.of(
                        new Baseline(
                                user,
                                "bench",
                                Instant.EPOCH,
                                Baseline.State.READY,
                                56.0,
                                cells,
                                28,
                                300_000,
                                28)));
    }

    private static final class PatternSource implements SourceFunction<PatternVersions> {
        private static final long serialVersionUID = 1L;
        private final ArrayList<String> ids = new ArrayList<>();
        private final ArrayList<String> yamls = new ArrayList<>();

        PatternSource(List<BenchPattern> patterns) {
            for (var pattern : patterns) {
                ids.add(pattern.id());
                yamls.add(pattern.yaml());
            }
        }

        @Override
        public void run(SourceContext<PatternVersions> context) {
            for (int i = 0; i < ids.size(); i++) {
                context.collect(PatternVersions.always(ids.get(i), 1, yamls.get(i)));
            }
            context.emitWatermark(ControlGate.OPEN);
        }

        @Override
        public void cancel() {}
    }

    /** Lets nothing pass. */
    private static final class CountAlerts extends RichFilterFunction<Alert> {
        private static final long serialVersionUID = 1L;
        private final List<String> ids;
        private final Meter meter;
        private transient Matches matches;

        CountAlerts(List<String> ids, Meter meter) {
            this.ids = ids;
            this.meter = meter;
        }

        @Override
        public void open(OpenContext context) {
            meter.begin();
            matches = meter.matches();
        }

        @Override
        public boolean filter(Alert alert) {
            matches.add(
                    ids.indexOf(alert.patternId()),
                    alert.userId(),
                    alert.onset().toEpochMilli(),
                    alert.detectedAt().toEpochMilli());
            return false;
        }

        @Override
        public void close() {
            meter.end(matches);
        }
    }
}
