package hrm.functions.baselines;

import hrm.model.LearntBaseline;
import java.util.List;

/**
 * What is stored of one person before a run reads their new readings.
 *
 * @param zoneId the person's own, an IANA name
 * @param histograms {@link DayHistograms} of the window's days, one after the other; not to be
 *     modified
 * @param illnesses that may reach into the window
 * @param newest the baseline that another run wrote last; null when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // a value that travels, never compared
public record PersonWindow(
        String userId,
        String zoneId,
        byte[] histograms,
        List<Illness> illnesses,
        LearntBaseline newest) {
    public PersonWindow {
        illnesses = List.copyOf(illnesses);
    }

    /**
     * An illness episode.
     *
     * @param onsetMs milliseconds since the epoch
     * @param resolvedMs {@code Long.MAX_VALUE} while it is open
     */
    public record Illness(long onsetMs, long resolvedMs) {}
}
