package hrm.launcher;

import hrm.model.Json;
import hrm.model.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka, as the commands need it. */
final class Broker {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PATIENCE_MS = Long.toString(PATIENCE.toMillis());

    private final String bootstrapServers;
    private final Properties config;

    /**
     * @param config what the site sets besides: SASL, TLS
     */
    Broker(String bootstrapServers, Properties config) {
        this.bootstrapServers = bootstrapServers;
        this.config = config;
    }

    /**
     * @param file null for none
     */
    static Properties config(Path file) {
        var properties = new Properties();
        if (file != null) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new Failure(
                        "--kafka-config " + file + ": cannot be read (" + e.getMessage() + ")", e);
            }
        }
        return properties;
    }

    /**
     * The newest value of each key of a compacted topic; deleted keys are left out.
     *
     * @throws Failure when Kafka does not answer, or the topic is not there
     */
    <T> Map<String, T> newest(String topic, Class<T> type) {
        var found = new HashMap<String, T>();
        each(
                topic,
                record -> {
                    var key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        found.remove(key);
                    } else {
                        found.put(key, Json.read(record.value(), type));
                    }
                });
        return found;
    }

    /**
     * Every record that a topic has now; those of a partition in their order.
     *
     * @throws Failure when Kafka does not answer, or the topic is not there
     */
    void each(String topic, Consumer<ConsumerRecord<byte[], byte[]>> taking) {
        requireTopic(topic);
        try (var consumer = consumer()) {
            var partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions, PATIENCE);
            for (var partition : partitions) {
                while (consumer.position(partition, PATIENCE) < ends.get(partition)) {
                    consumer.poll(Duration.ofMillis(200)).forEach(taking);
                }
            }
        } catch (KafkaException e) {
            throw doesNotAnswer(e);
        }
    }

    /** Writes these values, and waits until Kafka has them. */
    void write(String topic, Map<String, ?> values) {
        try (var producer = producer()) {
            var sent = new LinkedHashMap<String, java.util.concurrent.Future<?>>();
            values.forEach(
                    (key, value) ->
                            sent.put(
                                    key,
                                    producer.send(
                                            new ProducerRecord<>(
                                                    topic,
                                                    key.getBytes(StandardCharsets.UTF_8),
                                                    Json.write(value)))));
            for (var one : sent.values()) {
                one.get();
            }
        } catch (KafkaException e) {
            throw doesNotAnswer(e);
        } catch (ExecutionException e) {
            throw doesNotAnswer(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    KafkaProducer<byte[], byte[]> producer() {
        var properties = client();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MS);
        var bytes = new ByteArraySerializer();
        return new KafkaProducer<>(properties, bytes, bytes);
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** Assigned by hand; reads from the beginning unless told otherwise. */
    KafkaConsumer<byte[], byte[]> consumer() {
        var properties = client();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "hrm-launcher-" + UUID.randomUUID());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        var bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(properties, bytes, bytes);
    }

    static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        return consumer.partitionsFor(topic, PATIENCE).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** End offsets of a topic's partitions. */
    Map<TopicPartition, Long> ends(Admin admin, String topic) {
        try {
            var partitions =
                    admin
                            .describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .partitions()
                            .stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            return admin
                    .listOffsets(
                            partitions.stream()
                                    .collect(
                                            Collectors.toMap(
                                                    one -> one, one -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().offset()));
        } catch (ExecutionException e) {
            throw doesNotAnswer(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** How many records of a topic a consumer group has not reported as done. */
    long remaining(Admin admin, String group, String topic) {
        try {
            var done = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            long remaining = 0;
            for (var end : ends(admin, topic).entrySet()) {
                var offset = done.get(end.getKey());
                remaining += end.getValue() - (offset == null ? 0 : offset.offset());
            }
            return remaining;
        } catch (ExecutionException e) {
            throw doesNotAnswer(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    Admin admin() {
        return Admin.create(client());
    }

    /**
     * Asks one thing, and waits for the answer.
     *
     * @throws Failure when Kafka does not answer, or refuses
     */
    <T> T ask(Function<Admin, KafkaFuture<T>> question) {
        try (var admin = admin()) {
            return question.apply(admin).get();
        } catch (KafkaException e) {
            throw doesNotAnswer(e);
        } catch (ExecutionException e) {
            throw doesNotAnswer(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * @throws Failure when it is not there, and how to create it
     */
    void requireTopic(String topic) {
        try (var admin = admin()) {
            if (!admin.listTopics().names().get().contains(topic)) {
                var known = Topics.ALL.stream().filter(one -> one.name().equals(topic)).findFirst();
                throw new Failure(
                        "Kafka at "
                                + bootstrapServers
                                + " has no topic "
                                + topic
                                + ". Create it:\n  kafka-topics.sh --bootstrap-server "
                                + bootstrapServers
                                + " --create --topic "
                                + topic
                                + known.map(
                                                one ->
                                                        " --partitions "
                                                                + one.partitions()
                                                                + (one.compacted()
                                                                        ? " --config"
                                                                                + " cleanup.policy=compact"
                                                                        : ""))
                                        .orElse(""));
            }
        } catch (ExecutionException e) {
            throw doesNotAnswer(e.getCause());
        } catch (KafkaException e) {
            throw doesNotAnswer(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    Failure doesNotAnswer(Throwable e) {
        return new Failure(
                "Kafka at "
                        + bootstrapServers
                        + " does not answer ("
                        + (e.getCause() instanceof KafkaException ? e.getCause() : e).getMessage()
                        + "). Check --bootstrap-servers, and --kafka-config if it asks for SASL or"
                        + " TLS.",
                e);
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure("Interrupted while waiting for Kafka.", e);
    }

    private Properties client() {
        var properties = new Properties();
        properties.put("request.timeout.ms", "5000");
        properties.put("default.api.timeout.ms", PATIENCE_MS);
        properties.put("delivery.timeout.ms", "20000");
        properties.putAll(config);
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }
}
