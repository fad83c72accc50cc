package hrm.sinks.readings;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.TestDatabase;
import java.time.Instant;
import java.util.List;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Retention drops a month while the sink runs, and a watch that lay in a drawer syncs. */
class DroppedPartitionIT {
    private static final long MINUTE = Instant.parse("2019-05-05T05:05:00Z").toEpochMilli();

    @Test
    void aMonthThatWasDroppedMeanwhileIsMadeAgain() throws Exception {
        try (var database = new TestDatabase();
                var sink =
                        new OneInputStreamOperatorTestHarness<>(
                                new SinkWriterOperatorFactory<>(
                                        MinuteRows.sink(database.options())))) {
            sink.open();
            sink.processElement(row(0), 0);
            sink.processElement(row(0), 0);
            sink.prepareSnapshotPreBarrier(1);
            database.execute("DROP TABLE reading_minutes_2019_05");

            sink.processElement(row(1), 0);
            sink.prepareSnapshotPreBarrier(2);

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
