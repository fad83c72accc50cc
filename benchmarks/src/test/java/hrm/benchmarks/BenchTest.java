package hrm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int bench(String... arguments) {
        return Bench.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void everyBenchmarkExplainsItselfWithAnExample() {
        for (var name : Bench.commandLine().getSubcommands().keySet()) {
            assertThat(bench(name, "--help")).isZero();
            assertThat(out.toString()).contains("Usage: hrm bench " + name, "  hrm bench " + name);
        }
    }

    @Test
    void everyBenchmarkIsInTheLaunchersHelpAndOnThePage() throws IOException {
        var home = Path.of(System.getProperty("hrm.home"));
        var help =
                Files.readString(
                        home.resolve("launcher/src/main/java/hrm/launcher/BenchCommand.java"));
        var page = Files.readString(home.resolve("docs/benchmarks.md"));
        for (var name : Bench.commandLine().getSubcommands().keySet()) {
            assertThat(help).contains("\"  " + name + " ");
            assertThat(page).contains("hrm bench " + name);
        }
    }

    @Test
    void wrongUsageIsExitCodeTwo() {
        assertThat(bench("stor")).isEqualTo(2);
        assertThat(err.toString()).contains("hrm bench --help");
        assertThat(bench("engine", "--patterns", "0")).isEqualTo(2);
        assertThat(bench("codec", "--rounds", "0")).isEqualTo(2);
        assertThat(bench("pipeline", "--people", "0")).isEqualTo(2);
        assertThat(bench("store", "--readings", "0")).isEqualTo(2);
        assertThat(bench("curve", "--points", "0")).isEqualTo(2);
        assertThat(bench("outage", "--people", "0")).isEqualTo(2);
    }
}
