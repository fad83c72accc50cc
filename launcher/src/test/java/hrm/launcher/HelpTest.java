package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
    static List<String> everyCommand() {
        var names = new ArrayList<String>();
        gather("", Hrm.commandLine(), names);
        return names;
    }

    private static void gather(String name, CommandLine command, List<String> names) {
        names.add(name.strip());
        command.getSubcommands().forEach((sub, line) -> gather(name + " " + sub, line, names));
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void everyCommandExplainsItselfWithAnExample(String command) {
        var help = Cli.hrm((command + " --help").strip().split(" "));

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: hrm").contains("Example:");
        assertThat(help.out().substring(help.out().indexOf("Example:")))
                .contains("hrm " + (command.isEmpty() ? "demo" : command));
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 90);
    }

    @Test
    void commandsAreListedWithOneLineEach() {
        var commands = Hrm.commandLine().getSubcommands();
        assertThat(listed(Cli.hrm("--help"))).hasSameSizeAs(commands.keySet());
        assertThat(listed(Cli.hrm("patterns", "--help")))
                .hasSameSizeAs(commands.get("patterns").getSubcommands().keySet());
    }

    private static List<String> listed(Cli help) {
        return help.out()
                .lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .toList();
    }

    @Test
    void wrongUsageIsExitCodeTwoAndSaysWhereHelpIs() {
        assertThat(Cli.hrm("patterns", "validat").code()).isEqualTo(2);
        assertThat(Cli.hrm("patterns", "validat").err()).contains("Did you mean");
        assertThat(Cli.hrm().code()).isEqualTo(2);
        assertThat(Cli.hrm("demo", "--speed", "0").err())
                .contains("--speed '0': write a number above 0, or max.")
                .contains("hrm demo --help");
        assertThat(Cli.hrm("patterns", "list", "--output", "xml").code()).isEqualTo(2);
    }

    @Test
    void whatIsCapturedHasNoColours() {
        assertThat(Cli.hrm("--help").out()).doesNotContain("\u001b");
        assertThat(Cli.hrm("patterns", "list").out()).doesNotContain("\u001b");
    }
}
