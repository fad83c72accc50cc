package hrm.simulator;

import hrm.model.Reading;
import hrm.model.ReadingCodec;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * One device's messages in order of arrival: readings that are held back, sent twice, or followed
 * by something broken.
 */
final class DeviceArrivals implements Iterator<Arrival> {
    /** From the measurement to Kafka, milliseconds. */
    static final long LATENCY_MS = 400;

    private static final long LATE_MS = 600_000;

    private final Iterator<Reading> readings;
    private final List<ScriptedEvent> events;
    private final long startMs;
    private final double badShare;
    private final SplittableRandom random;

    /** What was measured and has not arrived, by arrival; equal ones in order of measurement. */
    private final PriorityQueue<Held> held = new PriorityQueue<>();

    private final Queue<Arrival> ready = new ArrayDeque<>();
    private Reading head;
    private long order;
    private int broken;

    DeviceArrivals(
            Iterator<Reading> readings,
            List<ScriptedEvent> script,
            String userId,
            String deviceId,
            long startMs,
            double badShare,
            SplittableRandom random) {
        this.readings = readings;
        this.events =
                script.stream()
                        .filter(event -> event.userId().equals(userId))
                        .filter(e -> e.deviceId() == null || e.deviceId().equals(deviceId))
                        .filter(event -> !event.kind().movesHeart())
                        .toList();
        this.startMs = startMs;
        this.badShare = badShare;
        this.random = random;
        this.head = readings.hasNext() ? readings.next() : null;
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || !held.isEmpty() || head != null;
    }

    @Override
    public Arrival next() {
        while (ready.isEmpty()) {
            boolean heldIsDue =
                    head == null || !held.isEmpty() && held.peek().atMs <= arrivesAt(head);
            if (heldIsDue) {
                var due = held.remove();
                send(due.reading, due.atMs);
                continue;
            }
            var reading = head;
            head = readings.hasNext() ? readings.next() : null;
            long at = arrivesAt(reading);
            long delayedTo = delayedTo(reading.timestampMs());
            if (delayedTo > at) {
                held.add(new Held(delayedTo, order++, reading));
            } else {
                send(reading, at);
            }
        }
        return ready.remove();
    }

    private static long arrivesAt(Reading reading) {
        return reading.timestampMs() + LATENCY_MS;
    }

    private long delayedTo(long measuredMs) {
        for (var event : events) {
            long from = event.from().toEpochMilli();
            long to = event.to().toEpochMilli();
            boolean whole =
                    event.kind() == ScriptedEvent.Kind.LATE_SYNC && isIn(measuredMs, from, to);
            boolean part =
                    event.kind() == ScriptedEvent.Kind.LATE_READINGS
                            && isIn(measuredMs, from, Math.min(to, from + LATE_MS));
            if (whole || part) {
                return to;
            }
        }
        return Long.MIN_VALUE;
    }

    private void send(Reading reading, long at) {
        var value = ReadingCodec.encode(reading);
        ready.add(arrival(reading, at, value));
        if (badShare > 0 && random.nextDouble() < badShare) {
            int choice = random.nextInt(1 << 16);
            ready.add(
                    arrival(
                            reading,
                            at,
                            BadMessage.impossible(
                                    reading.userId(),
                                    reading.deviceId(),
                                    reading.timestampMs(),
                                    choice)));
        }
        for (var event : events) {
            long from = event.from().toEpochMilli();
            if (!isIn(reading.timestampMs(), from, event.to().toEpochMilli())) {
                continue;
            }
            if (event.kind() == ScriptedEvent.Kind.DUPLICATES) {
                ready.add(arrival(reading, at, value));
            } else if (event.kind() == ScriptedEvent.Kind.BROKEN_MESSAGES && broken++ % 10 == 9) {
                var all = BadMessage.ofEachReason(reading.userId(), reading.deviceId(), at);
                ready.add(arrival(reading, at, all.get(broken / 10 % all.size()).value()));
            }
        }
    }

    private Arrival arrival(Reading reading, long at, byte[] value) {
        return new Arrival(at - startMs, at, reading.userId(), value);
    }

    private static boolean isIn(long ms, long from, long to) {
        return ms >= from && ms < to;
    }

    private record Held(long atMs, long order, Reading reading) implements Comparable<Held> {
        private static final Comparator<Held> BY_ARRIVAL =
                Comparator.comparingLong(Held::atMs).thenComparingLong(Held::order);

        @Override
        public int compareTo(Held other) {
            return BY_ARRIVAL.compare(this, other);
        }
    }
}
