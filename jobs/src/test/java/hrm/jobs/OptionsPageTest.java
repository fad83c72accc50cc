package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code docs/options.md} is made of the options' declarations; {@code -Dhrm.write=true} writes it.
 */
class OptionsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("hrm.home"), "docs", "options.md");

    @Test
    void thePageSaysWhatTheJobsTake() throws IOException {
        var page = page();
        if (Boolean.getBoolean("hrm.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as(
                        "stale; write it anew: mvn -pl jobs -am test -Dtest=OptionsPageTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dhrm.write=true")
                .hasContent(page);
    }

    private static String page() {
        var page = new StringBuilder("# Options of the jobs\n\n");
        page.append(
                "Made from the code; do not edit. Each flag is also an environment variable; flags win.\n");
        page.append(
                "Durations need a unit: `500ms`, `10s`, `5m`, `1h`, `28d`. The database password comes from\n");
        page.append("`HRM_JDBC_PASSWORD` or `--jdbc-password-file`, never from a flag.\n");
        for (var options :
                new JobOptions[] {
                    new MonitoringOptions(), new BaselineOptions(), new BackfillOptions()
                }) {
            var command = JobOptions.commandLine(options);
            page.append("\n## ").append(command.getCommandName()).append("\n\n");
            page.append(String.join(" ", command.getCommandSpec().usageMessage().description()));
            page.append(
                    "\n\n| flag | environment | default | meaning |\n| --- | --- | --- | --- |\n");
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.usageHelp())
                    .sorted(Comparator.comparing(OptionSpec::longestName))
                    .forEach(option -> page.append(row(option)));
        }
        return page.toString();
    }

    private static String row(OptionSpec option) {
        var meaning = String.join(" ", option.description()).replaceFirst(" ?Default: .*", "");
        return "| `%s %s` | `%s` | %s | %s |%n"
                .formatted(
                        option.longestName(),
                        option.paramLabel(),
                        JobOptions.environmentName(option.longestName()),
                        option.defaultValue() == null ? "" : "`" + option.defaultValue() + "`",
                        meaning.replaceFirst("\\.$", ""));
    }
}
