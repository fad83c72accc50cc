package hrm.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.ZoneId;

/**
 * One version of what a person or their provider has said.
 *
 * @param effectiveFrom event time from which it holds
 * @param timeZone the person's own; hours and nights are local to it
 * @param limitHigh heart rate above which to tell, bpm; null when none was set
 * @param limitLow heart rate below which to tell, bpm; null when none was set
 */
public record UserProfile(
        @JsonProperty("effective_from") Instant effectiveFrom,
        @JsonProperty("time_zone") ZoneId timeZone,
        @JsonProperty("limit_high") Integer limitHigh,
        @JsonProperty("limit_low") Integer limitLow) {}
