package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * One number for all alert events, to tell whether two runs told the same. Whether they come from
 * the topic or from the table, in which order, how often and when they were published does not
 * matter; everything else does.
 *
 * <p>It is the SHA-256 of the SHA-256 of each event's JSON without {@code published_at}, by user,
 * sequence, revision and {@code event_id}.
 */
public final class AlertHash {
    private static final Comparator<Event> ORDER =
            Comparator.comparing(Event::userId)
                    .thenComparingLong(Event::sequence)
                    .thenComparingInt(Event::revision)
                    .thenComparing(Event::eventId);

    private final Map<UUID, Event> events = new HashMap<>();
    private final Set<UUID> episodes = new HashSet<>();

    private record Event(
            String userId, long sequence, int revision, UUID eventId, byte[] contentHash) {}

    /** Takes an event in; of those with one {@code event_id} the first counts, as in the table. */
    public AlertHash add(Alert alert) {
        if (!events.containsKey(alert.eventId())) {
            events.put(
                    alert.eventId(),
                    new Event(
                            alert.userId(),
                            alert.sequence(),
                            alert.revision(),
                            alert.eventId(),
                            sha256().digest(canonical(alert))));
            episodes.add(alert.episodeId());
        }
        return this;
    }

    /** Different events. */
    public int events() {
        return events.size();
    }

    public int episodes() {
        return episodes.size();
    }

    /** 64 hexadecimal digits; of no events at all as well. */
    public String digest() {
        var all = sha256();
        events.values().stream().sorted(ORDER).forEach(event -> all.update(event.contentHash()));
        return HexFormat.of().formatHex(all.digest());
    }

    /** The event as both the topic and PostgreSQL can hold it, without {@code published_at}. */
    private static byte[] canonical(Alert alert) {
        byte[] json = Json.write(alert.withPublishedAt(null));
        var text = new String(json, UTF_8);
        // jsonb knows neither a negative zero nor the character 0, which the table's writer
        // replaces.
        var storable = text.replace("\\u0000", "\\ufffd").replace(":-0.0", ":0.0");
        return storable.equals(text)
                ? json
                : Json.write(Json.read(storable.getBytes(UTF_8), Alert.class));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
