package hrm.benchmarks;

import hrm.model.ReadingCodec;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends a plan's readings, each when it is due, until it is closed. */
final class SteadyLoad implements AutoCloseable {
    private final AttackPlan plan;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<Decision, Long> appendedMs = new ConcurrentHashMap<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread sender = new Thread(this::send, "hrm-bench-load");
    private volatile boolean stopping;
    private volatile long sent;
    private volatile long mostBehindMs;

    /** Starts it; the producer is closed with it. */
    SteadyLoad(AttackPlan plan, KafkaProducer<byte[], byte[]> producer) {
        this.plan = plan;
        this.producer = producer;
        sender.setDaemon(true);
        sender.start();
    }

    private void send() {
        for (long second = 0; ; second++) {
            for (int person = 0; person < plan.people(); person++) {
                long due = plan.dueMs(second, person);
                awaitClock(due);
                if (stopping) {
                    return;
                }
                mostBehindMs = Math.max(mostBehindMs, System.currentTimeMillis() - due);
                send(second, person);
            }
        }
    }

    private void awaitClock(long dueMs) {
        for (long left = dueMs - System.currentTimeMillis();
                left > 0 && !stopping;
                left = dueMs - System.currentTimeMillis()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(left));
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
    private void send(long second, int person) {
        var reading = plan.reading(second, person);
        var state = plan.decides(second, person);
        producer.send(
                new ProducerRecord<>(
                        Topics.READINGS,
                        reading.userId().getBytes(StandardCharsets.UTF_8),
                        ReadingCodec.encode(reading)),
                (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    } else if (state != null) {
                        appendedMs.put(
                                new Decision(reading.userId(), reading.timestampMs(), state),
                                metadata.timestamp());
                    }
                });
        sent++;
    }

    long sent() {
        return sent;
    }

    /** How late a reading was sent, at worst. */
    long mostBehindMs() {
        return mostBehindMs;
    }

    /** When the broker appended each deciding reading, by its own clock. */
    Map<Decision, Long> appendedMs() {
        return appendedMs;
    }

    /**
     * Stops and waits until Kafka has all.
     *
     * @throws Failure when Kafka did not take a reading
     */
    @Override
    public void close() {
        stopping = true;
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
        if (failure.get() != null) {
            throw new Failure(
                    "Kafka did not take a reading: " + failure.get().getMessage(), failure.get());
        }
    }
}
