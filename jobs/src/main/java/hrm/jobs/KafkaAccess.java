package hrm.jobs;

import hrm.model.Json;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What jobs ask Kafka for besides records. */
final class KafkaAccess {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long one question for the topics may take. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private KafkaAccess() {}

    /**
     * Client properties from a file such as Kafka's own tools take: security.protocol, sasl.*,
     * ssl.*.
     */
    static Properties read(Path file) throws IOException {
        var properties = new Properties();
        if (file != null) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        return properties;
    }

    /**
     * A source of a topic that does not exist fails the whole job after its submission has already
     * succeeded, so this is asked before.
     *
     * @param waitFor how long Kafka and the topics may take to appear
     * @throws JobException naming the topics that are missing and how to create them
     */
    static void requireTopics(
            String bootstrapServers,
            Properties client,
            Collection<String> topics,
            Duration waitFor) {
        WaitFor.all(waitFor, () -> missing(bootstrapServers, client, topics));
    }

    private static JobException missing(
            String bootstrapServers, Properties client, Collection<String> topics) {
        try (var admin = Admin.create(with(client, bootstrapServers))) {
            var missing = new TreeSet<>(topics);
            var answer = new ListTopicsOptions().timeoutMs((int) ANSWER.toMillis());
            missing.removeAll(admin.listTopics(answer).names().get());
            return missing.isEmpty()
                    ? null
                    : new JobException(missingTopics(bootstrapServers, missing));
        } catch (ExecutionException e) {
            var silent = silent(bootstrapServers, e.getCause());
            if (e.getCause() instanceof TimeoutException) {
                return silent;
            }
            throw silent;
        } catch (KafkaException e) {
            var silent = silent(bootstrapServers, e.getCause() == null ? e : e.getCause());
            // Where containers start together, a name may not be known yet.
            if (silent.getMessage().contains("No resolvable bootstrap urls")) {
                return silent;
            }
            throw silent;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("Interrupted while asking Kafka for its topics.", e);
        }
    }

    private static JobException silent(String bootstrapServers, Throwable why) {
        return new JobException(
                "Kafka at "
                        + bootstrapServers
                        + " does not answer ("
                        + why.getMessage()
                        + "). Check --bootstrap-servers, and --kafka-config if it asks for"
                        + " SASL or TLS.",
                why);
    }

    private static String missingTopics(String bootstrapServers, Set<String> missing) {
        var text = new StringBuilder("Kafka at " + bootstrapServers + " lacks ");
        text.append(String.join(", ", missing))
                .append(". Run once: hrm setup. Or create what is missing:");
        for (var topic : hrm.model.Topics.ALL) {
            if (missing.contains(topic.name())) {
                text.append("\n  kafka-topics.sh --bootstrap-server ")
                        .append(bootstrapServers)
                        .append(" --create --topic ")
                        .append(topic.name())
                        .append(" --partitions ")
                        .append(topic.partitions())
                        .append(topic.compacted() ? " --config cleanup.policy=compact" : "");
            }
        }
        return text.toString();
    }

    /**
     * Offset of the last record that a reader sees in each partition. The end offset itself may be
     * a transaction's marker, an aborted record, or gone, so this reads backwards from it.
     *
     * @return partitions without a visible record are left out
     */
    static Map<Integer, Long> lastVisible(
            String bootstrapServers, Properties client, String topic) {
        try (var consumer = reader(bootstrapServers, client)) {
            var partitions = partitions(consumer, topic);
            var beginnings = consumer.beginningOffsets(partitions, PATIENCE);
            var ends = consumer.endOffsets(partitions, PATIENCE);
            var last = new HashMap<Integer, Long>();
            for (var partition : partitions) {
                long offset =
                        lastVisible(
                                consumer,
                                partition,
                                beginnings.get(partition),
                                ends.get(partition));
                if (offset >= 0) {
                    last.put(partition.partition(), offset);
                }
            }
            return last;
        }
    }

    private static long lastVisible(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long begin,
            long end) {
        consumer.assign(List.of(partition));
        long back = 2;
        long found = -1;
        long from = end;
        // Doubling steps back: usually the last record is right before the end.
        while (found < 0 && from > begin) {
            from = Math.max(begin, end - back);
            back *= 2;
            consumer.seek(partition, from);
            while (consumer.position(partition, PATIENCE) < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    found = record.offset() < end ? record.offset() : found;
                }
            }
        }
        return found;
    }

    /** What a consumer group has committed of a topic; partitions without it are left out. */
    static Map<Integer, Long> committed(
            String bootstrapServers, Properties client, String topic, String group) {
        try (var admin = Admin.create(with(client, bootstrapServers))) {
            var committed = new HashMap<Integer, Long>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach(
                            (partition, offset) -> {
                                if (partition.topic().equals(topic) && offset != null) {
                                    committed.put(partition.partition(), offset.offset());
                                }
                            });
            return committed;
        } catch (ExecutionException e) {
            throw silent(bootstrapServers, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("Interrupted while asking Kafka for offsets.", e);
        }
    }

    /**
     * Offset of the first record that is later than a time in each partition, or the one after the
     * last that a reader sees; empty partitions are left out.
     */
    static Map<Integer, Long> firstAfter(
            String bootstrapServers, Properties client, String topic, Instant time) {
        var first = new HashMap<Integer, Long>();
        lastVisible(bootstrapServers, client, topic)
                .forEach((partition, offset) -> first.put(partition, offset + 1));
        try (var consumer = reader(bootstrapServers, client)) {
            var asked = new HashMap<TopicPartition, Long>();
            for (var partition : partitions(consumer, topic)) {
                asked.put(partition, time.toEpochMilli() + 1);
            }
            consumer.offsetsForTimes(asked, PATIENCE)
                    .forEach(
                            (partition, found) -> {
                                if (found != null) {
                                    first.merge(partition.partition(), found.offset(), Math::min);
                                }
                            });
        }
        return first;
    }

    /** The newest record of each key of a compacted topic, by key; deleted keys are left out. */
    static Map<String, ConsumerRecord<byte[], byte[]>> newestWithTimes(
            String bootstrapServers, Properties client, String topic) {
        var newest = new TreeMap<String, ConsumerRecord<byte[], byte[]>>();
        eachRecord(
                bootstrapServers,
                client,
                topic,
                record -> {
                    var key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        newest.remove(key);
                    } else {
                        newest.put(key, record);
                    }
                });
        return newest;
    }

    /** The newest value of each key of a compacted topic, by key; deleted keys are left out. */
    static <T> Map<String, T> newest(
            String bootstrapServers, Properties client, String topic, Class<T> type) {
        var newest = new TreeMap<String, T>();
        newestWithTimes(bootstrapServers, client, topic)
                .forEach((key, record) -> newest.put(key, Json.read(record.value(), type)));
        return newest;
    }

    private static void eachRecord(
            String bootstrapServers,
            Properties client,
            String topic,
            Consumer<ConsumerRecord<byte[], byte[]>> each) {
        try (var consumer = reader(bootstrapServers, client)) {
            var partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions, PATIENCE);
            for (var partition : partitions) {
                while (consumer.position(partition, PATIENCE) < ends.get(partition)) {
                    consumer.poll(Duration.ofMillis(200)).forEach(each);
                }
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> reader(
            String bootstrapServers, Properties client) {
        var properties = with(client, bootstrapServers);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "hrm-gate-" + UUID.randomUUID());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        var bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(properties, bytes, bytes);
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic, PATIENCE).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private static Properties with(Properties client, String bootstrapServers) {
        var properties = new Properties();
        properties.putAll(client);
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }
}
