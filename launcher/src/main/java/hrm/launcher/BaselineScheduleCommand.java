package hrm.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The schedule of {@code hrm up} for a cluster of somebody's own. */
@Command(
        name = "schedule",
        description = "Runs baselines by the clock, until it is ended. hrm up does so by itself.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm baseline schedule --run 'flink run -c hrm.jobs.BaselineJob hrm-jobs.jar'",
            "",
            "When the next run is due stands in the database, so several of these do no harm, and",
            "what fell due while none ran is made up for. What fails is tried again after 10m."
        })
final class BaselineScheduleCommand implements Callable<Integer> {
    private static final long MEASURE_SECONDS = 10;

    @Spec CommandSpec spec;
    @Mixin DatabaseOption database;

    @Option(
            names = "--cron",
            paramLabel = "CRON",
            defaultValue = "${env:HRM_BASELINE_CRON:-0 30 8 * * *}",
            description =
                    "When: second, minute, hour, day, month, weekday, in UTC; - is never. Default:"
                            + " HRM_BASELINE_CRON, else 0 30 8 * * *")
    String cron;

    @Option(
            names = "--run",
            required = true,
            paramLabel = "COMMAND",
            description = "What a run is: a program and its arguments, between spaces.")
    String run;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Where to write the last run and the next, for Prometheus, every 10s.")
    Path metrics;

    @Override
    public Integer call() throws InterruptedException, SQLException {
        try (var schedule =
                new BaselineSchedule(database.options().dataSource(), checked(), this::run)) {
            schedule.start();
            say("Baselines are learnt by " + cron + " (UTC)");
            while (true) {
                measure();
                TimeUnit.SECONDS.sleep(MEASURE_SECONDS);
            }
        }
    }

    private String checked() {
        try {
            BaselineSchedule.schedule(cron);
            return cron;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--cron: " + e.getMessage(), e);
        }
    }

    private void run() {
        say("Learning baselines: " + run);
        try {
            int code = new ProcessBuilder(List.of(run.split(" +"))).inheritIO().start().waitFor();
            if (code != 0) {
                throw new Failure("The run ended with exit code " + code);
            }
            say("Baselines are learnt");
        } catch (IOException e) {
            throw new Failure("Cannot run " + run + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Ended while baselines were learnt", e);
        }
    }

    /** A database that is away makes the file old, which whoever watches it sees. */
    private void measure() {
        if (metrics == null) {
            return;
        }
        try (var connection = database.options().connect()) {
            BaselineMetrics.ask(connection).write(metrics);
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
