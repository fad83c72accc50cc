package hrm.launcher;

import hrm.model.PatternVersions.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The text of a published pattern. */
@Command(
        name = "show",
        description = "Prints the text of a published pattern.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns show resting-tachycardia --version-number 3",
            "",
            "Its versions are in: hrm patterns list --published"
        })
final class PatternsShow implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin KafkaOption kafka;

    @Parameters(paramLabel = "ID", description = "The pattern.")
    String id;

    @Option(
            names = "--version-number",
            paramLabel = "N",
            description = "Which version. Default: the newest")
    Integer number;

    @Override
    public Integer call() {
        var versions = PublishedPatterns.of(kafka.broker()).of(id);
        Version shown =
                number == null
                        ? PublishedPatterns.newest(versions)
                        : PatternsRollback.numbered(versions, number);
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, shown);
        } else {
            out.print(shown.yaml());
            out.flush();
        }
        return 0;
    }
}
