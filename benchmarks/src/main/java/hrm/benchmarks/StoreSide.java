package hrm.benchmarks;

import hrm.model.Topics;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** One of the two ways to keep readings, and how its table is asked. */
enum StoreSide {
    MINUTES("minute rows", "readings", "reading_minutes", "n") {
        @Override
        void empty(Stand stand) throws SQLException {
            stand.sql("TRUNCATE reading_minutes");
        }

        @Override
        String launch(Stand stand, Path peers, String group, int peerBatch) {
            return stand.launch(
                    stand.jobJar(),
                    "hrm.jobs.MonitoringJob",
                    "",
                    "--regions",
                    "store",
                    "--consumer-group",
                    group,
                    // Only the end of the comparison of contents waits for it.
                    "--minute-silence",
                    "10s");
        }
    },

    ROWS("a row per reading", "reading_rows", "reading_rows", "1") {
        @Override
        void empty(Stand stand) throws SQLException {
            stand.sql("DROP TABLE IF EXISTS reading_rows");
            stand.sql(ReadingRows.TABLE);
        }

        @Override
        String launch(Stand stand, Path peers, String group, int peerBatch) {
            return stand.launch(
                    peers,
                    RowPerReadingJob.class.getName(),
                    "&reWriteBatchedInserts=true",
                    Integer.toString(peerBatch),
                    "--regions",
                    "store",
                    "--consumer-group",
                    group);
        }
    };

    /** The way, in words. */
    final String title;

    private final String view;
    private final String table;
    private final String readingsOfRow;

    StoreSide(String title, String view, String table, String readingsOfRow) {
        this.title = title;
        this.view = view;
        this.table = table;
        this.readingsOfRow = readingsOfRow;
    }

    /** Makes its table new and empty. */
    abstract void empty(Stand stand) throws SQLException;

    /** Starts its job, which reads the topic from the beginning. */
    abstract String launch(Stand stand, Path peers, String group, int peerBatch);

    /**
     * What one run of it gave.
     *
     * @param took from when the warm-up was in the table until 99 % of the readings were
     * @param rate readings a second until then
     * @param bytes of table and indexes
     */
    record Run(
            StoreSide side,
            Duration took,
            double rate,
            long bytes,
            Stand.Cpu cpu,
            double load,
            Contents contents) {}

    /**
     * What a table holds.
     *
     * @param hash over all columns of all readings, in any order
     */
    record Contents(long readings, long hash) {}

    /**
     * Runs it once, over all that is in the topic.
     *
     * @param warmUp how many of the topic's readings pass before the clock starts
     * @param readings how many are measured
     */
    Run run(Stand stand, Path peers, String group, int peerBatch, long warmUp, long readings)
            throws SQLException, InterruptedException {
        empty(stand);
        // What the last run left to be written is not this one's work.
        stand.sql("CHECKPOINT");
        var before = stand.cpu();
        var job = launch(stand, peers, group, peerBatch);
        awaitRead(stand, job, group);
        awaitStored(stand, job, warmUp + readings);
        var cpu = stand.cpu().since(before);
        double load = Stand.load();
        stand.cancel(job);
        long goal = (readings * 99 + 99) / 100;
        try (var connection = stand.connect()) {
            var commits = commits(connection);
            var took =
                    Duration.ofMillis(commits.reachedMs(warmUp + goal) - commits.reachedMs(warmUp));
            return new Run(
                    this,
                    took,
                    goal * 1e3 / took.toMillis(),
                    bytes(connection),
                    cpu,
                    load,
                    contents(connection));
        }
    }

    /** Offsets are committed when what came of them is written, so this asks no table. */
    private static void awaitRead(Stand stand, String job, String group)
            throws InterruptedException {
        try (var admin = stand.admin()) {
            var ends = stand.ends(admin, Topics.READINGS);
            while (stand.behind(admin, group + "-store", ends) > 0) {
                failIfFailing(stand, job);
                Thread.sleep(1_000);
            }
        }
    }

    private void awaitStored(Stand stand, String job, long readings)
            throws SQLException, InterruptedException {
        while (stand.number("SELECT sum(" + readingsOfRow + ") FROM " + table) < readings) {
            failIfFailing(stand, job);
            Thread.sleep(1_000);
        }
    }

    private static void failIfFailing(Stand stand, String job) {
        var trouble = stand.trouble(job);
        if (!trouble.isEmpty()) {
            throw new Failure("The job failed, so there is nothing to compare: " + trouble);
        }
    }

    /** When its rows became visible; needs {@code track_commit_timestamp}. */
    Commits commits(Connection database) throws SQLException {
        var commits = new Commits();
        try (var statement = database.createStatement();
                var result =
                        statement.executeQuery(
                                "SELECT extract(epoch FROM pg_xact_commit_timestamp(tx)) * 1000, n"
                                        + " FROM (SELECT xmin AS tx, sum("
                                        + readingsOfRow
                                        + ") AS n FROM "
                                        + table
                                        + " GROUP BY xmin)")) {
            while (result.next()) {
                commits.add(Math.round(result.getDouble(1)), result.getLong(2));
            }
        }
        return commits;
    }

    Contents contents(Connection database) throws SQLException {
        try (var statement = database.createStatement();
                var result =
                        statement.executeQuery(
                                "SELECT count(*), bit_xor(hash_record_extended(ROW(user_id,"
                                        + " device_id, \"timestamp\", heart_rate, steps, activity,"
                                        + " rr_intervals_ms, sensor_contact, confidence), 0)) FROM "
                                        + view)) {
            result.next();
            return new Contents(result.getLong(1), result.getLong(2));
        }
    }

    /** Of table and indexes. */
    long bytes(Connection database) throws SQLException {
        try (var statement = database.createStatement();
                var result =
                        statement.executeQuery(
                                ("SELECT pg_total_relation_size('%1$s') + coalesce("
                                                + "sum(pg_total_relation_size(relid)), 0)"
                                                + " FROM pg_partition_tree('%1$s')")
                                        .formatted(table))) {
            result.next();
            return result.getLong(1);
        }
    }
}
