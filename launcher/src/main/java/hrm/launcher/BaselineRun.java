package hrm.launcher;

import hrm.embedded.FlinkClient;
import hrm.embedded.StartFailure;
import hrm.embedded.TemporaryFolder;
import hrm.sinks.RunLock;
import hrm.sinks.baselines.BaselineRuns;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Learns baselines from what has come since the last time. */
@Command(
        name = "run",
        description = "Learns from the stored readings what is normal for each person.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm baseline run",
            "  hrm baseline run --as-of 2026-01-31 --full",
            "",
            "Reads the days with new readings and merges them with those that were read before.",
            "Needs a stack (hrm up), or --cluster and where Kafka and PostgreSQL are. The baselines",
            "so far stay in force until all is done, and when it fails."
        })
final class BaselineRun implements Callable<Integer> {
    static final String JOB = "hrm.jobs.BaselineJob";

    /** A first run over years of many people takes its time. */
    static final Duration LIMIT = Duration.ofHours(12);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int SAY_EVERY_LOOKS = 5;

    @Spec CommandSpec spec;
    @Mixin ClusterOption cluster;
    @Mixin KafkaOption kafka;
    @Mixin DatabaseOption database;
    @Mixin OutputOption output;

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Learn from the 28 local days before: " + Moment.FORMS + ". Default: now")
    Instant asOf;

    @Option(
            names = "--effective-from",
            paramLabel = "TIME",
            converter = Moment.class,
            description =
                    "Event time from which readings are judged by it. Default: a minute after the"
                            + " run")
    Instant effectiveFrom;

    @Option(
            names = "--full",
            description =
                    "Read all readings, not only the days with new ones, and write a version for"
                            + " everybody.")
    boolean full;

    @Option(
            names = "--wait",
            description = "Wait for a run that is going on, instead of refusing to be the second.")
    boolean wait;

    @Override
    public Integer call() throws Exception {
        var runId = "baseline-" + Instant.now().truncatedTo(ChronoUnit.MILLIS);
        try (var scratch = TemporaryFolder.create("hrm-baseline-")) {
            var client = cluster.client(scratch.path(), new FolderOption());
            ClusterOption.requireAnswer(client);
            if (!wait) {
                refuseASecond();
            }
            var submission =
                    new FlinkClient.Submission(Stack.builtJar(), JOB, arguments(runId), null);
            var running = CompletableFuture.supplyAsync(() -> client.submit(submission, LIMIT));
            watch(client, runId, running);
            try {
                running.join();
            } catch (CompletionException e) {
                throw failed(runId, e.getCause());
            }
        }
        try (var connection = database.connect()) {
            var run = BaselineRuns.find(connection, runId).orElseThrow();
            if (output.json()) {
                OutputOption.print(spec.commandLine().getOut(), run);
            } else {
                BaselineLines.outcome(connection, run)
                        .forEach(spec.commandLine().getOut()::println);
            }
        }
        return 0;
    }

    /** Here, and not after half a minute in which Flink's client has started. */
    private void refuseASecond() throws SQLException {
        try (var connection = database.connect()) {
            RunLock.BASELINES
                    .holder(connection)
                    .ifPresent(
                            holder -> {
                                throw new Failure(
                                        "Another baseline run is going on: "
                                                + holder
                                                + ". Two at once would undo each other's work."
                                                + " hrm baseline history shows it; --wait waits for"
                                                + " its end.");
                            });
        }
    }

    private List<String> arguments(String runId) {
        var arguments = new ArrayList<>(List.of("--run-id", runId));
        arguments.addAll(kafka.arguments());
        arguments.addAll(database.arguments());
        if (asOf != null) {
            arguments.addAll(List.of("--as-of", asOf.toString()));
        }
        if (effectiveFrom != null) {
            arguments.addAll(List.of("--effective-from", effectiveFrom.toString()));
        }
        if (full) {
            arguments.add("--full");
        }
        if (wait) {
            arguments.addAll(List.of("--wait-for-run", LIMIT.toHours() + "h"));
        }
        return arguments;
    }

    /** Says how far it is until it has ended, one way or the other. */
    private void watch(FlinkClient client, String runId, CompletableFuture<String> running)
            throws InterruptedException {
        var err = spec.commandLine().getErr();
        var began = Instant.now();
        var said = "";
        for (int look = 1; !running.isDone(); look++) {
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            if (look % SAY_EVERY_LOOKS == 0) {
                var now = progress(client, runId);
                if (!now.equals(said)) {
                    said = now;
                    err.println(
                            Words.duration(Duration.between(began, Instant.now())) + "  " + now);
                    err.flush();
                }
            }
        }
    }

    private static String progress(FlinkClient client, String runId) {
        try {
            var job =
                    client.jobs().stream()
                            .filter(one -> one.name().equals("baseline " + runId))
                            .findFirst();
            if (job.isEmpty()) {
                return "Flink's client is starting, or another run is going on";
            }
            for (var vertex : client.get("/jobs/" + job.get().id()).path("vertices")) {
                if (vertex.path("name").asText().startsWith("Source: baseline.minutes")) {
                    long rows = vertex.path("metrics").path("write-records").asLong();
                    return vertex.path("status").asText().equals("FINISHED")
                            ? Words.count(rows, "row", "rows") + " read; learning from them"
                            : Words.count(rows, "row", "rows") + " read so far";
                }
            }
            return "The run is on the cluster";
        } catch (UncheckedIOException e) {
            return "Flink does not answer at the moment";
        }
    }

    private Failure failed(String runId, Throwable cause) {
        var said =
                new StringBuilder("The baseline run has failed, and nothing of it is in force: ");
        try (var connection = database.connect()) {
            said.append(
                    BaselineRuns.find(connection, runId)
                            .map(BaselineRuns.Run::trouble)
                            .orElse(
                                    cause instanceof StartFailure
                                            ? cause.getMessage()
                                            : cause.toString()));
        } catch (SQLException e) {
            said.append(cause.getMessage());
        }
        return new Failure(said.toString(), cause);
    }
}
