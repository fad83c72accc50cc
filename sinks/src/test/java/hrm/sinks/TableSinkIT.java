package hrm.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What happens while the database is away, in a real job, is in {@code StartUpOrderIT}. */
class TableSinkIT {
    @Test
    void rowsAreWrittenAfterASecondAndRefusedDataFailsTheTaskWithItsReason() throws Exception {
        try (var database = new TestDatabase();
                var sink =
                        new OneInputStreamOperatorTestHarness<>(
                                new SinkWriterOperatorFactory<>(
                                        database.options().sink(new Run())))) {
            sink.setProcessingTime(0);
            sink.open();
            sink.processElement("run-1", 0);
            assertThat(database.number("SELECT count(*) FROM baseline_runs")).isZero();
            sink.setProcessingTime(1_000);
            assertThat(database.number("SELECT count(*) FROM baseline_runs")).isOne();

            sink.processElement("run-1", 0);

            assertThatThrownBy(() -> sink.prepareSnapshotPreBarrier(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "PostgreSQL refuses what is to be stored (SQLSTATE 23505)");
        }
    }

    /** Breaks the rule of sinks: it cannot be repeated. */
    private static final class Run implements JdbcQueryStatement<String> {
        private static final long serialVersionUID = 1;

        @Override
        public String query() {
            return "INSERT INTO baseline_runs (run_id, as_of) VALUES (?, now())";
        }

        @Override
        public void statement(PreparedStatement statement, String run) throws SQLException {
            statement.setString(1, run);
        }
    }
}
