package hrm.jobs;

import java.time.Duration;
import java.util.UUID;
import org.apache.flink.client.program.ProgramParametrizationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the late run is told. */
@Command(
        name = "late-run",
        description = "Judges again what came late, and sends what should have been told.",
        footer = {
            "",
            "Example:",
            "  flink run -c hrm.jobs.LateRunJob hrm-jobs.jar --bootstrap-servers kafka:9092"
        })
public final class LateRunOptions extends JobOptions {
    @Option(
            names = "--consumer-group",
            paramLabel = "PREFIX",
            defaultValue = "hrm",
            description =
                    "The monitoring job's prefix of consumer groups, by which its progress is known. Default:"
                            + " ${DEFAULT-VALUE}")
    String consumerGroup;

    @Option(
            names = "--settle-for",
            paramLabel = "DURATION",
            defaultValue = "2m",
            description =
                    "Stretches that were marked less than this ago wait for the next run: a device"
                            + " that syncs sends more. Default: ${DEFAULT-VALUE}")
    Duration settleFor;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = "Name of the run in the table late_runs. Default: a new one")
    String runId;

    @Option(
            names = "--started-by",
            paramLabel = "WHO",
            description = "Noted with the run. Default: user and machine")
    String startedBy;

    public static LateRunOptions parse(String... args) throws ProgramParametrizationException {
        var options = JobOptions.parse(new LateRunOptions(), args);
        if (options.startedBy == null) {
            options.startedBy = personAndMachine();
        }
        return options;
    }

    /** The one that was told, or another each time. */
    String runId() {
        return runId == null ? "late-" + UUID.randomUUID() : runId;
    }
}
