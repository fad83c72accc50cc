package hrm.functions.baselines;

import hrm.model.MinuteRow;
import java.time.ZoneId;

/**
 * A minute as it comes back from the store.
 *
 * @param zone the person's own
 * @param firstDay local day, counted from 1970-01-01, from which on this stretch of minutes is
 *     learnt; the minutes before it only say how that day begins
 * @param lastDay last such day, included
 */
public record HistoryMinute(MinuteRow minute, ZoneId zone, long firstDay, long lastDay) {
    /** All days are learnt. */
    public HistoryMinute(MinuteRow minute, ZoneId zone) {
        this(minute, zone, Long.MIN_VALUE, Long.MAX_VALUE);
    }
}
