package hrm.jobs;

import hrm.functions.flink.ControlGate;
import hrm.functions.flink.RawRecord;
import hrm.functions.flink.ReadControl;
import hrm.functions.flink.Types;
import hrm.functions.judgement.UserEvent;
import hrm.model.Alert;
import hrm.model.Baselines;
import hrm.model.Correction;
import hrm.model.MinuteRow;
import hrm.model.PatternRejection;
import hrm.model.PatternVersions;
import hrm.model.Reevaluation;
import hrm.model.Rejection;
import hrm.model.Topics;
import hrm.model.UserProfiles;
import hrm.sinks.alerts.AlertTable;
import hrm.sinks.alerts.AlertTopic;
import hrm.sinks.readings.MinuteRows;
import hrm.sinks.reevaluations.ReevaluationTopic;
import hrm.sinks.rejected.RejectedPatternTopic;
import hrm.sinks.rejected.RejectedTopic;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Kafka and PostgreSQL. */
public final class KafkaConnectors implements Connectors {
    private final StreamExecutionEnvironment env;
    private final MonitoringOptions options;
    private final Properties client;

    public KafkaConnectors(StreamExecutionEnvironment env, MonitoringOptions options) {
        this.env = env;
        this.options = options;
        this.client = options.kafkaClient();
    }

    @Override
    public DataStream<RawRecord> rawReadings(String region) {
        return records(Topics.READINGS, region, region + ".source");
    }

    @Override
    public DataStream<UserEvent> baselines() {
        return control(Topics.BASELINES)
                .process(
                        new ReadControl<Baselines, UserEvent>(
                                Baselines.class,
                                (user, baselines) ->
                                        new UserEvent.BaselinesChanged(
                                                baselines == null
                                                        ? new Baselines(user, List.of())
                                                        : baselines)))
                .returns(Types.USER_EVENT)
                .setParallelism(1)
                .uid("detect.baselines")
                .name("detect.baselines");
    }

    @Override
    public DataStream<UserEvent> profiles() {
        return control(Topics.PROFILES)
                .process(
                        new ReadControl<UserProfiles, UserEvent>(
                                UserProfiles.class,
                                (user, profiles) ->
                                        new UserEvent.ProfilesChanged(
                                                profiles == null
                                                        ? new UserProfiles(user, List.of())
                                                        : profiles)))
                .returns(Types.USER_EVENT)
                .setParallelism(1)
                .uid("detect.profiles")
                .name("detect.profiles");
    }

    /**
     * Without a gate: nobody is judged by a correction, and one that is not applied is found again.
     * So a job without state begins at the end.
     */
    @Override
    public DataStream<UserEvent> corrections() {
        return records(
                        Topics.CORRECTIONS,
                        "detect-" + Topics.CORRECTIONS,
                        "detect.corrections.source",
                        OffsetResetStrategy.LATEST)
                .process(
                        new ReadControl<Correction, UserEvent>(
                                Correction.class,
                                (user, correction) ->
                                        correction == null
                                                ? null
                                                : new UserEvent.Corrected(correction)))
                .returns(Types.USER_EVENT)
                .uid("detect.corrections")
                .name("detect.corrections");
    }

    @Override
    public DataStream<PatternVersions> patterns() {
        return control(Topics.PATTERNS)
                .process(
                        new ReadControl<PatternVersions, PatternVersions>(
                                PatternVersions.class,
                                (id, versions) ->
                                        versions == null
                                                ? new PatternVersions(id, List.of())
                                                : versions))
                .returns(Types.PATTERN_VERSIONS)
                .setParallelism(1)
                .uid("detect.patterns")
                .name("detect.patterns");
    }

    @Override
    public DataStream<Alert> alerts(String region) {
        return records(Topics.ALERTS, region + "-alerts", region + ".alerts-source")
                .process(new ReadControl<Alert, Alert>(Alert.class, (user, alert) -> alert))
                .returns(Types.ALERT)
                .uid(region + ".alerts-read")
                .name(region + ".alerts-read");
    }

    /** A control topic behind its gate. */
    private SingleOutputStreamOperator<RawRecord> control(String topic) {
        var servers = options.bootstrapServers();
        var properties = client;
        var source =
                env.fromSource(
                                // Always whole: only state knows what this job has learnt already.
                                source(topic, "detect-" + topic, OffsetsInitializer.earliest()),
                                WatermarkStrategy.noWatermarks(),
                                topic)
                        .returns(Types.RAW)
                        .setParallelism(1)
                        .uid("detect." + topic + ".source");
        return source.transform(
                        "detect." + topic + ".gate",
                        Types.RAW,
                        new ControlGate(
                                topic, () -> KafkaAccess.lastVisible(servers, properties, topic)))
                .setParallelism(1)
                .uid("detect." + topic + ".gate");
    }

    private DataStream<RawRecord> records(String topic, String group, String uid) {
        return records(topic, group, uid, OffsetResetStrategy.EARLIEST);
    }

    private DataStream<RawRecord> records(
            String topic, String group, String uid, OffsetResetStrategy otherwise) {
        var goOn = OffsetsInitializer.committedOffsets(otherwise);
        return env.fromSource(source(topic, group, goOn), alwaysOpen(), uid)
                .returns(Types.RAW)
                .uid(uid);
    }

    private KafkaSource<RawRecord> source(String topic, String group, OffsetsInitializer from) {
        return KafkaSource.<RawRecord>builder()
                .setBootstrapServers(options.bootstrapServers())
                .setProperties(client)
                .setProperty("allow.auto.create.topics", "false")
                .setProperty("isolation.level", "read_committed")
                .setTopics(topic)
                .setGroupId(options.consumerGroup + "-" + group)
                .setStartingOffsets(from)
                .setDeserializer(new RawRecords())
                .build();
    }

    /** The watermark only says whether what judges is there; readings have nothing to add. */
    private static WatermarkStrategy<RawRecord> alwaysOpen() {
        return WatermarkStrategy.forGenerator(context -> new AlwaysOpen());
    }

    private static final class AlwaysOpen implements WatermarkGenerator<RawRecord> {
        @Override
        public void onEvent(RawRecord record, long timestamp, WatermarkOutput output) {}

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            output.emitWatermark(new Watermark(ControlGate.OPEN.getTimestamp()));
        }
    }

    @Override
    public Sink<MinuteRow> minuteTable() {
        return MinuteRows.sink(options.database());
    }

    @Override
    public Sink<Alert> alertTable() {
        return AlertTable.sink(options.database());
    }

    @Override
    public Sink<Rejection> rejectedTopic() {
        return RejectedTopic.sink(options.kafka());
    }

    @Override
    public Sink<Alert> alertTopic() {
        return options.delivery() == MonitoringOptions.Delivery.EXACTLY_ONCE
                ? AlertTopic.exactlyOnceSink(options.kafka(), options.consumerGroup + "-alerts")
                : AlertTopic.sink(options.kafka());
    }

    @Override
    public Sink<Reevaluation> reevaluationTopic() {
        return ReevaluationTopic.sink(options.kafka());
    }

    @Override
    public Sink<PatternRejection> rejectedPatternTopic() {
        return RejectedPatternTopic.sink(options.kafka());
    }
}
