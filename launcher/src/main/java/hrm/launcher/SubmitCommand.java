package hrm.launcher;

import hrm.embedded.FlinkClient;
import hrm.embedded.JobState;
import hrm.embedded.TemporaryFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A job to a cluster. */
@Command(
        name = "submit",
        description = "Submits a job to a Flink cluster.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm submit baseline",
            "  hrm submit monitoring --cluster flink:8081 -- --bootstrap-servers kafka:9092",
            "",
            "What stands after -- goes to the job (docs/options.md). Without --cluster it is the",
            "cluster of hrm up, and the job is told its Kafka and PostgreSQL."
        })
final class SubmitCommand implements Callable<Integer> {
    /** A baseline run over years of many people takes its time in the main method. */
    private static final Duration LIMIT = Duration.ofHours(2);

    private static final Duration STARTS = Duration.ofMinutes(3);

    /** What can be submitted. */
    enum What {
        monitoring("hrm.jobs.MonitoringJob"),
        baseline("hrm.jobs.BaselineJob");

        private final String mainClass;

        What(String mainClass) {
            this.mainClass = mainClass;
        }
    }

    @Spec CommandSpec spec;
    @Mixin FolderOption folder;
    @Mixin ClusterOption cluster;

    @Parameters(index = "0", paramLabel = "JOB", description = "${COMPLETION-CANDIDATES}")
    What what;

    @Parameters(index = "1..*", paramLabel = "-- ARGUMENTS", description = "For the job, after --.")
    List<String> arguments = List.of();

    @Option(
            names = "--from-savepoint",
            paramLabel = "PATH",
            description =
                    "A savepoint or retained checkpoint to go on from, as the cluster names it.")
    String savepoint;

    @Override
    public Integer call() {
        var err = spec.commandLine().getErr();
        var out = spec.commandLine().getOut();
        if (savepoint != null && what == What.baseline) {
            throw new ParameterException(
                    spec.commandLine(), "The baseline job keeps no state: no --from-savepoint.");
        }
        try (var scratch = TemporaryFolder.create("hrm-submit-")) {
            var client = cluster.client(scratch.path(), folder);
            var submission =
                    new FlinkClient.Submission(jar(), what.mainClass, allArguments(), savepoint);
            err.println("The same by hand:\n  " + line(client, submission));
            ClusterOption.requireAnswer(client);
            if (what == What.monitoring) {
                refuseASecond(client);
            }
            var id = client.submit(submission, LIMIT);
            if (what == What.baseline) {
                client.awaitFinished(id, LIMIT);
                out.println("The baseline run is done, job " + id);
            } else {
                client.awaitRunning(id, STARTS);
                out.println("The monitoring job is running, job " + id);
            }
            return 0;
        }
    }

    /** Two would share consumer groups and write everything twice. */
    private static void refuseASecond(FlinkClient client) {
        client.jobs().stream()
                .filter(job -> job.name().equals(Supervisor.JOB_NAME))
                .filter(job -> !job.state().isFinal())
                .filter(job -> job.state() != JobState.CANCELLING)
                .findFirst()
                .ifPresent(
                        job -> {
                            throw new Failure(
                                    "The monitoring job is there already, job "
                                            + job.id()
                                            + ". hrm savepoint --stop stops it and says how to go"
                                            + " on; two jobs with other --regions are submitted"
                                            + " with flink run.");
                        });
    }

    private List<String> allArguments() {
        var all = new ArrayList<>(arguments);
        if (!cluster.isGiven()) {
            var running = folder.running();
            addUnlessGiven(all, "--bootstrap-servers", running.bootstrapServers());
            addUnlessGiven(all, "--jdbc-url", running.jdbcUrl());
        }
        return all;
    }

    private static void addUnlessGiven(List<String> arguments, String flag, String value) {
        if (arguments.stream().noneMatch(one -> one.equals(flag) || one.startsWith(flag + "="))) {
            arguments.addAll(List.of(flag, value));
        }
    }

    private static Path jar() {
        var home = Path.of(System.getProperty("hrm.home", ".")).toAbsolutePath().normalize();
        var jar = home.resolve("jobs/target/hrm-jobs.jar");
        var here = Path.of("").toAbsolutePath();
        return jar.startsWith(here) ? here.relativize(jar) : jar;
    }

    private static String line(FlinkClient client, FlinkClient.Submission submission) {
        var words = new ArrayList<>(List.of("flink"));
        words.addAll(submission.command("-m", client.restAddress().substring("http://".length())));
        return words.stream().map(SubmitCommand::quoted).collect(Collectors.joining(" "));
    }

    static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
