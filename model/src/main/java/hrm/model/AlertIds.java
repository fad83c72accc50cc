package hrm.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/**
 * Deterministic ids: the same readings, patterns and baselines give the same ids in any mode.
 *
 * @see "RFC 9562, section 5.5: UUID version 5"
 */
public final class AlertIds {
    /** Name space of all ids made here; never changed. */
    private static final UUID NAMESPACE = UUID.fromString("6f1f5f1e-5a0e-5c8e-9d53-0c9f7a2b4e61");

    private AlertIds() {}

    public static UUID alertId(
            String userId, String deviceId, String patternId, Instant onset, boolean shadow) {
        // Ids have no control characters, so the unit separator keeps the parts apart.
        return uuid5(
                String.join(
                        "\u001f",
                        userId,
                        deviceId,
                        patternId,
                        Long.toString(onset.toEpochMilli()),
                        shadow ? "shadow" : "live"));
    }

    /**
     * Of an episode whose {@code alert_id} another episode, since moved, has as its {@code
     * episode_id}.
     *
     * @param attempt from 1, until one is free
     */
    public static UUID episodeId(UUID alertId, int attempt) {
        return uuid5(alertId + "\u001f" + attempt);
    }

    /** The event with the id of its content. */
    public static Alert identified(Alert alert) {
        return alert.withEventId(eventId(alert));
    }

    /**
     * Of the event's content; {@code event_id}, {@code sequence}, {@code mode} and {@code
     * published_at} are no part of it.
     */
    public static UUID eventId(Alert alert) {
        var content = alert.change().eventId(null).sequence(0).mode(null).publishedAt(null).done();
        return uuid5(
                alert.episodeId()
                        + "\u001f"
                        + alert.state()
                        + "\u001f"
                        + alert.revision()
                        + "\u001f"
                        + new String(Json.write(content), StandardCharsets.UTF_8));
    }

    private static UUID uuid5(String name) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(
                    ByteBuffer.allocate(16)
                            .putLong(NAMESPACE.getMostSignificantBits())
                            .putLong(NAMESPACE.getLeastSignificantBits())
                            .array());
            var hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
            long high = hash.getLong() & ~0xF000L | 0x5000L;
            long low = hash.getLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
            return new UUID(high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
