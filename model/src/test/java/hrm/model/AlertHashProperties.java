package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AlertHashProperties {
    private static final long SEED = Long.getLong("hrm.seed", System.nanoTime() % 1_000_000);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Random random = new Random(SEED);

    private static String hash(List<Alert> alerts) {
        var hash = new AlertHash();
        alerts.forEach(hash::add);
        return hash.digest();
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private Instant time() {
        return Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(1_000_000_000));
    }

    private String text() {
        return any(new String[] {"walking", "a\u0000b", "\\u0000", "ünïcode 🫀", "say \"hi\"", ""});
    }

    private Alert alert() {
        var episode = new UUID(random.nextLong(), random.nextInt(20));
        return new Alert(
                1,
                new UUID(random.nextLong(), random.nextLong()),
                episode,
                episode,
                1 + random.nextInt(5),
                random.nextInt(50),
                any(Alert.State.values()),
                random.nextBoolean() ? null : any(Alert.Reason.values()),
                "u" + random.nextInt(3),
                "watch",
                "resting-tachycardia",
                1 + random.nextInt(3),
                "high",
                any(Alert.Severity.values()),
                any(Alert.Mode.values()),
                time(),
                time(),
                random.nextBoolean() ? null : time(),
                random.nextBoolean(),
                time(),
                text(),
                any(new Double[] {null, -0.0, 0.0, 131.0, 1e-9, 1e21, random.nextDouble()}),
                random.nextBoolean() ? null : 100.0 + random.nextInt(50),
                random.nextBoolean() ? null : any(Alert.LimitSource.values()),
                random.nextBoolean()
                        ? null
                        : new Alert.Explanation(
                                List.of(
                                        new Alert.StepEvidence(
                                                text(), time(), time(), 128.0, null, 20)),
                                text(),
                                "run-7",
                                any(Baseline.State.values())));
    }

    private List<Alert> alerts() {
        var alerts = new ArrayList<Alert>();
        for (int left = 1 + random.nextInt(20); left > 0; left--) {
            alerts.add(alert());
        }
        return alerts;
    }

    @Test
    void orderRepetitionAndTimeOfPublicationDoNotMatter() {
        for (int i = 0; i < 200; i++) {
            var alerts = alerts();
            var other = new ArrayList<>(alerts);
            other.add(any(alerts.toArray(Alert[]::new)));
            Collections.shuffle(other, random);
            other.replaceAll(alert -> alert.withPublishedAt(random.nextBoolean() ? time() : null));

            assertThat(hash(other)).as("-Dhrm.seed=" + SEED).isEqualTo(hash(alerts));
        }
    }

    /** What PostgreSQL does to an event: see the test of the launcher that asks the real one. */
    @Test
    void whatTheTableCannotHoldDoesNotMatter() {
        for (int i = 0; i < 200; i++) {
            var alerts = alerts();
            var stored = new ArrayList<Alert>();
            for (var alert : alerts) {
                var json = new String(Json.write(alert), UTF_8);
                stored.add(
                        Json.read(
                                json.replace("\\u0000", "\\ufffd")
                                        .replace(":-0.0", ":0.0")
                                        .getBytes(UTF_8),
                                Alert.class));
            }

            assertThat(hash(stored)).as("-Dhrm.seed=" + SEED).isEqualTo(hash(alerts));
        }
    }

    @Test
    void everyOtherFieldMatters() throws IOException {
        for (int i = 0; i < 15; i++) {
            var alerts = alerts();
            int at = random.nextInt(alerts.size());
            var json = (ObjectNode) MAPPER.readTree(Json.write(alerts.get(at)));
            for (var name : (Iterable<String>) json.deepCopy()::fieldNames) {
                if (name.equals("published_at")) {
                    continue;
                }
                var changed = new ArrayList<>(alerts);
                changed.set(at, changed(json, name));

                assertThat(hash(changed))
                        .as(name + ", -Dhrm.seed=" + SEED)
                        .isNotEqualTo(hash(alerts));
            }
        }
    }

    private static Alert changed(ObjectNode json, String name) throws IOException {
        var copy = json.deepCopy();
        var nodes = JsonNodeFactory.instance;
        var value = copy.get(name);
        if (value.isBoolean()) {
            copy.set(name, nodes.booleanNode(!value.booleanValue()));
        } else if (value.isIntegralNumber()) {
            copy.set(name, nodes.numberNode(value.longValue() + 1));
        } else if (value.isNumber()) {
            copy.set(name, nodes.numberNode(value.doubleValue() * 2 + 1));
        } else if (name.equals("explanation")) {
            ((ObjectNode) value).put("condition", value.get("condition").asText() + "!");
        } else if (name.endsWith("_id") && value.asText().length() == 36) {
            copy.put(name, UUID.randomUUID().toString());
        } else {
            copy.put(name, other(name, value.asText()));
        }
        return Json.read(MAPPER.writeValueAsBytes(copy), Alert.class);
    }

    private static String other(String name, String text) {
        return switch (name) {
            case "state" -> text.equals("OPENED") ? "UPDATED" : "OPENED";
            case "reason" -> text.equals("CLOSED") ? "RECOVERED" : "CLOSED";
            case "severity" -> text.equals("low") ? "high" : "low";
            case "mode" -> text.equals("live") ? "shadow" : "live";
            case "limit_source" -> text.equals("profile") ? "default" : "profile";
            case "onset", "detected_at", "resolved_at" -> Instant.parse(text).plusMillis(1) + "";
            default -> text + "!";
        };
    }

    @Test
    void eventsAndEpisodesAreCountedOnce() {
        var first = alert();
        var hash = new AlertHash().add(first).add(first);

        assertThat(hash.events()).isEqualTo(1);
        assertThat(hash.episodes()).isEqualTo(1);
        assertThat(new AlertHash().digest())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
