package hrm.sinks.readings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.JdbcOptions;
import hrm.sinks.TestDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MinuteRowsIT {
    private static final long MINUTE = Instant.parse("2026-01-31T08:15:00Z").toEpochMilli();

    private static TestDatabase database;

    /** Of two readings of one device and millisecond the first stays. */
    private record Key(String userId, String deviceId, long timestampMs) {
        static Key of(Reading reading) {
            return new Key(reading.userId(), reading.deviceId(), reading.timestampMs());
        }
    }

    @BeforeAll
    static void start() {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        database.execute("DELETE FROM reading_minutes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void columnsHoldWhatTheRowsDoInBinaryAndInText(boolean binary) throws Exception {
        long seed = seed();
        var minutes = new Minutes(seed);
        try (var connection = database.connect()) {
            for (int i = 0; i < 200; i++) {
                MinuteRows.write(connection, List.of(minutes.next()));
            }
            int rows = 0;
            try (var select =
                    connection.prepareStatement(
                            "SELECT " + MinuteRows.COLUMNS + " FROM reading_minutes")) {
                if (binary) {
                    MinuteRows.Reader.prepare(select);
                }
                var reader = new MinuteRows.Reader();
                try (var row = select.executeQuery()) {
                    for (; row.next(); rows++) {
                        var columns = reader.read(row);
                        var expected = MinuteRows.read(row);
                        var readings = new ArrayList<Reading>();
                        for (int i = 0; i < columns.size(); i++) {
                            readings.add(columns.reading(i));
                        }
                        assertThat(readings).as("seed " + seed).isEqualTo(expected.readings());
                        assertThat(columns.minuteMs()).isEqualTo(expected.minuteMs());
                    }
                }
            }
            assertThat(rows).isPositive();
        }
    }

    @Test
    void viewGivesBackWhatWasSentFirstWhateverIsMergedInWhateverOrder() throws Exception {
        long seed = seed();
        var random = new Random(seed);
        var minutes = new Minutes(seed);
        var sent = new ArrayList<MinuteRow>();
        var model = new HashMap<Key, Reading>();

        try (var connection = database.connect()) {
            for (int batch = 0; batch < 150; batch++) {
                var rows = new ArrayList<MinuteRow>();
                // Now and then so many that new ones are joined into one statement.
                for (int i = random.nextInt(batch % 10 == 0 ? 180 : 6); i >= 0; i--) {
                    rows.add(
                            sent.isEmpty() || random.nextInt(4) > 0
                                    ? minutes.next()
                                    : minutes.again(sent.get(random.nextInt(sent.size()))));
                    sent.add(rows.get(rows.size() - 1));
                }
                MinuteRows.write(connection, rows);
                for (var row : rows) {
                    row.readings().forEach(r -> model.putIfAbsent(Key.of(r), r));
                }
            }
        }

        assertThat(model.size()).isGreaterThan(500);
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(model.values());
        assertThat(storedByRow()).containsExactlyInAnyOrderElementsOf(model.values());
        assertThat(unsoundRows()).isZero();
    }

    @Test
    void concurrentWritersLoseAndDoubleNothing() throws Exception {
        long seed = seed();
        var minutes = new Minutes(seed);
        var sent = new ArrayList<MinuteRow>();
        for (int i = 0; i < 400; i++) {
            sent.add(minutes.next());
        }
        int writers = 4;
        var together = new CyclicBarrier(writers);
        var work = new ArrayList<Callable<Void>>();
        var allSent = new HashMap<Key, Set<Reading>>();
        for (int writer = 0; writer < writers; writer++) {
            var random = new Random(seed + writer);
            var rows = new ArrayList<MinuteRow>();
            sent.forEach(
                    row -> {
                        if (random.nextInt(3) > 0) {
                            rows.add(random.nextBoolean() ? row : minutes.again(row));
                        }
                    });
            Collections.shuffle(rows, random);
            for (var row : rows) {
                row.readings()
                        .forEach(
                                r ->
                                        allSent.computeIfAbsent(Key.of(r), k -> new HashSet<>())
                                                .add(r));
            }
            work.add(
                    () -> {
                        try (var connection = database.connect()) {
                            together.await();
                            int size = rows.size() % 2 == 0 ? 20 : 120;
                            for (int from = 0; from < rows.size(); from += size) {
                                MinuteRows.write(
                                        connection,
                                        rows.subList(from, Math.min(from + size, rows.size())));
                            }
                        }
                        return null;
                    });
        }

        runAll(work);

        var stored = stored();
        assertThat(stored).extracting(Key::of).doesNotHaveDuplicates();
        assertThat(stored)
                .extracting(Key::of)
                .containsExactlyInAnyOrderElementsOf(allSent.keySet());
        assertThat(stored).allMatch(r -> allSent.get(Key.of(r)).contains(r));
        assertThat(unsoundRows()).isZero();
    }

    @Test
    void identicalRedeliveryWritesNothing() throws Exception {
        var row = minute("u1", MINUTE, 0, 5_000, 59_999);

        try (var connection = database.connect()) {
            assertThat(MinuteRows.write(connection, List.of(row))).isEqualTo(1);
            var before = versions();

            assertThat(MinuteRows.write(connection, List.of(row, minute("u1", MINUTE, 5_000))))
                    .isZero();

            assertThat(versions()).isEqualTo(before);
            assertThat(MinuteRows.write(connection, List.of(row, minute("u1", MINUTE, 5_001))))
                    .isEqualTo(1);
            assertThat(versions()).isNotEqualTo(before);
        }
    }

    @Test
    void sameMinuteTwiceInOneBatchIsMergedAlsoWhenTheDriverRewritesBatches() throws Exception {
        try (var connection =
                new JdbcOptions(
                                database.options().url() + "?reWriteBatchedInserts=true",
                                database.options().user(),
                                database.options().password(),
                                database.options().socketTimeout(),
                                database.options().connectTimeout())
                        .connect()) {
            MinuteRows.write(
                    connection,
                    List.of(
                            minute("u1", MINUTE, 2_000),
                            minute("u1", MINUTE, 1_000),
                            minute("u1", MINUTE, 1_000, 3_000)));
        }

        assertThat(stored())
                .containsExactlyInAnyOrderElementsOf(
                        minute("u1", MINUTE, 1_000, 2_000, 3_000).readings());
    }

    @Test
    void readingsOfOtherTimesGetTheirPartitionsAlsoFromTwoWritersAtOnce() throws Exception {
        var years = List.of("2001-05-05T05:05:00Z", "2015-12-31T23:59:00Z", "2039-01-01T00:00:00Z");
        var together = new CyclicBarrier(2);
        var work = new ArrayList<Callable<Void>>();
        for (int writer = 0; writer < 2; writer++) {
            var rows = new ArrayList<MinuteRow>();
            for (var year : years) {
                rows.add(minute("w" + writer, Instant.parse(year).toEpochMilli(), 0));
                rows.add(minute("both", Instant.parse(year).toEpochMilli(), 0, writer + 1));
            }
            work.add(
                    () -> {
                        try (var connection = database.connect()) {
                            together.await();
                            MinuteRows.write(connection, rows);
                        }
                        return null;
                    });
        }

        runAll(work);

        assertThat(stored()).hasSize(3 * (1 + 1 + 3));
        assertThat(
                        database.query(
                                "SELECT DISTINCT tableoid::regclass::text FROM reading_minutes",
                                row -> row.getString(1)))
                .containsExactlyInAnyOrder(
                        "reading_minutes_2001_05",
                        "reading_minutes_2015_12",
                        "reading_minutes_2039_01");
    }

    @Test
    void readingsOfAStretchAreThoseFromItsBeginningToBeforeItsEnd() throws Exception {
        try (var connection = database.connect()) {
            MinuteRows.write(
                    connection,
                    List.of(
                            minute("u1", MINUTE - 60_000, 59_999),
                            minute("u1", MINUTE, 29_999, 30_000, 59_999),
                            minute("u1", MINUTE + 60_000, 0, 29_999, 30_000),
                            minute("u2", MINUTE, 30_000)));
        }

        assertThat(
                        database.query(
                                "SELECT * FROM readings_of('u1', '2026-01-31T08:15:30Z',"
                                        + " '2026-01-31T08:16:30Z')",
                                MinuteRowsIT::reading))
                .extracting(Reading::timestampMs)
                .containsExactlyInAnyOrder(
                        MINUTE + 30_000, MINUTE + 59_999, MINUTE + 60_000, MINUTE + 89_999);
    }

    /** PostgreSQL's text has none; a device may send it escaped in JSON. */
    @Test
    void characterZeroInAnActivityIsReplacedAndStopsNothing() throws Exception {
        var reading = new Reading("u1", "d", MINUTE, 60, 0, "a\0b", null, null, Double.NaN);

        try (var connection = database.connect()) {
            MinuteRows.write(
                    connection, List.of(new MinuteRow("u1", "d", MINUTE, List.of(reading))));
        }

        assertThat(stored()).extracting(Reading::activity).containsExactly("a\ufffdb");
    }

    /** More than a smallint counts; 60,000 is what a minute of different milliseconds can hold. */
    @Test
    void aMinuteOfSixtyThousandReadingsIsStored() throws Exception {
        int[] half = new int[30_000];
        for (int i = 0; i < half.length; i++) {
            half[i] = i * 2;
        }
        try (var connection = database.connect()) {
            MinuteRows.write(connection, List.of(minute("u1", MINUTE, half)));
            for (int i = 0; i < half.length; i++) {
                half[i]++;
            }
            MinuteRows.write(connection, List.of(minute("u1", MINUTE, half)));
        }

        assertThat(database.number("SELECT n FROM reading_minutes")).isEqualTo(60_000);
        assertThat(unsoundRows()).isZero();
    }

    /** Flink logs the exception of a failed batch. */
    @Test
    void failedWriteDoesNotQuoteThePerson() throws Exception {
        var broken =
                new MinuteRow(
                        "secret-person",
                        "secret-device",
                        MINUTE,
                        List.of(
                                new Reading(
                                        "secret-person",
                                        "secret-device",
                                        MINUTE,
                                        77,
                                        4_321,
                                        "secret-activity",
                                        null,
                                        null,
                                        Double.NaN)));
        try (var connection = database.connect()) {
            database.execute(
                    "ALTER TABLE reading_minutes ADD CONSTRAINT test_refuses CHECK (steps IS NULL)");

            assertThatThrownBy(() -> MinuteRows.write(connection, List.of(broken, broken)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("test_refuses")
                    .message()
                    .doesNotContain("secret")
                    .doesNotContain("4321");
        } finally {
            database.execute("ALTER TABLE reading_minutes DROP CONSTRAINT test_refuses");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 60})
    void readingCostsFewBytes(int perMinute) throws Exception {
        // Twelve characters are the longest id that the figure speaks of.
        int people = 1_000;
        int minutes = perMinute == 12 ? 60 : 20;
        int atMost = perMinute == 12 ? 30 : 15;
        var random = new Random(1);
        long start = Instant.parse("2031-07-07T07:00:00Z").toEpochMilli();
        long began = System.nanoTime();
        try (var connection = database.connect()) {
            // As it comes live: all people's minute, then their next.
            for (int minute = 0; minute < minutes; minute++) {
                var rows = new ArrayList<MinuteRow>();
                for (int person = 0; person < people; person++) {
                    rows.add(
                            typical(
                                    "person-%05d".formatted(person * 7919 % people),
                                    start + minute * 60_000L,
                                    perMinute,
                                    random));
                }
                MinuteRows.write(connection, rows);
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;

        long readings = database.number("SELECT sum(n) FROM reading_minutes");
        double table = database.number("SELECT pg_table_size('reading_minutes_2031_07')");
        double index = database.number("SELECT pg_indexes_size('reading_minutes_2031_07')");
        System.out.printf(
                "%d readings a minute: %.1f bytes a reading (table %.1f, index %.1f); %.0f readings/s%n",
                perMinute,
                (table + index) / readings,
                table / readings,
                index / readings,
                readings / seconds);
        database.execute("DROP TABLE reading_minutes_2031_07");

        assertThat(readings).isEqualTo((long) people * minutes * perMinute);
        assertThat((table + index) / readings).isLessThanOrEqualTo(atMost);
    }

    private static MinuteRow typical(String user, long minute, int perMinute, Random random) {
        var readings = new ArrayList<Reading>();
        int steps = 0;
        for (int i = 0; i < perMinute; i++) {
            steps += random.nextInt(3);
            readings.add(
                    Reading.of(
                            user,
                            "wristband-01",
                            minute + i * (60_000L / perMinute) + random.nextInt(900),
                            60 + random.nextInt(40),
                            steps));
        }
        return new MinuteRow(user, "wristband-01", minute, readings);
    }

    private static MinuteRow minute(String user, long minute, int... offsets) {
        var readings = new ArrayList<Reading>();
        for (int offset : offsets) {
            readings.add(Reading.of(user, "d", minute + offset, 60 + offset % 100, offset % 50));
        }
        return new MinuteRow(user, "d", minute, readings);
    }

    private static long seed() {
        long seed = Long.getLong("hrm.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dhrm.seed=" + seed + ")");
        return seed;
    }

    private static void runAll(List<Callable<Void>> work) throws Exception {
        var pool = Executors.newFixedThreadPool(work.size());
        try {
            for (var done : pool.invokeAll(work)) {
                done.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    private static List<Reading> stored() throws SQLException {
        return database.query("SELECT * FROM readings", MinuteRowsIT::reading);
    }

    private static List<Reading> storedByRow() throws SQLException {
        var rows =
                database.query(
                        "SELECT " + MinuteRows.COLUMNS + " FROM reading_minutes", MinuteRows::read);
        assertThat(rows)
                .allSatisfy(
                        row ->
                                assertThat(row.readings())
                                        .isSortedAccordingTo(
                                                Comparator.comparingLong(Reading::timestampMs)));
        return rows.stream().flatMap(row -> row.readings().stream()).toList();
    }

    /** Of the view, by a way of its own. */
    private static Reading reading(ResultSet row) throws SQLException {
        var rr = row.getArray("rr_intervals_ms");
        var bpm = row.getObject("heart_rate");
        var steps = row.getObject("steps");
        var confidence = row.getObject("confidence");
        return new Reading(
                row.getString("user_id"),
                row.getString("device_id"),
                row.getObject("timestamp", OffsetDateTime.class).toInstant().toEpochMilli(),
                bpm == null ? Reading.UNKNOWN : ((Number) bpm).intValue(),
                steps == null ? Reading.UNKNOWN : ((Number) steps).intValue(),
                row.getString("activity"),
                rr == null
                        ? null
                        : Arrays.stream((Number[]) rr.getArray())
                                .mapToInt(Number::intValue)
                                .toArray(),
                (Boolean) row.getObject("sensor_contact"),
                confidence == null ? Double.NaN : (Double) confidence);
    }

    /** Rows whose counts do not agree with their arrays, or with a column that no reading needs. */
    private static long unsoundRows() throws SQLException {
        return database.number(
                """
                SELECT count(*) FROM reading_minutes m
                CROSS JOIN LATERAL (
                    SELECT count(*) AS n, count(b) AS bpms, coalesce(sum(b), 0) AS bpm_sum,
                           min(b) AS bpm_min, max(b) AS bpm_max, count(s) AS steps, count(a) AS activities,
                           count(sc) AS contacts, count(f) AS confidences, count(c) AS rr_counts,
                           coalesce(sum(c), 0) AS rrs, bool_and(o BETWEEN 0 AND 59999) AS offsets
                    FROM unnest(m.offset_ms, m.bpm, m.steps, m.activity, m.sensor_contact,
                                m.confidence, m.rr_count) x(o, b, s, a, sc, f, c)) x
                WHERE NOT (x.n = m.n AND x.bpm_sum = m.bpm_sum AND x.offsets
                    AND x.bpm_min IS NOT DISTINCT FROM m.bpm_min
                    AND x.bpm_max IS NOT DISTINCT FROM m.bpm_max
                    AND (x.bpms = 0) = (m.bpm IS NULL)
                    AND (x.steps = 0) = (m.steps IS NULL)
                    AND (x.activities = 0) = (m.activity IS NULL)
                    AND (x.contacts = 0) = (m.sensor_contact IS NULL)
                    AND (x.confidences = 0) = (m.confidence IS NULL)
                    AND (x.rr_counts = 0) = (m.rr_count IS NULL)
                    AND (x.rrs = 0) = (m.rr_intervals_ms IS NULL)
                    AND x.rrs = coalesce(cardinality(m.rr_intervals_ms), 0))
                """);
    }

    private static Map<String, String> versions() throws SQLException {
        var versions = new HashMap<String, String>();
        database.query(
                "SELECT user_id || minute, xmin::text || ctid::text FROM reading_minutes",
                row -> versions.put(row.getString(1), row.getString(2)));
        return versions;
    }
}
