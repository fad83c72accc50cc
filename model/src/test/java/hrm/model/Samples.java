package hrm.model;

import hrm.model.Alert.Explanation;
import hrm.model.Alert.LimitSource;
import hrm.model.Alert.Mode;
import hrm.model.Alert.Reason;
import hrm.model.Alert.Severity;
import hrm.model.Alert.State;
import hrm.model.Alert.StepEvidence;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** One of each message with everything said, and one with as little as may be. */
final class Samples {
    static final Instant ONSET = Instant.parse("2026-01-31T08:15:30.500Z");

    private Samples() {}

    static Alert alert() {
        var id = AlertIds.alertId("u1", "watch-1", "resting-tachycardia", ONSET, false);
        return new Alert(
                Alert.SCHEMA_VERSION,
                UUID.fromString("6f1f5f1e-5a0e-5c8e-9d53-0c9f7a2b4e61"),
                id,
                id,
                2,
                17,
                State.RESOLVED,
                Reason.RECOVERED,
                "u1",
                "watch-1",
                "resting-tachycardia",
                3,
                "high",
                Severity.HIGH,
                Mode.LIVE,
                ONSET,
                ONSET.plusSeconds(600),
                ONSET.plusSeconds(1200),
                false,
                ONSET.plusSeconds(601),
                "Heart rate above 110 for 10 minutes while inactive",
                131.5,
                110.0,
                LimitSource.BASELINE,
                new Explanation(
                        List.of(
                                new StepEvidence(
                                        "high", ONSET, ONSET.plusSeconds(600), 128.0, 131.5, 120)),
                        "bpm 131.5 > limit 110 && steps 0 == 0",
                        "run-7",
                        Baseline.State.READY),
                ONSET.minusSeconds(60),
                AlertIds.alertId("u1", "watch-1", "resting-tachycardia", ONSET, true));
    }

    static Alert sparseAlert() {
        var id = AlertIds.alertId("u1", "default", "sensor-fault", ONSET, true);
        return new Alert(
                Alert.SCHEMA_VERSION,
                id,
                id,
                id,
                1,
                0,
                State.OPENED,
                null,
                "u1",
                "default",
                "sensor-fault",
                1,
                "signal",
                Severity.INFO,
                Mode.SHADOW,
                ONSET,
                ONSET,
                null,
                true,
                ONSET,
                "The sensor repeats one value",
                null,
                null,
                null,
                new Explanation(
                        List.of(new StepEvidence("stuck", ONSET, ONSET, null, null, 1)),
                        null,
                        null,
                        null));
    }

    static Baselines baselines() {
        var first =
                new Baseline(
                        "u1",
                        "run-6",
                        ONSET.minusSeconds(86_400),
                        Baseline.State.LEARNING,
                        null,
                        List.of(),
                        3,
                        2000,
                        28);
        var second =
                new Baseline(
                        "u1",
                        "run-7",
                        ONSET,
                        Baseline.State.READY,
                        54.5,
                        List.of(
                                new Baseline.Cell(0, true, 5000, 44, 52.5, 71, 3),
                                new Baseline.Cell(7, false, 1, 60, 60, 60, 0)),
                        27,
                        400_000,
                        28);
        return new Baselines("u1", List.of(second, first));
    }

    static UserProfiles profiles() {
        return new UserProfiles(
                "u1",
                List.of(
                        new UserProfile(ONSET, ZoneId.of("Europe/Berlin"), 130, 45),
                        new UserProfile(Instant.EPOCH, ZoneOffset.UTC, null, null),
                        new UserProfile(ONSET.plusSeconds(1), ZoneId.of("+05:30"), null, 40)));
    }

    static PatternVersions patterns() {
        return new PatternVersions(
                "sudden-drop",
                List.of(
                        new PatternVersions.Version(
                                2, ONSET, "id: sudden-drop\nmode: \"off\" # ü\n"),
                        new PatternVersions.Version(1, Instant.EPOCH, "id: sudden-drop\n")));
    }

    static PatternRejection patternRejection() {
        return new PatternRejection(
                "quick",
                3,
                ONSET,
                List.of("quick.yaml:9:12: unknown name 'bmp'", "quick.yaml:1:1: another"),
                ONSET.plusSeconds(60));
    }

    static Reevaluation reevaluation() {
        return new Reevaluation(
                "u1",
                "watch-1",
                ONSET,
                Reevaluation.Reason.LATE_READING,
                7,
                ONSET.plusSeconds(60),
                ONSET.plusSeconds(50));
    }

    static Correction correction() {
        return new Correction(
                "u1",
                "watch-1",
                List.of(new Correction.Mark(ONSET, Reevaluation.Reason.LATE_READING, 7)),
                ONSET.plusSeconds(60),
                ONSET.minusSeconds(60),
                List.of(new Correction.Corrected(List.of(alert()), true, ONSET)));
    }

    static Reading reading() {
        return new Reading(
                "u1",
                "watch-1",
                ONSET.toEpochMilli(),
                72,
                0,
                "rest",
                new int[] {832, 840},
                true,
                0.98);
    }
}
