package hrm.sinks.history;

import hrm.model.Alert;
import hrm.model.BackfillEvent;
import hrm.sinks.JdbcOptions;
import hrm.sinks.KafkaOptions;
import hrm.sinks.alerts.AlertTopic;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a run tells: a chunk's alerts and its line in the ledger in one transaction, so that a
 * chunk is either done and whole, or as if it had never begun. What is published is published
 * before, and comes twice if the run is interrupted between: its {@code event_id} says so.
 *
 * @param kafka null to publish nothing
 */
public record BackfillSink(JdbcOptions database, KafkaOptions kafka, String runId)
        implements Sink<BackfillEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(BackfillSink.class);

    @Override
    public SinkWriter<BackfillEvent> createWriter(WriterInitContext context) throws IOException {
        return new Writer(this);
    }

    private static final class Writer implements SinkWriter<BackfillEvent> {
        private static final int BATCH_SIZE = 1_000;

        private final String runId;
        private final Connection transaction;
        private final PreparedStatement keeping;
        private final KafkaProducer<byte[], byte[]> producer;
        private final AlertTopic topic = new AlertTopic(Clock.systemUTC());
        private final List<Future<?>> sent = new ArrayList<>();
        private int batched;

        Writer(BackfillSink sink) throws IOException {
            runId = sink.runId;
            try {
                transaction = sink.database.connect();
                transaction.setAutoCommit(false);
                keeping = BackfillLedger.keeping(transaction);
            } catch (SQLException e) {
                throw refused(e);
            }
            producer = sink.kafka == null ? null : sink.kafka.openProducer();
        }

        @Override
        public void write(BackfillEvent event, Context context)
                throws IOException, InterruptedException {
            try {
                if (event instanceof BackfillEvent.Told told) {
                    keep(told.alert());
                } else if (event instanceof BackfillEvent.Done done) {
                    flushBatch();
                    awaitSent();
                    BackfillLedger.done(transaction, runId, done);
                    transaction.commit();
                }
            } catch (SQLException e) {
                throw refused(e);
            }
        }

        private void keep(Alert alert) throws SQLException, IOException, InterruptedException {
            BackfillLedger.keep(keeping, runId, alert);
            if (++batched >= BATCH_SIZE) {
                flushBatch();
                awaitSent();
            }
            if (producer != null) {
                sent.add(producer.send(topic.serialize(alert, null, null)));
            }
        }

        private void flushBatch() throws SQLException {
            if (batched > 0) {
                keeping.executeBatch();
                batched = 0;
            }
        }

        private void awaitSent() throws IOException, InterruptedException {
            if (producer != null) {
                producer.flush();
            }
            for (var one : sent) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    throw new IOException(
                            "Kafka did not take an alert: " + e.getCause().getMessage(), e);
                }
            }
            sent.clear();
        }

        private static IOException refused(SQLException e) {
            return new IOException(
                    "PostgreSQL does not keep what the backfill tells (SQLSTATE "
                            + e.getSQLState()
                            + "): "
                            + e.getMessage(),
                    e);
        }

        /** Nothing: a chunk is written when it is done, and what is not done is not kept. */
        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {
            if (producer != null) {
                producer.close();
            }
            try {
                transaction.close(); // which takes back what is not committed
            } catch (SQLException e) {
                LOG.debug("Closing the connection failed", e);
            }
        }
    }
}
