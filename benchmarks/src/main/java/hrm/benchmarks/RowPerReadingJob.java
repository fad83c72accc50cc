package hrm.benchmarks;

import hrm.functions.flink.Types;
import hrm.functions.flink.Validate;
import hrm.jobs.KafkaConnectors;
import hrm.jobs.MonitoringOptions;
import java.util.Arrays;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Region {@code store} of the monitoring job with the readings kept as rows instead of minutes: the
 * same sources, checks and other sinks. Rows need no gathering, so there is no keyed step.
 */
public final class RowPerReadingJob {
    private RowPerReadingJob() {}

    /**
     * @param args rows a batch, then the monitoring job's options
     */
    public static void main(String[] args) throws Exception {
        int batchSize = Integer.parseInt(args[0]);
        var options = MonitoringOptions.parse(Arrays.copyOfRange(args, 1, args.length));
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        var io = new KafkaConnectors(env, options);
        var readings =
                io.rawReadings("store")
                        .process(new Validate())
                        .uid("store.validate")
                        .name("store.validate")
                        .returns(Types.READING);
        readings.sinkTo(ReadingRows.sink(options.database(), batchSize))
                .uid("store.readings")
                .name("store.readings");
        readings.getSideOutput(Validate.REJECTED)
                .sinkTo(io.rejectedTopic())
                .uid("store.rejected")
                .name("store.rejected");
        io.alerts("store").sinkTo(io.alertTable()).uid("store.alerts").name("store.alerts");
        env.execute("row per reading");
    }
}
