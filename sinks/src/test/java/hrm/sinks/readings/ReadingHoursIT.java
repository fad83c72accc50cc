package hrm.sinks.readings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** The hourly roll-up and curves from it, against what the view {@code readings} says. */
class ReadingHoursIT {
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
    private static final long HOUR_MS = 3_600_000;

    private static TestDatabase database;

    @BeforeAll
    static void start() {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    @AfterEach
    void empty() throws SQLException {
        database.execute("TRUNCATE reading_minutes, reading_hours");
    }

    private static void write(List<MinuteRow> rows) throws SQLException {
        try (var connection = database.connect()) {
            MinuteRows.write(connection, rows);
        }
    }

    private static int rollUp(Instant since, Instant until) throws SQLException {
        try (var connection = database.connect()) {
            return ReadingHours.rollUp(connection, since, until, null);
        }
    }

    private static MinuteRow minute(String device, Instant minute, Reading... readings) {
        return new MinuteRow("u", device, minute.toEpochMilli(), List.of(readings));
    }

    private static Reading reading(String device, Instant at, int bpm) {
        return Reading.of("u", device, at.toEpochMilli(), bpm, 0);
    }

    private static List<String> hours() throws SQLException {
        return database.query(
                """
                SELECT concat_ws(' ', device_id, to_char(hour AT TIME ZONE 'UTC', 'DD"T"HH24'), readings, n, bpm_sum,
                    coalesce(bpm_min::text, '-'), coalesce(bpm_max::text, '-'), coalesce(bpm_first::text, '-'),
                    coalesce(bpm_last::text, '-'), to_char(first_at AT TIME ZONE 'UTC', 'MI:SS.MS'),
                    to_char(last_at AT TIME ZONE 'UTC', 'MI:SS.MS'))
                FROM reading_hours ORDER BY hour, device_id
                """,
                row -> row.getString(1));
    }

    @Test
    void anHourSaysItsCountExtremesSumFirstAndLastAndLateReadingsChangeItOnce() throws Exception {
        var eight = MIDNIGHT.plus(Duration.ofHours(8));
        var rows =
                List.of(
                        minute(
                                "watch",
                                eight,
                                reading("watch", eight.plusSeconds(10), Reading.UNKNOWN),
                                reading("watch", eight.plusSeconds(20), 60)),
                        minute(
                                "watch",
                                eight.plusSeconds(3_540),
                                reading("watch", eight.plusMillis(3_599_999), 180)),
                        minute(
                                "watch",
                                eight.plusSeconds(3_600),
                                reading("watch", eight.plusSeconds(3_600), Reading.UNKNOWN)),
                        minute("strap", eight, reading("strap", eight, 70)));
        write(rows);

        assertThat(rollUp(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1)))).isEqualTo(3);

        assertThat(hours())
                .containsExactly(
                        "strap 01T08 1 1 70 70 70 70 70 00:00.000 00:00.000",
                        "watch 01T08 3 2 240 60 180 60 180 00:10.000 59:59.999",
                        "watch 01T09 1 0 0 - - - - 00:00.000 00:00.000");

