package hrm.simulator;

import hrm.model.RejectReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A message that must be set aside, and why.
 *
 * @param reason the reason the system must give
 * @param value the message's bytes
 */
public record BadMessage(RejectReason reason, byte[] value) {

    /** Heart rates that devices send when they mean none, or that no heart has. */
    private static final int[] IMPOSSIBLE = {0, 8, 19, 301, 511};

    /**
     * One or more of each reason.
     *
     * @param arrivesAtMs the record's Kafka timestamp, milliseconds since the epoch
     */
    public static List<BadMessage> ofEachReason(String userId, String deviceId, long arrivesAtMs) {
        var who = "\"user_id\":\"%s\",\"device_id\":\"%s\"".formatted(userId, deviceId);
        var at = "\"timestamp\":\"%s\"".formatted(Instant.ofEpochMilli(arrivesAtMs));
        var tomorrow =
                "\"timestamp\":\"%s\""
                        .formatted(Instant.ofEpochMilli(arrivesAtMs).plus(Duration.ofDays(1)));
        var all = new ArrayList<BadMessage>();
        add(all, RejectReason.NOT_JSON, "{%s,%s,\"heart_ra", who, at);
        add(all, RejectReason.NOT_JSON, "72");
        add(all, RejectReason.MISSING_FIELD, "{%s,\"heart_rate\":72}", who);
        add(all, RejectReason.MISSING_FIELD, "{%s,\"heart_rate\":72}", at);
        add(all, RejectReason.MISSING_FIELD, "{%s,%s}", who, at);
        add(all, RejectReason.WRONG_TYPE, "{%s,%s,\"heart_rate\":\"seventy\"}", who, at);
        add(all, RejectReason.WRONG_TYPE, "{%s,\"timestamp\":\"today\",\"heart_rate\":72}", who);
        add(all, RejectReason.INVALID_ID, "{\"user_id\":\"\",%s,\"heart_rate\":72}", at);
        for (int bpm : IMPOSSIBLE) {
            add(
                    all,
                    RejectReason.HEART_RATE_OUT_OF_RANGE,
                    "{%s,%s,\"heart_rate\":%d}",
                    who,
                    at,
                    bpm);
        }
        add(all, RejectReason.RR_OUT_OF_RANGE, "{%s,%s,\"rr_intervals_ms\":[830,150]}", who, at);
        add(all, RejectReason.STEPS_OUT_OF_RANGE, "{%s,%s,\"steps\":-4}", who, at);
        add(
                all,
                RejectReason.CONFIDENCE_OUT_OF_RANGE,
                "{%s,%s,\"heart_rate\":72,\"confidence\":1.5}",
                who,
                at);
        add(all, RejectReason.FUTURE_TIMESTAMP, "{%s,%s,\"heart_rate\":72}", who, tomorrow);
        add(
                all,
                RejectReason.TIMESTAMP_TOO_OLD,
                "{%s,\"timestamp\":\"1970-01-01T00:00:07Z\",\"heart_rate\":72}",
                who);
        add(
                all,
                RejectReason.MESSAGE_TOO_LARGE,
                "{%s,%s,\"heart_rate\":72,\"activity\":\"%s\"}",
                who,
                at,
                "x".repeat(70_000));
        return List.copyOf(all);
    }

    /** A reading with a heart rate outside 20 to 300. */
    static byte[] impossible(String userId, String deviceId, long atMs, int choice) {
        return bytes(
                "{\"user_id\":\"%s\",\"device_id\":\"%s\",\"timestamp\":\"%s\",\"heart_rate\":%d}"
                        .formatted(
                                userId,
                                deviceId,
                                Instant.ofEpochMilli(atMs),
                                IMPOSSIBLE[choice % IMPOSSIBLE.length]));
    }

    private static void add(
            List<BadMessage> all, RejectReason reason, String text, Object... values) {
        all.add(new BadMessage(reason, bytes(text.formatted(values))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
