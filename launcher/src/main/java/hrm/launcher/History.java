package hrm.launcher;

import hrm.model.MinuteRow;
import hrm.sinks.readings.MinuteRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes many minutes straight to the store, by the store's own upsert. */
final class History {
    private static final int WRITERS = 2;
    private static final int BATCH = 5_000;

    private History() {}

    /** Opens a connection for a writer. */
    interface Database {
        Connection connect() throws SQLException;
    }

    /**
     * @return how many readings were written
     */
    static long write(Database database, Iterator<MinuteRow> minutes) throws InterruptedException {
        var source = new Batches(minutes);
        var pool = Executors.newFixedThreadPool(WRITERS);
        try {
            var writers = new ArrayList<Future<Long>>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(pool.submit((Callable<Long>) () -> writeAll(database, source)));
            }
            long readings = 0;
            for (var writer : writers) {
                readings += writer.get();
            }
            return readings;
        } catch (ExecutionException e) {
            throw new Failure(
                    "History could not be written to PostgreSQL: " + e.getCause().getMessage(),
                    e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static long writeAll(Database database, Batches source) throws SQLException {
        long readings = 0;
        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            for (var batch = source.next(); !batch.isEmpty(); batch = source.next()) {
                MinuteRows.write(connection, batch);
                connection.commit();
                readings += batch.stream().mapToLong(row -> row.readings().size()).sum();
            }
        }
        return readings;
    }

    private static final class Batches {
        private final Iterator<MinuteRow> minutes;

        Batches(Iterator<MinuteRow> minutes) {
            this.minutes = minutes;
        }

        synchronized List<MinuteRow> next() {
            var batch = new ArrayList<MinuteRow>(BATCH);
            while (batch.size() < BATCH && minutes.hasNext()) {
                batch.add(minutes.next());
            }
            return batch;
        }
    }
}
