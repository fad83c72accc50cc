package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class ScreenTest {
    private final StringWriter out = new StringWriter();

    private Screen screen(boolean terminal) {
        return new Screen(new PrintWriter(out), terminal, Ansi.OFF);
    }

    @Test
    void linesStayAboveTheChangingOne() {
        var screen = screen(true);

        screen.status("10 %");
        screen.line("an alert");
        screen.endStatus();

        assertThat(out.toString().replace(System.lineSeparator(), "\n"))
                .isEqualTo("\r\u001b[K10 %\r\u001b[Kan alert\n10 %\r\u001b[K");
    }

    @Test
    void withoutATerminalTheChangingLineDoesNotFloodAndHasNoControlCharacters() {
        var screen = screen(false);

        for (int percent = 0; percent < 100; percent++) {
            screen.status(percent + " %");
        }
        screen.line("an alert");
        screen.endStatus();

        assertThat(out.toString().strip()).isEqualTo("an alert");
    }
}
