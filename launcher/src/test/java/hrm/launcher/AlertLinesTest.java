package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.Alert.LimitSource;
import hrm.model.Alert.Mode;
import hrm.model.Alert.Reason;
import hrm.model.Alert.Severity;
import hrm.model.Alert.State;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class AlertLinesTest {
    private static Alert alert(
            State state, Reason reason, String resolvedAt, Mode mode, LimitSource source) {
        return new Alert(
                Alert.SCHEMA_VERSION,
                null,
                null,
                null,
                1,
                1,
                state,
                reason,
                "anna",
                "watch",
                "resting-tachycardia",
                1,
                "high",
                Severity.HIGH,
                mode,
                Instant.parse("2026-01-31T08:00:00Z"),
                Instant.parse("2026-01-31T08:10:00Z"),
                resolvedAt == null ? null : Instant.parse(resolvedAt),
                false,
                null,
                "Heart rate above 108 while inactive",
                131.0,
                source == null ? null : 108.0,
                source,
                null);
    }

    private static String clock(Alert alert) {
        return new AlertLines(AlertLines.clock(), Ansi.OFF).of(alert);
    }

    @Test
    void anAlertIsOneLineWithItsReason() {
        assertThat(clock(alert(State.OPENED, null, null, Mode.LIVE, LimitSource.BASELINE)))
                .isEqualTo(
                        "08:10:00  anna        HIGH      Heart rate above 108 while inactive (bpm"
                                + " 131, limit 108 by baseline, resting-tachycardia)");
        assertThat(clock(alert(State.OPENED, null, null, Mode.SHADOW, null)))
                .endsWith("(bpm 131, shadow, resting-tachycardia)");
    }

    @Test
    void theEndSaysWhenAndHowLong() {
        var over =
                alert(
                        State.RESOLVED,
                        Reason.RECOVERED,
                        "2026-01-31T08:28:00Z",
                        Mode.LIVE,
                        LimitSource.BASELINE);

        assertThat(clock(over))
                .startsWith("08:28:00  anna        over      ")
                .endsWith("(lasted 28m, resting-tachycardia)");
        assertThat(new AlertLines(AlertLines.dated(), Ansi.OFF).of(over))
                .startsWith("2026-01-31 08:28:00  anna");
    }
}
