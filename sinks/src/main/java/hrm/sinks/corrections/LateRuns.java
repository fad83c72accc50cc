package hrm.sinks.corrections;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Optional;

/** The table {@code late_runs}: what late runs did, each written at its end. */
public final class LateRuns {
    private static final String RUN =
            "SELECT run_id, started_by, started_at, finished_at, judged, corrected, unsettled,"
                    + " unstored, trouble FROM late_runs ";

    private LateRuns() {}

    /**
     * What a run has come to.
     *
     * @param judged devices that were judged again
     * @param corrected episodes for which a correction was sent
     * @param unsettled devices that wait, because they may be sending more
     * @param unstored devices that wait for the store
     */
    public record Counts(
            @JsonProperty("judged") int judged,
            @JsonProperty("corrected") int corrected,
            @JsonProperty("unsettled") int unsettled,
            @JsonProperty("unstored") int unstored) {
        /** As one line; who waits only when somebody does. */
        public String inWords() {
            var words =
                    count(judged, "device")
                            + " judged again, "
                            + count(corrected, "episode")
                            + " corrected";
            var waiting = new ArrayList<String>();
            if (unsettled > 0) {
                waiting.add(unsettled + " marked just now, more may come");
            }
            if (unstored > 0) {
                waiting.add(unstored + " ahead of what the store has committed");
            }
            return waiting.isEmpty()
                    ? words
                    : words
                            + "; "
                            + count(unsettled + unstored, "device")
                            + " for the next run ("
                            + String.join(", ", waiting)
                            + ")";
        }

        private static String count(int n, String what) {
            return n + " " + what + (n == 1 ? "" : "s");
        }
    }

    /**
     * A run that has ended.
     *
     * @param trouble why it failed; null when it did not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Run(
            @JsonProperty("run_id") String runId,
            @JsonProperty("started_by") String startedBy,
            @JsonProperty("started") Instant startedAt,
            @JsonProperty("finished") Instant finishedAt,
            @JsonProperty("counts") Counts counts,
            @JsonProperty("trouble") String trouble) {}

    /**
     * Notes that a run has ended just now, in place of an earlier one of its id, and forgets those
     * of more than 30 days ago.
     */
    public static void note(
            Connection database,
            String runId,
            String startedBy,
            Instant startedAt,
            Counts counts,
            String trouble)
            throws SQLException {
        try (var insert =
                        database.prepareStatement(
                                "INSERT INTO late_runs (run_id, started_by, started_at, judged,"
                                        + " corrected, unsettled, unstored, trouble)"
                                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
                var forget =
                        database.prepareStatement(
                                "DELETE FROM late_runs WHERE run_id = ? OR finished_at < now() -"
                                        + " interval '30 days'")) {
            forget.setString(1, runId);
            forget.executeUpdate();
            insert.setString(1, runId);
            insert.setString(2, startedBy);
            insert.setObject(3, startedAt.atOffset(ZoneOffset.UTC));
            insert.setInt(4, counts.judged);
            insert.setInt(5, counts.corrected);
            insert.setInt(6, counts.unsettled);
            insert.setInt(7, counts.unstored);
            insert.setString(8, trouble);
            insert.executeUpdate();
        }
    }

    /** Empty when no run of that id has ended. */
    public static Optional<Run> find(Connection database, String runId) throws SQLException {
        return one(database, RUN + "WHERE run_id = ?", runId);
    }

    /** The one that ended last. */
    public static Optional<Run> newest(Connection database) throws SQLException {
        return one(database, RUN + "ORDER BY finished_at DESC LIMIT 1");
    }

    private static Optional<Run> one(Connection database, String sql, String... values)
            throws SQLException {
        try (var select = database.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            try (var row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Run(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getObject(3, OffsetDateTime.class).toInstant(),
                                        row.getObject(4, OffsetDateTime.class).toInstant(),
                                        new Counts(
                                                row.getInt(5),
                                                row.getInt(6),
                                                row.getInt(7),
                                                row.getInt(8)),
                                        row.getString(9)))
                        : Optional.empty();
            }
        }
    }
}
