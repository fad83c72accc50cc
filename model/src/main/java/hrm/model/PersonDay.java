package hrm.model;

import java.time.LocalDate;

/**
 * What the readings of one person's local day amount to, as {@code day_histograms} keeps it.
 *
 * @param userId whose
 * @param day the local day
 * @param timeZone in which it is local, an IANA name
 * @param minutes rows of {@code reading_minutes} that were read for it
 * @param readings readings in them, faulty ones included
 * @param histograms packed; what made them knows how to read them. Not to be modified
 */
@SuppressWarnings("ArrayRecordComponent") // a value that travels, never compared
public record PersonDay(
        String userId,
        LocalDate day,
        String timeZone,
        int minutes,
        int readings,
        byte[] histograms) {}
