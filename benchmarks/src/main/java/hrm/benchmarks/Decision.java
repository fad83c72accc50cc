package hrm.benchmarks;

import hrm.model.Alert;

/**
 * An alert event and the reading that decides it.
 *
 * @param atMs the reading's time, milliseconds since the epoch
 */
record Decision(String userId, long atMs, Alert.State state) {
    static Decision of(Alert alert) {
        var at = alert.state() == Alert.State.RESOLVED ? alert.resolvedAt() : alert.detectedAt();
        return new Decision(alert.userId(), at.toEpochMilli(), alert.state());
    }
}
