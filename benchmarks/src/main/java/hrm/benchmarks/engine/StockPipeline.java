package hrm.benchmarks.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import hrm.functions.flink.Types;
import hrm.model.Reading;
import hrm.model.Topics;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Readings in, alerts out, from what everybody has: Kafka source, Jackson, Flink CEP, Kafka sink. A
 * source's watermark is the least of its partitions', so nothing is lost while each partition is in
 * order.
 */
final class StockPipeline {
    private StockPipeline() {}

    static void main(String servers, List<BenchPattern> patterns) throws Exception {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        var source =
                KafkaSource.<Reading>builder()
                        .setBootstrapServers(servers)
                        .setTopics(Topics.READINGS)
                        .setGroupId("stock")
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setDeserializer(new FromJson())
                        .build();
        var readings =
                env.fromSource(
                                source,
                                WatermarkStrategy.<Reading>forMonotonousTimestamps()
                                        .withTimestampAssigner(
                                                (reading, before) -> reading.timestampMs()),
                                "readings")
                        .returns(Types.READING)
                        .keyBy(Reading::userId);
        DataStream<String> alerts = null;
        for (var pattern : patterns) {
            var told =
                    CEP.pattern(readings, StockPattern.of(pattern))
                            .process(
                                    new Tell(pattern.id()),
                                    org.apache.flink.api.common.typeinfo.Types.STRING);
            alerts = alerts == null ? told : alerts.union(told);
        }
        alerts.sinkTo(
                KafkaSink.<String>builder()
                        .setBootstrapServers(servers)
                        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                        .setRecordSerializer(
                                KafkaRecordSerializationSchema.<String>builder()
                                        .setTopic(Topics.ALERTS)
                                        .setValueSerializationSchema(new Utf8())
                                        .build())
                        .build());
        env.execute("stock");
    }

    record Message(
            @JsonProperty("user_id") String user,
            @JsonProperty("timestamp") Instant timestamp,
            @JsonProperty("heart_rate") int bpm,
            @JsonProperty("device_id") String device,
            @JsonProperty("steps") int steps) {}

    private static final class FromJson implements KafkaRecordDeserializationSchema<Reading> {
        private static final long serialVersionUID = 1L;
        private transient ObjectReader json;

        @Override
        public void open(
                org.apache.flink.api.common.serialization.DeserializationSchema
                                .InitializationContext
                        context) {
            json =
                    new ObjectMapper()
                            .registerModule(new JavaTimeModule())
                            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .readerFor(Message.class);
        }

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Reading> out)
                throws IOException {
            Message message = json.readValue(record.value());
            out.collect(
                    Reading.of(
                            message.user,
                            message.device,
                            message.timestamp.toEpochMilli(),
                            message.bpm,
                            message.steps));
        }

        @Override
        public TypeInformation<Reading> getProducedType() {
            return Types.READING;
        }
    }

    /** Shorter than an alert of ours. */
    private static final class Tell extends PatternProcessFunction<Reading, String> {
        private static final long serialVersionUID = 1L;
        private final String pattern;
        private transient ObjectWriter json;

        Tell(String pattern) {
            this.pattern = pattern;
        }

        @Override
        public void open(OpenContext context) {
            json = new ObjectMapper().writer();
        }

        @Override
        public void processMatch(
                Map<String, List<Reading>> match, Context context, Collector<String> out)
                throws Exception {
            var first = match.get("0").get(0);
            out.collect(
                    json.writeValueAsString(
                            Map.of(
                                    "alert_id", UUID.randomUUID().toString(),
                                    "pattern_id", pattern,
                                    "user_id", first.userId(),
                                    "onset", Instant.ofEpochMilli(first.timestampMs()).toString(),
                                    "value", first.bpm())));
        }
    }

    private static final class Utf8 implements SerializationSchema<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] serialize(String text) {
            return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
