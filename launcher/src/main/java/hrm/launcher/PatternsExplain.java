package hrm.launcher;

import hrm.model.PatternVersions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Why a pattern told, or did not. */
@Command(
        name = "explain",
        description = "Says why a pattern told of a person at a time, or did not.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns explain resting-tachycardia --user anna --at 2026-01-31T08:15:00Z",
            "",
            "Plays the detection again over the stored readings of the day before, late ones in their",
            "place: what was told, or the step that was reached and what its condition lacked."
        })
final class PatternsExplain implements Callable<Integer> {
    /** The minute of that time is judged by the first reading after it. */
    private static final Duration AFTER = Duration.ofMinutes(3);

    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Parameters(paramLabel = "ID", description = "The pattern.")
    String id;

    @Option(names = "--user", required = true, paramLabel = "USER", description = "Whose.")
    String user;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Default: the one with the newest reading at that time")
    String device;

    @Option(
            names = "--at",
            required = true,
            paramLabel = "TIME",
            converter = Moment.class,
            description = Moment.FORMS + ", now")
    Instant at;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Judge by this pattern file instead of what is published")
    Path file;

    @Mixin KafkaOption kafka;

    @Mixin DatabaseOption database;

    private record Report(
            String pattern,
            String userId,
            String deviceId,
            Instant at,
            boolean told,
            List<String> lines) {}

    @Override
    public Integer call() throws SQLException {
        var versions = versions();
        try (var connection = database.connect()) {
            var person = new StoredPerson(connection, user);
            var near = person.readings(device, at.minus(ValuesCommand.NEAR), at);
            if (near.isEmpty()) {
                throw new Failure(
                        "No reading of '"
                                + user
                                + "'"
                                + (device == null ? "" : " on device '" + device + "'")
                                + " is stored from the "
                                + Words.duration(ValuesCommand.NEAR)
                                + " before then, so there was nothing to judge. Which there are:"
                                + " hrm values --user "
                                + user
                                + " --at "
                                + at);
            }
            var deviceId = near.get(near.size() - 1).deviceId();
            var readings =
                    person.readings(deviceId, at.minus(ValuesCommand.HISTORY), at.plus(AFTER));
            var answer = new PatternExplanation(versions, person.reference(at), at).of(readings);
            var out = spec.commandLine().getOut();
            if (output.json()) {
                OutputOption.print(
                        out, new Report(id, user, deviceId, at, answer.told(), answer.lines()));
            } else {
                out.println(
                        Style.BOLD.on(
                                Hrm.ansi(spec),
                                id + ", " + user + ", device " + deviceId + ", " + at));
                answer.lines().forEach(out::println);
            }
            return 0;
        }
    }

    private PatternVersions versions() {
        if (file == null) {
            return PublishedPatterns.of(kafka.broker()).of(id);
        }
        var loaded = PatternFile.read(List.of(file)).get(0).loaded();
        if (!loaded.isFine()) {
            throw new Failure(loaded.report());
        }
        if (!loaded.spec().id().equals(id)) {
            throw new Failure(
                    file + " is the pattern '" + loaded.spec().id() + "', not '" + id + "'");
        }
        return PatternVersions.always(id, loaded.spec().version(), loaded.spec().yaml());
    }
}
