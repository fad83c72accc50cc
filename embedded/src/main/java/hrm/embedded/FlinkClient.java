package hrm.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Jobs on a Flink cluster, ours or anybody's: submitted by Flink's own client in a JVM of its own,
 * as {@code flink run} does, and watched through the REST interface.
 */
public final class FlinkClient {
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");

    private final Path dir;
    private final FlinkConfiguration configuration;
    private final Path confDir;
    private final String restAddress;
    private final FlinkRest rest;
    private int submitted;

    /**
     * What to run.
     *
     * @param savepoint a savepoint or retained checkpoint to resume from, as the cluster names it;
     *     or null
     */
    public record Submission(Path jar, String mainClass, List<String> arguments, String savepoint) {
        public Submission {
            arguments = List.copyOf(arguments);
        }

        /**
         * The words of Flink's own command line.
         *
         * @param options between {@code flink run} and the rest
         */
        public List<String> command(String... options) {
            var words = new ArrayList<>(List.of("run", "-d"));
            words.addAll(List.of(options));
            if (savepoint != null) {
                words.addAll(List.of("-s", savepoint));
            }
            words.addAll(List.of("-c", mainClass, jar.toString()));
            words.addAll(arguments);
            return words;
        }
    }

    /** A job as the cluster lists it. */
    public record Job(String id, String name, JobState state, long startMs) {}

    /**
     * @param confDir null where dir has conf/ already
     */
    FlinkClient(Path dir, FlinkConfiguration configuration, Path confDir, String restAddress) {
        this.dir = dir;
        this.confDir = confDir;
        this.configuration = configuration;
        this.restAddress = restAddress;
        this.rest = new FlinkRest(restAddress);
    }

    /**
     * For a cluster that others have started.
     *
     * @param dir for the client's configuration, log and temporary files, written when it submits
     * @param confDir has config.yaml and the log4j files; what is in it goes with each job, as with
     *     {@code flink run}
     */
    public static FlinkClient of(Path dir, Path confDir, String host, int port) {
        var configuration =
                FlinkConfiguration.read(confDir)
                        .with(
                                Map.of(
                                        "rest.address", host,
                                        "rest.port", Integer.toString(port),
                                        "jobmanager.rpc.address", host));
        return new FlinkClient(
                dir.toAbsolutePath(), configuration, confDir, "http://%s:%d".formatted(host, port));
    }

