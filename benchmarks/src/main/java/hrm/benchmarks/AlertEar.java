package hrm.benchmarks;

import hrm.model.Alert;
import hrm.model.Json;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Hears every alert event on the topic, and when the broker appended it. */
final class AlertEar implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Decision, Long> appendedMs = new ConcurrentHashMap<>();
    private final Set<UUID> events = ConcurrentHashMap.newKeySet();
    private final Set<UUID> episodes = ConcurrentHashMap.newKeySet();
    private final AtomicLong records = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread listener = new Thread(this::listen, "hrm-bench-alerts");
    private volatile boolean stopping;

    AlertEar(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
        listener.setDaemon(true);
        listener.start();
    }

    private void listen() {
        try (consumer) {
            while (!stopping) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var alert = Json.read(record.value(), Alert.class);
                    // Of one that comes twice the first counts, as everywhere.
                    appendedMs.putIfAbsent(Decision.of(alert), record.timestamp());
                    events.add(alert.eventId());
                    episodes.add(alert.episodeId());
                    records.incrementAndGet();
                }
            }
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    /** When the broker appended each, by its own clock. */
    Map<Decision, Long> appendedMs() {
        if (failure.get() != null) {
            throw new Failure("Alerts could not be read: " + failure.get(), failure.get());
        }
        return appendedMs;
    }

    /** Records on the topic, repeated events included. */
    long records() {
        return records.get();
    }

    Set<UUID> events() {
        return new HashSet<>(events);
    }

    Set<UUID> episodes() {
        return new HashSet<>(episodes);
    }

    @Override
    public void close() {
        stopping = true;
        try {
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
