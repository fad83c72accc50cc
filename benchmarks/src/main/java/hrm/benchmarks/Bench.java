package hrm.benchmarks;

import hrm.benchmarks.codec.CodecBenchmark;
import hrm.benchmarks.engine.EngineBenchmark;
import hrm.benchmarks.engine.PipelineBenchmark;
import hrm.benchmarks.history.BackfillBenchmark;
import hrm.embedded.StartFailure;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code hrm bench}, started by the launcher in a JVM of its own from the source tree.
 *
 * <p>Results go to standard output, progress and errors to standard error. Exit codes: 0 the bar is
 * met, 1 it is not or something failed, 2 wrong usage.
 */
@Command(
        name = "hrm bench",
        description = "Measures beside a peer or a limit, and says the ratio.",
        subcommands = {
            EngineBenchmark.class,
            CodecBenchmark.class,
            PipelineBenchmark.class,
            StoreBenchmark.class,
            BackfillBenchmark.class,
            CurveBenchmark.class,
            OutageBenchmark.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[NAME]",
        commandListHeading = "%nBenchmarks:%n",
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench --quick",
            "",
            "Without a name: engine, codec and pipeline, one after the other."
        })
public final class Bench implements Callable<Integer> {
    private static final List<String> DETECTION = List.of("engine", "codec", "pipeline");
    private static final AtomicBoolean STOPPING = new AtomicBoolean();

    @CommandLine.Spec CommandLine.Model.CommandSpec spec;

    @Option(names = "--quick", description = "5 and 20 patterns; a few minutes.")
    boolean quick;

    public static void main(String[] args) {
        if (System.getenv("HRM_LOG") == null) {
            LogManager.getLogManager().reset();
        } else {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", System.getenv("HRM_LOG"));
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> STOPPING.set(true), "hrm-bench-stopping"));
        var out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        var err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        System.exit(commandLine().setOut(out).setErr(err).execute(args));
    }

    /** The command as it runs, for tests to run it in their process. */
    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .setUsageHelpAutoWidth(true)
                .setAbbreviatedSubcommandsAllowed(false)
                .setParameterExceptionHandler(Bench::wrongUsage)
                .setExecutionExceptionHandler(Bench::failed);
    }

    @Override
    public Integer call() {
        int worst = ExitCode.OK;
        for (var name : DETECTION) {
            spec.commandLine().getOut().printf("%n== hrm bench %s%n", name);
            var benchmark = spec.commandLine().getSubcommands().get(name);
            worst = Math.max(worst, quick ? benchmark.execute("--quick") : benchmark.execute());
        }
        return worst;
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        var command = e.getCommandLine();
        command.getErr().println(e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr()
                .println("How it is used: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
            throws InterruptedException {
        if (STOPPING.get()) {
            // What is being stopped under our hands fails; that is no news.
            new CountDownLatch(1).await();
        }
        command.getErr()
                .println(
                        e instanceof Failure || e instanceof StartFailure
                                ? e.getMessage()
                                : "This should not have happened: " + e);
        if (System.getenv("HRM_LOG") != null) {
            e.printStackTrace(command.getErr());
        }
        return ExitCode.SOFTWARE;
    }
}
