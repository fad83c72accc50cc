package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import hrm.embedded.FlinkClient;
import hrm.embedded.JobState;
import hrm.model.Topics;
import hrm.sinks.JdbcOptions;
import hrm.sinks.corrections.LateRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How a kept stack is. What does not answer is null, and says so in {@link #troubles}.
 *
 * @param processes those that should run, by name
 * @param job the newest run of the monitoring job
 * @param lag readings and alerts that a consumer group has not reported as done, by group; it
 *     reports with each checkpoint, so a few seconds' worth is usual
 * @param openEpisodes rows of the table alerts that are not resolved
 * @param baseline the newest run of the baseline job
 * @param nextBaseline when the next is due
 * @param lateRun the newest late run; none is started when nothing came late
 * @param nextLateRun when it is asked next whether anything came late
 * @param bytes what the folder holds
 * @param troubles what is not as it should be; empty when all is well
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StackStatus(
        @JsonProperty("folder") String folder,
        @JsonProperty("phase") StackFolder.Phase phase,
        @JsonProperty("bootstrap_servers") String bootstrapServers,
        @JsonProperty("jdbc_url") String jdbcUrl,
        @JsonProperty("flink") String flink,
        @JsonProperty("processes") List<Process> processes,
        @JsonProperty("job") Job job,
        @JsonProperty("lag") Map<String, Long> lag,
        @JsonProperty("readings_stored") Long readingsStored,
        @JsonProperty("open_episodes") Long openEpisodes,
        @JsonProperty("baseline") Baseline baseline,
        @JsonProperty("next_baseline") Instant nextBaseline,
        @JsonProperty("late_run") LateRuns.Run lateRun,
        @JsonProperty("next_late_run") Instant nextLateRun,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("troubles") List<String> troubles) {

    /** A consumer group that is further behind than this is worth a look. */
    private static final long LAG_WORTH_A_LOOK = 100_000;

    private static final Duration CHECKPOINT_WORTH_A_LOOK = Duration.ofMinutes(2);

    record Process(
            @JsonProperty("name") String name,
            @JsonProperty("pid") long pid,
            @JsonProperty("since") Instant since,
            @JsonProperty("alive") boolean alive) {}

    /**
     * @param restarts since it was submitted
     * @param checkpoint when the last one was completed; null before the first
     * @param failedCheckpoints since it was submitted
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Job(
            @JsonProperty("id") String id,
            @JsonProperty("state") String state,
            @JsonProperty("since") Instant since,
            @JsonProperty("restarts") long restarts,
            @JsonProperty("checkpoint") Instant checkpoint,
            @JsonProperty("checkpoint_ms") Long checkpointMs,
            @JsonProperty("checkpoint_bytes") Long checkpointBytes,
            @JsonProperty("failed_checkpoints") long failedCheckpoints) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Baseline(
            @JsonProperty("run_id") String runId,
            @JsonProperty("outcome") String outcome,
            @JsonProperty("started") Instant started,
            @JsonProperty("finished") Instant finished,
            @JsonProperty("users") Integer users,
            @JsonProperty("ready") Integer ready,
            @JsonProperty("trouble") String trouble) {}

    /** Asks everybody; what does not answer within some seconds is left out. */
    static StackStatus ask(StackFolder folder, StackFolder.Running running, Instant now) {
        var troubles = new ArrayList<String>();
        var processes =
                ProcessList.read(folder).processes().stream()
                        .map(
                                entry ->
                                        new Process(
                                                entry.name(),
                                                entry.pid(),
                                                entry.started(),
                                                entry.alive().isPresent()))
                        .toList();
        processes.stream()
                .filter(process -> !process.alive)
                .forEach(process -> troubles.add(process.name + " has ended"));
        var job = job(folder, running, now, troubles);
        var lag = lag(running, troubles);
        Long readings = null;
        Long open = null;
        Baseline baseline = null;
        Instant nextBaseline = null;
        LateRuns.Run lateRun = null;
        Instant nextLateRun = null;
        try (var connection = JdbcOptions.of(running.jdbcUrl(), null, null).connect()) {
            readings = number(connection, "SELECT coalesce(sum(n), 0) FROM reading_minutes");
            // Where a history ends, what was open then stays so for ever.
            open =
                    number(
                            connection,
                            "SELECT count(*) FROM alerts WHERE resolved_at IS NULL AND mode <>"
                                    + " 'backfill'");
            baseline = baseline(connection);
            nextBaseline =
                    Schedule.Task.BASELINES
                            .state(connection)
                            .map(Schedule.State::next)
                            .orElse(null);
            if (baseline != null && baseline.outcome.equals("FAILED")) {
                troubles.add("The last baseline run has failed: " + baseline.trouble);
            }
            lateRun = LateRuns.newest(connection).orElse(null);
            var late = Schedule.Task.LATE_RUN.state(connection);
            nextLateRun = late.map(Schedule.State::next).orElse(null);
            lateTrouble(lateRun, late).ifPresent(troubles::add);
        } catch (SQLException e) {
            troubles.add("PostgreSQL does not answer (" + e.getMessage() + ")");
        }
        return new StackStatus(
                folder.path().toString(),
                running.phase(),
                running.bootstrapServers(),
                running.jdbcUrl(),
                running.flink(),
                processes,
                job,
                lag,
                readings,
                open,
                baseline,
                nextBaseline,
                lateRun,
                nextLateRun,
                bytes(folder.path()),
                troubles);
    }

    /** A failure is over with the next time that it was asked what came late, and all went well. */
    private static Optional<String> lateTrouble(LateRuns.Run run, Optional<Schedule.State> state) {
        boolean failed =
                run != null
                        && run.trouble() != null
                        && state.map(Schedule.State::lastSuccess)
                                .filter(well -> well.isAfter(run.finishedAt()))
                                .isEmpty();
        if (failed) {
            return Optional.of("The last late run has failed: " + run.trouble());
        }
        return state.filter(one -> one.failures() > 0)
                .map(
                        one ->
                                "The late run has failed at "
                                        + one.lastFailure().truncatedTo(ChronoUnit.SECONDS)
                                        + ": hrm logs supervisor");
    }

    private static Job job(
            StackFolder folder, StackFolder.Running running, Instant now, List<String> troubles) {
        try {
            var client = running.flinkClient(folder);
            var newest =
                    client.jobs().stream()
                            .filter(job -> job.name().equals(Supervisor.JOB_NAME))
                            .max(Comparator.comparing(FlinkClient.Job::startMs));
            if (newest.isEmpty()) {
                troubles.add("The monitoring job is not there");
                return null;
            }
            var job = newest.get();
            if (job.state() != JobState.RUNNING) {
                troubles.add("The monitoring job is " + job.state());
            }
            var checkpoints = client.get("/jobs/" + job.id() + "/checkpoints");
            var last = checkpoints.path("latest").path("completed");
            var completed =
                    last.hasNonNull("latest_ack_timestamp")
                            ? Instant.ofEpochMilli(last.path("latest_ack_timestamp").asLong())
                            : null;
            var since = Instant.ofEpochMilli(job.startMs());
            var reference = completed == null ? since : completed;
            if (Duration.between(reference, now).compareTo(CHECKPOINT_WORTH_A_LOOK) > 0) {
                troubles.add(
                        "No checkpoint for "
                                + Words.duration(Duration.between(reference, now))
                                + ": hrm logs jobmanager");
            }
            return new Job(
                    job.id(),
                    job.state().name(),
                    since,
                    metric(client, job.id(), "numRestarts"),
                    completed,
                    longOrNull(last.path("end_to_end_duration")),
                    longOrNull(last.path("state_size")),
                    checkpoints.path("counts").path("failed").asLong());
        } catch (UncheckedIOException e) {
            troubles.add("Flink does not answer (" + e.getMessage() + ")");
            return null;
        }
    }

    private static Long longOrNull(JsonNode node) {
        return node.isNumber() ? node.asLong() : null;
    }

    private static long metric(FlinkClient client, String job, String name) {
        return client.get("/jobs/" + job + "/metrics?get=" + name).path(0).path("value").asLong();
    }

    private static Map<String, Long> lag(StackFolder.Running running, List<String> troubles) {
        var broker = new Broker(running.bootstrapServers(), new Properties());
        var lag = new LinkedHashMap<String, Long>();
        try (var admin = broker.admin()) {
            lag.put("hrm-detect", broker.remaining(admin, "hrm-detect", Topics.READINGS));
            lag.put("hrm-store", broker.remaining(admin, "hrm-store", Topics.READINGS));
            lag.put("hrm-store-alerts", broker.remaining(admin, "hrm-store-alerts", Topics.ALERTS));
        } catch (Failure e) {
            troubles.add(e.getMessage());
            return null;
        }
        lag.forEach(
                (group, records) -> {
                    if (records > LAG_WORTH_A_LOOK) {
                        troubles.add(
                                group + " is " + Words.number((long) records) + " records behind");
                    }
                });
        return lag;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static Baseline baseline(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                "SELECT run_id, outcome, started_at, finished_at, users, ready,"
                                        + " trouble FROM baseline_runs ORDER BY started_at DESC LIMIT 1")) {
            if (!result.next()) {
                return null;
            }
            var finished = result.getTimestamp(4);
            return new Baseline(
                    result.getString(1),
                    result.getString(2),
                    result.getTimestamp(3).toInstant(),
                    finished == null ? null : finished.toInstant(),
                    (Integer) result.getObject(5),
                    (Integer) result.getObject(6),
                    result.getString(7));
        }
    }

    private static long bytes(Path folder) {
        var sum = new AtomicLong();
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            sum.addAndGet(attributes.size());
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE; // Files come and go while it runs.
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path dir, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look into " + folder, e);
        }
        return sum.get();
    }
}
