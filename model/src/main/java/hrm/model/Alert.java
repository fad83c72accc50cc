package hrm.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One event of an episode: a condition of one person on one device, from onset to resolution.
 *
 * @param eventId what everyone de-duplicates by, see {@link AlertIds#eventId}
 * @param alertId the same in stream, backfill and backtest, see {@link AlertIds#alertId}
 * @param episodeId the {@code alertId} first published; never moves
 * @param revision 1, 2, 3 … within the episode; the newest wins
 * @param sequence per person, so that a consumer sees a gap; not identity
 * @param state what happened to the episode
 * @param reason why it was resolved; null otherwise
 * @param onset when the condition began
 * @param detectedAt the deciding reading's time
 * @param resolvedAt when it ended; null while open
 * @param detectedLate found by the late run
 * @param publishedAt wall clock; outside every comparison
 * @param message one sentence a person understands
 * @param value what was measured, usually bpm; null when unknown or the pattern speaks of none
 * @param limit what it was compared with; null when unknown or the pattern speaks of none
 * @param limitSource where the limit came from; null without a limit
 * @param explanation why, step by step
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Alert(
        @JsonProperty("schema_version") int schemaVersion,
        @JsonProperty("event_id") UUID eventId,
        @JsonProperty("alert_id") UUID alertId,
        @JsonProperty("episode_id") UUID episodeId,
        @JsonProperty("revision") int revision,
        @JsonProperty("sequence") long sequence,
        @JsonProperty("state") State state,
        @JsonProperty("reason") Reason reason,
        @JsonProperty("user_id") String userId,
        @JsonProperty("device_id") String deviceId,
        @JsonProperty("pattern_id") String patternId,
        @JsonProperty("pattern_version") int patternVersion,
        @JsonProperty("condition") String condition,
        @JsonProperty("severity") Severity severity,
        @JsonProperty("mode") Mode mode,
        @JsonProperty("onset") Instant onset,
        @JsonProperty("detected_at") Instant detectedAt,
        @JsonProperty("resolved_at") Instant resolvedAt,
        @JsonProperty("detected_late") boolean detectedLate,
        @JsonProperty("published_at") Instant publishedAt,
        @JsonProperty("message") String message,
        @JsonProperty("value") Double value,
        @JsonProperty("limit") Double limit,
        @JsonProperty("limit_source") LimitSource limitSource,
        @JsonProperty("explanation") Explanation explanation) {

    public static final int SCHEMA_VERSION = 1;

    public Alert {
        value = finiteOrNull(value);
        limit = finiteOrNull(limit);
    }

    /** Unknown is null here: JSON has no NaN. */
    private static Double finiteOrNull(Double number) {
        return number == null || Double.isFinite(number) ? number : null;
    }

    public Alert withEventId(UUID id) {
        return new Alert(
                schemaVersion,
                id,
                alertId,
                episodeId,
                revision,
                sequence,
                state,
                reason,
                userId,
                deviceId,
                patternId,
                patternVersion,
                condition,
                severity,
                mode,
                onset,
                detectedAt,
                resolvedAt,
                detectedLate,
                publishedAt,
                message,
                value,
                limit,
                limitSource,
                explanation);
    }

    public Alert withMode(Mode other) {
        return new Alert(
                schemaVersion,
                eventId,
                alertId,
                episodeId,
                revision,
                sequence,
                state,
                reason,
                userId,
                deviceId,
                patternId,
                patternVersion,
                condition,
                severity,
                other,
                onset,
                detectedAt,
                resolvedAt,
                detectedLate,
                publishedAt,
                message,
                value,
                limit,
                limitSource,
                explanation);
    }

    public Alert withPublishedAt(Instant instant) {
        return new Alert(
                schemaVersion,
                eventId,
                alertId,
                episodeId,
                revision,
                sequence,
                state,
                reason,
                userId,
                deviceId,
                patternId,
                patternVersion,
                condition,
                severity,
                mode,
                onset,
                detectedAt,
                resolvedAt,
                detectedLate,
                instant,
                message,
                value,
                limit,
                limitSource,
                explanation);
    }

    public enum State {
        OPENED,
        UPDATED,
        RESOLVED,
        AMENDED,
        RETRACTED
    }

    public enum Reason {
        /** The resolve condition has held. */
        RECOVERED,
        /** No reading for 30 minutes: not a recovery. */
        SIGNAL_LOST,
        /** The pattern was removed, switched off, or its mode changed. */
        PATTERN_CHANGED,
        CLOSED
    }

    /** Most urgent first. */
    public enum Severity {
        @JsonProperty("critical")
        CRITICAL,
        @JsonProperty("high")
        HIGH,
        @JsonProperty("medium")
        MEDIUM,
        @JsonProperty("low")
        LOW,
        @JsonProperty("info")
        INFO
    }

    public enum Mode {
        @JsonProperty("live")
        LIVE,
        @JsonProperty("shadow")
        SHADOW,
        @JsonProperty("backfill")
        BACKFILL
    }

    public enum LimitSource {
        @JsonProperty("profile")
        PROFILE,
        @JsonProperty("baseline")
        BASELINE,
        @JsonProperty("default")
        DEFAULT,
        /** A number written in the pattern. */
        @JsonProperty("pattern")
        PATTERN
    }

    /**
     * @param steps the readings that matched each step of the pattern
     * @param condition the deciding step's condition with its values filled in
     * @param baselineRun the run whose baseline was in force; null when none was
     * @param baselineState what state that baseline was in; null when none was
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Explanation(
            @JsonProperty("steps") List<StepEvidence> steps,
            @JsonProperty("condition") String condition,
            @JsonProperty("baseline_run") String baselineRun,
            @JsonProperty("baseline_state") Baseline.State baselineState) {
        public Explanation {
            steps = List.copyOf(steps);
        }
    }

    /**
     * @param step its name in the pattern
     * @param from the first reading that matched it; where a step holds, the beginning of the hold
     * @param to the last reading that matched it
     * @param firstBpm bpm of the first; null when unknown
     * @param lastBpm bpm of the last; null when unknown
     * @param count how many readings (or minutes) matched it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StepEvidence(
            @JsonProperty("step") String step,
            @JsonProperty("from") Instant from,
            @JsonProperty("to") Instant to,
            @JsonProperty("first_bpm") Double firstBpm,
            @JsonProperty("last_bpm") Double lastBpm,
            @JsonProperty("count") int count) {
        public StepEvidence {
            firstBpm = finiteOrNull(firstBpm);
            lastBpm = finiteOrNull(lastBpm);
        }
    }
}
