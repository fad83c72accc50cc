package hrm.sinks.alerts;

import hrm.model.Alert;
import hrm.model.AlertIds;
import hrm.model.Baseline;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Events of made-up episodes. */
final class Alerts {
    static final Instant ONSET = Instant.parse("2026-01-31T08:15:30.123Z");

    private Alerts() {}

    static Alert opened(String user) {
        return event(user, 1, Alert.State.OPENED, null, "Heart rate above 120 for 10m");
    }

    static Alert updated(String user, int revision) {
        return event(user, revision, Alert.State.UPDATED, null, "Heart rate above 140");
    }

    static Alert resolved(String user, int revision) {
        return event(user, revision, Alert.State.RESOLVED, Alert.Reason.RECOVERED, "Recovered");
    }

    static Alert event(
            String user, int revision, Alert.State state, Alert.Reason reason, String message) {
        var id = AlertIds.alertId(user, "watch", "resting-tachycardia", ONSET, false);
        var alert =
                alert(
                        user,
                        id,
                        null,
                        revision,
                        state,
                        reason,
                        message,
                        ONSET.plusSeconds(revision));
        return withIds(alert, AlertIds.eventId(alert));
    }

    static Alert withIds(Alert alert, UUID eventId) {
        return alert(
                alert.userId(),
                alert.alertId(),
                eventId,
                alert.revision(),
                alert.state(),
                alert.reason(),
                alert.message(),
                alert.publishedAt());
    }

    static Alert unpublished(Alert alert) {
        return alert(
                alert.userId(),
                alert.alertId(),
                alert.eventId(),
                alert.revision(),
                alert.state(),
                alert.reason(),
                alert.message(),
                null);
    }

    private static Alert alert(
            String user,
            UUID alertId,
            UUID eventId,
            int revision,
            Alert.State state,
            Alert.Reason reason,
            String message,
            Instant publishedAt) {
        return new Alert(
                Alert.SCHEMA_VERSION,
                eventId,
                alertId,
                alertId,
                revision,
                revision + 40L,
                state,
                reason,
                user,
                "watch",
                "resting-tachycardia",
                3,
                "high",
                revision > 1 ? Alert.Severity.CRITICAL : Alert.Severity.HIGH,
                Alert.Mode.LIVE,
                ONSET,
                ONSET.plusSeconds(600),
                state == Alert.State.RESOLVED ? ONSET.plusSeconds(900) : null,
                false,
                publishedAt,
                message,
                130.5,
                120.0,
                Alert.LimitSource.BASELINE,
                new Alert.Explanation(
                        List.of(
                                new Alert.StepEvidence(
                                        "high", ONSET, ONSET.plusSeconds(600), 128.0, null, 120)),
                        "bpm 130 > 120",
                        "run-7",
                        Baseline.State.READY));
    }
}
