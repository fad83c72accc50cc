package hrm.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Starts a benchmark from the source tree, in a JVM of its own: what benchmarks measure against is
 * never part of what ships, so nothing here may depend on them.
 */
@Command(
        name = "bench",
        description = "Measures beside a peer or a limit, and says the ratio.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench --quick",
            "",
            "Without a name: engine, codec and pipeline, one after the other.",
            "",
            "Benchmarks (each explains itself: hrm bench NAME --help):",
            "  engine  patterns on readings: this engine against stock Flink CEP, Esper, Siddhi",
            "  codec   JSON of readings: the codec that ships against Jackson",
            "  pipeline  readings topic to alerts topic: against stock parts and bare reading",
            "  store   readings into PostgreSQL: a row per minute against a row per reading",
            "  backfill  history judged: against only reading it, and against the engine",
            "  curve   a person-year to 2,000 points: the hourly roll-up against the view",
            "  outage  alert latency while PostgreSQL is stopped against while it runs",
            "",
            "Exit code 1 when the benchmark's bar is not met. Runs from the source tree."
        })
final class BenchCommand implements Callable<Integer> {
    private static final String MAIN = "hrm.benchmarks.Bench";

    @Spec CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Which benchmark, and its options.")
    List<String> benchmark = List.of();

    @Option(names = "--quick", description = "Without a name: 5 and 20 patterns, a few minutes.")
    boolean quick;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var process = new ProcessBuilder(command(home())).inheritIO().start();
        // Ctrl-C reaches it, too; this one ends when it has cleaned up.
        var atCtrlC = new Thread(() -> end(process), "hrm-bench-stopping");
        Runtime.getRuntime().addShutdownHook(atCtrlC);
        return process.waitFor();
    }

    private static void end(Process process) {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("hrm.home", "")).toAbsolutePath().normalize();
    }

    private List<String> command(Path home) throws IOException {
        var target = home.resolve("benchmarks/target");
        var classPath = target.resolve("class-path");
        if (!Files.isRegularFile(classPath)) {
            throw new Failure(
                    classPath
                            + " is not built. ./hrm bench builds it, unless HRM_SKIP_BUILD is 1; by"
                            + " hand, in "
                            + home
                            + ": mvn -q package -DskipTests");
        }
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Dhrm.home=" + home,
                                // Flink reflects into these, also in this JVM.
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--add-opens=java.base/java.util=ALL-UNNAMED",
                                "--add-opens=java.base/java.time=ALL-UNNAMED",
                                "-XX:-UsePerfData",
                                "-XX:+UseSerialGC",
                                "-cp",
                                target.resolve("classes")
                                        + File.pathSeparator
                                        + Files.readString(classPath).strip(),
                                MAIN));
        if (quick) {
            command.add("--quick");
        }
        command.addAll(benchmark);
        return command;
    }
}
