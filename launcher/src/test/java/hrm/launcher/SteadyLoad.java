package hrm.launcher;

import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * People at rest, a reading of each every 5 s of their time, which runs 60 times as fast as ours.
 * Every 20 minutes of theirs each has a minute of 160 bpm, at another moment than the others: so
 * several alerts open and resolve each second, and which ones is known.
 */
final class SteadyLoad implements AutoCloseable {
    static final Instant BEGIN = Instant.parse("2026-01-31T00:00:00Z");

    private static final int EVERY_SECONDS = 5;
    private static final int SPEED = 60;
    private static final int PERIOD_SECONDS = 1_200;

    private final int people;
    private final String userPrefix;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Reading> sent = new ArrayList<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::send, "steady-load");
    private volatile boolean stopping;

    SteadyLoad(String bootstrapServers, String userPrefix, int people) {
        this.userPrefix = userPrefix;
        this.people = people;
        var properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("acks", "all");
        // A request for each reading would be the dearest part of all this.
        properties.put("linger.ms", "50");
        // Longer than any fault here: what is sent arrives, and in its order.
        properties.put("delivery.timeout.ms", "600000");
        properties.put("request.timeout.ms", "5000");
        properties.put("max.block.ms", "600000");
        properties.put("reconnect.backoff.max.ms", "500");
        var bytes = new ByteArraySerializer();
        producer = new KafkaProducer<>(properties, bytes, bytes);
        thread.start();
    }

    private void send() {
        long start = System.nanoTime();
        try {
            for (int round = 0; !stopping; round++) {
                for (int person = 0; person < people && !stopping; person++) {
                    long due =
                            start
                                    + TimeUnit.SECONDS.toNanos(EVERY_SECONDS)
                                            / SPEED
                                            * ((long) round * people + person)
                                            / people;
                    for (long early; (early = due - System.nanoTime()) > 0; ) {
                        TimeUnit.NANOSECONDS.sleep(early);
                    }
                    send(reading(person, round));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void send(Reading reading) {
        synchronized (sent) {
            sent.add(reading);
        }
        producer.send(
                new ProducerRecord<>(
                        Topics.READINGS,
                        reading.userId().getBytes(StandardCharsets.UTF_8),
                        ReadingCodec.encode(reading)),
                (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    private Reading reading(int person, int round) {
        int second = round * EVERY_SECONDS;
        int inPeriod = (second + person * PERIOD_SECONDS / people) % PERIOD_SECONDS;
        // The first ten minutes are calm: being still is not known before.
        boolean high = second > 600 && inPeriod < 60;
        int noise = Math.floorMod(31 * round + 17 * person, 5);
        return Reading.of(
                userPrefix + person,
                "watch",
                BEGIN.plusSeconds(second).toEpochMilli(),
                (high ? 160 : 62) + noise,
                0);
    }

    /** All that was sent, in its order; waits until Kafka has it. */
    List<Reading> stop() throws Exception {
        stopping = true;
        thread.join(Duration.ofMinutes(2).toMillis());
        producer.flush();
        if (failure.get() != null) {
            throw failure.get();
        }
        return sent;
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        producer.close(Duration.ofSeconds(5));
    }
}
