package hrm.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What people and their providers have said: time zone and limits. */
@Command(
        name = "profile",
        description = "Sets and shows people's time zones and limits.",
        subcommands = {
            ProfileSet.class,
            ProfileShow.class,
            ProfileImport.class,
            ProfilePublish.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  hrm profile set anna --time-zone Europe/Berlin --limit-high 110")
final class ProfileCommand implements Runnable {
    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
