package hrm.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** Counts numbers by their last digit; each count is written to a file when its last one came. */
public final class CountJob {
    private CountJob() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            throw new IllegalArgumentException("Give COUNT, RATE and FOLDER");
        }
        var count = Long.parseLong(args[0]);
        var source =
                new DataGeneratorSource<>(
                        number -> number,
                        count,
                        RateLimiterStrategy.perSecond(Double.parseDouble(args[1])),
                        Types.LONG);
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers")
                .setParallelism(1)
                .keyBy(number -> number % 10, Types.LONG)
                .process(new Count(count, args[2]), Types.LONG)
                .uid("count")
                .setParallelism(2)
                .sinkTo(new DiscardingSink<>())
                .uid("discard")
                .setParallelism(2);
        env.execute("count");
    }

    private static final class Count extends KeyedProcessFunction<Long, Long, Long> {
        private static final long serialVersionUID = 1L;
        private final long total;
        private final String folder;
        private transient ValueState<Long> seen;

        Count(long total, String folder) {
            this.total = total;
            this.folder = folder;
        }

        @Override
        public void open(OpenContext context) {
            seen = getRuntimeContext().getState(new ValueStateDescriptor<>("seen", Types.LONG));
        }

        @Override
        public void processElement(Long number, Context context, Collector<Long> out)
                throws Exception {
            var before = seen.value();
            var now = before == null ? 1 : before + 1;
            seen.update(now);
            if (number >= total - 10) {
                Files.writeString(
                        Path.of(folder, context.getCurrentKey().toString()), Long.toString(now));
            }
        }
    }
}
