package hrm.sinks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a table, at least once: batches of up to 1,000 or of a second, all written before a
 * checkpoint completes. The statement must change nothing when repeated.
 *
 * <pre>
 *  batch ──▶ written
 *    ├─────▶ refused as data ──▶ tried three times, then the task fails
 *    └─────▶ database away, or without its tables ──▶ the task waits, says so, and goes on by itself
 * </pre>
 *
 * Waits rather than fails, which Flink's own JDBC sink does at once: a restart loop would drive up
 * the back-off that all regions of a job share. It waits in the task's own thread, where cancelling
 * interrupts it.
 *
 * @param order in which a batch is written, the same for all writers, so that none waits for one
 *     that waits for it; null when no two write the same rows
 */
record TableSink<T>(JdbcOptions database, TableStatement<T> table, Comparator<T> order)
        implements Sink<T> {
    private static final Logger LOG = LoggerFactory.getLogger(TableSink.class);

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        var writer = new Writer<>(this, context.getProcessingTimeService());
        context.metricGroup().gauge("secondsWithoutDatabase", writer.outage::seconds);
        return writer;
    }

    private static final class Writer<T> implements SinkWriter<T> {
        private static final int BATCH_SIZE = 1_000;
        private static final long BATCH_INTERVAL_MS = 1_000;
        private static final int TRIES = 3;
        private static final long PAUSE_MS = 1_000;

        private final TableSink<T> sink;
        private final ProcessingTimeService clock;
        private final Outage outage = new Outage();
        private final List<T> batch = new ArrayList<>();
        private boolean planned;
        private Connection connection;
        private TableStatement.Prepared<T> prepared;

        Writer(TableSink<T> sink, ProcessingTimeService clock) throws IOException {
            this.sink = sink;
            this.clock = clock;
            // Now, or whoever starts the job would hear of it only after the first reading.
            try {
                connect();
            } catch (SQLException e) {
                disconnect();
                if (!Outage.isOne(e)) {
                    throw refused(e);
                }
                outage.goesOn(e);
            }
        }

        @Override
        public void write(T row, Context context) throws IOException, InterruptedException {
            batch.add(row);
            if (batch.size() >= BATCH_SIZE) {
                flush();
            } else if (!planned) {
                planned = true;
                clock.registerTimer(
                        clock.getCurrentProcessingTime() + BATCH_INTERVAL_MS,
                        time -> {
                            planned = false;
                            flush();
                        });
            }
        }

        @Override
        public void flush(boolean endOfInput) throws IOException, InterruptedException {
            flush();
        }

        private void flush() throws IOException, InterruptedException {
            if (sink.order != null) {
                batch.sort(sink.order);
            }
            for (int failures = 0; !batch.isEmpty(); ) {
                try {
                    connect();
                    prepared.write(batch);
                    batch.clear();
                    outage.isOver();
                } catch (SQLException e) {
                    // A new statement as well: what it knew of the tables may be the reason.
                    disconnect();
                    failures++;
                    if (!Outage.isOne(e)) {
                        if (failures >= TRIES) {
                            throw refused(e);
                        }
                    } else if (failures > 1) {
                        // Not at the first: a connection that lay idle may merely be a dead one.
                        outage.goesOn(e);
                        Thread.sleep(PAUSE_MS);
                    }
                }
            }
        }

        private static IOException refused(SQLException e) {
            return new IOException(
                    "PostgreSQL refuses what is to be stored (SQLSTATE "
                            + e.getSQLState()
                            + "): "
                            + e.getMessage(),
                    e);
        }

        private void connect() throws SQLException {
            if (connection != null) {
                return;
            }
            connection = sink.database.connect();
            try (var check = connection.prepareStatement(sink.table.each().query())) {
                // Only this makes the server look at the statement, and so whether tables are
                // there.
                check.getParameterMetaData();
            }
            prepared = sink.table.prepare(connection);
        }

        private void disconnect() {
            try (var closing = connection) {
                connection = null;
                prepared = null;
            } catch (SQLException e) {
                LOG.debug("Closing a broken connection failed", e);
            }
        }

        /** Writes nothing: what no checkpoint has confirmed comes again. */
        @Override
        public void close() {
            disconnect();
        }
    }

    /**
     * The time in which the database does not do its part; says so at once, when its reason
     * changes, and each 30 s.
     */
    private static final class Outage {
        private static final long SAY_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

        /**
         * Classes of SQLSTATE that somebody outside the job sets right: connection, read-only
         * replica, authorisation, database, schema, rollback, resources, locks, shutdown, system.
         */
        private static final Set<String> CLASSES =
                Set.of("08", "25", "28", "3D", "3F", "40", "53", "55", "57", "58");

        /** Table, column, function: the migrations have not run. */
        private static final Set<String> NO_TABLES = Set.of("42P01", "42703", "42883");

        private static final String NO_PRIVILEGE = "42501";

        private volatile long beganNanos;
        private volatile boolean lasts;
        private long saidNanos;
        private String saidState;

        static boolean isOne(SQLException e) {
            var state = e.getSQLState();
            return state != null
                    && (CLASSES.contains(state.substring(0, 2))
                            || NO_TABLES.contains(state)
                            || NO_PRIVILEGE.equals(state));
        }

        void goesOn(SQLException e) {
            long now = System.nanoTime();
            if (!lasts) {
                beganNanos = now;
                lasts = true;
            } else if (now - saidNanos < SAY_AGAIN_NANOS && e.getSQLState().equals(saidState)) {
                return;
            }
            saidNanos = now;
            saidState = e.getSQLState();
            LOG.warn(
                    "{} for {} s (SQLSTATE {}: {}). What is to be stored waits, nothing is lost,"
                            + " and it goes on by itself. {}",
                    NO_TABLES.contains(e.getSQLState())
                            ? "The database has not all its tables"
                            : "The database does not answer as it should",
                    seconds(),
                    e.getSQLState(),
                    e.getMessage(),
                    NO_TABLES.contains(e.getSQLState())
                            ? "Run once: hrm setup"
                            : "Check that it runs, --jdbc-url, --jdbc-user and the password.");
        }

        void isOver() {
            if (lasts) {
                LOG.info("The database is back after {} s; what has waited is stored", seconds());
                lasts = false;
            }
        }

        long seconds() {
            return lasts ? Duration.ofNanos(System.nanoTime() - beganNanos).toSeconds() : 0;
        }
    }
}
