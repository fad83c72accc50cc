package hrm.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.sinks.readings.MinuteRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** Through Flink's JDBC connector, in a cluster in memory. */
class FlinkJdbcIT {
    private static final TypeInformation<MinuteRow> ROWS = new GenericTypeInfo<>(MinuteRow.class);

    @Test
    void minutesOfAnyMonthReachTheTableOnceAlsoWhenTheyComeTwice() throws Exception {
        try (var database = new TestDatabase()) {
            var rows = new ArrayList<MinuteRow>();
            for (var month :
                    List.of("2019-02-01", "2026-11-30", "2027-12-31", "2019-03-01", "2019-02-28")) {
                for (int i = 0; i < 300; i++) {
                    var row = row("u" + i, Instant.parse(month + "T08:15:00Z").toEpochMilli());
                    rows.add(row);
                    rows.add(row);
                }
            }
            var env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
            env.setParallelism(2);
            env.fromData(rows, ROWS).rebalance().sinkTo(MinuteRows.sink(database.options()));

            env.execute();

            assertThat(
                            database.query(
                                    "SELECT " + MinuteRows.COLUMNS + " FROM reading_minutes",
                                    MinuteRows::read))
                    .containsExactlyInAnyOrderElementsOf(new HashSet<>(rows));
        }
    }

    private static MinuteRow row(String user, long minute) {
        return new MinuteRow(
                user, "d", minute, List.of(Reading.of(user, "d", minute + 1_000, 72, 3)));
    }
}
