package hrm.benchmarks.history;

import hrm.model.Baseline;
import hrm.model.Json;
import hrm.sinks.baselines.BaselineRuns;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Fills {@code reading_minutes} with a history of people who send a reading every 5 seconds: rows
 * in the order of time, everybody's minute after minute, as the store writes them. Each has a
 * baseline. A person sits most of the time, walks now and then, and once in some hours their heart
 * races for a while though they sit.
 */
final class StoredHistory {
    static final int READINGS_A_MINUTE = 12;
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    private static final String OFFSETS =
            "{0,5000,10000,15000,20000,25000,30000,35000,40000,45000,50000,55000}";

    private final int people;
    private final int minutes;
    private final Random random;
    private final int[] calm;
    private final int[] level;
    private final int[] steps;
    private final int[] left;

    StoredHistory(int people, int minutes, long seed) {
        this.people = people;
        this.minutes = minutes;
        this.random = new Random(seed);
        calm = new int[people];
        level = new int[people];
        steps = new int[people];
        left = new int[people];
        for (int i = 0; i < people; i++) {
            calm[i] = 56 + random.nextInt(20);
        }
    }

    long rows() {
        return (long) people * minutes;
    }

    long readings() {
        return rows() * READINGS_A_MINUTE;
    }

    static String user(int person) {
        return "user-%06d".formatted(person);
    }

    /**
     * @param written told now and then how many rows are written
     */
    void fill(Connection database, LongConsumer written) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute(
                    "SELECT ensure_reading_partitions('%s', '%s')"
                            .formatted(START, START.plusSeconds(60L * minutes)));
        }
        copy(database, written);
        baselines(database);
        try (var statement = database.createStatement()) {
            statement.execute("VACUUM ANALYZE reading_minutes");
            statement.execute("CHECKPOINT");
        }
    }

    private void copy(Connection database, LongConsumer written) throws SQLException {
        CopyIn copy =
                database.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY reading_minutes (user_id, device_id, minute, n, bpm_sum,"
                                        + " bpm_min, bpm_max, offset_ms, bpm, steps) FROM STDIN");
        var text = new StringBuilder();
        for (int minute = 0; minute < minutes; minute++) {
            var at = START.plusSeconds(60L * minute).toString();
            for (int person = 0; person < people; person++) {
                row(person, at, text);
                if (text.length() > 1 << 16) {
                    send(copy, text);
                }
            }
            if (minute % 200 == 0) {
                written.accept((long) minute * people);
            }
        }
        send(copy, text);
        copy.endCopy();
    }

    private static void send(CopyIn copy, StringBuilder text) throws SQLException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        copy.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
    }

    private void row(int person, String at, StringBuilder out) {
        if (left[person]-- <= 0) {
            begin(person);
        }
        var bpm = new StringBuilder("{");
        int sum = 0;
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int i = 0; i < READINGS_A_MINUTE; i++) {
            int value = level[person] + random.nextInt(7) - 3;
            sum += value;
            least = Math.min(least, value);
            most = Math.max(most, value);
            bpm.append(i == 0 ? "" : ",").append(value);
        }
        out.append(user(person)).append("\twatch\t").append(at).append('\t');
        out.append(READINGS_A_MINUTE).append('\t').append(sum).append('\t').append(least);
        out.append('\t').append(most).append('\t').append(OFFSETS).append('\t');
        out.append(bpm).append("}\t{");
        for (int i = 0; i < READINGS_A_MINUTE; i++) {
            out.append(i == 0 ? "" : ",").append(steps[person] * (i + 1) / READINGS_A_MINUTE);
        }
        out.append("}\n");
    }

    private void begin(int person) {
        int kind = random.nextInt(100);
        left[person] = 5 + random.nextInt(40);
        if (kind < 75) {
            level[person] = calm[person] + random.nextInt(8);
            steps[person] = 0;
        } else if (kind < 99) {
            level[person] = calm[person] + 20 + random.nextInt(30);
            steps[person] = 20 + random.nextInt(80);
        } else {
            level[person] = 125 + random.nextInt(30);
            steps[person] = 0;
        }
    }

    private void baselines(Connection database) throws SQLException {
        BaselineRuns.begin(
                database, new BaselineRuns.Plan("bench", START, START, 1, true, "a benchmark"));
        var cells = new ArrayList<Baseline.Cell>();
        for (int group = 0; group < Baseline.HOUR_GROUPS; group++) {
            cells.add(new Baseline.Cell(group, true, 1_000, 52, 66, 88, 5));
            cells.add(new Baseline.Cell(group, false, 1_000, 60, 95, 150, 12));
        }
        try (var insert =
                database.prepareStatement(
                        "INSERT INTO baselines (user_id, run_id, effective_from, state, resting_bpm,"
                                + " cells, days_used, readings_used, window_days, algorithm_version)"
                                + " SELECT 'user-' || lpad(i::text, 6, '0'), 'bench', '2000-01-01Z',"
                                + " 'READY', 58, ?::jsonb, 28, 300000, 28, 1"
                                + " FROM generate_series(0, ?) i")) {
            insert.setString(1, new String(Json.write(cells), StandardCharsets.UTF_8));
            insert.setInt(2, people - 1);
            insert.executeUpdate();
        }
        BaselineRuns.succeed(database, "bench", new BaselineRuns.Counts(0, 0, 0, 0));
    }
}
