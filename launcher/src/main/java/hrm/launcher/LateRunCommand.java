package hrm.launcher;

import hrm.embedded.FlinkClient;
import hrm.embedded.StartFailure;
import hrm.embedded.TemporaryFolder;
import hrm.sinks.RunLock;
import hrm.sinks.corrections.LateRuns;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What came late is judged again now, instead of when the clock says. */
@Command(
        name = "late-run",
        description = "Judges again what came late, and sets right what was told.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm late-run",
            "  hrm late-run --bootstrap-servers kafka:9092 --jdbc-url jdbc:postgresql://db/hrm",
            "",
            "hrm up does so every few minutes by itself (--late-run-cron), hrm gaps lists what is",
            "left. It needs no Flink cluster. The monitoring job tells the alerts that it finds, so",
            "that job must run. One run at a time: a second leaves it to the first, and says so."
        })
final class LateRunCommand implements Callable<Integer> {
    private static final String JOB = "hrm.jobs.LateRunJob";

    /** A device that is never silent is judged again over weeks of readings. */
    private static final String HEAP = "512m";

    private static final Duration LIMIT = Duration.ofHours(2);

    @Spec CommandSpec spec;
    @Mixin KafkaOption kafka;
    @Mixin DatabaseOption database;
    @Mixin OutputOption output;

    @Option(
            names = "--settle-for",
            paramLabel = "DURATION",
            description =
                    "Stretches that were marked less than this ago wait for the next run: a device"
                            + " that syncs sends more. Default: HRM_SETTLE_FOR, else 2m")
    String settleFor;

    @Option(
            names = "--consumer-group",
            paramLabel = "PREFIX",
            description =
                    "The monitoring job's prefix of consumer groups. Default: HRM_CONSUMER_GROUP,"
                            + " else hrm")
    String consumerGroup;

    @Override
    public Integer call() throws SQLException {
        var runId = newRunId();
        try (var connection = database.connect()) {
            var holder = RunLock.LATE_RUN.holder(connection);
            if (holder.isPresent()) {
                leaveItTo(holder.get());
                return 0;
            }
        }
        if (!LateMarks.arePending(kafka.broker())) {
            say(Map.of("pending", false), "Nothing came late that was not judged again.");
            return 0;
        }
        try (var scratch = TemporaryFolder.create("hrm-late-run-")) {
            // It asks no cluster for anything, so any address will do.
            var client =
                    FlinkClient.of(
                            scratch.path(),
                            Path.of(System.getProperty("hrm.home", "."), "flink-conf"),
                            "localhost",
                            8081);
            run(client, Stack.builtJar(), runId, arguments());
        } catch (StartFailure e) {
            try (var connection = database.connect()) {
                throw new Failure(
                        "The late run has failed: "
                                + LateRuns.find(connection, runId)
                                        .map(LateRuns.Run::trouble)
                                        .orElse(e.getMessage()),
                        e);
            }
        }
        try (var connection = database.connect()) {
            var run = LateRuns.find(connection, runId);
            if (run.isPresent()) {
                say(run.get(), run.get().counts().inWords() + ".");
            } else {
                leaveItTo(RunLock.LATE_RUN.holder(connection).orElse("somebody"));
            }
        }
        return 0;
    }

    private List<String> arguments() {
        var arguments = new ArrayList<String>();
        arguments.addAll(kafka.arguments());
        arguments.addAll(database.arguments());
        if (settleFor != null) {
            arguments.addAll(List.of("--settle-for", settleFor));
        }
        if (consumerGroup != null) {
            arguments.addAll(List.of("--consumer-group", consumerGroup));
        }
        return arguments;
    }

    private void leaveItTo(String holder) {
        say(
                Map.of("another", holder),
                "Another late run is going on: " + holder + ". It does what this one would.");
    }

    private void say(Object json, String words) {
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, json);
        } else {
            out.println(words);
        }
    }

    /**
     * The one of a stack, when its clock says so.
     *
     * <p>In a JVM of its own: a run may read weeks of a device, and what keeps the stack running
     * must not go down with that. A JVM every five minutes would be dear on a stack where nothing
     * comes late, so it is started only when something did.
     *
     * @return what it did; empty when there was nothing to do, or another did it
     * @throws StartFailure when it failed
     */
    static Optional<LateRuns.Run> ofSchedule(Stack stack) throws SQLException {
        if (!LateMarks.arePending(stack.broker())) {
            return Optional.empty();
        }
        var runId = newRunId();
        run(
                stack.flink(),
                stack.jobJar(),
                runId,
                List.of(
                        "--started-by",
                        "the schedule of hrm up",
                        "--bootstrap-servers",
                        stack.bootstrapServers(),
                        "--jdbc-url",
                        stack.jdbcUrl()));
        try (var connection = stack.connect()) {
            return LateRuns.find(connection, runId);
        }
    }

    private static void run(FlinkClient client, Path jar, String runId, List<String> arguments) {
        var all = new ArrayList<>(List.of("--run-id", runId));
        all.addAll(arguments);
        client.run(new FlinkClient.Submission(jar, JOB, all, null), HEAP, LIMIT);
    }

    private static String newRunId() {
        return "late-" + Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
