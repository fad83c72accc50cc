package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/** How people say which alerts they mean. */
class AlertSelectionTest {
    private static final Instant NOW = Instant.parse("2026-01-31T09:00:00Z");

    private static Instant moment(String text) {
        return new Moment(Clock.fixed(NOW, ZoneOffset.UTC)).convert(text);
    }

    @Test
    void aMomentIsATimeADayOrHowLongAgo() {
        assertThat(moment("2026-01-30T08:00:00+01:00")).isEqualTo("2026-01-30T07:00:00Z");
        assertThat(moment("2026-01-30")).isEqualTo("2026-01-30T00:00:00Z");
        assertThat(moment("1h30m")).isEqualTo("2026-01-31T07:30:00Z");
        assertThat(moment("now")).isEqualTo(NOW);
        for (var wrong : new String[] {"yesterday", "2026-02-30", "2026-01-30T08:00:00", "5", ""}) {
            assertThatThrownBy(() -> moment(wrong))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageContaining("'" + wrong + "' is no time. Write 2026-01-31T08:00:00Z");
        }
    }

    @Test
    void anIdMayBeCutOffAfterEightCharacters() {
        var id = new AlertId.Converter().convert("6F1F5F1E-5a0");

        assertThat(id.first()).hasToString("6f1f5f1e-5a00-0000-0000-000000000000");
        assertThat(id.last()).hasToString("6f1f5f1e-5a0f-ffff-ffff-ffffffffffff");
        for (var wrong :
                new String[] {"6f1f5f1", "6f1f5f1g", "", "6f1f5f1e-5a0e-5c8e-9d53-0c9f7a2b4e612"}) {
            assertThatThrownBy(() -> new AlertId.Converter().convert(wrong))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageContaining("the first 8 characters");
        }
    }

    @Test
    void wrongUsageIsSaidBeforeAnythingIsAsked() {
        assertThat(Cli.hrm("alerts", "show", "123").code()).isEqualTo(2);
        assertThat(Cli.hrm("alerts", "list", "--since", "noon").code()).isEqualTo(2);
        assertThat(Cli.hrm("alerts", "list", "--state", "broken").code()).isEqualTo(2);
        assertThat(Cli.hrm("alerts", "list", "--hash", "--state", "open").err())
                .contains("no --state");
        assertThat(Cli.hrm("alerts", "tail", "--since", "1h", "--from-beginning").code())
                .isEqualTo(2);
        assertThat(Cli.hrm("profile", "set", "anna").err()).contains("Nothing to change");
        assertThat(Cli.hrm("profile", "set", "anna", "--limit-high", "10").code()).isEqualTo(2);
        assertThat(Cli.hrm("send", "--rate", "0").code()).isEqualTo(2);
        assertThat(Cli.hrm("values", "--user", "anna").code()).isEqualTo(2);
    }
}
