package hrm.launcher;

import hrm.model.PatternVersions;
import hrm.model.PatternVersions.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The text before, under a new number. */
@Command(
        name = "rollback",
        description = "Publishes a pattern's previous text again.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns rollback resting-tachycardia",
            "",
            "The text gets a new version number and takes effect in a second. What was judged by",
            "the version that is rolled back stays as it was told."
        })
final class PatternsRollback implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin KafkaOption kafka;

    @Parameters(paramLabel = "ID", description = "The pattern.")
    String id;

    @Option(
            names = "--to",
            paramLabel = "N",
            description = "The version whose text to take. Default: the one before the newest")
    Integer to;

    @Override
    public Integer call() {
        var broker = kafka.broker();
        var versions = PublishedPatterns.of(broker).of(id);
        var wanted = to == null ? before(versions) : numbered(versions, to);
        var pattern =
                PublishedPatterns.again(
                        id, wanted, PublishedPatterns.highestNumber(versions) + 1, null);
        return PatternsPush.tell(
                spec, output, PublishedPatterns.publish(broker, pattern, versions, null));
    }

    private Version before(PatternVersions versions) {
        int size = versions.versions().size();
        if (size < 2) {
            throw new Failure(
                    "'"
                            + id
                            + "' has one version, so there is none to go back to."
                            + " To stop it: hrm patterns off "
                            + id);
        }
        return versions.versions().get(size - 2);
    }

    /**
     * @throws Failure when there is none of that number
     */
    static Version numbered(PatternVersions versions, int number) {
        return versions.versions().stream()
                .filter(version -> version.version() == number)
                .findFirst()
                .orElseThrow(
                        () ->
                                new Failure(
                                        "'"
                                                + versions.patternId()
                                                + "' has no version "
                                                + number
                                                + ". There are: "
                                                + versions.versions().stream()
                                                        .map(one -> "" + one.version())
                                                        .collect(
                                                                java.util.stream.Collectors.joining(
                                                                        ", "))));
    }
}
