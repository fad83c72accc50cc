package hrm.launcher;

import hrm.embedded.FlinkClient.Job;
import hrm.embedded.JobState;
import hrm.embedded.Shutdown;
import hrm.embedded.StartFailure;
import hrm.sinks.profiles.ProfileRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Keeps a stack running until it is told to stop (SIGTERM, Ctrl-C).
 *
 * <pre>
 *  start ▸ every second: process dead? start it again ▸ job gone? submit it from its newest
 *          savepoint or checkpoint ▸ log full? rotate it ▸ profiles that wait to be published?
 *          publish them ▸ baselines due? learn them ▸ late run due, and something came late?
 *          judge it again
 *  stop  ▸ savepoint ▸ Flink ▸ PostgreSQL ▸ Kafka
 * </pre>
 *
 * <p>A job that somebody has stopped or cancelled is left stopped. One that fails for good, or is
 * gone with its JobManager, is submitted again.
 */
final class Supervisor {
    static final String MONITORING = "hrm.jobs.MonitoringJob";

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration SAVEPOINT_TAKES = Duration.ofSeconds(60);
    private static final Duration SUBMISSION_TAKES = Duration.ofMinutes(4);
    private static final Duration JOB_STARTS = Duration.ofMinutes(3);

    /**
     * For processes that an earlier supervisor has left behind; its watchdog may be ending them.
     */
    private static final Duration LEFTOVERS_END = Duration.ofSeconds(25);

    private static final Duration PROFILES_EVERY = Duration.ofSeconds(5);

    /** The name under which the monitoring job runs. */
    static final String JOB_NAME = "monitoring";

    private final StackFolder folder;
    private final StackProcesses.Ports ports;
    private final boolean withoutState;
    private final CronOptions cron;
    private final Consumer<String> say;
    private final Clock clock;
    private final BackOffs backOffs;
    private StackProcesses processes;
    private Stack stack;
    private RestorePoints restorePoints;
    private LogRotation logs;
    private Schedule schedule;
    private boolean saidStopped;
    private volatile boolean stopping;

    /**
     * @param withoutState start the job from nothing but the consumer groups' offsets when it
     *     cannot be resumed
     * @param cron when what runs by the clock is due
     * @param say gets each thing that happens, as a line
     */
    Supervisor(
            StackFolder folder,
            StackProcesses.Ports ports,
            boolean withoutState,
            CronOptions cron,
            Clock clock,
            Consumer<String> say) {
        this.folder = folder;
        this.ports = ports;
        this.withoutState = withoutState;
        this.cron = cron;
        this.clock = clock;
        this.say = say;
        this.backOffs = new BackOffs(clock);
    }

    /** Returns only when it could not start; otherwise runs until this process is told to end. */
    void run() throws InterruptedException {
        try (var lock = lock()) {
            endLeftovers();
            // Registered first, so run last: until then whoever waits must see us stopping.
            Shutdown.before(this::stopped);
            start();
            Shutdown.first(this::stopJob);
            // Beside: a database that hangs must not keep us from seeing who has died.
            var chores = new Thread(this::chores, "hrm-chores");
            chores.setDaemon(true);
            chores.start();
            while (true) {
                watch();
                TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + folder.path(), e);
        }
    }

    private FileLock lock() throws IOException {
        Files.createDirectories(folder.path());
        var channel =
                FileChannel.open(
                        folder.path().resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // said below
        }
        if (lock == null) {
            throw new Failure(folder.path() + " is in use by another hrm up. hrm status shows it.");
        }
        return lock;
    }

