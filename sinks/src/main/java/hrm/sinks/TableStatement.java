package hrm.sinks;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * How rows come into a table.
 *
 * @param each writes one row, whatever is there already
 * @param joined writes many new rows at once; null when there is no faster way than {@code each}
 */
public record TableStatement<T>(JdbcQueryStatement<T> each, Joined<T> joined)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** One statement for several rows, which leaves out those that are there, and says how many. */
    public interface Joined<T> extends Serializable {
        /** How many rows it takes: always so many. */
        int size();

        /** An insert that does nothing on conflict. */
        String query();

        void statement(PreparedStatement statement, List<T> rows) throws SQLException;
    }

    /** Prepared on a connection, which remains the caller's. */
    public Prepared<T> prepare(Connection connection) throws SQLException {
        return new Prepared<>(
                this,
                connection.prepareStatement(each.query()),
                joined == null ? null : connection.prepareStatement(joined.query()));
    }

    /** Writes batches of rows. */
    public static final class Prepared<T> {
        private final TableStatement<T> table;
        private final PreparedStatement each;
        private final PreparedStatement joined;

        private Prepared(
                TableStatement<T> table, PreparedStatement each, PreparedStatement joined) {
            this.table = table;
            this.each = each;
            this.joined = joined;
        }

        /**
         * Most rows are new, so they are inserted together first. Of where that was not so, and of
         * what is left over, each is written by itself.
         *
         * @return how many rows were inserted or changed
         */
        public int write(List<T> rows) throws SQLException {
            int written = 0;
            var left = rows;
            if (joined != null && rows.size() >= table.joined.size()) {
                left = new ArrayList<>();
                written += insert(rows, left);
            }
            for (var row : left) {
                table.each.statement(each, row);
                each.addBatch();
            }
            return written + (left.isEmpty() ? 0 : IntStream.of(each.executeBatch()).sum());
        }

        private int insert(List<T> rows, List<T> left) throws SQLException {
            int size = table.joined.size();
            int whole = rows.size() / size;
            for (int i = 0; i < whole; i++) {
                table.joined.statement(joined, rows.subList(i * size, (i + 1) * size));
                joined.addBatch();
            }
            int[] inserted = joined.executeBatch();
            for (int i = 0; i < whole; i++) {
                if (inserted[i] != size) {
                    left.addAll(rows.subList(i * size, (i + 1) * size));
                }
            }
            left.addAll(rows.subList(whole * size, rows.size()));
            return IntStream.of(inserted).sum();
        }
    }
}
