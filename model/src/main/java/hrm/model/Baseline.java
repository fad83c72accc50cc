package hrm.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * What is normal for one person, as one run of the baseline job found it.
 *
 * @param userId whose
 * @param runId the run that computed it
 * @param effectiveFrom event time from which readings are judged by it
 * @param state whether it may be used
 * @param restingBpm median of the nights' still minutes, bpm; null (NaN becomes it) when no night
 *     was usable
 * @param cells quantiles by hour-group and rest or active; a missing cell is unknown
 * @param daysUsed person-days that fed it
 * @param readingsUsed readings that fed it
 * @param windowDays length of the window it looked back, days
 */
public record Baseline(
        @JsonProperty("user_id") String userId,
        @JsonProperty("run_id") String runId,
        @JsonProperty("effective_from") Instant effectiveFrom,
        @JsonProperty("state") State state,
        @JsonProperty("resting_bpm") Double restingBpm,
        @JsonProperty("cells") List<Cell> cells,
        @JsonProperty("days_used") int daysUsed,
        @JsonProperty("readings_used") long readingsUsed,
        @JsonProperty("window_days") int windowDays) {

    /** Hours of a local day are gathered in eight groups of three: 0–2, 3–5, … 21–23. */
    public static final int HOUR_GROUPS = 8;

    public Baseline {
        restingBpm = restingBpm == null || Double.isFinite(restingBpm) ? restingBpm : null;
        cells = List.copyOf(cells);
    }

    /** The same, in force from another time on. */
    public Baseline withEffectiveFrom(Instant from) {
        return new Baseline(
                userId, runId, from, state, restingBpm, cells, daysUsed, readingsUsed, windowDays);
    }

    public static int hourGroup(int localHour) {
        return localHour / 3;
    }

    /** The cell of a local hour, or null when it had too few readings. */
    public Cell cell(int localHour, boolean atRest) {
        for (var cell : cells) {
            if (cell.hourGroup() == hourGroup(localHour) && cell.atRest() == atRest) {
                return cell;
            }
        }
        return null;
    }

    /** Whether a baseline may be used. */
    public enum State {
        /** Fewer than 7 usable days. */
        LEARNING,
        READY,
        /** No usable day for 14 days. */
        STALE,
        /** Days enough, but worn too little. */
        INSUFFICIENT
    }

    /**
     * One hour-group at rest or active.
     *
     * @param hourGroup 0 to 7, see {@link #hourGroup}
     * @param atRest still for 12 minutes
     * @param readings how many
     * @param p01 first percentile, bpm
     * @param p50 median, bpm
     * @param p99 99th percentile, bpm
     * @param mad median absolute deviation from the median, bpm, unscaled
     */
    public record Cell(
            @JsonProperty("hour_group") int hourGroup,
            @JsonProperty("at_rest") boolean atRest,
            @JsonProperty("readings") long readings,
            @JsonProperty("p01") double p01,
            @JsonProperty("p50") double p50,
            @JsonProperty("p99") double p99,
            @JsonProperty("mad") double mad) {
        public Cell {
            if (!Double.isFinite(p01 + p50 + p99 + mad)) {
                throw new IllegalArgumentException(
                        "a cell of a baseline needs finite quantiles; leave out one without readings");
            }
        }
    }
}
