package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.Json;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.model.Topics;
import hrm.sinks.readings.MinuteRows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stored readings in, baselines out: table and topic. */
class BaselineIT {
    private static final Instant AS_OF = Instant.parse("2026-03-29T00:00:00Z");

    private static Pipeline pipeline;

    @BeforeAll
    static void start() throws Exception {
        pipeline = Pipeline.start();
        var rows = new ArrayList<MinuteRow>();
        history(rows, "rests", 27, 60, 0);
        history(rows, "new", 3, 70, 0);
        history(rows, "unknown-steps", 27, 65, Reading.UNKNOWN);
        try (var database = pipeline.database().connect()) {
            MinuteRows.write(database, rows);
            try (var zone =
                    database.prepareStatement(
                            "INSERT INTO user_profiles (user_id, effective_from, time_zone)"
                                    + " VALUES ('rests', '2020-01-01Z', 'America/New_York')")) {
                zone.execute();
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        pipeline.close();
    }

    /**
     * A reading every two minutes, whose bpm is 1 more in each hour of the day and goes up and down
     * by 2.
     */
    private static void history(List<MinuteRow> rows, String user, int days, int bpm, int steps) {
        var time = AS_OF.minus(Duration.ofDays(days));
        for (int i = 0; time.isBefore(AS_OF); i++, time = time.plusSeconds(120)) {
            int hour = (int) (time.getEpochSecond() / 3600 % 24);
            var reading =
                    Reading.of(user, "watch", time.toEpochMilli(), bpm + hour + i % 5 - 2, steps);
            rows.add(new MinuteRow(user, "watch", time.toEpochMilli(), List.of(reading)));
        }
    }

    private static Baselines published(String user) {
        Baselines newest = null;
        for (var record : pipeline.records(Topics.BASELINES)) {
            if (new String(record.key(), StandardCharsets.UTF_8).equals(user)) {
                newest = Json.read(record.value(), Baselines.class);
            }
        }
        return newest;
    }

    @Test
    void aRunLearnsWhatIsNormalAndASecondOneAddsAVersionThatReplacesNothing() throws Exception {
        var from = AS_OF.plusSeconds(3600);
        pipeline.baselines(
                "--as-of",
                AS_OF.toString(),
                "--effective-from",
                from.toString(),
                "--run-id",
                "one");

        var rests = published("rests").versions().get(0);
        assertThat(rests.runId()).isEqualTo("one");
        assertThat(rests.effectiveFrom()).isEqualTo(from);
        assertThat(rests.state()).isEqualTo(Baseline.State.READY);
        // Hours are New York's: UTC's 13 is 9 o'clock in this summer time, group 3 is 9 to 11.
        var cell = rests.cell(9, true);
        assertThat(cell.p50()).isEqualTo(60 + 14);
        assertThat(cell.p01()).isEqualTo(60 + 13 - 2);
        // On the six days before the clocks change it is UTC's 14 to 16, which is 1.5 % above the
        // rest.
        assertThat(cell.p99()).isEqualTo(60 + 16 + 2);
        // The night from 0 to 7 is UTC's hours 4 to 10 before the clocks change.
        assertThat(rests.restingBpm()).isBetween(66.0, 69.0);
        assertThat(published("new").versions().get(0).state()).isEqualTo(Baseline.State.LEARNING);
        assertThat(published("unknown-steps").versions().get(0).cells()).isEmpty();
        assertThat(pipeline.table("SELECT outcome, users, ready FROM baseline_runs"))
                .containsExactly("SUCCEEDED|3|1");

        var later = from.plus(Duration.ofDays(1));
        pipeline.baselines(
                "--as-of",
                AS_OF.toString(),
                "--effective-from",
                later.toString(),
                "--run-id",
                "two");

        assertThat(published("rests").versions())
                .extracting(Baseline::runId)
                .containsExactly("one", "two");
        // The same data give the same numbers.
        assertThat(published("rests").versions().get(1).cells()).isEqualTo(rests.cells());
        assertThat(pipeline.count("SELECT count(*) FROM baselines")).isEqualTo(6);

        pipeline.baselines(
                "--as-of",
                AS_OF.toString(),
                "--effective-from",
                later.toString(),
                "--run-id",
                "two");

        assertThat(pipeline.count("SELECT count(*) FROM baselines")).isEqualTo(6);
        assertThat(published("rests").versions()).hasSize(2);
    }
}
