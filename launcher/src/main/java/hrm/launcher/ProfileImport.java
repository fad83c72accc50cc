package hrm.launcher;

import hrm.importers.ByteLines;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.sinks.profiles.ProfileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The profiles of many people from a file. */
@Command(
        name = "import",
        description = "Changes the profiles of many people, from a file.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm profile import people.csv",
            "",
            "CSV with a header line, or a JSON object a line: user_id, time_zone, limit_high,",
            "limit_low, effective_from. What a line leaves empty stays as it was; none (in JSON",
            "null) takes a limit away. All lines are written, or none when one is wrong."
        })
final class ProfileImport implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "May be gzipped.")
    Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "json (an object a line) or csv. Default: as the first line looks")
    LineFormat format;

    @Option(names = "--skip-bad", description = "Leave out lines that are wrong; write the others.")
    boolean skipBad;

    @Mixin DatabaseOption database;

    @Mixin KafkaOption kafka;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        var err = spec.commandLine().getErr();
        ProfileLines lines;
        try (var input = ByteLines.open(file)) {
            lines = new ProfileLines(Instant.now()).read(input, format);
        }
        if (!lines.ignored().isEmpty()) {
            err.println(Columns.ignored(lines.ignored(), ProfileLines.COLUMNS));
        }
        try (var connection = database.connect()) {
            int written = ProfileStore.alone(connection, transaction -> write(transaction, lines));
            lines.findings()
                    .forEach(
                            (number, findings) ->
                                    findings.forEach(
                                            what -> err.println("line " + number + ": " + what)));
            int bad = lines.findings().size();
            if (bad > 0 && !skipBad) {
                err.println(
                        Words.count(bad, "line is", "lines are")
                                + " wrong; nothing was written. --skip-bad writes the others.");
                return 1;
            }
            var out = spec.commandLine().getOut();
            out.println(
                    Words.count(written, "profile version", "profile versions")
                            + " written"
                            + (bad == 0
                                    ? ""
                                    : ", " + Words.count(bad, "line", "lines") + " left out")
                            + ".");
            new ProfilePublication(kafka.broker()).publish(connection, out);
            return bad > 0 ? 1 : 0;
        }
    }

    /**
     * @return how many versions were written
     */
    private int write(Connection transaction, ProfileLines lines) throws SQLException {
        var people = new TreeMap<String, UserProfiles>();
        var versions = new TreeMap<String, List<UserProfile>>();
        int count = 0;
        // Of a person the earlier version first: the next keeps what it does not name.
        for (var line :
                lines.fine().stream()
                        .sorted(
                                Comparator.comparing(ProfileLines.Line::from)
                                        .thenComparingLong(ProfileLines.Line::number))
                        .toList()) {
            var person = people.get(line.userId());
            if (person == null) {
                person = ProfileStore.read(transaction, line.userId());
            }
            var version = line.edit().applyTo(person, line.from());
            var problem = line.edit().problem(version);
            if (problem.isPresent()) {
                lines.find(line.number(), problem.get());
                continue;
            }
            people.put(line.userId(), ProfileEdit.with(person, version));
            versions.computeIfAbsent(line.userId(), user -> new ArrayList<>()).add(version);
            count++;
        }
        if (!lines.findings().isEmpty() && !skipBad) {
            return 0;
        }
        ProfileStore.write(
                transaction,
                versions.entrySet().stream()
                        .map(
                                (Map.Entry<String, List<UserProfile>> person) ->
                                        new UserProfiles(person.getKey(), person.getValue()))
                        .toList());
        return count;
    }
}
