package hrm.jobs;

import hrm.functions.history.BaselinePolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.apache.flink.client.program.ProgramParametrizationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the backfill job is told. */
@Command(
        name = "backfill",
        description = "Judges stored readings as the stream would have judged them.",
        footer = {
            "",
            "Example:",
            "  flink run -c hrm.jobs.BackfillJob hrm-jobs.jar --bootstrap-servers kafka:9092"
        })
public final class BackfillOptions extends JobOptions {
    /** Where alerts go besides the run's own table. */
    enum Alerts {
        TOPIC,
        RUN
    }

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Only what is detected from this time on (ISO-8601). Readings before it are read"
                            + " as far as patterns and detectors remember. Default: all")
    String fromText;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "Only readings before this minute (ISO-8601). Default: all")
    String toText;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Only this person's; may be given several times. Default: everybody's")
    List<String> users = List.of();

    @Option(
            names = "--baselines",
            paramLabel = "POLICY",
            defaultValue = "as-of",
            description =
                    "as-of (those in force at each reading's time), current (the newest, for all"
                            + " time) or walk-forward (each local day's is made anew of the days"
                            + " before it). Default: ${DEFAULT-VALUE}")
    String baselines;

    @Option(
            names = "--patterns",
            paramLabel = "FOLDER",
            description =
                    "Judge by the pattern files of this folder, for all time. Default: the versions"
                            + " on the topic, each from its own time on")
    Path patterns;

    @Option(
            names = "--alerts",
            paramLabel = "WHERE",
            description =
                    "topic (published, with the mode backfill, and kept with the run) or run (kept"
                            + " with the run alone). Default: topic; run with --patterns or another"
                            + " --baselines than as-of")
    String alerts;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description =
                    "Name of the run. One that was interrupted goes on as it was begun, whatever else"
                            + " is said here. Default: a new one")
    String runId;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Into how many parts of people to cut the run at least; a part that is done is"
                            + " never judged again. Default: ${DEFAULT-VALUE}")
    int chunks;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "How many parts to judge at once. Default: the cluster's configuration")
    Integer parallelism;

    Instant from;
    Instant to;
    BaselinePolicy policy;
    boolean published;

    public static BackfillOptions parse(Instant now, String... args)
            throws ProgramParametrizationException {
        var options = JobOptions.parse(new BackfillOptions(), args);
        options.from = time("--from", options.fromText);
        options.to = time("--to", options.toText);
        if (options.to != null) {
            options.to = options.to.truncatedTo(ChronoUnit.MINUTES);
            if (options.from != null && !options.from.isBefore(options.to)) {
                throw new ProgramParametrizationException("--from is not before --to.");
            }
        }
        if (options.chunks < 1 || options.parallelism != null && options.parallelism < 1) {
            throw new ProgramParametrizationException("--chunks and --parallelism are at least 1.");
        }
        options.policy = oneOf(BaselinePolicy.class, "--baselines", options.baselines);
        boolean trial = options.patterns != null || options.policy != BaselinePolicy.AS_OF;
        options.published =
                options.alerts == null
                        ? !trial
                        : oneOf(Alerts.class, "--alerts", options.alerts) == Alerts.TOPIC;
        if (options.runId == null) {
            options.runId = "backfill-" + now + "-" + UUID.randomUUID().toString().substring(0, 8);
        }
        return options;
    }

    private static Instant time(String flag, String text) throws ProgramParametrizationException {
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new ProgramParametrizationException(
                    flag + ": '" + text + "' is no time. Write 2026-01-31T00:00:00Z.");
        }
    }
}
