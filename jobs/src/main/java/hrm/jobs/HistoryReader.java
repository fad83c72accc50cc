package hrm.jobs;

import hrm.functions.history.HistoryEvent;
import hrm.jobs.HistorySource.Split;
import hrm.sinks.baselines.BaselineTable;
import hrm.sinks.history.BackfillLedger;
import hrm.sinks.history.BackfillLedger.Chunk;
import hrm.sinks.profiles.ProfileStore;
import hrm.sinks.readings.MinuteRows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;

/**
 * Reads chunk after chunk, each in one transaction that sees one state of the store. Waits for
 * PostgreSQL in the task's own thread: in BATCH it has nothing else to do.
 */
final class HistoryReader implements SourceReader<HistoryEvent, Split> {
    private static final int FETCH_SIZE = 2_000;

    /** PostgreSQL's first and last. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private static final String MINUTES =
            "SELECT "
                    + MinuteRows.COLUMNS
                    + " FROM reading_minutes WHERE user_id >= ? AND user_id <= ?"
                    + " AND minute >= ? AND minute < ? ORDER BY user_id, minute, device_id";

    private final HistorySource source;
    private final SourceReaderContext context;
    private final MinuteRows.Reader reader = new MinuteRows.Reader();
    private final Queue<Split> assigned = new ArrayDeque<>();
    private CompletableFuture<Void> available = new CompletableFuture<>();
    private boolean noMore;

    private Connection database;
    private PreparedStatement minutes;
    private PreparedStatement baselines;
    private Chunk chunk;
    private ResultSet rows;
    private String user;

    HistoryReader(HistorySource source, SourceReaderContext context) {
        this.source = source;
        this.context = context;
    }

    @Override
    public void start() {
        context.sendSplitRequest();
    }

    @Override
    public void addSplits(List<Split> splits) {
        assigned.addAll(splits);
        available.complete(null);
    }

    @Override
    public void notifyNoMoreSplits() {
        noMore = true;
        available.complete(null);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return available;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<HistoryEvent> out) throws IOException {
        try {
            if (rows != null) {
                next(out);
                return InputStatus.MORE_AVAILABLE;
            }
            var split = assigned.poll();
            if (split != null) {
                begin(split.chunk());
                return InputStatus.MORE_AVAILABLE;
            }
        } catch (SQLException e) {
            throw new IOException(
                    "PostgreSQL does not give the history (SQLSTATE "
                            + e.getSQLState()
                            + "): "
                            + e.getMessage(),
                    e);
        }
        if (noMore) {
            return InputStatus.END_OF_INPUT;
        }
        available = new CompletableFuture<>();
        return InputStatus.NOTHING_AVAILABLE;
    }

    private void begin(Chunk next) throws SQLException {
        if (database == null) {
            connect();
        }
        if (!BackfillLedger.isWaiting(database, source.runId(), next.number())) {
            database.rollback();
            context.sendSplitRequest();
            return;
        }
        chunk = next;
        user = null;
        minutes.setString(1, next.firstUser());
        minutes.setString(2, next.lastUser());
        minutes.setObject(3, time(source.fromMs()));
        minutes.setObject(4, time(source.untilMs()));
        rows = minutes.executeQuery();
    }

    private static OffsetDateTime time(long ms) {
        var instant =
                ms == Long.MIN_VALUE
                        ? EARLIEST
                        : ms == Long.MAX_VALUE ? LATEST : Instant.ofEpochMilli(ms);
        return instant.atOffset(ZoneOffset.UTC);
    }

    private void connect() throws SQLException {
        database = source.database().connect();
        // Or the driver gathers the whole answer first.
        database.setAutoCommit(false);
        database.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (var set = database.createStatement()) {
            // A chunk is sorted by PostgreSQL: in memory, where it fits.
            set.execute("SET work_mem = '64MB'");
            set.execute("SET jit = off");
        }
        database.commit();
        minutes = database.prepareStatement(MINUTES);
        minutes.setFetchSize(FETCH_SIZE);
        MinuteRows.Reader.prepare(minutes);
        baselines = database.prepareStatement(BaselineTable.VERSIONS);
    }

    private void next(ReaderOutput<HistoryEvent> out) throws SQLException {
        if (!rows.next()) {
            rows.close();
            rows = null;
            database.commit();
            out.collect(new HistoryEvent.ChunkEnds(chunk.number()));
            context.sendSplitRequest();
            return;
        }
        var minute = reader.read(rows);
        // The reader makes one object of an id that repeats.
        if (!minute.userId().equals(user)) {
            user = minute.userId();
            out.collect(
                    new HistoryEvent.PersonBegins(
                            chunk.number(),
                            ProfileStore.read(database, user),
                            BaselineTable.versions(baselines, user)));
        }
        out.collect(new HistoryEvent.Minute(minute));
    }

    @Override
    public List<Split> snapshotState(long checkpoint) {
        return List.of(); // BATCH takes none
    }

    @Override
    public void close() throws SQLException {
        if (database != null) {
            database.close();
        }
    }
}
