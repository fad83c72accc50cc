package hrm.functions.baselines;

import hrm.model.MinuteRow;
import java.time.ZoneId;

/**
 * A minute as it comes back from the store.
 *
 * @param zone the person's own
 */
public record HistoryMinute(MinuteRow minute, ZoneId zone) {}
