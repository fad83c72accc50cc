package hrm.launcher;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code hrm} command.
 *
 * <p>Exit codes: 0 fine, 1 failed, 2 wrong usage. Answers go to standard output, errors and
 * progress to standard error.
 */
@Command(
        name = "hrm",
        description = "Heart-rate monitoring on Apache Flink. Not a medical device.",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DoctorCommand.class,
            SetupCommand.class,
            SubmitCommand.class,
            SavepointCommand.class,
            ScheduleCommand.class,
            BackfillCommand.class,
            LateRunCommand.class,
            GapsCommand.class,
            SendCommand.class,
            ReadingsCommand.class,
            AlertsCommand.class,
            BaselineCommand.class,
            ProfileCommand.class,
            ValuesCommand.class,
            PatternsCommand.class,
            BenchCommand.class,
            CompletionCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "hrm 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = {"  hrm demo", "", "Each command explains itself: hrm COMMAND --help"})
public final class Hrm implements Runnable {
    @CommandLine.Spec CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        var logLevel = System.getenv("HRM_LOG");
        if (logLevel == null) {
            // Some libraries, Flyway for one, log past SLF4J.
            LogManager.getLogManager().reset();
        } else {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", logLevel);
        }
        // Whatever the terminal's locale: messages have letters outside ASCII.
        var out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        var err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        int code = commandLine().setOut(out).setErr(err).execute(args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** The command as it runs, for tests to run it in their process. */
    static CommandLine commandLine() {
        var hrm =
                new CommandLine(new Hrm())
                        .setUsageHelpAutoWidth(true)
                        .setUsageHelpLongOptionsMaxWidth(34)
                        .setAbbreviatedSubcommandsAllowed(false)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setParameterExceptionHandler(Hrm::wrongUsage)
                        .setExecutionExceptionHandler(Hrm::failed);
        // What follows a benchmark's name is the benchmark's.
        hrm.getSubcommands().get("bench").setStopAtPositional(true);
        return hrm;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        var command = e.getCommandLine();
        var err = command.getErr();
        err.println(command.getColorScheme().errorText(e.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(e, err)
                && !command.getSubcommands().isEmpty()) {
            err.println("Commands: " + String.join(", ", command.getSubcommands().keySet()));
        }
        err.println("How it is used: " + command.getCommandSpec().qualifiedName() + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(command.getColorScheme().errorText(Failure.describe(e)));
        if (System.getenv("HRM_LOG") != null) {
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Colours only where they are seen: picocli asks for a terminal and for NO_COLOR. */
    static Ansi ansi(CommandLine.Model.CommandSpec spec) {
        return spec.commandLine().getColorScheme().ansi();
    }
}
