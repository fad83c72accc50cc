package hrm.launcher;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Runs jobs by cron expressions, side by side. When each is due stands in the database, so one of
 * several schedulers runs it, and what fell due while none ran is made up for, once.
 */
final class Schedule implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** One that ran something and was killed is taken for dead after four of these. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private static final Duration SHUTDOWN = Duration.ofSeconds(1);

    private final Scheduler scheduler;

    /** What is run by the clock. */
    enum Task {
        /** Usually each day, when the nights are over from Lisbon to Moscow. */
        BASELINES("baselines", "0 30 8 * * *", Duration.ofMinutes(10)),

        /** Nothing that is done every few minutes may cost much when there is nothing to do. */
        LATE_RUN("late-run", "0 */5 * * * *", Duration.ofMinutes(1));

        private final String id;
        private final String usual;
        private final Duration again;

        Task(String id, String usual, Duration again) {
            this.id = id;
            this.usual = usual;
            this.again = again;
        }

        @Override
        public String toString() {
            return id;
        }

        /** When, unless somebody says otherwise. */
        String usual() {
            return usual;
        }

        /** One that has failed is tried again after this, or when it is due if that is sooner. */
        Duration again() {
            return again;
        }

        /**
         * How it stands with it.
         *
         * @return empty when it is not scheduled, or never was
         */
        Optional<State> state(Connection database) throws SQLException {
            try (var select =
                    database.prepareStatement(
                            "SELECT execution_time, last_success, last_failure,"
                                    + " consecutive_failures FROM scheduled_tasks WHERE task_name ="
                                    + " ?")) {
                select.setString(1, id);
                try (var row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(
                                    new State(
                                            instant(row, 1),
                                            instant(row, 2),
                                            instant(row, 3),
                                            row.getInt(4)))
                            : Optional.empty();
                }
            }
        }
    }

    /**
     * How it stands with a task.
     *
     * @param next when it is due
     * @param lastSuccess null before the first
     * @param lastFailure null before the first
     * @param failures since the last success
     */
    record State(Instant next, Instant lastSuccess, Instant lastFailure, int failures) {}

    /**
     * A task and what it does here.
     *
     * @param cron seconds first, in UTC; {@code -} for never
     * @param work fails by throwing
     */
    record Entry(Task task, String cron, Runnable work) {}

    Schedule(DataSource database, Entry... entries) {
        this(database, LOOK, entries);
    }

    /**
     * @param look how often it asks what is due
     */
    Schedule(DataSource database, Duration look, Entry... entries) {
        scheduler =
                Scheduler.create(database)
                        .startTasks(Stream.of(entries).map(Schedule::task).toList())
                        // A day's baselines may take hours, and what came late does not wait.
                        .threads(entries.length)
                        .pollingInterval(look)
                        .heartbeatInterval(HEARTBEAT)
                        .shutdownMaxWait(SHUTDOWN)
                        .build();
    }

    private static RecurringTask<Void> task(Entry entry) {
        var cron = cron(entry.cron());
        return Tasks.recurring(entry.task().id, cron)
                .onFailure(
                        (complete, operations) ->
                                operations.reschedule(
                                        complete, retry(entry.task(), cron, complete)))
                .execute((instance, context) -> entry.work().run());
    }

    private static Instant retry(Task task, CronSchedule cron, ExecutionComplete complete) {
        var again = complete.getTimeDone().plus(task.again());
        var due = cron.getNextExecutionTime(complete);
        return due.isBefore(again) ? due : again;
    }

    /**
     * @throws IllegalArgumentException when it is none; says what is wrong and how it is written
     */
    static CronSchedule cron(String text) {
        try {
            return new CronSchedule(text, ZoneOffset.UTC);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is no cron expression ("
                            + e.getMessage()
                            + "). Write second, minute, hour, day, month, weekday, in UTC: \"0 30 8"
                            + " * * *\" is 08:30 each day, \"0 */5 * * * *\" every five minutes; -"
                            + " is never.",
                    e);
        }
    }

    void start() {
        scheduler.start();
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
