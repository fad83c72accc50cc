package hrm.jobs;

import hrm.functions.baselines.PersonWindow;
import hrm.functions.flink.LearnBaseline;
import hrm.functions.flink.LearnDays;
import hrm.functions.flink.Types;
import hrm.model.PersonDay;
import hrm.model.Topics;
import hrm.sinks.RunLock;
import hrm.sinks.baselines.BaselineRuns;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.baselines.BaselineTopic;
import hrm.sinks.baselines.HistogramTable;
import hrm.sinks.readings.ReadingHours;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.KafkaException;

/**
 * Stored readings in, baselines out, in BATCH:
 *
 * <pre>
 *  reading_minutes of days with new readings ▸ keyBy(user) ▸ days ─▶ table day_histograms
 *                                                             │
 *                           day_histograms of the window ▸ keyBy(user) ▸ baseline ─▶ table baseline_drafts
 *
 *  then, in main: drafts ─▶ table baselines, all at once ─▶ topic baselines
 *                 reading_minutes of the last weeks ─▶ reading_hours
 * </pre>
 *
 * A run that breaks off leaves the baselines as they were; another does what it did not. Never two
 * at once: {@link RunLock}.
 */
public final class BaselineJob {
    /** A change that moves any number makes it a new one, and the next run read everything. */
    public static final int ALGORITHM_VERSION = 2;

    private BaselineJob() {}

    public static void main(String[] args) throws Exception {
        var options = BaselineOptions.parse(args);
        KafkaAccess.requireTopics(
                options.bootstrapServers(),
                options.kafkaClient(),
                List.of(Topics.BASELINES),
                options.waitFor);
        try (var lock = lock(options)) {
            run(lock, options);
            publish(lock, options);
        }
        rollUpHours(options);
    }

    /** For long curves; here, because it is once a day as well. */
    private static void rollUpHours(BaselineOptions options) {
        var now = Instant.now();
        try {
            ReadingHours.rollUp(
                    options.database(), now.minus(ReadingHours.STILL_CHANGING), now, null);
        } catch (SQLException e) {
            throw new JobException(
                    "The baselines are learnt, but the hourly roll-up failed ("
                            + e.getMessage()
                            + "). Long curves read minutes meanwhile. Repeat it by: hrm readings"
                            + " roll-up. If a function is missing, run once: hrm setup.",
                    e);
        }
    }

    private static void run(RunLock.Held lock, BaselineOptions options) throws Exception {
        var since = begin(lock, options);
        try {
            var env = StreamExecutionEnvironment.getExecutionEnvironment();
            build(env, options, since);
            BaselineRuns.succeed(lock.connection(), options.runId, counts(result(env, options)));
        } catch (ExecutionException | SQLException | RuntimeException e) {
            noteFailure(options, innermost(e));
            throw e;
        }
    }

    /**
     * @return transaction whose readings and those after it are new; null when all are
     */
    private static Long begin(RunLock.Held lock, BaselineOptions options) {
        var since = new AtomicReference<Optional<Long>>();
        WaitFor.all(
                options.waitFor,
                () -> {
                    try {
                        since.set(
                                BaselineRuns.begin(
                                        lock.connection(), options.plan(ALGORITHM_VERSION)));
                        return null;
                    } catch (SQLException e) {
                        return unfit(e);
                    }
                });
        return since.get().orElse(null);
    }

    /** Who is told to end cancels the job: without the lock nobody could use what it makes. */
    private static JobExecutionResult result(
            StreamExecutionEnvironment env, BaselineOptions options) throws Exception {
        // Not execute(): a detached client would come back at once, and the run with it.
        var job = env.executeAsync(options.jobName());
        var cancel = new Thread(job::cancel, "hrm-baseline-stopping");
        Runtime.getRuntime().addShutdownHook(cancel);
        try {
            return job.getJobExecutionResult().get();
        } finally {
            Runtime.getRuntime().removeShutdownHook(cancel);
        }
    }

    private static void noteFailure(BaselineOptions options, String trouble) {
        // Not on the lock's connection: it may be what was lost.
        try (var database = options.database().connect()) {
            BaselineRuns.fail(database, options.runId, trouble);
        } catch (SQLException e) {
            System.err.println(
                    "The database does not answer ("
                            + e.getMessage()
                            + "): the next run notes it.");
        }
    }

