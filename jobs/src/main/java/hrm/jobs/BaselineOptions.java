package hrm.jobs;

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
                            + " Default: a minute from now")
    String effectiveFromText;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description =
                    "Name of the run; a run that is repeated replaces what it wrote."
                            + " Default: a new one")
    String runId;

    Instant asOf;
    Instant effectiveFrom;

    public static BaselineOptions parse(Instant now, String... args)
            throws ProgramParametrizationException {
        var options = JobOptions.parse(new BaselineOptions(), args);
        options.asOf = time("--as-of", options.asOfText, now);
        options.effectiveFrom =
                time("--effective-from", options.effectiveFromText, now.plusSeconds(60));
        if (options.runId == null) {
            options.runId = "baseline-" + now + "-" + UUID.randomUUID().toString().substring(0, 8);
        }
        return options;
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
