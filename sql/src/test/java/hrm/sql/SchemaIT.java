package hrm.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaIT {
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void migratingTwiceDoesNothingTheSecondTime() throws Exception {
        var database = emptyDatabase("twice");

        assertThat(Schema.migrate(database)).isPositive();
        var tables = tables(database);

        assertThat(Schema.migrate(database)).isZero();
        assertThat(tables(database)).isEqualTo(tables);
        assertThat(tables)
                .contains(
                        "alert_events",
                        "alerts",
                        "baseline_runs",
                        "baselines",
                        "late_runs",
                        "profile_outbox",
                        "reading_hours",
                        "reading_minutes",
                        "readings",
                        "user_profiles");
        // Last month, this one and three ahead.
        assertThat(tables).filteredOn(name -> name.startsWith("reading_minutes_")).hasSize(5);
    }

    @Test
    void everyIndexSaysWhichQueryItServesAndEveryConstraintIsNamed() throws Exception {
        var database = emptyDatabase("comments");
        Schema.migrate(database);

        try (var connection = database.getConnection()) {
            assertThat(
                            strings(
                                    connection,
                                    """
                                    SELECT c.relname FROM pg_class c
                                    JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = 'public'
                                    WHERE c.relkind IN ('i', 'I') AND c.relname NOT LIKE 'flyway%'
                                      AND NOT c.relispartition
                                      AND coalesce(obj_description(c.oid), '') NOT LIKE 'Serves %'
                                    """))
                    .isEmpty();
            // The names that PostgreSQL makes up end so; ours do not.
            assertThat(
                            strings(
                                    connection,
                                    """
                                    SELECT k.conname FROM pg_constraint k
                                    JOIN pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
                                    JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = 'public'
                                    WHERE k.contype <> 'n' AND c.relname NOT LIKE 'flyway%'
                                      AND k.conname ~ '(_pkey|_key|_check[0-9]*|_fkey)$'
                                    """))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Pacific/Kiritimati"})
    void partitionsAreMonthsOfUtcWhateverTheSessionsTimeZone(String timeZone) throws Exception {
        var database =
                emptyDatabase("zone_" + timeZone.replaceAll("\\W", "_").toLowerCase(Locale.ROOT));
        Schema.migrate(database);

        try (var connection = database.getConnection()) {
            execute(connection, "SET TimeZone = '" + timeZone + "'");

            assertThat(
                            strings(
                                    connection,
                                    "SELECT ensure_reading_partitions('2019-11-30T23:59:59Z',"
                                            + " '2020-02-01T00:00:00Z')"))
                    .containsExactly("4");
            assertThat(
                            strings(
                                    connection,
                                    "SELECT ensure_reading_partition('2020-02-29T23:59:59.999Z')"))
                    .containsExactly("f");

            execute(connection, "SET TimeZone = 'UTC'");
            assertThat(
                            strings(
                                    connection,
                                    """
                                    SELECT c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid) FROM pg_class c
                                    WHERE c.relname ~ '^reading_minutes_(2019|2020)_..$' ORDER BY 1
                                    """))
                    .containsExactly(
                            "reading_minutes_2019_11 FOR VALUES FROM ('2019-11-01 00:00:00+00')"
                                    + " TO ('2019-12-01 00:00:00+00')",
                            "reading_minutes_2019_12 FOR VALUES FROM ('2019-12-01 00:00:00+00')"
                                    + " TO ('2020-01-01 00:00:00+00')",
                            "reading_minutes_2020_01 FOR VALUES FROM ('2020-01-01 00:00:00+00')"
                                    + " TO ('2020-02-01 00:00:00+00')",
                            "reading_minutes_2020_02 FOR VALUES FROM ('2020-02-01 00:00:00+00')"
                                    + " TO ('2020-03-01 00:00:00+00')");
        }
    }

    @Test
    void oneOfManyWhoNeedAPartitionAtOnceMakesIt() throws Exception {
        var database = emptyDatabase("at_once");
        Schema.migrate(database);
        int callers = 8;
        var together = new CyclicBarrier(callers);
        Callable<List<String>> ensure =
                () -> {
                    try (var connection = database.getConnection()) {
                        together.await();
                        return strings(
                                connection, "SELECT ensure_reading_partition('2019-05-05T00:00Z')");
                    }
                };

        var pool = Executors.newFixedThreadPool(callers);
        try {
            var made = new ArrayList<String>();
            for (var answer : pool.invokeAll(Collections.nCopies(callers, ensure))) {
                made.addAll(answer.get());
            }
            assertThat(made).containsOnlyOnce("t").hasSize(callers);
        } finally {
            pool.shutdown();
        }
    }

    /** A transaction that has written holds its lock on the table until it ends. */
    @Test
    void aPartitionIsMadeWhileAnotherTransactionWritesAndReads() throws Exception {
        var database = emptyDatabase("while_writing");
        Schema.migrate(database);

        try (var writer = database.getConnection();
                var maker = database.getConnection()) {
            writer.setAutoCommit(false);
            execute(
                    writer,
                    "INSERT INTO reading_minutes (user_id, device_id, minute, offset_ms, bpm, n,"
                            + " bpm_sum) VALUES ('u', 'd', date_trunc('minute', now()),"
                            + " '{0}', '{60}', 1, 60)");
            execute(maker, "SET lock_timeout = '2s'");

            assertThat(strings(maker, "SELECT ensure_reading_partition('2018-01-01T00:00Z')"))
                    .containsExactly("t");
            writer.rollback();
        }
    }

    @Test
    void handRunQueriesRun() throws Exception {
        var database = emptyDatabase("queries");
        Schema.migrate(database);
        var values =
                Map.of(
                        "user_id", "u1",
                        "day", "2026-01-31",
                        "since", "2026-01-31",
                        "time_zone", "Europe/Berlin");

        try (var connection = database.getConnection();
                var files = Files.list(Path.of("queries"))) {
            var queries = files.sorted().toList();
            assertThat(queries).isNotEmpty();
            for (var file : queries) {
                var sql = Files.readString(file);
                assertThat(sql.lines().findFirst()).get().asString().matches("-- .*\\?");
                for (var value : values.entrySet()) {
                    sql = sql.replace(":'" + value.getKey() + "'", "'" + value.getValue() + "'");
                }
                execute(connection, sql);
            }
        }
    }

    /** Without the two conditions on the minute every partition would be read. */
    @Test
    void readingsOfOneDayReadOnlyTheirPartition() throws Exception {
        var database = emptyDatabase("pruning");
        Schema.migrate(database);

        try (var connection = database.getConnection()) {
            execute(connection, "SELECT ensure_reading_partitions('2019-01-01Z', '2019-12-01Z')");
            var plan =
                    String.join(
                            "\n",
                            strings(
                                    connection,
                                    "EXPLAIN SELECT * FROM readings_of('u1', '2019-05-05T00:00Z',"
                                            + " '2019-05-06T00:00Z')"));

            assertThat(plan).contains("reading_minutes_2019_05_pkey");
            assertThat(plan).doesNotContain("reading_minutes_2019_04", "Function Scan on readings");
        }
    }

    private static DataSource emptyDatabase(String name) throws SQLException {
        try (var connection = postgres.getPostgresDatabase().getConnection()) {
            execute(connection, "CREATE DATABASE " + name);
        }
        return postgres.getDatabase("postgres", name);
    }

    private static List<String> tables(DataSource database) throws SQLException {
        try (var connection = database.getConnection()) {
            return strings(
                    connection,
                    "SELECT relname FROM pg_class JOIN pg_namespace s ON s.oid = relnamespace"
                            + " WHERE s.nspname = 'public' AND relkind IN ('r', 'p', 'v')"
                            + " ORDER BY 1");
        }
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var strings = new ArrayList<String>();
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
            return strings;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
