package hrm.benchmarks;

import hrm.benchmarks.engine.EngineBenchmark;
import hrm.embedded.StartFailure;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
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
        subcommands = {EngineBenchmark.class, StoreBenchmark.class, OutageBenchmark.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "NAME",
        commandListHeading = "%nBenchmarks:%n",
        footerHeading = "%nExample:%n",
        footer = "  hrm bench store --quick")
public final class Bench implements Runnable {
    private static final AtomicBoolean STOPPING = new AtomicBoolean();

    @CommandLine.Spec CommandLine.Model.CommandSpec spec;

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
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "A benchmark is missing: "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet())
                        + ".");
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
