package hrm.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Stored readings: from files, to files. */
@Command(
        name = "readings",
        description = "Imports and exports stored readings.",
        subcommands = {ReadingsImport.class, ReadingsExport.class, ReadingsRollUp.class},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  hrm readings import export.zip --user anna")
final class ReadingsCommand implements Runnable {
    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
