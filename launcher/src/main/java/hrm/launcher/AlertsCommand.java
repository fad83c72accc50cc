package hrm.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What has been told of people. */
@Command(
        name = "alerts",
        description = "Lists, follows and explains alerts.",
        subcommands = {AlertsTail.class, AlertsList.class, AlertsShow.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  hrm alerts list --state open")
final class AlertsCommand implements Runnable {
    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
