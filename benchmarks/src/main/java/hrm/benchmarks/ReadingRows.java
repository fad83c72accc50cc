package hrm.benchmarks;

import hrm.model.Reading;
import hrm.sinks.JdbcOptions;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.core.datastream.sink.JdbcSink;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * The store's peer: a row per reading, by a plain JDBC sink, in large batches that the driver joins
 * into few statements ({@code reWriteBatchedInserts}).
 */
final class ReadingRows implements JdbcQueryStatement<Reading> {
    /** Columns as in the view {@code readings}, those of fixed length first. */
    static final String TABLE =
            """
            CREATE TABLE reading_rows (
                "timestamp"     timestamptz      NOT NULL,
                confidence      double precision,
                heart_rate      smallint,
                steps           smallint,
                sensor_contact  boolean,
                user_id         text COLLATE "C" NOT NULL,
                device_id       text COLLATE "C" NOT NULL,
                activity        text,
                rr_intervals_ms smallint[],
                CONSTRAINT reading_rows_pk PRIMARY KEY (user_id, device_id, "timestamp")
            )
            """;

    private static final String SQL =
            """
            INSERT INTO reading_rows ("timestamp", confidence, heart_rate, steps, sensor_contact,
                user_id, device_id, activity, rr_intervals_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";

    private static final long serialVersionUID = 1;

    ReadingRows() {}

    static Sink<Reading> sink(JdbcOptions database, int batchSize) {
        return JdbcSink.<Reading>builder()
                .withExecutionOptions(
                        JdbcExecutionOptions.builder()
                                .withBatchSize(batchSize)
                                .withBatchIntervalMs(1_000)
                                .withMaxRetries(3)
                                .build())
                .withQueryStatement(new ReadingRows())
                .buildAtLeastOnce(database.connection());
    }

    @Override
    public String query() {
        return SQL;
    }

    @Override
    public void statement(PreparedStatement statement, Reading reading) throws SQLException {
        statement.setObject(
                1, Instant.ofEpochMilli(reading.timestampMs()).atOffset(ZoneOffset.UTC));
        if (Double.isNaN(reading.confidence())) {
            statement.setNull(2, Types.DOUBLE);
        } else {
            statement.setDouble(2, reading.confidence());
        }
        whole(statement, 3, reading.bpm());
        whole(statement, 4, reading.steps());
        if (reading.sensorContact() == null) {
            statement.setNull(5, Types.BOOLEAN);
        } else {
            statement.setBoolean(5, reading.sensorContact());
        }
        statement.setString(6, reading.userId());
        statement.setString(7, reading.deviceId());
        statement.setString(8, reading.activity());
        if (reading.rrIntervalsMs() == null) {
            statement.setNull(9, Types.ARRAY, "_int2");
        } else {
            statement.setObject(
                    9,
                    IntStream.of(reading.rrIntervalsMs())
                            .mapToObj(interval -> (short) interval)
                            .toArray(Short[]::new));
        }
    }

    private static void whole(PreparedStatement statement, int index, int value)
            throws SQLException {
        if (value == Reading.UNKNOWN) {
            statement.setNull(index, Types.SMALLINT);
        } else {
            statement.setShort(index, (short) value);
        }
    }
}
