package hrm.launcher;

import hrm.embedded.FlinkClient;
import hrm.embedded.StartFailure;
import hrm.embedded.TemporaryFolder;
import hrm.sinks.history.BackfillLedger;
import hrm.sinks.history.BackfillLedger.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** History, judged. */
@Command(
        name = "backfill",
        description = "Judges stored readings as the stream would have judged them.",
        subcommands = {BackfillList.class, BackfillShow.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm backfill --from 2026-01-01 --to 2026-02-01",
            "  hrm backfill --patterns my-patterns --baselines walk-forward",
            "  hrm backfill --resume backfill-2026-02-01T10:00:00Z-3f2a91c4",
            "",
            "Runs on the stack's Flink. Ctrl-C stops it; what is done stays done."
        })
final class BackfillCommand implements Callable<Integer> {
    /** Years of many people take their time. */
    private static final Duration LIMIT = Duration.ofDays(14);

    private static final String MAIN_CLASS = "hrm.jobs.BackfillJob";

    /** As the job spells them. */
    enum Baselines {
        as_of,
        current,
        walk_forward;

        @Override
        public String toString() {
            return name().replace('_', '-');
        }
    }

    /** Where alerts go besides the run's own table. */
    enum Alerts {
        topic,
        run
    }

    @Spec CommandSpec spec;
    @Mixin FolderOption folder;
    @Mixin ClusterOption cluster;
    @Mixin KafkaOption kafka;
    @Mixin DatabaseOption database;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Moment.class,
            description = {
                "Only what is detected from then on: 2026-01-31T08:00:00Z, 2026-01-31, 30d",
                "(ago). Default: all"
            })
    Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Only readings before this minute. Default: all")
    Instant to;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Only theirs; may be given several times. Default: everybody's")
    List<String> users = List.of();

    @Option(
            names = "--baselines",
            paramLabel = "POLICY",
            defaultValue = "as-of",
            converter = BaselinesConverter.class,
            description = {
                "as-of (those in force at each reading's time), current (the newest, for all",
                "time), walk-forward (each day's is made of the days before). Default: as-of"
            })
    Baselines baselines;

    @Option(
            names = "--patterns",
            paramLabel = "FOLDER",
            description = {
                "Judge by the pattern files in it, for all time. Default: what is published,",
                "each version from its own time on"
            })
    Path patterns;

    @Option(
            names = "--alerts",
            paramLabel = "WHERE",
            description = {
                "topic (published as 'backfill', never notified; kept with the run as well)",
                "or run (kept with the run alone). Default: topic; run when something is",
                "tried: with --patterns, or other --baselines than as-of"
            })
    Alerts alerts;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Parts judged at once. Default: the cluster's own")
    Integer parallelism;

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Goes on with a run that was interrupted, as it was begun.")
    String resume;

    private Screen screen;
    private long readingsBefore;
    private int doneBefore;
    private long begun;

    /** In words of a flag. */
    static final class BaselinesConverter implements picocli.CommandLine.ITypeConverter<Baselines> {
        @Override
        public Baselines convert(String text) {
            for (var policy : Baselines.values()) {
                if (policy.toString().equals(text)) {
                    return policy;
                }
            }
            throw new picocli.CommandLine.TypeConversionException(
                    "'" + text + "' is unknown. Write as-of, current or walk-forward.");
        }
    }

    @Override
    public Integer call() throws SQLException, InterruptedException {
        check();
        screen = new Screen(spec.commandLine().getErr(), System.console() != null, Hrm.ansi(spec));
        try (var connection = database.connect();
                var scratch = TemporaryFolder.create("hrm-backfill-")) {
            var runId = runId(connection);
            var client = cluster.client(scratch.path(), folder);
            ClusterOption.requireAnswer(client);
            screen.line("Run " + runId);
            var atCtrlC = new Thread(() -> stop(client, runId), "hrm-backfill-stopping");
            Runtime.getRuntime().addShutdownHook(atCtrlC);
            try {
                run(connection, client, runId);
            } finally {
                forget(atCtrlC);
            }
            return summary(connection, runId);
        }
    }

    private void check() {
        if (resume != null) {
            var given = spec.commandLine().getParseResult();
            for (var option :
                    List.of("--from", "--to", "--user", "--baselines", "--patterns", "--alerts")) {
                if (given.hasMatchedOption(option)) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "--resume goes on with a run as it was begun: no " + option + ".");
                }
            }
        }
        if (from != null && to != null && !from.isBefore(to)) {
            throw new ParameterException(spec.commandLine(), "--from is not before --to.");
        }
        if (patterns != null && !Files.isDirectory(patterns)) {
            throw new ParameterException(
                    spec.commandLine(), "--patterns: there is no folder " + patterns + ".");
        }
    }

    private String runId(Connection connection) throws SQLException {
        if (resume == null) {
            return "backfill-"
                    + Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                    + "-"
                    + UUID.randomUUID().toString().substring(0, 8);
        }
        var run = BackfillLedger.find(connection, resume).orElseThrow(() -> unknown(resume));
        if (run.isDone()) {
            throw new Failure("Run " + resume + " is done already: hrm backfill show " + resume);
        }
        return resume;
    }

    static Failure unknown(String runId) {
        return new Failure("There is no run '" + runId + "'. Which there are: hrm backfill list");
    }

    private void run(Connection connection, FlinkClient client, String runId)
            throws SQLException, InterruptedException {
        begun = System.nanoTime();
        var before = BackfillLedger.find(connection, runId);
        doneBefore = before.map(Run::done).orElse(0);
        readingsBefore = before.map(Run::readings).orElse(0L);
        var submission =
                new FlinkClient.Submission(Stack.builtJar(), MAIN_CLASS, arguments(runId), null);
        var running = CompletableFuture.supplyAsync(() -> client.submit(submission, LIMIT));
        while (true) {
            try {
                running.get(1, TimeUnit.SECONDS);
                screen.endStatus();
                return;
            } catch (TimeoutException e) {
                progress(BackfillLedger.find(connection, runId));
            } catch (ExecutionException e) {
                screen.endStatus();
                throw interrupted(connection, runId, e.getCause());
            }
        }
    }

    /** What went wrong, and, where something is done, that it stays so. */
    private static RuntimeException interrupted(Connection connection, String runId, Throwable why)
            throws SQLException {
        var run = BackfillLedger.find(connection, runId);
        var reason = why instanceof StartFailure ? why.getMessage() : Failure.describe(why);
        return new Failure(
                run.isEmpty()
                        ? reason
                        : reason
                                + "\n"
                                + done(run.get())
                                + " Go on: hrm backfill --resume "
                                + runId,
                why);
    }

    private static String done(Run run) {
        return run.done() + " of " + Words.count(run.chunks(), "part is", "parts are") + " done.";
    }

    private void progress(Optional<Run> found) {
        if (found.isEmpty()) {
            screen.status("Starting");
            return;
        }
        var run = found.get();
        double seconds = (System.nanoTime() - begun) / 1e9;
        var line = new StringBuilder();
        line.append(run.done()).append(" of ").append(Words.count(run.chunks(), "part", "parts"));
        line.append(": ").append(Words.count(run.readings(), "reading", "readings"));
        line.append(", ").append(Words.count(run.alerts(), "alert event", "alert events"));
        int newly = run.done() - doneBefore;
        if (newly > 0) {
            long rate = Math.round((run.readings() - readingsBefore) / seconds);
            long left = Math.round(seconds / newly * (run.chunks() - run.done()));
            line.append("; ").append(Words.number(rate)).append("/s, ");
            line.append(Words.duration(Duration.ofSeconds(left))).append(" left");
        }
        screen.status(line.toString());
    }

    private int summary(Connection connection, String runId) throws SQLException {
        var run = BackfillLedger.find(connection, runId).orElseThrow(() -> unknown(runId));
        double seconds = (System.nanoTime() - begun) / 1e9;
        long readings = run.readings() - readingsBefore;
        var out = spec.commandLine().getOut();
        if (run.chunks() == 0) {
            out.println("No readings are stored, so there was nothing to judge.");
            return 0;
        }
        out.println(
                "judged "
                        + Words.count(readings, "reading", "readings")
                        + " in "
                        + Words.duration(Duration.ofMillis(Math.round(seconds * 1000)))
                        + " ("
                        + Words.number(Math.round(readings / seconds))
                        + "/s, start included); the whole run: "
                        + Words.count(run.readings(), "reading", "readings")
                        + " of "
                        + Words.count(run.people(), "person", "people")
                        + ", "
                        + Words.count(run.alerts(), "alert event", "alert events")
                        + (run.settings().published() ? ", published" : ", kept with the run"));
        out.println("More: hrm backfill show " + runId);
        return run.isDone() ? 0 : 1;
    }

    private List<String> arguments(String runId) {
        var all = new ArrayList<>(List.of("--run-id", runId));
        if (resume == null) {
            add(all, "--from", from);
            add(all, "--to", to);
            users.forEach(user -> add(all, "--user", user));
            add(all, "--baselines", baselines);
            add(all, "--patterns", patterns == null ? null : patterns.toAbsolutePath());
            add(all, "--alerts", alerts);
        }
        add(all, "--parallelism", parallelism);
        all.addAll(kafka.arguments());
        all.addAll(database.arguments());
        return all;
    }

    private static void add(List<String> arguments, String flag, Object value) {
        if (value != null) {
            arguments.addAll(List.of(flag, value.toString()));
        }
    }

    /** At Ctrl-C: on the cluster it would go on. */
    private void stop(FlinkClient client, String runId) {
        client.jobs().stream()
                .filter(job -> job.name().equals("backfill " + runId) && !job.state().isFinal())
                .forEach(job -> client.cancel(job.id()));
        screen.endStatus();
        screen.line("Stopped. What is done stays done: hrm backfill --resume " + runId);
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }
}
