package hrm.launcher;

import hrm.model.Alert;
import hrm.model.ReadingCodec;
import hrm.model.ReadingCodec.Decoded;
import hrm.simulator.Arrival;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What has been sent and when, to find the reading that decided an alert. */
final class Sent {
    private final ConcurrentHashMap<String, Long> whenByReading = new ConcurrentHashMap<>();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong valid = new AtomicLong();

    /** Right before the message goes out. */
    void add(Arrival arrival, long nanoTime) {
        messages.incrementAndGet();
        Decoded decoded = ReadingCodec.decode(arrival.value(), arrival.recordTimestampMs());
        var reading = decoded.reading();
        if (reading != null) {
            valid.incrementAndGet();
            // Of one that is sent twice the first counts, as everywhere.
            whenByReading.putIfAbsent(
                    key(reading.userId(), reading.deviceId(), reading.timestampMs()), nanoTime);
        }
    }

    /** When the reading that decided this alert was sent; null when no reading did. */
    Long whenDecided(Alert alert) {
        return whenByReading.get(
                key(alert.userId(), alert.deviceId(), alert.detectedAt().toEpochMilli()));
    }

    long messages() {
        return messages.get();
    }

    /** Messages that are readings, repeated ones included. */
    long valid() {
        return valid.get();
    }

    /** Readings that the store must hold. */
    long distinct() {
        return whenByReading.size();
    }

    private static String key(String userId, String deviceId, long timestampMs) {
        // Ids have no control characters, so the unit separator keeps them apart.
        return userId + '\u001f' + deviceId + '\u001f' + timestampMs;
    }
}
