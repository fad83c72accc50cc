package hrm.launcher;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** For sites without {@code hrm up}, whose supervisor does it every few seconds. */
@Command(
        name = "publish",
        description = "Publishes profiles that still wait for Kafka.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm profile publish",
            "",
            "set and import publish at once, and hrm up every few seconds; this is for when Kafka",
            "was away. Any number may run at the same time."
        })
final class ProfilePublish implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin DatabaseOption database;

    @Mixin KafkaOption kafka;

    @Override
    public Integer call() throws SQLException, InterruptedException {
        try (var connection = database.connect()) {
            boolean done =
                    new ProfilePublication(kafka.broker())
                            .publish(connection, spec.commandLine().getOut());
            if (done) {
                spec.commandLine().getOut().println("Nothing waits.");
            }
            return done ? 0 : 1;
        }
    }
}
