package hrm.benchmarks;

import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.TemporaryFolder;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.readings.MinuteRows;
import hrm.sinks.readings.ReadingHours;
import hrm.sql.Schema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A long curve of one person: by {@code reading_curve} from the hourly roll-up, and grouped from
 * the view {@code readings}, in turns on the same database.
 */
@Command(
        name = "curve",
        description = "A person-year to 2,000 points: the hourly roll-up against the view.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench curve --days 365",
            "",
            "Exit code 1 if the roll-up is not fast enough, or loses an extreme."
        })
final class CurveBenchmark implements Callable<Integer> {
    private static final Instant BEGIN = Instant.parse("2025-01-01T00:00:00Z");
    private static final int EVERY_MS = 5_000;
    private static final int OF_MINUTE = 60_000 / EVERY_MS;

    private static final String CURVE =
            "SELECT at, bpm_min, bpm_max FROM reading_curve('person', ?, ?, ?)";

    private static final String VIEW =
            """
            SELECT date_bin(make_interval(secs => ?), r."timestamp", ?) AS point, min(heart_rate), max(heart_rate)
            FROM readings r
            WHERE user_id = 'person' AND minute >= ? AND minute < ?
            GROUP BY point ORDER BY point
            """;

    @Spec CommandSpec spec;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "365",
            description = "How many, a reading every 5 s. Default: 365")
    int days;

    @Option(
            names = "--points",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Of the curve. Default: 2000")
    int points;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each, in turns; the best counts. Default: 3")
    int rounds;

    @Option(
            names = "--bar",
            paramLabel = "RATIO",
            defaultValue = "50",
            description = "How many times as fast the roll-up must be. Default: 50")
    double bar;

    @Override
    public Integer call() throws Exception {
        if (days < 1 || points < 1 || rounds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--days, --points and --rounds are at least 1.");
        }
        var progress = new Progress(spec.commandLine().getErr());
        try (var folder = TemporaryFolder.create("hrm-bench-curve-");
                var database = EmbeddedDatabase.start(folder.path().resolve("postgresql"))) {
            var source = new PGSimpleDataSource();
            source.setUrl(database.jdbcUrl());
            Schema.migrate(source);
            try (var connection = database.connect()) {
                return measure(connection, progress);
            }
        }
    }

    private int measure(Connection connection, Progress progress) throws SQLException {
        var end = BEGIN.plus(Duration.ofDays(days));
        store(connection);
        progress.line("%,d readings are stored".formatted(days * 1_440L * OF_MINUTE));
        long began = System.nanoTime();
        int hours = ReadingHours.rollUp(connection, BEGIN, end, null);
        progress.line(
                String.format(
                        Locale.ROOT,
                        "%,d hours are rolled up in %.1f s",
                        hours,
                        (System.nanoTime() - began) / 1e9));
        try (var statement = connection.createStatement()) {
            statement.execute("VACUUM ANALYZE");
        }
        double rollUp = Double.MAX_VALUE;
        double view = Double.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            curve(connection, end);
            long middle = System.nanoTime();
            byView(connection, end, "r.\"timestamp\"");
            long stop = System.nanoTime();
            rollUp = Math.min(rollUp, (middle - start) / 1e6);
            view = Math.min(view, (stop - middle) / 1e6);
            progress.line(
                    String.format(
                            Locale.ROOT,
                            "roll-up %.1f ms, view %.1f ms",
                            (middle - start) / 1e6,
                            (stop - middle) / 1e6));
        }
        var fast = curve(connection, end);
        // An hour that a point divides is the earlier point's.
        boolean same =
                fast.equals(byView(connection, end, "date_trunc('hour', r.\"timestamp\", 'UTC')"));
        var out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%d days to %d points, load %.1f: roll-up %.1f ms, view %.0f ms%n",
                days,
                fast.size(),
                Stand.load(),
                rollUp,
                view);
        out.println(same ? "extremes are those of the readings" : "EXTREMES DIFFER");
        var bars = List.of(Bar.atLeast("roll-up against the view", view / rollUp, bar));
        Bar.lines(bars).forEach(out::println);
        return same && bars.get(0).isReached() ? 0 : 1;
    }

    private void store(Connection connection) throws SQLException {
        var random = new SplittableRandom(1);
        int bpm = 70;
        for (int day = 0; day < days; day++) {
            var rows = new ArrayList<MinuteRow>();
            for (int minute = 0; minute < 1_440; minute++) {
                long at = BEGIN.toEpochMilli() + (day * 1_440L + minute) * 60_000;
                var readings = new ArrayList<Reading>();
                for (int i = 0; i < OF_MINUTE; i++) {
                    bpm = Math.min(180, Math.max(45, bpm + random.nextInt(-2, 3)));
                    readings.add(
                            Reading.of("person", "watch", at + i * EVERY_MS, bpm, minute % 20));
                }
                rows.add(new MinuteRow("person", "watch", at, readings));
            }
            MinuteRows.write(connection, rows);
        }
    }

    /** Least and greatest of each point. */
    private List<String> curve(Connection connection, Instant end) throws SQLException {
        try (var statement = connection.prepareStatement(CURVE)) {
            statement.setObject(1, BEGIN.atOffset(ZoneOffset.UTC));
            statement.setObject(2, end.atOffset(ZoneOffset.UTC));
            statement.setInt(3, points);
            return extremes(statement);
        }
    }

    /**
     * @param at by which a reading belongs to a point
     */
    private List<String> byView(Connection connection, Instant end, String at) throws SQLException {
        try (var statement = connection.prepareStatement(VIEW.replace("r.\"timestamp\"", at))) {
            statement.setDouble(1, (double) Duration.between(BEGIN, end).toSeconds() / points);
            statement.setObject(2, BEGIN.atOffset(ZoneOffset.UTC));
            statement.setObject(3, BEGIN.atOffset(ZoneOffset.UTC));
            statement.setObject(4, end.atOffset(ZoneOffset.UTC));
            return extremes(statement);
        }
    }

    private static List<String> extremes(PreparedStatement statement) throws SQLException {
        var extremes = new ArrayList<String>();
        try (var row = statement.executeQuery()) {
            while (row.next()) {
                extremes.add(row.getInt(2) + " " + row.getInt(3));
            }
        }
        return extremes;
    }
}
