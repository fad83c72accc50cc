package hrm.functions.judgement;

import hrm.functions.episodes.Episode;
import hrm.model.Alert;
import hrm.model.Alert.Reason;
import hrm.model.Reevaluation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Gathers what there is to tell of one device; most readings tell nothing and cost no list. */
final class Telling {
    private final UserState state;
    final String userId;
    final String deviceId;
    private List<Alert> alerts = List.of();

    /** Whether the device meets a catalogue that has changed since its last reading. */
    boolean meetsAChange;

    Telling(UserState state, String userId, String deviceId) {
        this.state = state;
        this.userId = userId;
        this.deviceId = deviceId;
    }

    long nextSequence() {
        return state.nextSequence();
    }

    /** The next one, not taken. */
    long comingSequence() {
        return state.sequence() + 1;
    }

    /**
     * @param expected the same one, told before its device had spoken; null when it was not
     */
    void begun(Episode episode, Episode expected) {
        if (expected == null) {
            nextSequence();
            alert(episode.published());
            return;
        }
        var event = episode.confirm(expected, this::nextSequence);
        if (event != null) {
            alert(event);
        }
    }

    void alert(Alert alert) {
        if (alerts.isEmpty()) {
            alerts = new ArrayList<>();
        }
        alerts.add(alert);
    }

    /** An episode that was expected, and that its device has not confirmed. */
    void takenBack(Episode episode) {
        if (episode.isExpected()) {
            alert(episode.retract(nextSequence()));
        }
    }

    void resolved(Episode episode, Reason reason, long resolvedAtMs) {
        if (episode.isOpen()) {
            alert(episode.resolve(reason, Instant.ofEpochMilli(resolvedAtMs), nextSequence()));
        }
    }

    List<Alert> alerts() {
        return alerts;
    }

    /**
     * @param mark null when there is none
     */
    Verdict verdict(Reevaluation mark) {
        return alerts.isEmpty() && mark == null
                ? Verdict.NOTHING
                : new Verdict(Verdict.Outcome.JUDGED, alerts, mark);
    }
}
