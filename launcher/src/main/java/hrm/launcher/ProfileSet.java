package hrm.launcher;

import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.sinks.profiles.ProfileStore;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A new version of one person's profile. */
@Command(
        name = "set",
        description = "Changes a person's time zone or limits.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm profile set anna --time-zone Europe/Berlin --limit-high 110 --limit-low none",
            "",
            "What is not given stays as it was. Readings from --effective-from on are judged by it.",
            "It is written to PostgreSQL and published from there; when Kafka is away, later."
        })
final class ProfileSet implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Parameters(paramLabel = "USER", description = "Whose.")
    String user;

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description = "IANA name: Europe/Berlin. Hours and nights are local to it.")
    String timeZone;

    @Option(
            names = "--limit-high",
            paramLabel = "BPM",
            description = "Tell above this heart rate, 20 to 300; none to go by the baseline.")
    String limitHigh;

    @Option(
            names = "--limit-low",
            paramLabel = "BPM",
            description = "Tell below this heart rate, 20 to 300; none to go by the baseline.")
    String limitLow;

    @Option(
            names = "--effective-from",
            paramLabel = "TIME",
            converter = PatternsPush.Time.class,
            description = "2026-01-31T08:00:00Z. Default: now")
    Instant effectiveFrom;

    @Mixin DatabaseOption database;

    @Mixin KafkaOption kafka;

    @Override
    public Integer call() throws SQLException, InterruptedException {
        var problems = new ArrayList<String>();
        UserIds.problem(user).ifPresent(problems::add);
        var edit = ProfileEdit.parse(timeZone, limitHigh, limitLow, problems);
        if (problems.isEmpty() && edit.isEmpty()) {
            problems.add("Nothing to change: give --time-zone, --limit-high or --limit-low.");
        }
        if (!problems.isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join("\n", problems));
        }
        // Whole milliseconds, as everything that judges has them.
        var from =
                (effectiveFrom == null ? Instant.now() : effectiveFrom)
                        .truncatedTo(ChronoUnit.MILLIS);
        try (var connection = database.connect()) {
            var person =
                    ProfileStore.alone(connection, transaction -> change(transaction, edit, from));
            print(person, from);
            new ProfilePublication(kafka.broker()).publish(connection, spec.commandLine().getOut());
            return 0;
        }
    }

    private UserProfiles change(java.sql.Connection transaction, ProfileEdit edit, Instant from)
            throws SQLException {
        var before = ProfileStore.read(transaction, user);
        var version = edit.applyTo(before, from);
        edit.problem(version)
                .ifPresent(
                        problem -> {
                            throw new Failure("Nothing was changed: " + problem);
                        });
        ProfileStore.write(transaction, List.of(new UserProfiles(user, List.of(version))));
        return ProfileEdit.with(before, version);
    }

    private void print(UserProfiles person, Instant from) {
        var out = spec.commandLine().getOut();
        var version = ProfileEdit.inForce(person, from).orElseThrow();
        var row = ProfileEdit.row(version);
        out.println(
                user
                        + " from "
                        + row.get(0)
                        + " UTC on: time zone "
                        + row.get(1)
                        + ", limit high "
                        + row.get(2)
                        + ", limit low "
                        + row.get(3));
        person.versions().stream()
                .map(UserProfile::effectiveFrom)
                .filter(later -> later.isAfter(from))
                .findFirst()
                .ifPresent(
                        later ->
                                out.println(
                                        "Until "
                                                + AlertLines.dated().format(later)
                                                + " UTC only: a later version holds from then."));
    }
}
