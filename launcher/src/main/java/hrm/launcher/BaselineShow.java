package hrm.launcher;

import hrm.model.BaselineLineage;
import hrm.model.LearntBaseline;
import hrm.sinks.baselines.BaselineTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is normal for one person, and how we know. */
@Command(
        name = "show",
        description = "Shows a person's baseline in force, and what it was made of.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm baseline show --user anna",
            "  hrm baseline show --user anna --at 2026-01-31"
        })
final class BaselineShow implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin DatabaseOption database;
    @Mixin OutputOption output;

    @Option(names = "--user", required = true, paramLabel = "USER", description = "Whose.")
    String user;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "In force then: " + Moment.FORMS + ". Default: now")
    Instant at;

    @Override
    public Integer call() throws SQLException {
        var now = at == null ? Instant.now() : at;
        try (var connection = database.connect()) {
            var found = find(connection, now);
            if (output.json()) {
                OutputOption.print(spec.commandLine().getOut(), found);
            } else {
                BaselineLines.baseline(found.baseline(), found.lineage(), now)
                        .forEach(spec.commandLine().getOut()::println);
            }
        }
        return 0;
    }

    private LearntBaseline find(Connection connection, Instant now) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT lineage, "
                                + BaselineTable.COLUMNS
                                + ", effective_from <= ? FROM baselines WHERE user_id = ?"
                                + " ORDER BY effective_from <= ? DESC, CASE WHEN effective_from <= ?"
                                + " THEN effective_from END DESC, effective_from, created_at DESC"
                                + " LIMIT 1")) {
            var time = now.atOffset(ZoneOffset.UTC);
            select.setObject(1, time);
            select.setString(2, user);
            select.setObject(3, time);
            select.setObject(4, time);
            try (var row = select.executeQuery()) {
                if (!row.next()) {
                    throw new Failure(
                            "There is no baseline of '"
                                    + user
                                    + "'. Is the id right? A run makes one for everybody with"
                                    + " readings: hrm baseline run");
                }
                BaselineLineage lineage = BaselineTable.lineage(row, 1);
                return new LearntBaseline(BaselineTable.read(row, 1), lineage);
            }
        }
    }
}
