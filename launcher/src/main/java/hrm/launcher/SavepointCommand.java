package hrm.launcher;

import hrm.embedded.FlinkClient;
import hrm.embedded.FlinkClient.Job;
import hrm.embedded.TemporaryFolder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A job's state, kept. */
@Command(
        name = "savepoint",
        description = "Takes a savepoint of the monitoring job.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm savepoint",
            "  hrm savepoint --stop --cluster flink:8081 --to s3://bucket/savepoints",
            "",
            "Go on from it: hrm submit monitoring --from-savepoint PATH"
        })
final class SavepointCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Spec CommandSpec spec;
    @Mixin FolderOption folder;
    @Mixin ClusterOption cluster;

    @Parameters(
            arity = "0..1",
            paramLabel = "JOB_ID",
            description = "Default: the monitoring job that runs")
    String jobId;

    @Option(names = "--stop", description = "Stop the job with it.")
    boolean stop;

    @Option(
            names = "--to",
            paramLabel = "FOLDER",
            description =
                    "As the cluster names it. Default: its execution.checkpointing.savepoint-dir")
    String to;

    @Override
    public Integer call() {
        try (var scratch = TemporaryFolder.create("hrm-savepoint-")) {
            var client = cluster.client(scratch.path(), folder);
            ClusterOption.requireAnswer(client);
            var id = jobId == null ? running(client) : jobId;
            var address = client.restAddress().substring("http://".length());
            spec.commandLine()
                    .getErr()
                    .println(
                            "The same by hand:\n  flink "
                                    + (stop
                                            ? "stop -m "
                                                    + address
                                                    + (to == null
                                                            ? ""
                                                            : " -p " + SubmitCommand.quoted(to))
                                                    + " "
                                                    + id
                                            : "savepoint -m "
                                                    + address
                                                    + " "
                                                    + id
                                                    + (to == null
                                                            ? ""
                                                            : " " + SubmitCommand.quoted(to))));
            var savepoint =
                    stop
                            ? client.stopWithSavepoint(id, to, LIMIT)
                            : client.savepoint(id, to, LIMIT);
            spec.commandLine().getOut().println(savepoint);
            return 0;
        }
    }

    private static String running(FlinkClient client) {
        List<Job> running =
                client.jobs().stream()
                        .filter(job -> job.name().equals(Supervisor.JOB_NAME))
                        .filter(job -> !job.state().isFinal())
                        .toList();
        if (running.size() != 1) {
            throw new Failure(
                    running.isEmpty()
                            ? "No monitoring job runs at " + client.restAddress() + "."
                            : "Several monitoring jobs run at "
                                    + client.restAddress()
                                    + "; say which: "
                                    + String.join(" or ", running.stream().map(Job::id).toList()));
        }
        return running.get(0).id();
    }
}
