package hrm.jobs;

import hrm.model.Topics;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * How far the region {@code store} has come: what its consumer groups have committed is in the
 * database, since they commit when a checkpoint is complete.
 */
final class StoreProgress {
    private record Topic(String name, Map<Integer, Long> committed) {}

    private final String bootstrapServers;
    private final Properties client;
    private final List<Topic> topics;
    private final Map<Instant, Boolean> answers = new HashMap<>();

    StoreProgress(String bootstrapServers, Properties client, String consumerGroup) {
        this.bootstrapServers = bootstrapServers;
        this.client = client;
        this.topics =
                List.of(
                        topic(Topics.READINGS, consumerGroup + "-store"),
                        topic(Topics.ALERTS, consumerGroup + "-store-alerts"));
    }

    private Topic topic(String name, String group) {
        return new Topic(name, KafkaAccess.committed(bootstrapServers, client, name, group));
    }

    /** Whether all readings and alerts that Kafka had at that time are in the database. */
    boolean hasWrittenAllUntil(Instant time) {
        return answers.computeIfAbsent(
                time,
                asked ->
                        topics.stream()
                                .allMatch(
                                        topic ->
                                                KafkaAccess.firstAfter(
                                                                bootstrapServers,
                                                                client,
                                                                topic.name(),
                                                                asked)
                                                        .entrySet()
                                                        .stream()
                                                        .allMatch(
                                                                end ->
                                                                        topic.committed()
                                                                                        .getOrDefault(
                                                                                                end
                                                                                                        .getKey(),
                                                                                                0L)
                                                                                >= end
                                                                                        .getValue())));
    }
}
