package hrm.benchmarks;

import hrm.embedded.EmbeddedDatabase;
import hrm.jobs.BaselineJob;
import hrm.sinks.baselines.BaselineRuns;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A run over all that is stored, then, after one more day, the next one. */
@Command(
        name = "baseline",
        description =
                "Learning from a month of readings, and again a day later: rows and CPU time.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench baseline --people 1000",
            "",
            "CPU time is that of Flink's operators, their readers and sorters, in this JVM; not of",
            "its compiler and garbage collector, of what starts the job, and of PostgreSQL.",
            "Exit code 1 if the second run reads or works more than the bar allows."
        })
final class BaselineBenchmark implements Callable<Integer> {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    /** Per cent of the first run that the second may take. */
    private static final double BAR = 10;

    @Spec CommandSpec spec;

    @Option(
            names = "--readings",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "How many before the first run. Default: ${DEFAULT-VALUE}")
    long readings;

    @Option(
            names = "--people",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Of how many people. Default: ${DEFAULT-VALUE}")
    int people;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "30",
            description = "Over how many days. Default: ${DEFAULT-VALUE}")
    int days;

    @Option(names = "--quick", description = "50 people, 500,000 readings, no bar: does it run?")
    boolean quick;

    private record Measured(BaselineRuns.Run run, double cpuSeconds, double wallSeconds) {}

    @Override
    public Integer call() throws Exception {
        if (quick) {
            people = 50;
            readings = 500_000;
        }
        if (people < 1 || days < 8 || readings < (long) people * days) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--people is at least 1, --days at least 8, and each person has a reading a"
                            + " day.");
        }
        var progress = new Progress(spec.commandLine().getErr());
        try (var stand = Stand.withoutFlink(progress::line)) {
            store(stand, 0, days);
            progress.line("%,d readings are stored".formatted(count(stand)));
            var first = run(stand, "first", days);
            progress.line(line(first));
            store(stand, days, days + 1);
            var second = run(stand, "second", days + 1);
            progress.line(line(second));
            return report(first, second);
        }
    }

    private static long count(Stand stand) throws SQLException {
        return stand.number("SELECT sum(n) FROM reading_minutes");
    }

    /**
     * In the order in which they would have come, each person's evenly over the day; one in ten
     * with steps.
     */
    private void store(Stand stand, int fromDay, int untilDay) throws SQLException {
        long perDay = (readings + (long) people * days - 1) / ((long) people * days);
        for (int day = fromDay; day < untilDay; day++) {
            var from = FIRST.plus(Duration.ofDays(day));
            stand.sql("SELECT ensure_reading_partition('" + from + "')");
            stand.sql(
                    String.format(
                            Locale.ROOT,
                            """
                            INSERT INTO reading_minutes (minute, n, bpm_sum, bpm_min, bpm_max, user_id,
                                device_id, offset_ms, bpm, steps)
                            SELECT date_trunc('minute', at), 1, b, b, b, 'person-' || person, 'watch',
                                ARRAY[(extract(epoch FROM at - date_trunc('minute', at)) * 1000)::integer],
                                ARRAY[b], ARRAY[s]
                            FROM (
                                SELECT at, person,
                                    (50 + person %% 20 + 12 * random() + 12 * random()
                                        + CASE WHEN walks THEN 30 ELSE 0 END)::smallint AS b,
                                    (CASE WHEN walks THEN 40 ELSE 0 END)::smallint AS s
                                FROM (
                                    SELECT '%1$s'::timestamptz + i * interval '1 day' / %2$d AS at, person,
                                        random() < 0.1 AS walks
                                    FROM generate_series(0, %2$d - 1) i, generate_series(1, %3$d) person
                                    ORDER BY i, person) r) x
                            """,
                            from,
                            perDay,
                            people));
        }
        // What is left to be written is not the run's work.
        stand.sql("ANALYZE reading_minutes");
        stand.sql("CHECKPOINT");
    }

    private Measured run(Stand stand, String runId, int asOfDay) throws Exception {
        long began = System.nanoTime();
        double cpu;
        try (var threads = new OperatorThreads("baseline.")) {
            BaselineJob.main(
                    new String[] {
                        "--bootstrap-servers",
                        stand.bootstrapServers(),
                        "--jdbc-url",
                        stand.database().jdbcUrl(),
                        "--jdbc-user",
                        EmbeddedDatabase.USER,
                        "--run-id",
                        runId,
                        "--as-of",
                        FIRST.plus(Duration.ofDays(asOfDay)).toString()
                    });
            cpu = threads.cpuNanos() / 1e9;
        }
        double wall = (System.nanoTime() - began) / 1e9;
        try (var database = stand.connect()) {
            return new Measured(BaselineRuns.find(database, runId).orElseThrow(), cpu, wall);
        }
    }

    private static String line(Measured measured) {
        return String.format(
                Locale.ROOT,
                "%-7s %,11d rows read, %,7d person-days, %,6d people (%,d ready), %7.2f s of CPU,"
                        + " %6.1f s",
                measured.run.runId(),
                measured.run.counts().minutes(),
                measured.run.counts().days(),
                measured.run.users(),
                measured.run.ready(),
                measured.cpuSeconds,
                measured.wallSeconds);
    }

    private int report(Measured first, Measured second) {
        var out = spec.commandLine().getOut();
        out.println(line(first));
        out.println(line(second));
        out.printf(Locale.ROOT, "Load of the machine: %.1f%n", Stand.load());
        double bar = quick ? 100 : BAR;
        var bars =
                List.of(
                        Bar.atMost(
                                "rows read, second of first",
                                100.0
                                        * second.run.counts().minutes()
                                        / first.run.counts().minutes(),
                                bar,
                                "%"),
                        Bar.atMost(
                                "CPU time of the operators, second of first",
                                100 * second.cpuSeconds / first.cpuSeconds,
                                bar,
                                "%"));
        Bar.lines(bars).forEach(out::println);
        boolean complete = first.run.users() == people && second.run.users() == people;
        if (!complete) {
            out.println("NOT EVERYBODY has a baseline of each run: these figures mean nothing.");
        }
        return complete && bars.stream().allMatch(Bar::isReached) ? 0 : 1;
    }
}
