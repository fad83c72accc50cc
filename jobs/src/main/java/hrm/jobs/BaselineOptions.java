package hrm.jobs;

import hrm.sinks.baselines.BaselineRuns;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import org.apache.flink.client.program.ProgramParametrizationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the baseline job is told. */
@Command(
        name = "baseline",
        description = "Learns from the stored readings what is normal for each person.",
        footer = {
            "",
            "Example:",
            "  flink run -c hrm.jobs.BaselineJob hrm-jobs.jar --bootstrap-servers kafka:9092"
        })
public final class BaselineOptions extends JobOptions {
    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description = "Learn from the 28 local days before this time (ISO-8601). Default: now")
    String asOfText;

    @Option(
            names = "--effective-from",
            paramLabel = "TIME",
            description =
                    "Event time from which readings are judged by it (ISO-8601)."
                            + " Default: a minute after the run")
    String effectiveFromText;

    @Option(
            names = "--full",
            description =
                    "Read all readings, not only the days with new ones, and write a version for"
                            + " everybody")
    boolean full;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description =
                    "Name of the run; a run that is repeated replaces what it wrote."
                            + " Default: a new one")
    String runId;

    @Option(
            names = "--started-by",
            paramLabel = "WHO",
            description = "Noted with the run. Default: user and machine")
    String startedBy;

    @Option(
            names = "--wait-for-run",
            paramLabel = "DURATION",
            defaultValue = "0s",
            description =
                    "How long to wait for another baseline run to end. Default: ${DEFAULT-VALUE}")
    Duration waitForRun;

    Instant asOf;
    Instant effectiveFrom;

    static BaselineOptions parse(String... args) throws ProgramParametrizationException {
        return parse(Instant.now(), args);
    }

    public static BaselineOptions parse(Instant now, String... args)
            throws ProgramParametrizationException {
        var options = JobOptions.parse(new BaselineOptions(), args);
        options.asOf = time("--as-of", options.asOfText, now);
        options.effectiveFrom =
                time("--effective-from", options.effectiveFromText, now.plusSeconds(60));
        if (options.runId == null) {
            options.runId = "baseline-" + now + "-" + UUID.randomUUID().toString().substring(0, 8);
        }
        if (options.startedBy == null) {
            options.startedBy = personAndMachine();
        }
        return options;
    }

    /** The job's name on the cluster. */
    String jobName() {
        return "baseline " + runId;
    }

    BaselineRuns.Plan plan(int algorithmVersion) {
        return new BaselineRuns.Plan(
                runId,
                asOf,
                effectiveFromText == null ? null : effectiveFrom,
                algorithmVersion,
                full,
                startedBy);
    }

    private static Instant time(String flag, String text, Instant otherwise)
            throws ProgramParametrizationException {
        if (text == null) {
            return otherwise;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new ProgramParametrizationException(
                    flag + ": '" + text + "' is no time. Write 2026-01-31T00:00:00Z.");
        }
    }
}
