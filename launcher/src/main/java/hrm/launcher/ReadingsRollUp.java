package hrm.launcher;

import hrm.sinks.readings.ReadingHours;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The hourly roll-up, when nobody wants to wait for the night. */
@Command(
        name = "roll-up",
        description = "Brings the hourly roll-up, for long curves, up to date.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm readings roll-up --since 2026-01-01",
            "",
            "hrm readings import does so for what it has written. Hours that are not over for two",
            "days are left out; curves read those from the minutes."
        })
final class ReadingsRollUp implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Moment.class,
            description = {Moment.FORMS + ".", "Default: 35 days ago"})
    Instant since = Instant.now().minus(ReadingHours.STILL_CHANGING);

    @Option(names = "--user", paramLabel = "USER", description = "Default: everybody")
    String user;

    @Mixin DatabaseOption database;

    @Override
    public Integer call() throws SQLException {
        // Says what to do when it does not answer.
        database.connect().close();
        int rows = ReadingHours.rollUp(database.options(), since, Instant.now(), user);
        spec.commandLine()
                .getOut()
                .println("new or changed: " + Words.count(rows, "hour", "hours"));
        return 0;
    }
}
