package hrm.launcher;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Runs the baseline job by a cron expression. When it is due stands in the database, so one of
 * several schedulers runs it, and what fell due while none ran is made up for. A run that fails is
 * tried again after ten minutes.
 */
final class BaselineSchedule implements AutoCloseable {
    /** In the environment: when, as a cron expression in UTC. */
    static final String VARIABLE = "HRM_BASELINE_CRON";

    /** Each day, when the nights are over from Lisbon to Moscow. */
    static final String USUAL = "0 30 8 * * *";

    private static final String TASK = "baselines";
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** One that ran it and was killed is taken for dead after four of these. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private static final Duration AGAIN = Duration.ofMinutes(10);
    private static final Duration SHUTDOWN = Duration.ofSeconds(1);

    private final Scheduler scheduler;

    /**
     * @param cron seconds first, in UTC; {@code -} for never
     * @param run fails by throwing
     */
    BaselineSchedule(DataSource database, String cron, Runnable run) {
        this(database, cron, LOOK, run);
    }

    /**
     * @param look how often it asks what is due
     */
    BaselineSchedule(DataSource database, String cron, Duration look, Runnable run) {
        var task =
                Tasks.recurring(TASK, schedule(cron))
                        .onFailure(
                                (complete, operations) ->
                                        operations.reschedule(
                                                complete, complete.getTimeDone().plus(AGAIN)))
                        .execute((instance, context) -> run.run());
        scheduler =
                Scheduler.create(database)
                        .startTasks(task)
                        .threads(1)
                        .pollingInterval(look)
                        .heartbeatInterval(HEARTBEAT)
                        .shutdownMaxWait(SHUTDOWN)
                        .build();
    }

    /**
     * @throws IllegalArgumentException when it is none; says what is wrong and how it is written
     */
    static CronSchedule schedule(String cron) {
        try {
            return new CronSchedule(cron, ZoneOffset.UTC);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "'"
                            + cron
                            + "' is no cron expression ("
                            + e.getMessage()
                            + "). Write second, minute, hour, day, month, weekday, in UTC: \""
                            + USUAL
                            + "\" is 08:30 each day; - is never.",
                    e);
        }
    }

    void start() {
        scheduler.start();
    }

    /** When it runs next; empty when it is not scheduled. */
    static Optional<Instant> next(Connection database) throws SQLException {
        try (var select =
                        database.prepareStatement(
                                "SELECT execution_time FROM scheduled_tasks WHERE task_name = '"
                                        + TASK
                                        + "'");
                var row = select.executeQuery()) {
            return row.next()
                    ? Optional.of(row.getObject(1, OffsetDateTime.class).toInstant())
                    : Optional.empty();
        }
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
