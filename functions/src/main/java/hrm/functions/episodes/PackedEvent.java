package hrm.functions.episodes;

import hrm.model.Alert;
import hrm.model.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * An alert event and the sentence its episode was opened with, in few bytes: JSON, which has a
 * version of its own, deflated with what all events have in common. A fifth of the JSON; but a
 * person with an open episode is read and written with each reading, so whoever holds this opens it
 * only when something is told.
 */
final class PackedEvent {
    /** Part of every release's state: never changed. */
    private static final byte[] IN_COMMON =
            ("\"reason\":\"PATTERN_CHANGED\"\"reason\":\"CLOSED\"\"reason\":\"SIGNAL_LOST\""
                            + "\"reason\":\"RECOVERED\"\"state\":\"AMENDED\"\"state\":\"RESOLVED\""
                            + "\"severity\":\"critical\"\"severity\":\"info\"\"severity\":\"low\""
                            + "\"severity\":\"medium\"\"severity\":\"high\"\"mode\":\"shadow\""
                            + "\"condition\":\"signal\"\"condition\":\"low\"\"limit_source\":\"profile\""
                            + "\"limit_source\":\"baseline\"\"baseline_run\":\""
                            + "\"baseline_state\":\"LEARNING\"\"baseline_state\":\"READY\""
                            + "No reading for 30 minutes, so it is not known whether this still lasts: "
                            + "Over: Heart rate below Heart rate above  for 10m while inactive"
                            + "{\"schema_version\":1,\"event_id\":\"\",\"alert_id\":\"\",\"episode_id\":\"\""
                            + ",\"revision\":1,\"sequence\":1,\"state\":\"OPENED\",\"user_id\":\""
                            + "\",\"device_id\":\"default\",\"pattern_id\":\"resting-tachycardia\","
                            + "\"pattern_version\":1,\"condition\":\"high\",\"severity\":\"high\","
                            + "\"mode\":\"live\",\"onset\":\"2026-01-01T00:00:00Z\","
                            + "\"detected_at\":\"2026-01-01T00:00:00Z\","
                            + "\"resolved_at\":\"2026-01-01T00:00:00Z\",\"detected_late\":false,"
                            + "\"message\":\"\",\"value\":120.0,\"limit\":120.0,"
                            + "\"limit_source\":\"default\",\"explanation\":{\"steps\":[{\"step\":\"high\","
                            + "\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\","
                            + "\"first_bpm\":120.0,\"last_bpm\":120.0,\"count\":1}],"
                            + "\"condition\":\"bpm 120 > limit 120 && steps 0 == 0\"}}\n")
                    .getBytes(StandardCharsets.UTF_8);

    /** Never in JSON, where it would be escaped. */
    private static final byte SEPARATOR = '\n';

    private PackedEvent() {}

    /** What was packed. */
    record Content(Alert event, String openedMessage) {}

    static byte[] pack(Alert event, String openedMessage) {
        // Without the header and checksum of zlib, which would only cost bytes.
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setDictionary(IN_COMMON);
        var bytes = new ByteArrayOutputStream(300);
        try (var out = new DeflaterOutputStream(bytes, deflater, 1024)) {
            out.write(Json.write(event));
            out.write(SEPARATOR);
            out.write(openedMessage.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    /**
     * @throws IOException when these are not bytes of {@link #pack}
     */
    static Content unpack(byte[] packed) throws IOException {
        var inflater = new Inflater(true);
        inflater.setDictionary(IN_COMMON);
        try (var in = new InflaterInputStream(new ByteArrayInputStream(packed), inflater)) {
            byte[] bytes = in.readAllBytes();
            int end = 0;
            while (bytes[end] != SEPARATOR) {
                end++;
            }
            return new Content(
                    Json.read(Arrays.copyOf(bytes, end), Alert.class),
                    new String(bytes, end + 1, bytes.length - end - 1, StandardCharsets.UTF_8));
        } finally {
            inflater.end();
        }
    }
}