    private void prepare() {
        if (confDir == null) {
            return;
        }
        configuration.write(conf());
        try {
            Files.copy(
                    confDir.resolve("log4j-cli.properties"),
                    conf().resolve("log4j-cli.properties"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot prepare " + conf(), failure);
        }
    }

    /** Of the REST interface: http://host:port. */
    public String restAddress() {
        return restAddress;
    }

    /** Whether the cluster answers. */
    public boolean answers() {
        return tryGet("/overview").isPresent();
    }

    /**
     * Submits a job; its main method runs in the client's JVM. Does not wait for the job.
     *
     * @param limit for the main method
     * @return the job id
     * @throws StartFailure if the client fails, with the cause that the job's main method named
     */
    public String submit(Submission submission, Duration limit) {
        var client = start(submission, "256m", "client-" + nextSubmission());
        int exitCode = client.awaitExit(limit);
        var id = JOB_ID.matcher(client.output());
        if (exitCode != 0 || !id.find()) {
            throw new StartFailure(
                    "%s was not accepted by Flink. %s"
                            .formatted(submission.mainClass, cause(client.output(), client)));
        }
        return id.group(1);
    }

    /**
     * Runs a main method that submits nothing, to its end. Needs no cluster.
     *
     * @param heap for its JVM: 512m
     * @param limit for the main method; it is killed then
     * @throws StartFailure if it fails, with the cause that it named
     */
    public void run(Submission submission, String heap, Duration limit) {
        var main = submission.mainClass.substring(submission.mainClass.lastIndexOf('.') + 1);
        // One log for all its runs, of the last one only: it may run every few minutes.
        deleteLog(main);
        var client = start(submission, heap, main);
        int exitCode = client.awaitExit(limit);
        if (exitCode != 0) {
            throw new StartFailure("%s failed. %s".formatted(main, cause(client.output(), client)));
        }
    }

    private void deleteLog(String name) {
        try {
            Files.deleteIfExists(log(name));
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot delete " + log(name), failure);
        }
    }

    private ChildProcess start(Submission submission, String heap, String name) {
        prepare();
        var options = new ArrayList<>(Home.brief(heap));
        options.addAll(configuration.words("env.java.opts.all"));
        options.addAll(configuration.words("env.java.opts.client"));
        options.add("-Dlog.file=" + logs().resolve("client.log"));
        options.add("-Dlog4j2.configurationFile=" + conf().resolve("log4j-cli.properties"));
        var command = new ArrayList<>(Home.java("flink-runtime", dir.resolve("tmp"), options));
        command.add("org.apache.flink.client.cli.CliFrontend");
        command.addAll(submission.command());
        return ChildProcess.start(
                new ChildProcess.Plan(
                        "Flink's client",
                        command,
                        Map.of(
                                "FLINK_CONF_DIR", conf().toString(),
                                "FLINK_LOG_DIR", logs().toString()),
                        log(name),
                        "TERM"));
    }

    private synchronized int nextSubmission() {
        return ++submitted;
    }

    /** The innermost cause says what is wrong; the layers above say how it got there. */
    private static String cause(String output, ChildProcess client) {
        var causes = output.lines().filter(line -> line.startsWith("Caused by: ")).toList();
        return causes.isEmpty()
                ? client.evidence()
                : "%s\n%s".formatted(causes.get(causes.size() - 1), client.evidence());
    }

    /** All jobs that the cluster remembers. */
    public List<Job> jobs() {
        var jobs = new ArrayList<Job>();
        for (var job : get("/jobs/overview").path("jobs")) {
            jobs.add(
                    new Job(
                            job.path("jid").asText(),
                            job.path("name").asText(),
                            JobState.valueOf(job.path("state").asText()),
                            job.path("start-time").asLong()));
        }
        return jobs;
    }

    public JobState state(String jobId) {
        return JobState.valueOf(get("/jobs/" + jobId).path("state").asText());
    }

    /**
     * Waits until every task of the job runs.
     *
     * @throws StartFailure if the job ends or the time is over, with the reason Flink gives
     */
    public void awaitRunning(String jobId, Duration limit) {
        awaitJob(
                jobId,
                limit,
                "to run",
                () -> {
                    var job = get("/jobs/" + jobId);
                    failIfFinal(jobId, job, JobState.RUNNING);
                    return runs(job);
                });
    }

    private static boolean runs(JsonNode job) {
        var vertices = job.path("vertices");
        return !vertices.isEmpty()
                && Stream.iterate(0, i -> i < vertices.size(), i -> i + 1)
                        .allMatch(i -> vertexRuns(vertices.get(i)));
    }

    private static boolean vertexRuns(JsonNode vertex) {
        var counts = vertex.path("tasks");
        return counts.path("RUNNING").asInt() + counts.path("FINISHED").asInt()
                == vertex.path("parallelism").asInt();
    }

    /**
     * Waits until a bounded job has done its work.
     *
     * @throws StartFailure if it fails, is cancelled or the time is over, with the reason Flink
     *     gives
     */
    public void awaitFinished(String jobId, Duration limit) {
        awaitJob(
                jobId,
                limit,
                "to finish",
                () -> {
                    var job = get("/jobs/" + jobId);
                    failIfFinal(jobId, job, JobState.FINISHED);
                    return JobState.FINISHED.name().equals(job.path("state").asText());
                });
    }

    /** A job that fails is restarted for ever: when the time is over, the reason is what helps. */
    private void awaitJob(String jobId, Duration limit, String what, Condition condition) {
        try {
            await(limit, "job %s %s".formatted(jobId, what), condition);
        } catch (StartFailure tooLate) {
            var reason = failureCause(jobId);
            throw reason.isEmpty() || tooLate.getMessage().contains(reason)
                    ? tooLate
                    : new StartFailure(
                            tooLate.getMessage() + ". It failed with: " + reason, tooLate);
        }
    }

    private void failIfFinal(String jobId, JsonNode job, JobState wanted) {
        var state = JobState.valueOf(job.path("state").asText());
        if (state.isFinal() && state != wanted) {
            throw new StartFailure("Job %s is %s. %s".formatted(jobId, state, failureCause(jobId)));
        }
    }

    /** Why the job last failed, with its stack trace; empty if it has not. */
    public String failureCause(String jobId) {
        return get("/jobs/" + jobId + "/exceptions")
                .path("exceptionHistory")
                .path("entries")
                .path(0)
                .path("stacktrace")
                .asText();
    }

    /** Cancels the job and waits until it is cancelled; its last checkpoints stay. */
    public void cancel(String jobId) {
        FlinkRest.unchecked(() -> rest.patch("/jobs/" + jobId + "?mode=cancel"));
        await(
                Duration.ofSeconds(60),
                "job %s to be cancelled".formatted(jobId),
                () -> state(jobId).isFinal());
    }

    /**
     * Stops the job with a savepoint.
     *
     * @param folder where to, as the cluster names it; null for its configured folder
     * @return the savepoint, as the cluster names it
     * @throws StartFailure if it cannot be written within the limit; the job goes on then
     */
    public String stopWithSavepoint(String jobId, String folder, Duration limit) {
        var body = FlinkRest.json().put("drain", false);
        if (folder != null) {
            body.put("targetDirectory", folder);
        }
        var savepoint = savepoint(jobId, "/stop", body.toString(), limit);
        await(limit, "job %s to finish".formatted(jobId), () -> state(jobId).isFinal());
        return savepoint;
    }

    /**
     * Takes a savepoint of a job that goes on.
     *
     * @param folder where to, as the cluster names it; null for its configured folder
     * @return the savepoint, as the cluster names it
     * @throws StartFailure if it cannot be written within the limit
     */
    public String savepoint(String jobId, String folder, Duration limit) {
        var body = FlinkRest.json().put("cancel-job", false);
        if (folder != null) {
            body.put("target-directory", folder);
        }
        return savepoint(jobId, "/savepoints", body.toString(), limit);
    }

    private String savepoint(String jobId, String how, String body, Duration limit) {
        var trigger =
                FlinkRest.unchecked(() -> rest.post("/jobs/" + jobId + how, body))
                        .path("request-id")
                        .asText();
        var path = "/jobs/" + jobId + "/savepoints/" + trigger;
        await(
                limit,
                "the savepoint of job %s".formatted(jobId),
                () -> "COMPLETED".equals(get(path).path("status").path("id").asText()));
        var operation = get(path).path("operation");
        if (!operation.hasNonNull("location")) {
            throw new StartFailure(
                    "No savepoint of job %s could be taken: %s"
                            .formatted(
                                    jobId,
                                    operation.path("failure-cause").path("stack-trace").asText()));
        }
        return operation.path("location").asText();
    }

    /**
     * Asks the REST interface, for what has no method here.
     *
     * @param path such as /jobs/overview
     * @throws UncheckedIOException if it does not answer with success
     */
    public JsonNode get(String path) {
        return FlinkRest.unchecked(() -> rest.get(path));
    }

    /** The same; empty if it does not answer with success. */
    public Optional<JsonNode> tryGet(String path) {
        return rest.tryGet(path);
    }

    private Path conf() {
        return dir.resolve("conf");
    }

    private Path log(String name) {
        return logs().resolve(name + ".out");
    }

    private Path logs() {
        return dir.resolve("logs");
    }

    private static void await(Duration limit, String what, Condition condition) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new StartFailure("Waited %d s for %s".formatted(limit.toSeconds(), what));
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new StartFailure("Interrupted while waiting for " + what, interrupted);
            }
        }
    }

    private interface Condition {
        boolean holds();
    }
}
