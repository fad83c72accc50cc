package hrm.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaIT {
    private static final String TOPIC = "numbers";
    private static final List<String> NUMBERS =
            IntStream.range(0, 100).mapToObj(Integer::toString).toList();

    @Test
    void recordsSurviveAKillAndALaterStartAtAnotherPort() throws Exception {
        TemporaryFolder folder;
        try (var temporary = TemporaryFolder.create("hrm-kafka-it-")) {
            folder = temporary;
            var said = new ArrayList<String>();
            var dir = temporary.path().resolve("kafka");
            try (var kafka = EmbeddedKafka.start(dir, 0, said::add)) {
                kafka.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)));
                send(kafka);

                kafka.kill();
                assertThat(kafka.process().isAlive()).isFalse();
                kafka.start();

                assertThat(read(kafka)).isEqualTo(NUMBERS);
                assertThat(said).hasSize(4).element(1).asString().startsWith("Kafka is ready on");
            }

            try (var kafka = EmbeddedKafka.start(dir)) {
                // Creating what is there is no error and takes nothing away.
                kafka.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)));

                assertThat(read(kafka)).isEqualTo(NUMBERS);
                assertThatThrownBy(
                                () ->
                                        EmbeddedKafka.start(
                                                temporary.path().resolve("second"),
                                                kafka.port(),
                                                line -> {}))
                        .isInstanceOf(StartFailure.class)
                        .hasMessageContaining("Port " + kafka.port() + " is taken")
                        .hasMessageContaining("choose another port");
            }
        }
        assertThat(folder.path()).doesNotExist();
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    private static void send(EmbeddedKafka kafka) throws Exception {
        var settings = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (var number : NUMBERS) {
                producer.send(new ProducerRecord<>(TOPIC, "key", number)).get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> read(EmbeddedKafka kafka) {
        var settings =
                Map.<String, Object>of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "auto.offset.reset",
                        "earliest");
        try (var consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            var read = new ArrayList<String>();
            var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (read.size() < NUMBERS.size() && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> read.add(record.value()));
            }
            return read;
        }
    }
}
