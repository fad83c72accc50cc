package hrm.jobs;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.client.program.ProgramParametrizationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the monitoring job is told. */
@Command(
        name = "monitoring",
        description = "Judges readings as they come, and stores them.",
        footer = {
            "",
            "Example:",
            "  flink run -d -c hrm.jobs.MonitoringJob hrm-jobs.jar --bootstrap-servers kafka:9092"
        })
public final class MonitoringOptions extends JobOptions {
    /** A part of the job that can run alone. */
    enum Region {
        STORE,
        DETECT
    }

    /** How alerts reach their topic. */
    enum Delivery {
        AT_LEAST_ONCE,
        EXACTLY_ONCE
    }

    @Option(
            names = "--regions",
            split = ",",
            paramLabel = "store,detect",
            defaultValue = "store,detect",
            description =
                    "Which regions to run: store (readings and alerts to PostgreSQL), detect"
                            + " (alerts). Default: ${DEFAULT-VALUE}")
    List<String> regions;

    @Option(
            names = "--delivery",
            paramLabel = "GUARANTEE",
            defaultValue = "at-least-once",
            description =
                    "at-least-once (milliseconds; consumers de-duplicate by event_id) or"
                            + " exactly-once (Kafka transactions; latency is the checkpoint"
                            + " interval). Default: ${DEFAULT-VALUE}")
    String delivery;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "DURATION",
            description = "Time between checkpoints. Default: the cluster's configuration")
    Duration checkpointInterval;

    @Option(
            names = "--minute-silence",
            paramLabel = "DURATION",
            defaultValue = "1m",
            description =
                    "A minute is written when its device goes on to the next, or after this much"
                            + " wall-clock silence. Default: ${DEFAULT-VALUE}")
    Duration minuteSilence;

    @Option(
            names = "--consumer-group",
            paramLabel = "PREFIX",
            defaultValue = "hrm",
            description =
                    "Prefix of the consumer groups, PREFIX-store and PREFIX-detect."
                            + " Default: ${DEFAULT-VALUE}")
    String consumerGroup;

    private Set<Region> runs;
    private Delivery guarantee;

    public static MonitoringOptions parse(String... args) throws ProgramParametrizationException {
        var options = JobOptions.parse(new MonitoringOptions(), args);
        options.runs = EnumSet.noneOf(Region.class);
        for (var region : options.regions) {
            options.runs.add(oneOf(Region.class, "--regions", region));
        }
        options.guarantee = oneOf(Delivery.class, "--delivery", options.delivery);
        if (options.guarantee == Delivery.EXACTLY_ONCE && options.runs.size() > 1) {
            throw new ProgramParametrizationException(
                    "--delivery exactly-once: alerts would appear only when a checkpoint completes,"
                            + " and none does while PostgreSQL is down, since both regions share"
                            + " checkpoints. Run two jobs: one with --regions detect --delivery"
                            + " exactly-once, one with --regions store.");
        }
        return options;
    }

    boolean runs(Region region) {
        return runs.contains(region);
    }

    Delivery delivery() {
        return guarantee;
    }
}
