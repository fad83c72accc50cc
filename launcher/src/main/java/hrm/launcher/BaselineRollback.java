package hrm.launcher;

import hrm.sinks.RunLock;
import hrm.sinks.baselines.BaselineRuns;
import hrm.sinks.baselines.BaselineTopic;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What was in force before a run is so again. */
@Command(
        name = "rollback",
        description = "Undoes a run: the baselines before it are in force again.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm baseline rollback baseline-2026-01-31T02:00:00.000Z",
            "",
            "For everybody whose newest baseline is of that run, in the table and on the topic, from",
            "a minute on. What was judged by it stays as it was judged. The next run learns anew."
        })
final class BaselineRollback implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin DatabaseOption database;
    @Mixin KafkaOption kafka;

    @Parameters(paramLabel = "RUN", description = "Which: hrm baseline history lists them.")
    String run;

    @Override
    public Integer call() throws SQLException {
        var out = spec.commandLine().getOut();
        database.connect().close(); // It says what to do when it does not answer.
        try (var lock = lock()) {
            var done =
                    BaselineRuns.rollback(
                            lock.connection(),
                            run,
                            Instant.now().truncatedTo(ChronoUnit.MILLIS),
                            who());
            if (done.restored() + done.without() == 0) {
                out.println(
                        "Nobody's newest baseline is of run "
                                + run
                                + ": a later run has replaced them. Undo that one first (hrm"
                                + " baseline history).");
                return 1;
            }
            out.println(
                    "Run "
                            + run
                            + " is undone: from "
                            + AlertLines.dated().format(done.effectiveFrom())
                            + " on "
                            + Words.count(done.restored(), "person has", "people have")
                            + " the baseline again that they had before"
                            + (done.without() == 0
                                    ? "."
                                    : ", and general limits apply to "
                                            + Words.count(done.without(), "person", "people")
                                            + " who had none."));
            out.println("This is run " + done.runId() + ".");
            var broker = kafka.broker();
            BaselineTopic.publish(lock.connection(), broker::producer);
            return 0;
        } catch (BaselineRuns.CannotUndo e) {
            throw new Failure(e.getMessage(), e);
        } catch (KafkaException e) {
            throw new Failure(
                    "It is undone in the database, and not on the topic ("
                            + e.getMessage()
                            + "): the jobs still judge by it. The next hrm baseline run publishes"
                            + " it.",
                    e);
        }
    }

    private RunLock.Held lock() throws SQLException {
        var lock = RunLock.BASELINES.tryTake(database.options(), who());
        if (lock.isPresent()) {
            return lock.get();
        }
        try (var connection = database.connect()) {
            throw new Failure(
                    "A baseline run is going on: "
                            + RunLock.BASELINES.holder(connection).orElse("somebody")
                            + ". Wait until it has ended (hrm baseline history), then undo what is"
                            + " to be undone.");
        }
    }

    private static String who() {
        return System.getProperty("user.name") + ", by hand";
    }
}
