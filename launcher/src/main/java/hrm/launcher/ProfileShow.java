package hrm.launcher;

import hrm.functions.detection.Limits;
import hrm.functions.detection.Reference.InForce;
import hrm.model.Alert.LimitSource;
import hrm.model.UserProfiles;
import hrm.sinks.profiles.ProfileStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** By what a person is judged, and who said so. */
@Command(
        name = "show",
        description = "Shows a person's profile, and by which limits they are judged.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  hrm profile show anna")
final class ProfileShow implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Parameters(paramLabel = "USER", description = "Whose.")
    String user;

    @Mixin DatabaseOption database;

    /** Versions, and what is in force now. */
    private record Report(
            String userId,
            UserProfiles profile,
            String timeZone,
            double limitHigh,
            LimitSource limitHighSource,
            double limitLow,
            LimitSource limitLowSource,
            String baselineRun) {}

    @Override
    public Integer call() throws SQLException {
        var now = Instant.now();
        try (var connection = database.connect()) {
            var profile = ProfileStore.read(connection, user);
            var person = new StoredPerson(connection, user);
            var inForce = person.reference(now).at(now.toEpochMilli());
            if (profile.versions().isEmpty()
                    && inForce.baseline() == null
                    && person.nearest(null, now).isEmpty()) {
                throw new Failure(
                        "Nobody is known as '"
                                + user
                                + "': no profile, no baseline, no stored reading. Is the id right?"
                                + " Else: hrm profile set");
            }
            if (output.json()) {
                var limits = inForce.limits();
                OutputOption.print(
                        spec.commandLine().getOut(),
                        new Report(
                                user,
                                profile,
                                inForce.zone().getId(),
                                limits.high(),
                                limits.highSource(),
                                limits.low(),
                                limits.lowSource(),
                                inForce.baseline() == null ? null : inForce.baseline().runId()));
            } else {
                print(profile, inForce);
            }
            return 0;
        }
    }

    private void print(UserProfiles profile, InForce inForce) {
        var out = spec.commandLine().getOut();
        if (profile.versions().isEmpty()) {
            out.println(user + " has no profile: hours are UTC, limits as below.");
        } else {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("FROM (UTC)", "TIME ZONE", "HIGH", "LOW", ""));
            for (var version : profile.versions()) {
                var row = new ArrayList<>(ProfileEdit.row(version));
                row.add(
                        version.equals(inForce.profile())
                                ? "in force"
                                : version.effectiveFrom().isAfter(Instant.now()) ? "later" : "");
                rows.add(row);
            }
            new Table(rows).print(out);
        }
        var limits = inForce.limits();
        out.println("Judged now by:");
        out.println(limit("above", limits.high(), limits.highSource(), inForce));
        out.println(limit("below", limits.low(), limits.lowSource(), inForce));
        out.println("  hours in " + inForce.zone().getId());
    }

    private static String limit(String word, double bpm, LimitSource source, InForce inForce) {
        return String.format(Locale.ROOT, "  %s %3.0f bpm, %s", word, bpm, origin(source, inForce));
    }

    /** Where a limit comes from, and which version of it. */
    static String origin(LimitSource source, InForce inForce) {
        return switch (source) {
            case PROFILE ->
                    "from the profile of "
                            + AlertLines.dated().format(inForce.profile().effectiveFrom());
            case BASELINE -> "from the baseline of run " + inForce.baseline().runId();
            case DEFAULT ->
                    "the general limit ("
                            + Words.number(Limits.DEFAULT_HIGH)
                            + " and "
                            + Words.number(Limits.DEFAULT_LOW)
                            + "), since "
                            + why(inForce);
            case PATTERN -> "from the pattern";
        };
    }

    private static String why(InForce inForce) {
        if (inForce.baseline() == null) {
            return "there is no baseline";
        }
        return switch (inForce.baseline().state()) {
            case READY -> "the baseline knows no rest";
            case LEARNING, STALE, INSUFFICIENT ->
                    "the baseline of run "
                            + inForce.baseline().runId()
                            + " is "
                            + inForce.baseline().state();
        };
    }
}