    /** What a supervisor that was killed has left running holds the ports and the data. */
    private void endLeftovers() {
        var left =
                ProcessList.read(folder).processes().stream()
                        .flatMap(entry -> entry.alive().stream())
                        .toList();
        if (left.isEmpty()) {
            return;
        }
        say.accept(
                Words.count(left.size(), "process", "processes")
                        + " of a stack whose supervisor was killed still runs; ending it");
        left.forEach(ProcessHandle::destroy);
        var deadline = System.nanoTime() + LEFTOVERS_END.toNanos();
        for (var process : left) {
            try {
                process.onExit()
                        .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                process.onExit().join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void start() {
        processes = StackProcesses.in(folder.path(), ports, say);
        stack = processes.stack();
        restorePoints = new RestorePoints(folder.path().resolve("flink"));
        var grow = new ArrayList<>(processes.logs());
        grow.add(folder.supervisorLog());
        logs = LogRotation.of(grow);
        noteProcesses();
        publish(StackFolder.Phase.STARTING);
        submit();
        publish(StackFolder.Phase.RUNNING);
        say.accept("Monitoring job is running");
    }

    private void publish(StackFolder.Phase phase) {
        folder.write(
                new StackFolder.Running(
                        stack.bootstrapServers(),
                        stack.jdbcUrl(),
                        stack.flink().restAddress(),
                        ProcessHandle.current().pid(),
                        phase));
    }

    private void noteProcesses() {
        ProcessList.of(processes.processes()).write(folder);
    }

    // ---- watching

    private void watch() {
        boolean restarted = false;
        for (var part : processes.parts()) {
            if (!part.isAlive().getAsBoolean()) {
                restarted |=
                        attempt(
                                part.name(),
                                () -> {
                                    say.accept(part.name() + " has ended; starting it again");
                                    part.start().run();
                                    say.accept(part.name() + " runs again");
                                });
            }
        }
        if (restarted) {
            noteProcesses();
        }
        attempt("the monitoring job", this::keepJob);
        attempt("the logs", logs::run);
    }

    /** What fails is tried again, less and less often. */
    private boolean attempt(String what, Runnable work) {
        return attempt(backOffs, what, work);
    }

    private boolean attempt(BackOffs backOffs, String what, Runnable work) {
        if (stopping || !backOffs.isDue(what)) {
            return false;
        }
        try {
            work.run();
            backOffs.succeeded(what);
            return true;
        } catch (RuntimeException e) {
            if (!stopping) {
                var wait = backOffs.failed(what);
                say.accept(
                        "Trouble with "
                                + what
                                + ": "
                                + Failure.describe(e)
                                + "\n  Next try in "
                                + Words.duration(wait));
            }
            return false;
        }
    }

    private void keepJob() {
        if (!stack.flink().answers()) {
            return; // Its process is seen to above.
        }
        var runs =
                stack.flink().jobs().stream()
                        .filter(job -> job.name().equals(JOB_NAME))
                        .sorted(Comparator.comparing(Job::startMs).reversed())
                        .toList();
        var live = runs.stream().filter(job -> !job.state().isFinal()).findFirst();
        if (live.isPresent()) {
            saidStopped = false;
            // Also one that a person has submitted.
            restorePoints.add(live.get().id());
            if (live.get().state() == JobState.RUNNING) {
                restorePoints.prune(live.get().id());
            }
            return;
        }
        var last = runs.stream().findFirst().map(Job::state);
        if (last.isPresent() && last.get() != JobState.FAILED) {
            if (!saidStopped) {
                saidStopped = true;
                say.accept(
                        "The monitoring job was stopped by hand ("
                                + last.get()
                                + "). It goes on with: hrm submit monitoring");
            }
            return;
        }
        say.accept(
                last.isEmpty()
                        ? "The monitoring job went with its JobManager; submitting it again"
                        : "The monitoring job has failed for good; submitting it again");
        submit();
        say.accept("Monitoring job is running again");
    }

    /** From the newest savepoint or checkpoint that Flink can read. */
    private void submit() {
        var points = restorePoints.newestFirst();
        var refused = new ArrayList<String>();
        for (var point : points) {
            var why = trySubmit(Optional.of(point));
            if (why.isEmpty()) {
                return;
            }
            say.accept("Flink cannot resume from " + point + ": " + why.get());
            refused.add(point.toString());
        }
        if (!refused.isEmpty() && !withoutState) {
            throw new Failure(
                    "The monitoring job can be resumed from none of "
                            + String.join(", ", refused)
                            + ". To start it with what Kafka remembers of its reading, but without"
                            + " open episodes and half-finished matches: hrm down, then hrm up"
                            + " --without-state");
        }
        trySubmit(Optional.empty())
                .ifPresent(
                        why -> {
                            throw new Failure("The monitoring job does not start: " + why);
                        });
    }

    /**
     * @return why Flink refused this point; empty when the job runs
     */
    private Optional<String> trySubmit(Optional<Path> point) {
        point.ifPresent(from -> say.accept("Resuming the monitoring job from " + from));
        var id = stack.submit(MONITORING, point.orElse(null), SUBMISSION_TAKES);
        restorePoints.add(id);
        try {
            stack.flink().awaitRunning(id, JOB_STARTS);
            return Optional.empty();
        } catch (StartFailure e) {
            if (stack.flink().state(id) == JobState.FAILED) {
                return Optional.of(e.getMessage().lines().findFirst().orElse(""));
            }
            throw e;
        }
    }

    private void chores() {
        var tries = new BackOffs(clock);
        try {
            while (!stopping) {
                attempt(tries, "profiles that wait to be published", this::publishProfiles);
                attempt(tries, "the schedule", this::schedule);
                attempt(tries, "the metrics", this::measure);
                TimeUnit.MILLISECONDS.sleep(PROFILES_EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void schedule() {
        if (schedule == null) {
            var first =
                    new Schedule(
                            stack.database().dataSource(),
                            entry(
                                    Schedule.Task.BASELINES,
                                    "Baselines are not learnt",
                                    this::learnBaselines),
                            entry(
                                    Schedule.Task.LATE_RUN,
                                    "What came late is not judged again",
                                    this::judgeLate));
            try {
                first.start();
                schedule = first;
            } finally {
                if (schedule == null) {
                    first.close();
                }
            }
        }
    }

    /** Its own failures are the next run's; the schedule tries it again. */
    private Schedule.Entry entry(Schedule.Task task, String failed, Runnable work) {
        return new Schedule.Entry(
                task,
                cron.of(task),
                () -> {
                    if (stopping) {
                        return;
                    }
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        // What is ended with the stack goes on with the next one.
                        if (!stopping) {
                            say.accept(failed + ": " + Failure.describe(e));
                        }
                        throw e;
                    }
                });
    }

    private void learnBaselines() {
        say.accept("Learning baselines");
        stack.submit(
                BaselineRun.JOB,
                null,
                BaselineRun.LIMIT,
                "--started-by",
                "the schedule of hrm up",
                "--wait-for-run",
                "1h");
        say.accept("Baselines are learnt");
    }

    private void judgeLate() {
        try {
            LateRunCommand.ofSchedule(stack)
                    .ifPresent(run -> say.accept("Late run: " + run.counts().inWords()));
        } catch (SQLException e) {
            throw doesNotAnswer(e);
        }
    }

    private static Failure doesNotAnswer(SQLException e) {
        return new Failure("PostgreSQL does not answer (" + e.getMessage() + ")", e);
    }

    private void measure() {
        try (var connection = stack.connect()) {
            ScheduleMetrics.ask(connection).write(folder.metrics());
        } catch (SQLException e) {
            throw doesNotAnswer(e);
        }
    }

    /** Commands publish what they write; this is for what they could not. */
    private void publishProfiles() {
        try (var connection = stack.connect()) {
            var outcome = new ProfileRelay(stack.broker()::producer).publish(connection);
            if (outcome.trouble() != null) {
                throw new Failure(outcome.trouble().getMessage(), outcome.trouble());
            }
        } catch (SQLException e) {
            throw doesNotAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- stopping

    private void stopJob() {
        stopping = true;
        publish(StackFolder.Phase.STOPPING);
        try {
            for (var job : stack.flink().jobs()) {
                if (job.name().equals(JOB_NAME) && !job.state().isFinal()) {
                    say.accept("Stopping the monitoring job with a savepoint");
                    var savepoint =
                            stack.flink().stopWithSavepoint(job.id(), null, SAVEPOINT_TAKES);
                    say.accept("Savepoint: " + savepoint);
                }
            }
        } catch (StartFailure | UncheckedIOException e) {
            say.accept(
                    "No savepoint ("
                            + e.getMessage().lines().findFirst().orElse("")
                            + "). The next start goes on from the newest checkpoint, which loses"
                            + " nothing and reads some seconds again.");
        }
        say.accept("Stopping Flink, PostgreSQL and Kafka");
    }

    private void stopped() {
        folder.forget();
        say.accept("All is stopped; the data stays in " + folder.path());
    }

    /** When what has failed is tried again: after a second, two, four … a minute. */
    static final class BackOffs {
        private static final Duration LONGEST = Duration.ofMinutes(1);

        private record Wait(Duration length, long untilMs) {}

        private final Map<String, Wait> waits = new HashMap<>();
        private final Clock clock;

        BackOffs(Clock clock) {
            this.clock = clock;
        }

        boolean isDue(String what) {
            var wait = waits.get(what);
            return wait == null || clock.millis() >= wait.untilMs;
        }

        void succeeded(String what) {
            waits.remove(what);
        }

        /**
         * @return how long to wait now
         */
        Duration failed(String what) {
            var before = waits.get(what);
            var length =
                    before == null
                            ? Duration.ofSeconds(1)
                            : before.length.multipliedBy(2).compareTo(LONGEST) > 0
                                    ? LONGEST
                                    : before.length.multipliedBy(2);
            waits.put(what, new Wait(length, clock.millis() + length.toMillis()));
            return length;
        }
    }
}
