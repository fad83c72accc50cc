package hrm.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is normal for each person: learning it, looking at it, undoing it. */
@Command(
        name = "baseline",
        description = "Learns and shows what is normal for each person.",
        subcommands = {
            BaselineRun.class,
            BaselineShow.class,
            BaselineHistory.class,
            BaselineRollback.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm baseline run", "  hrm baseline show --user anna"})
final class BaselineCommand implements Runnable {
    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
