package hrm.model;

import static hrm.model.Samples.ONSET;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AlertIdsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Fields that are no part of {@code event_id}. */
    private static final List<String> OUTSIDE =
            List.of("event_id", "sequence", "mode", "published_at");

    /** Another value for each field that a plain change of its type would not do. */
    private static final Map<String, String> OTHERS =
            Map.of(
                    "merged_into",
                    "00000000-0000-5000-8000-000000000000",
                    "alert_id",
                    "00000000-0000-5000-8000-000000000000",
                    "episode_id",
                    "00000000-0000-5000-8000-000000000000",
                    "event_id",
                    "00000000-0000-5000-8000-000000000000",
                    "state",
                    "AMENDED",
                    "reason",
                    "CLOSED",
                    "severity",
                    "low",
                    "mode",
                    "backfill",
                    "limit_source",
                    "default");

    private static UUID alertId() {
        return AlertIds.alertId("u1", "watch-1", "drop", ONSET, false);
    }

    @Test
    void idsAreVersion5UuidsOfTheRfcVariant() {
        for (int i = 0; i < 1000; i++) {
            var id = AlertIds.alertId("u" + i, "watch-1", "drop", ONSET, false);
            assertThat(id.version()).isEqualTo(5);
            assertThat(id.variant()).isEqualTo(2);
        }
        assertThat(AlertIds.eventId(Samples.alert()).version()).isEqualTo(5);
        assertThat(AlertIds.eventId(Samples.alert()).variant()).isEqualTo(2);
    }

    /** Published alerts are found by these for ever; computed with Python's uuid.uuid5. */
    @Test
    void theSamePartsGiveTheSameIdInEveryRelease() {
        assertThat(alertId()).hasToString("bb9c42ee-f16b-5d03-a269-72533f1ae511");
        assertThat(AlertIds.alertId("Zoë", "default", "drop", ONSET, true))
                .hasToString("aa0a9f6d-9109-5ecf-ac10-1f60ce896f62");
    }

    @Test
    void anAlertIdDiffersByEachOfItsParts() {
        assertThat(
                        List.of(
                                alertId(),
                                AlertIds.alertId("u2", "watch-1", "drop", ONSET, false),
                                AlertIds.alertId("u1", "watch-2", "drop", ONSET, false),
                                AlertIds.alertId("u1", "watch-1", "rise", ONSET, false),
                                AlertIds.alertId(
                                        "u1", "watch-1", "drop", ONSET.plusMillis(1), false),
                                AlertIds.alertId("u1", "watch-1", "drop", ONSET, true),
                                // what one part loses the next one gains
                                AlertIds.alertId("u", "1watch-1", "drop", ONSET, false),
                                AlertIds.alertId("u1", "watch-", "1drop", ONSET, false)))
                .doesNotHaveDuplicates();
    }

    @Test
    void anEventIdDiffersByEveryFieldButWallClockSequenceAndMode() throws IOException {
        var alert = Samples.alert();
        var id = AlertIds.eventId(alert);
        var json = (ObjectNode) MAPPER.readTree(Json.write(alert));
        var ids = new ArrayList<UUID>();
        for (var component : Alert.class.getRecordComponents()) {
            var name = SchemaTest.jsonName(component);
            var changed = json.deepCopy();
            change(changed, name);
            var other = Json.read(MAPPER.writeValueAsBytes(changed), Alert.class);
            assertThat(other).as(name).isNotEqualTo(alert);
            if (OUTSIDE.contains(name)) {
                assertThat(AlertIds.eventId(other)).as(name).isEqualTo(id);
            } else {
                assertThat(AlertIds.eventId(other)).as(name).isNotEqualTo(id);
                ids.add(AlertIds.eventId(other));
            }
        }
        assertThat(ids).hasSize(23).doesNotHaveDuplicates();
    }

    @Test
    void anEventIdIsTheSameAfterAJourneyThroughJson() {
        for (var alert : List.of(Samples.alert(), Samples.sparseAlert())) {
            var read = Json.read(Json.write(alert), Alert.class);
            assertThat(AlertIds.eventId(read)).isEqualTo(AlertIds.eventId(alert));
        }
    }

    private static void change(ObjectNode json, String name) {
        var value = json.get(name);
        if (OTHERS.containsKey(name)) {
            json.put(name, OTHERS.get(name));
        } else if (value.isInt()) {
            json.put(name, value.asInt() + 1);
        } else if (value.isDouble()) {
            json.put(name, value.asDouble() + 0.5);
        } else if (value.isBoolean()) {
            json.put(name, !value.asBoolean());
        } else if (value.isObject()) {
            json.withObjectProperty(name).put("baseline_run", "run-8");
        } else if (value.asText().endsWith("Z")) {
            json.put(name, "2026-02-01T00:00:00Z");
        } else {
            json.put(name, value.asText() + "x");
        }
    }
}
