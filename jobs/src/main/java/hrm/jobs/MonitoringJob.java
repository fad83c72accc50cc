package hrm.jobs;

import static hrm.jobs.MonitoringOptions.Region.DETECT;
import static hrm.jobs.MonitoringOptions.Region.STORE;

import hrm.functions.flink.GatherMinutes;
import hrm.functions.flink.Judge;
import hrm.functions.flink.Types;
import hrm.functions.flink.Validate;
import hrm.functions.judgement.UserEvent;
import hrm.model.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Readings in, alerts out: picture in {@code docs/architecture.md}. The regions share topics,
 * nothing else, so that a database that is slow or gone never delays an alert.
 */
public final class MonitoringJob {
    /**
     * In how many parts keyed state is cut: the most tasks that can share it. Part of a savepoint,
     * so never changed. It has more divisors than Flink's own 128, and so goes evenly on 3, 6 or 48
     * tasks too.
     */
    static final int KEY_GROUPS = 720;

    private MonitoringJob() {}

    public static void main(String[] args) throws Exception {
        var options = MonitoringOptions.parse(args);
        KafkaAccess.requireTopics(
                options.bootstrapServers(),
                options.kafkaClient(),
                topics(options),
                options.waitFor);
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        if (options.checkpointInterval != null) {
            env.enableCheckpointing(options.checkpointInterval.toMillis());
        }
        build(new KafkaConnectors(env, options), options);
        env.execute("monitoring");
    }

    static void build(Connectors io, MonitoringOptions options) {
        if (options.runs(STORE)) {
            store(io, options);
        }
        if (options.runs(DETECT)) {
            detect(io);
        }
    }

    private static void store(Connectors io, MonitoringOptions options) {
        var readings =
                step("store.validate", io.rawReadings("store").process(new Validate()))
                        .returns(Types.READING);
        var minutes =
                step(
                        "store.minutes",
                        readings.transform(
                                "store.minutes",
                                Types.MINUTE_ROW,
                                new GatherMinutes(options.minuteSilence)));
        step("store.readings", minutes.sinkTo(io.minuteTable()));
        step(
                "store.rejected",
                readings.getSideOutput(Validate.REJECTED).sinkTo(io.rejectedTopic()));
        step("store.alerts", io.alerts("store").sinkTo(io.alertTable()));
    }

    private static void detect(Connectors io) {
        DataStream<UserEvent> readings =
                step("detect.validate", io.rawReadings("detect").process(new Validate()))
                        .returns(Types.READING)
                        .map(reading -> (UserEvent) new UserEvent.Measured(reading))
                        .returns(Types.USER_EVENT)
                        .uid("detect.readings")
                        .name("detect.readings");
        DataStream<UserEvent> events =
                readings.union(io.baselines(), io.profiles(), io.corrections());
        var alerts =
                step(
                        "detect.judge",
                        events.keyBy(UserEvent::userId)
                                .connect(io.patterns().broadcast(Judge.CATALOGUE, Judge.CHANGES))
                                .process(new Judge())
                                .returns(Types.ALERT)
                                .setMaxParallelism(KEY_GROUPS));
        step("detect.alerts", alerts.sinkTo(io.alertTopic()));
        step("detect.late", alerts.getSideOutput(Judge.REEVALUATE).sinkTo(io.reevaluationTopic()));
        step(
                "detect.rejected-patterns",
                alerts.getSideOutput(Judge.REJECTED)
                        .sinkTo(io.rejectedPatternTopic())
                        .setParallelism(1));
    }

    private static List<String> topics(MonitoringOptions options) {
        var topics = new ArrayList<>(List.of(Topics.READINGS, Topics.ALERTS));
        if (options.runs(STORE)) {
            topics.add(Topics.REJECTED);
        }
        if (options.runs(DETECT)) {
            topics.addAll(
                    List.of(
                            Topics.PATTERNS,
                            Topics.BASELINES,
                            Topics.PROFILES,
                            Topics.REEVALUATIONS,
                            Topics.CORRECTIONS,
                            Topics.REJECTED_PATTERNS));
        }
        return topics;
    }

    /** The uid by which a savepoint knows an operator: never changed. */
    private static <T> SingleOutputStreamOperator<T> step(
            String uid, SingleOutputStreamOperator<T> operator) {
        return operator.uid(uid).name(uid);
    }

    private static <T> void step(String uid, DataStreamSink<T> sink) {
        sink.uid(uid).name(uid);
    }
}
