package hrm.benchmarks.history;

import hrm.benchmarks.Bar;
import hrm.benchmarks.Failure;
import hrm.benchmarks.Progress;
import hrm.benchmarks.engine.EngineRate;
import hrm.benchmarks.engine.LocalFlink;
import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.TemporaryFolder;
import hrm.functions.flink.Types;
import hrm.functions.history.BaselinePolicy;
import hrm.jobs.BackfillJob;
import hrm.model.PatternVersions;
import hrm.patterns.Catalogue;
import hrm.sinks.JdbcOptions;
import hrm.sinks.history.BackfillLedger;
import hrm.sinks.history.BackfillSettings;
import hrm.sinks.readings.MinuteRows;
import hrm.sql.Schema;
import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.jdbc.core.datastream.source.JdbcSource;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.apache.flink.connector.jdbc.split.JdbcGenericParameterValuesProvider;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** History from PostgreSQL judged, against a job that reads the same rows and does nothing. */
@Command(
        name = "backfill",
        description = "Judging stored readings: against only reading them, and against the engine.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench backfill --readings 5000000",
            "",
            "Wall time of whole jobs, in turns, in one Flink at parallelism 2; PostgreSQL is a",
            "process on the same cores. Exit code 1 if a bar is not reached."
        })
public final class BackfillBenchmark implements Callable<Integer> {
    /** One of {@code hrm bench engine}'s rows. */
    private static final int ENGINE_PATTERNS = 5;

    private static final int ENGINE_PEOPLE = 10_000;
    private static final int CHUNKS = 100;

    /** Linux's, for programs, everywhere. */
    private static final double TICKS_A_SECOND = 100;

    @Spec CommandSpec spec;

    @Option(
            names = "--readings",
            paramLabel = "N",
            defaultValue = "50000000",
            description = "How many are stored. Default: 50000000")
    long readings;

    @Option(
            names = "--people",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Whose. Default: 1000")
    int people;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each, in turns. Default: 3")
    int rounds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the readings. Default: 1")
    long seed;

    private JdbcOptions database;
    private long postgresPid;
    private final List<Run> runs = new ArrayList<>();

    /** One of the compared. */
    private enum Side {
        READ("the same rows, nothing done with them"),
        BACKFILL("backfill, as it ships"),
        STOCK("Flink's JDBC source, unsorted, nothing done");

        private final String title;

        Side(String title) {
            this.title = title;
        }
    }

    private record Run(
            Side side, double seconds, double postgresCpu, double flinkCpu, long alerts) {}

    @Override
    public Integer call() throws Exception {
        int minutes = Math.toIntExact(readings / people / StoredHistory.READINGS_A_MINUTE);
        if (people < 1 || rounds < 1 || minutes < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--people and --rounds are at least 1, --readings at least 12 a person.");
        }
        var progress = new Progress(spec.commandLine().getErr());
        try (var folder = TemporaryFolder.create("hrm-bench-backfill-");
                var postgres = EmbeddedDatabase.start(folder.path().resolve("postgresql"));
                var flink = new LocalFlink()) {
            database =
                    new JdbcOptions(
                            postgres.jdbcUrl(),
                            EmbeddedDatabase.USER,
                            null,
                            Duration.ofMinutes(10),
                            Duration.ofSeconds(10));
            postgresPid = postgres.process().pid();
            Schema.migrate(database.dataSource());
            var history = new StoredHistory(people, minutes, seed);
            try (var connection = database.connect()) {
                history.fill(
                        connection,
                        rows -> progress.line("%,d of %,d rows".formatted(rows, history.rows())));
            }
            progress.line("%,d readings are stored".formatted(history.readings()));
            double engine =
                    EngineRate.measure(flink, ENGINE_PATTERNS, ENGINE_PEOPLE, rounds + 1, seed);
            for (int round = 0; round < rounds; round++) {
                for (var side : Side.values()) {
                    var run = run(flink, side, "%s-%d".formatted(side, round));
                    runs.add(run);
                    progress.line(
                            String.format(Locale.ROOT, "%s: %.1f s", side.title, run.seconds));
                }
            }
            return report(history.readings(), engine);
        }
    }

    private Run run(LocalFlink flink, Side side, String runId) throws Exception {
        var settings =
                new BackfillSettings(null, null, List.of(), "as-of", false, shippedPatterns());
        try (var connection = database.connect()) {
            BackfillLedger.begin(connection, runId, settings, CHUNKS, people);
        }
        var env = LocalFlink.environment(LocalFlink.Backend.HEAP);
        switch (side) {
            case READ -> read(env, runId, settings);
            case BACKFILL -> BackfillJob.build(env, database, null, runId, settings);
            case STOCK -> stock(env);
        }
        double postgresBefore = postgresCpu();
        double flinkBefore = flinkCpu();
        long begin = System.nanoTime();
        flink.run(env);
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Run(
                side,
                seconds,
                postgresCpu() - postgresBefore,
                flinkCpu() - flinkBefore,
                alerts(runId));
    }

    private static List<PatternVersions> shippedPatterns() {
        return Catalogue.shipped().stream()
                .map(
                        pattern ->
                                PatternVersions.always(
                                        pattern.id(), pattern.version(), pattern.yaml()))
                .toList();
    }

    private void read(StreamExecutionEnvironment env, String runId, BackfillSettings settings) {
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        env.fromSource(
                        BackfillJob.source(database, runId, settings, BaselinePolicy.AS_OF),
                        WatermarkStrategy.noWatermarks(),
                        "minutes",
                        Types.HISTORY_EVENT)
                .sinkTo(new DiscardingSink<>());
    }

    private void stock(StreamExecutionEnvironment env) {
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        int splits = env.getParallelism();
        var parameters = new Serializable[splits][];
        for (int split = 0; split < splits; split++) {
            parameters[split] = new Serializable[] {splits, split};
        }
        var source =
                JdbcSource.<hrm.model.MinuteRow>builder()
                        .setDBUrl(database.url())
                        .setDriverName("org.postgresql.Driver")
                        .setConnectionProvider(
                                new SimpleJdbcConnectionProvider(database.connection()))
                        .setSql(
                                "SELECT "
                                        + MinuteRows.COLUMNS
                                        + " FROM reading_minutes"
                                        + " WHERE mod(hashtext(user_id)::bigint + 2147483648, ?) = ?")
                        .setJdbcParameterValuesProvider(
                                new JdbcGenericParameterValuesProvider(parameters))
                        .setResultExtractor(MinuteRows::read)
                        .setTypeInformation(Types.MINUTE_ROW)
                        .setAutoCommit(false)
                        .setResultSetFetchSize(2_000)
                        .build();
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "rows")
                .sinkTo(new DiscardingSink<>());
    }