        // Once more, and what comes again: nothing to do.
        write(rows);
        assertThat(rollUp(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1)))).isZero();

        write(
                List.of(
                        minute(
                                "watch",
                                eight.plusSeconds(60),
                                reading("watch", eight.plusSeconds(61), 40)),
                        minute("watch", eight, reading("watch", eight.plusSeconds(5), 90))));
        assertThat(rollUp(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1)))).isEqualTo(1);
        assertThat(hours().get(1))
                .isEqualTo("watch 01T08 5 4 370 40 180 90 180 00:05.000 59:59.999");
    }

    @Test
    void hoursThatStillChangeAreLeftOut() throws Exception {
        var now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        var old = now.minus(Duration.ofHours(50));
        var young = now.minus(Duration.ofHours(46));
        write(
                List.of(
                        minute("w", old, reading("w", old, 60)),
                        minute("w", young, reading("w", young, 61))));

        assertThat(rollUp(now.minus(Duration.ofDays(35)), now)).isEqualTo(1);
        // Curves have both.
        assertThat(curve(old.minusSeconds(1), now, 20).values())
                .extracting(Point::least)
                .containsExactly(60, 61);
    }

    /** What a point says. */
    private record Point(long n, BigDecimal mean, int least, int greatest) {}

    /** By the number of the point, from 0. */
    private static Map<Long, Point> curve(Instant since, Instant until, int points)
            throws SQLException {
        try (var connection = database.connect();
                var statement =
                        connection.prepareStatement("SELECT * FROM reading_curve('u', ?, ?, ?)")) {
            statement.setObject(1, since.atOffset(ZoneOffset.UTC));
            statement.setObject(2, until.atOffset(ZoneOffset.UTC));
            statement.setInt(3, points);
            var curve = new TreeMap<Long, Point>();
            double width = Duration.between(since, until).toNanos();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    var begins = row.getObject(1, OffsetDateTime.class).toInstant();
                    long point =
                            Math.round(Duration.between(since, begins).toNanos() / width * points);
                    var before =
                            curve.put(
                                    point,
                                    new Point(
                                            row.getLong(2),
                                            row.getBigDecimal(3),
                                            row.getInt(4),
                                            row.getInt(5)));
                    assertThat(before).isNull();
                }
            }
            return curve;
        }
    }

    /** The same from single readings; hours and minutes that a point divides are the earlier's. */
    private static Map<Long, Point> expected(
            List<Reading> readings, Instant since, Instant until, int points) {
        double seconds = Duration.between(since, until).toMillis() / 1e3;
        long unit = seconds / points >= 3600 ? HOUR_MS : seconds / points >= 60 ? 60_000 : 1;
        long from = since.toEpochMilli();
        long width = until.toEpochMilli() - from;
        var byPoint = new TreeMap<Long, List<Integer>>();
        for (var reading : readings) {
            long at = reading.timestampMs();
            if (at >= from && at < until.toEpochMilli() && reading.hasBpm()) {
                long begins = Math.max(from, at / unit * unit);
                long point = (begins - from) * points / width;
                byPoint.computeIfAbsent(point, p -> new ArrayList<>()).add(reading.bpm());
            }
        }
        var curve = new TreeMap<Long, Point>();
        byPoint.forEach(
                (point, bpm) -> {
                    var summary = bpm.stream().mapToInt(b -> b).summaryStatistics();
                    curve.put(
                            point,
                            new Point(
                                    summary.getCount(),
                                    BigDecimal.valueOf(summary.getSum())
                                            .divide(
                                                    BigDecimal.valueOf(summary.getCount()),
                                                    1,
                                                    RoundingMode.HALF_UP),
                                    summary.getMin(),
                                    summary.getMax()));
                });
        return curve;
    }

    @Test
    void curvesAreThoseOfTheReadingsHoweverMuchIsRolledUp() throws Exception {
        long seed = Long.getLong("hrm.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dhrm.seed=" + seed + ")");
        var random = new Random(seed);
        var readings = new ArrayList<Reading>();
        // Two months with nights unworn, the second device now and then.
        for (int minute = 0; minute < 45 * 1_440; minute++) {
            if (minute % 1_440 < 420 || random.nextInt(4) > 0) {
                continue;
            }
            var device = random.nextInt(20) == 0 ? "strap" : "watch";
            long at = MIDNIGHT.toEpochMilli() + minute * 60_000L + random.nextInt(60_000);
            readings.add(
                    Reading.of(
                            "u",
                            device,
                            at,
                            random.nextInt(9) == 0 ? Reading.UNKNOWN : 40 + random.nextInt(140),
                            1));
        }
        var late = new ArrayList<Reading>();
        var inTime = new ArrayList<Reading>();
        for (var reading : readings) {
            (random.nextInt(50) == 0 ? late : inTime).add(reading);
        }
        write(rows(inTime));

        compare(inTime, random);
        rollUp(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(20)));
        compare(inTime, random);
        rollUp(MIDNIGHT.plus(Duration.ofDays(25)), MIDNIGHT.plus(Duration.ofDays(60)));
        compare(inTime, random);
        write(rows(late));
        rollUp(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(60)));
        compare(readings, random);
    }

    private static List<MinuteRow> rows(List<Reading> readings) {
        var minutes = new HashMap<String, List<Reading>>();
        readings.forEach(
                reading ->
                        minutes.computeIfAbsent(
                                        reading.deviceId() + reading.timestampMs() / 60_000,
                                        m -> new ArrayList<>())
                                .add(reading));
        return minutes.values().stream()
                .map(
                        of ->
                                new MinuteRow(
                                        "u",
                                        of.get(0).deviceId(),
                                        of.get(0).timestampMs() / 60_000 * 60_000,
                                        of))
                .toList();
    }

    private static void compare(List<Reading> readings, Random random) throws SQLException {
        for (int i = 0; i < 12; i++) {
            long from = MIDNIGHT.toEpochMilli() - 86_400_000L + random.nextInt(1_000_000_000);
            var since = Instant.ofEpochMilli(from);
            var until =
                    since.plusMillis(
                            1
                                    + (long) random.nextInt(1_000_000)
                                            * (i % 3 == 0 ? 4_000 : i % 3 == 1 ? 100 : 1));
            int points = 1 + random.nextInt(i % 2 == 0 ? 50 : 2_000);

            assertThat(curve(since, until, points))
                    .as("%s to %s, %d points", since, until, points)
                    .isEqualTo(expected(readings, since, until, points));
        }
    }

    @Test
    void aCurveOfNoPointsIsRefused() {
        assertThatThrownBy(() -> curve(MIDNIGHT, MIDNIGHT, 10))
                .isInstanceOf(PSQLException.class)
                .hasMessageContaining("since before until");
        assertThatThrownBy(() -> curve(MIDNIGHT, MIDNIGHT.plusSeconds(1), 0))
                .hasMessageContaining("points must be at least 1");
    }
}
