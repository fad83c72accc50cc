package hrm.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What data teams do with patterns. */
@Command(
        name = "patterns",
        description = "Checks, tries and publishes patterns.",
        subcommands = {
            PatternsValidate.class,
            PatternsTest.class,
            PatternsList.class,
            PatternsNew.class,
            PatternsRun.class,
            PatternsPush.class,
            PatternsShow.class,
            PatternsDiff.class,
            PatternsExplain.class,
            PatternsRollback.class,
            PatternsShadow.class,
            PatternsOff.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns new my-pattern && hrm patterns test my-pattern.yaml",
            "",
            "The language: docs/patterns.md"
        })
final class PatternsCommand implements Runnable {
    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