    private long alerts(String runId) throws SQLException {
        try (var connection = database.connect()) {
            return BackfillLedger.find(connection, runId).orElseThrow().alerts();
        }
    }

    /**
     * Seconds so far: of what lives, and of backends that have ended, which their parent counts.
     */
    private double postgresCpu() {
        return ProcessHandle.of(postgresPid).stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .mapToDouble(BackfillBenchmark::cpu)
                .sum();
    }

    private static double cpu(ProcessHandle process) {
        double own = process.info().totalCpuDuration().map(cpu -> cpu.toMillis() / 1e3).orElse(0.0);
        try {
            // After the name, which may hold blanks: state is the third field, cutime the 16th.
            var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return own + (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_A_SECOND;
        } catch (IOException e) {
            return own; // gone meanwhile, or not Linux
        }
    }

    private static double flinkCpu() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean all
                ? all.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    private int report(long stored, double engine) {
        var out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d readings of %,d people, 12 a minute, in PostgreSQL; %d patterns; load %.1f%n%n",
                stored,
                people,
                shippedPatterns().size(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        out.printf(
                "%-44s %8s %12s %16s %10s %12s%n",
                "", "s", "readings/s", "PostgreSQL CPU s", "JVM CPU s", "alert events");
        for (var run : runs) {
            out.printf(
                    Locale.ROOT,
                    "%-44s %8.1f %,12.0f %16.1f %10.1f %,12d%n",
                    run.side.title,
                    run.seconds,
                    stored / run.seconds,
                    run.postgresCpu,
                    run.flinkCpu,
                    run.alerts);
        }
        out.printf(
                Locale.ROOT,
                "%-44s %8s %,12.0f%n%n",
                "this engine alone, %d patterns".formatted(ENGINE_PATTERNS),
                "",
                engine);
        if (runs.stream()
                        .filter(run -> run.side == Side.BACKFILL)
                        .map(Run::alerts)
                        .distinct()
                        .count()
                != 1) {
            throw new Failure("Two runs over the same readings told differently many alerts.");
        }
        double backfill = stored / best(Side.BACKFILL);
        var bars =
                List.of(
                        Bar.atLeast(
                                "backfill / reading the same rows",
                                backfill / (stored / best(Side.READ)),
                                0.7),
                        Bar.atLeast("backfill / engine alone", backfill / engine, 0.2));
        Bar.lines(bars).forEach(out::println);
        out.printf(
                Locale.ROOT,
                "By CPU time, which others on the machine disturb less: reading / backfill %.2f%n",
                leastCpu(Side.READ) / leastCpu(Side.BACKFILL));
        return bars.stream().allMatch(Bar::isReached) ? 0 : 1;
    }

    private double leastCpu(Side side) {
        return runs.stream()
                .filter(run -> run.side == side)
                .mapToDouble(run -> run.postgresCpu + run.flinkCpu)
                .min()
                .orElseThrow();
    }

    private double best(Side side) {
        return runs.stream()
                .filter(run -> run.side == side)
                .mapToDouble(Run::seconds)
                .min()
                .orElseThrow();
    }
}
