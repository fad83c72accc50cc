package hrm.launcher;

import hrm.launcher.Schedule.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The schedule of {@code hrm up} for a cluster of somebody's own. */
@Command(
        name = "schedule",
        description = "Runs baselines and the late run by the clock, until it is ended.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm schedule --run-baselines 'flink run -c hrm.jobs.BaselineJob hrm-jobs.jar' \\",
            "      --run-late 'flink run -c hrm.jobs.LateRunJob hrm-jobs.jar'",
            "",
            "hrm up does so by itself. When the next run is due stands in the database, so several",
            "of these do no harm, and what fell due while none ran is made up for. What fails is",
            "tried again: baselines after 10m, the late run after 1m. The late run is left out when",
            "nothing came late."
        })
final class ScheduleCommand implements Callable<Integer> {
    private static final long MEASURE_SECONDS = 10;

    @Spec CommandSpec spec;
    @Mixin DatabaseOption database;
    @Mixin KafkaOption kafka;
    @Mixin CronOptions cron;

    @ArgGroup(exclusive = false, multiplicity = "1")
    Commands commands;

    /** At least one of them. */
    static final class Commands {
        @Option(
                names = "--run-baselines",
                paramLabel = "COMMAND",
                description = "What learns baselines: a program and arguments, between spaces.")
        String baselines;

        @Option(
                names = "--run-late",
                paramLabel = "COMMAND",
                description = "What judges again what came late, likewise.")
        String late;
    }

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Where to write the last runs and the next, for Prometheus, every 10s.")
    Path metrics;

    @Override
    public Integer call() throws InterruptedException {
        cron.check();
        var entries = new ArrayList<Schedule.Entry>();
        if (commands.baselines != null) {
            entries.add(entry(Task.BASELINES, () -> run(commands.baselines)));
        }
        if (commands.late != null) {
            entries.add(entry(Task.LATE_RUN, this::runLate));
        }
        try (var schedule =
                new Schedule(
                        database.options().dataSource(), entries.toArray(Schedule.Entry[]::new))) {
            schedule.start();
            while (true) {
                measure();
                TimeUnit.SECONDS.sleep(MEASURE_SECONDS);
            }
        }
    }

    private Schedule.Entry entry(Task task, Runnable work) {
        say("Runs " + task + " by " + cron.of(task) + " (UTC)");
        return new Schedule.Entry(
                task,
                cron.of(task),
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        say("Trouble with " + task + ": " + Failure.describe(e));
                        throw e;
                    }
                });
    }

    private void runLate() {
        if (LateMarks.arePending(kafka.broker())) {
            run(commands.late);
        }
    }

    private void run(String command) {
        say("Running " + command);
        try {
            int code =
                    new ProcessBuilder(List.of(command.split(" +"))).inheritIO().start().waitFor();
            if (code != 0) {
                throw new Failure("It ended with exit code " + code + ": " + command);
            }
            say("Done: " + command);
        } catch (IOException e) {
            throw new Failure("Cannot run " + command + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Ended meanwhile: " + command, e);
        }
    }

    /** A database that is away makes the file old, which whoever watches it sees. */
    private void measure() {
        if (metrics == null) {
            return;
        }
        try (var connection = database.options().connect()) {
            ScheduleMetrics.ask(connection).write(metrics);
        } catch (SQLException e) {
            say("PostgreSQL does not answer (" + e.getMessage() + ")");
        }
    }

    private void say(String line) {
        var out = spec.commandLine().getOut();
        out.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + line);
        out.flush();
    }
}
