package hrm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.TemporaryFolder;
import hrm.functions.readings.MinuteGatherer;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.readings.MinuteRows;
import hrm.sql.Schema;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What the comparison asks of its two tables, without the jobs that fill them. */
class StoreSideIT {
    private static final int COUNT = 5_000;

    @Test
    void bothTablesAreFoundToHoldTheSameUntilOneReadingDiffers() throws Exception {
        var readings = new ArrayList<Reading>();
        new LiveReadings(1, COUNT).forEach(readings::add);
        try (var folder = TemporaryFolder.create("hrm-bench-it-");
                var database = EmbeddedDatabase.start(folder.path().resolve("postgresql"))) {
            try (var connection = database.connect();
                    var statement = connection.createStatement()) {
                statement.execute("ALTER SYSTEM SET track_commit_timestamp = on");
            }
            database.restart();
            var source = new PGSimpleDataSource();
            source.setUrl(database.jdbcUrl());
            Schema.migrate(source);
            try (var connection = database.connect();
                    var statement = connection.createStatement()) {
                long began = System.currentTimeMillis();
                statement.execute(ReadingRows.TABLE);
                writeRows(connection, readings);
                MinuteRows.write(connection, minutes(readings));

                assertThat(StoreSide.MINUTES.contents(connection))
                        .isEqualTo(StoreSide.ROWS.contents(connection));
                assertThat(StoreSide.ROWS.contents(connection).readings()).isEqualTo(COUNT);
                for (var side : StoreSide.values()) {
                    assertThat(side.bytes(connection)).isPositive();
                    assertThat(side.commits(connection).readings()).isEqualTo(COUNT);
                    assertThat(side.commits(connection).reachedMs(COUNT))
                            .isBetween(began - 1, System.currentTimeMillis() + 1);
                }

                statement.execute(
                        "UPDATE reading_rows SET heart_rate = heart_rate + 1 WHERE ctid ="
                                + " (SELECT ctid FROM reading_rows LIMIT 1)");

                assertThat(StoreSide.MINUTES.contents(connection))
                        .isNotEqualTo(StoreSide.ROWS.contents(connection));
            }
        }
    }

    private static void writeRows(Connection connection, List<Reading> readings) throws Exception {
        var rows = new ReadingRows();
        try (var statement = connection.prepareStatement(rows.query())) {
            for (var reading : readings) {
                rows.statement(statement, reading);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static List<MinuteRow> minutes(List<Reading> readings) {
        var rows = new ArrayList<MinuteRow>();
        var devices = new HashMap<String, MinuteGatherer>();
        for (var reading : readings) {
            devices.computeIfAbsent(
                            reading.userId() + ' ' + reading.deviceId(), d -> new MinuteGatherer())
                    .add(reading, rows::add);
        }
        devices.values().forEach(device -> device.flush(rows::add));
        return rows;
    }
}
