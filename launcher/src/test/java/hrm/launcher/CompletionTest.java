package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script in a real bash, where there is one. */
class CompletionTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir static Path folder;
    private static Path script;

    @BeforeAll
    static void print() throws IOException {
        assumeTrue(Files.isExecutable(BASH), "no bash here");
        script = folder.resolve("hrm-completion");
        Files.writeString(script, Cli.hrm("completion", "bash").out());
    }

    @Test
    void bashAcceptsTheScript() throws Exception {
        assertThat(bash("-n", script.toString())).isEmpty();
    }

    @ParameterizedTest(name = "hrm {0}[tab] offers {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "pat | patterns",
                "patterns va | validate",
                "patterns push --eff | --effective-from",
                "setup --rep | --replication-factor",
                "patterns list --output js | json",
                "completion zs | zsh",
            })
    void whatIsBegunIsCompleted(String typed, String offered) throws Exception {
        var words = List.of(("hrm " + typed).split(" "));
        var quoted = String.join("' '", words);
        var answer =
                bash(
                        "-c",
                        // Without a key pressed there is no completion that compopt could change.
                        ". %s; compopt() { :; }; COMP_WORDS=('%s'); COMP_CWORD=%d; _complete_hrm; echo \"${COMPREPLY[@]}\""
                                .formatted(script, quoted, words.size() - 1));

        assertThat(answer.strip().split("\\s+")).containsExactly(offered);
    }

    @Test
    void whatTheScriptBindsIsTheCommandAsPeopleTypeIt() throws Exception {
        assertThat(bash("-c", ". " + script + "; complete -p hrm")).contains("_complete_hrm");
    }

    @Test
    void zshGetsTheSameScriptWhichSaysHowZshRunsIt() {
        assertThat(Cli.hrm("completion", "zsh").out())
                .isEqualTo(Cli.hrm("completion", "bash").out())
                .contains("bashcompinit");
    }

    private static String bash(String... arguments) throws Exception {
        var command = new java.util.ArrayList<String>(List.of(BASH.toString(), "--norc"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(answer).isZero();
        return answer;
    }
}
