package hrm.launcher;

import hrm.model.Alert;
import hrm.model.AlertHash;
import hrm.model.Json;
import hrm.model.RejectReason;
import hrm.model.RejectionHeaders;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Reads alerts and rejections as they come, as any consumer of the topics would. */
final class Listener implements AutoCloseable {
    private static final long HIGHEST_US = Duration.ofMinutes(10).toNanos() / 1_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Sent sent;
    private final Consumer<Alert> onAlert;
    private final Thread thread;

    private final Set<UUID> seen = new HashSet<>();
    private final AlertHash hash = new AlertHash();
    private final Map<String, Integer> openedByPattern = new TreeMap<>();
    private final Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Histogram latencyUs = new Histogram(HIGHEST_US, 3);
    private int episodes;
    private RuntimeException failure;

    /** Starts at the end of what is there: only what comes from now on. */
    Listener(Broker broker, Sent sent, Consumer<Alert> onAlert) {
        this.sent = sent;
        this.onAlert = onAlert;
        this.consumer = broker.consumer();
        var partitions = new ArrayList<TopicPartition>();
        partitions.addAll(Broker.partitions(consumer, Topics.ALERTS));
        partitions.addAll(Broker.partitions(consumer, Topics.REJECTED));
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(one -> positions.put(one, consumer.position(one)));
        this.thread = new Thread(this::listen, "hrm-alerts");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        try {
            while (true) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    take(record, System.nanoTime());
                }
            }
        } catch (WakeupException e) {
            // closed
        } catch (RuntimeException e) {
            synchronized (this) {
                failure = e;
            }
        } finally {
            consumer.close();
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, long nanoTime) {
        Alert alert = null;
        if (record.topic().equals(Topics.ALERTS)) {
            alert = Json.read(record.value(), Alert.class);
        }
        synchronized (this) {
            if (alert == null) {
                rejected.merge(reason(record), 1L, Long::sum);
            } else if (!seen.add(alert.eventId())) {
                alert = null; // at least once: it has been told
            } else {
                count(alert, nanoTime);
            }
        }
        if (alert != null) {
            onAlert.accept(alert);
        }
        // Last: whoever waits for this position may then rely on what was told.
        synchronized (this) {
            positions.put(
                    new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
    }

    private void count(Alert alert, long nanoTime) {
        hash.add(alert);
        if (alert.state() != Alert.State.OPENED) {
            return;
        }
        episodes++;
        openedByPattern.merge(alert.patternId(), 1, Integer::sum);
        var when = sent.whenDecided(alert);
        if (when != null) {
            latencyUs.recordValue(Math.max(0, Math.min(HIGHEST_US, (nanoTime - when) / 1_000)));
        }
    }

    private static RejectReason reason(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(RejectionHeaders.REASON);
        return RejectReason.valueOf(new String(header.value(), StandardCharsets.UTF_8));
    }

    /** Whether everything up to these ends has been read. */
    synchronized boolean hasRead(Map<TopicPartition, Long> ends) {
        if (failure != null) {
            throw failure;
        }
        return ends.entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /** Episodes that opened, each counted once. */
    synchronized int episodes() {
        return episodes;
    }

    synchronized Map<String, Integer> openedByPattern() {
        return new TreeMap<>(openedByPattern);
    }

    synchronized Map<RejectReason, Long> rejected() {
        return new EnumMap<>(rejected);
    }

    synchronized long rejectedCount() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of all events so far, to compare runs by. */
    synchronized String hash() {
        return hash.digest();
    }

    /** From a reading sent to its alert received, microseconds. */
    synchronized Histogram latencyUs() {
        return latencyUs.copy();
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
