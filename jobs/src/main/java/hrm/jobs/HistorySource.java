package hrm.jobs;

import hrm.functions.flink.Types;
import hrm.functions.history.HistoryEvent;
import hrm.sinks.JdbcOptions;
import hrm.sinks.history.BackfillLedger;
import hrm.sinks.history.BackfillLedger.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * What of a backfill run is left to do, chunk by chunk: a reader that has done one asks for the
 * next. People come whole and in order from PostgreSQL's index, so that nothing downstream needs a
 * shuffle or a sort.
 *
 * <p>Flink's own JDBC source cannot do this: it closes a reader's connection under the next split,
 * and knows no order between rows. See decision 0016.
 *
 * @param fromMs minutes from then on, milliseconds since the epoch
 * @param untilMs minutes before then
 */
public record HistorySource(JdbcOptions database, String runId, long fromMs, long untilMs)
        implements Source<HistoryEvent, HistorySource.Split, List<HistorySource.Split>>,
                ResultTypeQueryable<HistoryEvent> {

    HistorySource(JdbcOptions database, String runId, Instant from, Instant until) {
        this(
                database,
                runId,
                from == null ? Long.MIN_VALUE : from.toEpochMilli(),
                until == null ? Long.MAX_VALUE : until.toEpochMilli());
    }

    /** A chunk that a reader is given. */
    public record Split(Chunk chunk) implements SourceSplit {
        @Override
        public String splitId() {
            return Integer.toString(chunk.number());
        }
    }

    @Override
    public TypeInformation<HistoryEvent> getProducedType() {
        return Types.HISTORY_EVENT;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<HistoryEvent, Split> createReader(SourceReaderContext context) {
        return new HistoryReader(this, context);
    }

    @Override
    public SplitEnumerator<Split, List<Split>> createEnumerator(
            SplitEnumeratorContext<Split> context) throws SQLException {
        try (var connection = database.connect()) {
            var waiting = BackfillLedger.waiting(connection, runId).stream().map(Split::new);
            return new Chunks(context, waiting.toList());
        }
    }

    @Override
    public SplitEnumerator<Split, List<Split>> restoreEnumerator(
            SplitEnumeratorContext<Split> context, List<Split> left) {
        return new Chunks(context, left);
    }

    @Override
    public SimpleVersionedSerializer<Split> getSplitSerializer() {
        return new SplitBytes();
    }

    @Override
    public SimpleVersionedSerializer<List<Split>> getEnumeratorCheckpointSerializer() {
        return new SplitListBytes();
    }

    /** Gives each reader that asks the next chunk. */
    private static final class Chunks implements SplitEnumerator<Split, List<Split>> {
        private final SplitEnumeratorContext<Split> context;
        private final Queue<Split> left;

        Chunks(SplitEnumeratorContext<Split> context, List<Split> left) {
            this.context = context;
            this.left = new ArrayDeque<>(left);
        }

        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int task, String host) {
            var next = left.poll();
            if (next == null) {
                context.signalNoMoreSplits(task);
            } else {
                context.assignSplit(next, task);
            }
        }

        /** Of a task that has failed; those that it had done are passed over by who reads them. */
        @Override
        public void addSplitsBack(List<Split> splits, int task) {
            left.addAll(splits);
        }

        @Override
        public void addReader(int task) {}

        @Override
        public List<Split> snapshotState(long checkpoint) {
            return new ArrayList<>(left);
        }

        @Override
        public void close() {}
    }

    private static final class SplitBytes implements SimpleVersionedSerializer<Split> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Split split) {
            var chunk = split.chunk();
            byte[] first = chunk.firstUser().getBytes(StandardCharsets.UTF_8);
            byte[] last = chunk.lastUser().getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(2 * Integer.BYTES + first.length + last.length)
                    .putInt(chunk.number())
                    .putInt(first.length)
                    .put(first)
                    .put(last)
                    .array();
        }

        @Override
        public Split deserialize(int version, byte[] bytes) {
            var in = ByteBuffer.wrap(bytes);
            int number = in.getInt();
            var first = new byte[in.getInt()];
            in.get(first);
            var last = new byte[in.remaining()];
            in.get(last);
            return new Split(
                    new Chunk(
                            number,
                            new String(first, StandardCharsets.UTF_8),
                            new String(last, StandardCharsets.UTF_8)));
        }
    }

    private static final class SplitListBytes implements SimpleVersionedSerializer<List<Split>> {
        private final SplitBytes splits = new SplitBytes();

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(List<Split> list) {
            var all = list.stream().map(splits::serialize).toList();
            int size = all.stream().mapToInt(one -> Integer.BYTES + one.length).sum();
            var out = ByteBuffer.allocate(size);
            all.forEach(one -> out.putInt(one.length).put(one));
            return out.array();
        }

        @Override
        public List<Split> deserialize(int version, byte[] bytes) throws IOException {
            var in = ByteBuffer.wrap(bytes);
            var list = new ArrayList<Split>();
            while (in.hasRemaining()) {
                var one = new byte[in.getInt()];
                in.get(one);
                list.add(splits.deserialize(version, one));
            }
            return list;
        }
    }
}
