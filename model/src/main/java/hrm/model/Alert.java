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
 * @param previousOnset of an AMENDED event that moves the onset: where it was before; null
 *     otherwise
 * @param mergedInto of a RETRACTED event: the episode that has its condition in it; null when there
 *     is none
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
        @JsonProperty("explanation") Explanation explanation,
        @JsonProperty("previous_onset") Instant previousOnset,
        @JsonProperty("merged_into") UUID mergedInto) {

    public static final int SCHEMA_VERSION = 1;

    public Alert {
        value = finiteOrNull(value);
        limit = finiteOrNull(limit);
    }

    /** An event that moves nothing and merges nothing. */
    public Alert(
            int schemaVersion,
            UUID eventId,
            UUID alertId,
            UUID episodeId,
            int revision,
            long sequence,
            State state,
            Reason reason,
            String userId,
            String deviceId,
            String patternId,
            int patternVersion,
            String condition,
            Severity severity,
            Mode mode,
            Instant onset,
            Instant detectedAt,
            Instant resolvedAt,
            boolean detectedLate,
            Instant publishedAt,
            String message,
            Double value,
            Double limit,
            LimitSource limitSource,
            Explanation explanation) {
        this(
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
                publishedAt,
                message,
                value,
                limit,
                limitSource,
                explanation,
                null,
                null);
    }

    /** Unknown is null here: JSON has no NaN. */
    private static Double finiteOrNull(Double number) {
        return number == null || Double.isFinite(number) ? number : null;
    }

    public Alert withEventId(UUID id) {
        return change().eventId(id).done();
    }

    public Alert withMode(Mode other) {
        return change().mode(other).done();
    }

    public Alert withPublishedAt(Instant instant) {
        return change().publishedAt(instant).done();
    }

    /** This event said otherwise: a later one of its episode, or one more thing known of it. */
    public Change change() {
        return new Change(this);
    }

    /** A copy in the making. What of an event cannot be set here never changes in an episode. */
    public static final class Change {
        private final Alert from;
        private UUID eventId;
        private UUID episodeId;
        private boolean detectedLate;
        private Instant previousOnset;
        private UUID mergedInto;
        private int revision;
        private long sequence;
        private State state;
        private Reason reason;
        private Mode mode;
        private Instant resolvedAt;
        private Instant publishedAt;
        private String message;

        private Change(Alert from) {
            this.from = from;
            eventId = from.eventId;
            episodeId = from.episodeId;
            detectedLate = from.detectedLate;
            previousOnset = from.previousOnset;
            mergedInto = from.mergedInto;
            revision = from.revision;
            sequence = from.sequence;
            state = from.state;
            reason = from.reason;
            mode = from.mode;
            resolvedAt = from.resolvedAt;
            publishedAt = from.publishedAt;
            message = from.message;
        }

        public Change eventId(UUID id) {
            eventId = id;
            return this;
        }

        /** Of what is said of an episode that was told of under another onset. */
        public Change episodeId(UUID id) {
            episodeId = id;
            return this;
        }

        public Change detectedLate(boolean late) {
            detectedLate = late;
            return this;
        }

        public Change previousOnset(Instant instant) {
            previousOnset = instant;
            return this;
        }

        public Change mergedInto(UUID episode) {
            mergedInto = episode;
            return this;
        }

        public Change revision(int number) {
            revision = number;
            return this;
        }

        public Change sequence(long number) {
            sequence = number;
            return this;
        }

        /**
         * @param why null unless it is resolved
         */
        public Change state(State now, Reason why) {
            state = now;
            reason = why;
            return this;
        }

        public Change mode(Mode now) {
            mode = now;
            return this;
        }

        public Change resolvedAt(Instant instant) {
            resolvedAt = instant;
            return this;
        }

        public Change publishedAt(Instant instant) {
            publishedAt = instant;
            return this;
        }

        public Change message(String sentence) {
            message = sentence;
            return this;
        }

        public Alert done() {
            return new Alert(
                    from.schemaVersion,
                    eventId,
                    from.alertId,
                    episodeId,
                    revision,
                    sequence,
                    state,
                    reason,
                    from.userId,
                    from.deviceId,
                    from.patternId,
                    from.patternVersion,
                    from.condition,
                    from.severity,
                    mode,
                    from.onset,
                    from.detectedAt,
                    resolvedAt,
                    detectedLate,
                    publishedAt,
                    message,
                    from.value,
                    from.limit,
                    from.limitSource,
                    from.explanation,
                    previousOnset,
                    mergedInto);
        }
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
