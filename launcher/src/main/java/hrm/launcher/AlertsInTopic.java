package hrm.launcher;

import hrm.model.Alert;
import hrm.model.Json;
import hrm.model.Topics;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Alerts as the topic has them; where it has deleted events by their age, only later ones. */
final class AlertsInTopic implements AlertSource {
    /** As the table does: no backfill in place of what was live, and the id decides a draw. */
    private static final BinaryOperator<Alert> NEWER =
            BinaryOperator.maxBy(
                    Comparator.comparing((Alert alert) -> alert.mode() != Alert.Mode.BACKFILL)
                            .thenComparingInt(Alert::revision)
                            .thenComparing(alert -> alert.eventId().toString()));

    private final Broker broker;
    private final Consumer<String> complain;

    /**
     * @param complain told of each record that is no alert
     */
    AlertsInTopic(Broker broker, Consumer<String> complain) {
        this.broker = broker;
        this.complain = complain;
    }

    @Override
    public List<Alert> episodes(AlertFilter.Episodes filter, int limit) {
        var newest = new HashMap<UUID, Alert>();
        events(alert -> newest.merge(alert.episodeId(), alert, NEWER));
        return newest.values().stream()
                .filter(filter::accepts)
                .sorted(
                        Comparator.comparing(Alert::onset)
                                .reversed()
                                .thenComparing(alert -> alert.episodeId().toString()))
                .limit(limit)
                .toList();
    }

    @Override
    public void events(Consumer<Alert> each) {
        broker.each(Topics.ALERTS, record -> read(record, complain).ifPresent(each));
    }

    /** The alert of a record; empty for one that is none. */
    static Optional<Alert> read(ConsumerRecord<byte[], byte[]> record, Consumer<String> complain) {
        try {
            return Optional.of(Json.read(record.value(), Alert.class));
        } catch (UncheckedIOException e) {
            complain.accept(
                    "Left out a record of "
                            + record.topic()
                            + " (partition "
                            + record.partition()
                            + ", offset "
                            + record.offset()
                            + "): "
                            + e.getCause().getMessage());
            return Optional.empty();
        }
    }

    @Override
    public List<Alert> find(AlertId id) {
        var all = new ArrayList<Alert>();
        var episodes = new HashSet<UUID>();
        events(
                alert -> {
                    all.add(alert);
                    if (id.means(alert)) {
                        episodes.add(alert.episodeId());
                    }
                });
        all.removeIf(alert -> !episodes.contains(alert.episodeId()));
        return all;
    }
}
