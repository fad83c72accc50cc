package hrm.patterns.example;

import hrm.patterns.Input;
import hrm.patterns.Matcher;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.compile.PatternCompiler;
import hrm.patterns.flink.Matchers;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Says who matches a pattern. One packed value a key: its clock, and what is half-finished. */
public class FindMatches extends KeyedProcessFunction<String, FindMatches.Beat, String> {
    public record Beat(String user, long timeMs, int bpm, int steps) {}

    private final String yaml;
    private transient Matcher matcher;
    private transient ValueState<byte[]> packed;

    public FindMatches(String yaml) {
        this.yaml = yaml;
    }

    /** The job: {@code FindMatches.in(beats, yaml).sinkTo(…)}. */
    public static DataStream<String> in(DataStream<Beat> beats, String yaml) {
        return beats.keyBy(Beat::user).process(new FindMatches(yaml)).uid("find-matches");
    }

    @Override
    public void open(OpenContext context) {
        var spec = PatternLoader.load("the pattern", yaml).orThrow(); // says line, column, advice
        matcher = Matchers.of(PatternCompiler.compile(spec));
        var bytes = PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
        packed = getRuntimeContext().getState(new ValueStateDescriptor<>("packed", bytes));
    }

    @Override
    public void processElement(Beat beat, Context context, Collector<String> out) throws Exception {
        var kept = packed.value() == null ? null : new DataInputDeserializer(packed.value());
        long clock = kept == null ? Long.MIN_VALUE : kept.readLong();
        if (beat.timeMs() <= clock) {
            return; // late or doubled: for a side output
        }
        var state = kept == null ? matcher.start() : matcher.read(kept);
        var values = new Values().set(Name.BPM, beat.bpm()).set(Name.STEPS, beat.steps());
        matcher.advance(
                state,
                Input.reading(values, beat.timeMs()),
                match ->
                        out.collect(
                                beat.user() + " since " + Instant.ofEpochMilli(match.onsetMs())));
        var bytes = new DataOutputSerializer(64);
        bytes.writeLong(beat.timeMs());
        matcher.write(state, bytes);
        packed.update(bytes.getCopyOfBuffer());
    }
}