    private static String innermost(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static BaselineRuns.Counts counts(JobExecutionResult result) {
        return new BaselineRuns.Counts(
                count(result, LearnDays.DAYS_READ),
                count(result, LearnDays.MINUTES_READ),
                count(result, LearnDays.READINGS_READ),
                count(result, LearnBaseline.UNCHANGED));
    }

    private static long count(JobExecutionResult result, String accumulator) {
        Long count = result.getAccumulatorResult(accumulator);
        return count == null ? 0 : count;
    }

    private static void publish(RunLock.Held lock, BaselineOptions options) throws SQLException {
        try {
            BaselineTopic.publish(lock.connection(), options.kafka()::openProducer);
        } catch (KafkaException e) {
            throw new JobException(
                    "The baselines of run "
                            + options.runId
                            + " are in the database, and not on their topic ("
                            + e.getMessage()
                            + "). The next run publishes them.",
                    e);
        }
    }

    /** Waits for the database, and, when told so, for another run. */
    private static RunLock.Held lock(BaselineOptions options) {
        var lock = new AtomicReference<RunLock.Held>();
        WaitFor.all(options.waitFor, () -> cannotLock(options, lock));
        if (lock.get() == null) {
            WaitFor.all(options.waitForRun, () -> isTaken(options, lock));
        }
        return lock.get();
    }

    /** Whether there is no asking; a lock that another has is an answer. */
    private static JobException cannotLock(
            BaselineOptions options, AtomicReference<RunLock.Held> lock) {
        try {
            lock.set(RunLock.BASELINES.tryTake(options.database(), options.startedBy).orElse(null));
            return null;
        } catch (SQLException e) {
            return unfit(e);
        }
    }

    private static JobException unfit(SQLException e) {
        return new JobException(
                "The database does not answer as it should ("
                        + e.getMessage()
                        + "). Check --jdbc-url, --jdbc-user and the password. If tables are"
                        + " missing, run once: hrm setup.",
                e);
    }

    private static JobException isTaken(
            BaselineOptions options, AtomicReference<RunLock.Held> lock) {
        try (var database = options.database().connect()) {
            lock.set(RunLock.BASELINES.tryTake(options.database(), options.startedBy).orElse(null));
            return lock.get() != null
                    ? null
                    : new JobException(
                            "Another baseline run is going on: "
                                    + RunLock.BASELINES.holder(database).orElse("somebody")
                                    + ". Two at once would undo each other's work. Wait until it has"
                                    + " ended (hrm baseline history), or give --wait-for-run 1h.");
        } catch (SQLException e) {
            throw new JobException("The database does not answer (" + e.getMessage() + ").", e);
        }
    }

    /** A stream starts again for ever; a run that cannot end would keep others from starting. */
    private static Configuration failsForGood() {
        var configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
        return configuration;
    }

    /**
     * @param since transaction whose readings and those after it are new; null for all
     */
    static void build(StreamExecutionEnvironment env, BaselineOptions options, Long since) {
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        env.configure(failsForGood());
        var sources = new BaselineSources(env, options);
        var days =
                sources.minutes(since)
                        .keyBy(history -> history.minute().userId())
                        .process(new LearnDays())
                        .returns(Types.PERSON_DAY)
                        .uid("baseline.days")
                        .name("baseline.days");
        days.sinkTo(HistogramTable.sink(options.database(), options.runId, ALGORITHM_VERSION))
                .uid("baseline.histograms")
                .name("baseline.histograms");
        days.keyBy(PersonDay::userId)
                .connect(sources.windows().keyBy(PersonWindow::userId))
                .process(
                        new LearnBaseline(
                                options.runId, options.asOf, options.effectiveFrom, options.full))
                .returns(Types.LEARNT_BASELINE)
                .uid("baseline.learn")
                .name("baseline.learn")
                .sinkTo(BaselineTable.sink(options.database(), ALGORITHM_VERSION))
                .uid("baseline.table")
                .name("baseline.table");
    }
}
