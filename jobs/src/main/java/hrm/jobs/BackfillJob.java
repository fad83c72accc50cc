package hrm.jobs;

import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.flink.JudgeHistory;
import hrm.functions.flink.Types;
import hrm.functions.history.BaselinePolicy;
import hrm.functions.history.HistoryJudge;
import hrm.functions.judgement.Catalogue;
import hrm.model.PatternVersions;
import hrm.model.Topics;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.flink.Matchers;
import hrm.sinks.JdbcOptions;
import hrm.sinks.KafkaOptions;
import hrm.sinks.history.BackfillLedger;
import hrm.sinks.history.BackfillSettings;
import hrm.sinks.history.BackfillSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Stored readings in, alerts out, in BATCH and by the detection that judges the stream:
 *
 * <pre>
 *  reading_minutes, chunk by chunk, in each person by person and in the order of time
 *    ▸ judge ─▶ backfill_alerts and the ledger  ╰─▶ topic alerts, mode backfill
 * </pre>
 *
 * One reader judges a person whole, so nothing is shuffled. A run that was interrupted goes on with
 * the chunks that the ledger does not have as done.
 */
public final class BackfillJob {
    /**
     * How long an answer may take: a chunk is sorted before its first row comes. Under Flink's
     * {@code task.cancellation.timeout}.
     */
    private static final Duration ANSWER = Duration.ofSeconds(150);

    /** A reader's memory of whom it has sorted, and what is lost when it is interrupted. */
    private static final int MOST_PEOPLE_A_CHUNK = 5_000;

    /** A window, and a day more since people's days begin at other times than UTC's. */
    private static final Duration WALK_FORWARD_WARM_UP =
            Duration.ofDays(BaselineBuilder.WINDOW_DAYS + 2L);

    private BackfillJob() {}

    public static void main(String[] args) throws Exception {
        var options = BackfillOptions.parse(Instant.now(), args);
        WaitFor.all(options.waitFor, () -> cannotBegin(options));
        BackfillSettings settings;
        try (var database = options.database().connect()) {
            settings = settings(database, options);
        }
        if (settings.published()) {
            KafkaAccess.requireTopics(
                    options.bootstrapServers(),
                    options.kafkaClient(),
                    List.of(Topics.ALERTS),
                    options.waitFor);
        }
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        if (options.parallelism != null) {
            env.setParallelism(options.parallelism);
        }
        build(
                env,
                patient(options.database()),
                settings.published() ? options.kafka() : null,
                options.runId,
                settings);
        // Not execute(): a detached client would come back at once, and the run with it.
        env.executeAsync("backfill " + options.runId).getJobExecutionResult().get();
    }

    private static JdbcOptions patient(JdbcOptions database) {
        return new JdbcOptions(
                database.url(),
                database.user(),
                database.password(),
                ANSWER,
                database.connectTimeout());
    }

    private static JobException cannotBegin(BackfillOptions options) {
        try (var database = options.database().connect()) {
            BackfillLedger.list(database, 1);
            return null;
        } catch (SQLException e) {
            return new JobException(
                    "The database does not answer as it should ("
                            + e.getMessage()
                            + "). Check --jdbc-url, --jdbc-user and the password. If tables are"
                            + " missing, run once: hrm setup.",
                    e);
        }
    }

    /** Those that the run was begun with, or else it begins now. */
    private static BackfillSettings settings(Connection database, BackfillOptions options)
            throws SQLException {
        var begun = BackfillLedger.find(database, options.runId);
        if (begun.isPresent()) {
            return begun.get().settings();
        }
        var settings =
                new BackfillSettings(
                        options.from,
                        options.to,
                        options.users,
                        options.policy.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        options.published,
                        patterns(options));
        catalogue(settings, System.err::println);
        BackfillLedger.begin(
                database, options.runId, settings, options.chunks, MOST_PEOPLE_A_CHUNK);
        return settings;
    }

    private static List<PatternVersions> patterns(BackfillOptions options) {
        if (options.patterns != null) {
            return patterns(options.patterns);
        }
        KafkaAccess.requireTopics(
                options.bootstrapServers(),
                options.kafkaClient(),
                List.of(Topics.PATTERNS),
                options.waitFor);
        var published =
                KafkaAccess.newest(
                        options.bootstrapServers(),
                        options.kafkaClient(),
                        Topics.PATTERNS,
                        PatternVersions.class);
        if (published.isEmpty()) {
            throw new JobException(
                    "No pattern is published, so nobody would be judged. Publish some:"
                            + " hrm patterns push --all. Or judge by files: --patterns FOLDER.");
        }
        return new ArrayList<>(published.values());
    }

    private static List<PatternVersions> patterns(Path folder) {
        var patterns = new ArrayList<PatternVersions>();
        try (Stream<Path> files = Files.list(folder)) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList()) {
                var loaded =
                        PatternLoader.load(file.getFileName().toString(), Files.readString(file));
                if (!loaded.isFine()) {
                    throw new JobException("--patterns: " + loaded.report());
                }
                var spec = loaded.spec();
                patterns.add(PatternVersions.always(spec.id(), spec.version(), spec.yaml()));
            }
        } catch (IOException e) {
            throw new JobException(
                    "--patterns: cannot read " + folder + " (" + e.getMessage() + ")", e);
        }
        if (patterns.isEmpty()) {
            throw new JobException("--patterns: there is no .yaml file in " + folder + ".");
        }
        return patterns;
    }

    /**
     * @param warn hears of each version that cannot be run
     */
    private static Catalogue catalogue(BackfillSettings settings, Consumer<String> warn) {
        var catalogue = Catalogue.EMPTY;
        for (var versions : settings.patterns()) {
            var change = catalogue.with(versions, Matchers::of);
            for (var refused : change.refused()) {
                warn.accept(
                        "Version %d of pattern %s cannot be run and judges nobody: %s"
                                .formatted(
                                        refused.version().version(),
                                        versions.patternId(),
                                        String.join("\n", refused.findings())));
            }
            catalogue = change.catalogue();
        }
        return catalogue;
    }

    /**
     * @param kafka null to publish nothing
     */
    public static void build(
            StreamExecutionEnvironment env,
            JdbcOptions database,
            KafkaOptions kafka,
            String runId,
            BackfillSettings settings) {
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        var policy =
                BaselinePolicy.valueOf(
                        settings.baselines().toUpperCase(Locale.ROOT).replace('-', '_'));
        env.fromSource(
                        source(database, runId, settings, policy),
                        WatermarkStrategy.noWatermarks(),
                        "backfill.minutes",
                        Types.HISTORY_EVENT)
                .uid("backfill.minutes")
                .process(new JudgeHistory(settings.patterns(), policy, settings.from()))
                .returns(Types.BACKFILL_EVENT)
                .uid("backfill.judge")
                .name("backfill.judge")
                .sinkTo(new BackfillSink(database, kafka, runId))
                .uid("backfill.keep")
                .name("backfill.keep");
    }

    /** What of a run is left to read. */
    public static HistorySource source(
            JdbcOptions database, String runId, BackfillSettings settings, BaselinePolicy policy) {
        if (settings.from() == null) {
            return new HistorySource(database, runId, null, settings.until());
        }
        var warmUp =
                HistoryJudge.warmUp(catalogue(settings, said -> {})).plus(Duration.ofMinutes(1));
        if (policy == BaselinePolicy.WALK_FORWARD) {
            warmUp = warmUp.plus(WALK_FORWARD_WARM_UP);
        }
        return new HistorySource(database, runId, settings.from().minus(warmUp), settings.until());
    }
}
