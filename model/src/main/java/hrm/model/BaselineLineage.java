package hrm.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.LocalDate;
import java.util.List;

/**
 * What a baseline was made of. All days are local.
 *
 * @param timeZone in which days and hours are local, an IANA name
 * @param firstDay of the window
 * @param lastDay of the window, included
 * @param daysRead days of this person that the run read from {@code reading_minutes}; the others'
 *     histograms were there
 * @param minutesRead rows that it read for them
 * @param readingsRead readings in these rows
 * @param excluded days of the window with readings that do not feed it
 * @param nights resting heart rate of each night that fed it
 */
public record BaselineLineage(
        @JsonProperty("time_zone") String timeZone,
        @JsonProperty("first_day") LocalDate firstDay,
        @JsonProperty("last_day") LocalDate lastDay,
        @JsonProperty("days_read") int daysRead,
        @JsonProperty("minutes_read") long minutesRead,
        @JsonProperty("readings_read") long readingsRead,
        @JsonProperty("excluded") List<Excluded> excluded,
        @JsonProperty("nights") List<Night> nights) {
    public BaselineLineage {
        excluded = List.copyOf(excluded);
        nights = List.copyOf(nights);
    }

    /** Why a day does not feed a baseline. */
    public enum Reason {
        /** Worn for less than four hours. */
        WORN_TOO_LITTLE,
        /** Some of it is within an illness episode. */
        ILLNESS
    }

    /**
     * @param wornMinutes minutes with a heart rate
     */
    public record Excluded(
            @JsonProperty("day") LocalDate day,
            @JsonProperty("reason") Reason reason,
            @JsonProperty("worn_minutes") int wornMinutes) {}

    /**
     * @param bpm median of its still minutes
     */
    public record Night(@JsonProperty("day") LocalDate day, @JsonProperty("bpm") double bpm) {}

    /** The same, after reading so much for it. */
    public BaselineLineage withRead(int days, long minutes, long readings) {
        return new BaselineLineage(
                timeZone, firstDay, lastDay, days, minutes, readings, excluded, nights);
    }
}
