package hrm.sinks.readings;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.TestDatabase;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.apache.flink.connector.jdbc.internal.JdbcOutputFormat;
import org.apache.flink.connector.jdbc.internal.JdbcOutputSerializer;
import org.apache.flink.connector.jdbc.internal.executor.JdbcBatchStatementExecutor;
import org.junit.jupiter.api.Test;

/** Retention drops a month while the sink runs, and a watch that lay in a drawer syncs. */
class DroppedPartitionIT {
    private static final long MINUTE = Instant.parse("2019-05-05T05:05:00Z").toEpochMilli();

    @Test
    void aMonthThatWasDroppedMeanwhileIsMadeAgainByTheConnectorsRetry() throws Exception {
        try (var database = new TestDatabase()) {
            var upsert = new MinuteUpsert();
            // As the connector's writer puts it together; its own is not to be had without a job.
            var output =
                    new JdbcOutputFormat<
                            MinuteRow, MinuteRow, JdbcBatchStatementExecutor<MinuteRow>>(
                            new SimpleJdbcConnectionProvider(database.options().connection()),
                            JdbcExecutionOptions.builder().withMaxRetries(1).build(),
                            () ->
                                    JdbcBatchStatementExecutor.simple(
                                            upsert.query(), upsert::statement));
            output.open(
                    JdbcOutputSerializer.of(
                            new GenericTypeInfo<>(MinuteRow.class)
                                    .createSerializer(new SerializerConfigImpl())));
            output.writeRecord(row(0));
            output.flush();
            database.execute("DROP TABLE reading_minutes_2019_05");

            output.writeRecord(row(1));
            output.flush();
            output.close();

            assertThat(
                            database.query(
                                    "SELECT " + MinuteRows.COLUMNS + " FROM reading_minutes",
                                    MinuteRows::read))
                    .containsExactly(row(1));
        }
    }

    private static MinuteRow row(int minute) {
        long start = MINUTE + minute * 60_000L;
        return new MinuteRow("u1", "d", start, List.of(Reading.of("u1", "d", start, 72, 3)));
    }
}
