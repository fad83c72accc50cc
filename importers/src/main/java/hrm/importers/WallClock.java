package hrm.importers;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Times as a clock on the wall shows them, as moments; for the times of one file, in its order.
 *
 * <p>In the hour that comes twice when summer time ends, a time is of the second round when it lies
 * half an hour or more before the one that came before it: lines of a file are not in perfect
 * order. A time in the hour that does not come when it begins was shown by a clock that nobody had
 * put forward yet.
 */
public final class WallClock {
    static final WallClock UTC = new WallClock(ZoneOffset.UTC);

    private static final long HALF_AN_HOUR_MS = 1_800_000;

    private final ZoneRules rules;
    private final boolean isUtc;
    private long lastMs = Long.MIN_VALUE;

    public WallClock(ZoneId zone) {
        rules = zone.getRules();
        isUtc = rules.isFixedOffset() && rules.getOffset(Instant.EPOCH).getTotalSeconds() == 0;
    }

    /**
     * @param localMs the time as if it were of UTC, milliseconds since the epoch
     * @return milliseconds since the epoch
     */
    long moment(long localMs) {
        if (isUtc) {
            return localMs;
        }
        long seconds = Math.floorDiv(localMs, 1_000L);
        var local = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        var offsets = rules.getValidOffsets(local);
        ZoneOffset offset;
        if (offsets.size() == 1) {
            offset = offsets.get(0);
        } else {
            var transition = rules.getTransition(local);
            boolean isSecondRound = transition.isOverlap() && isSecondRound(localMs, transition);
            offset = isSecondRound ? transition.getOffsetAfter() : transition.getOffsetBefore();
        }
        lastMs = localMs - offset.getTotalSeconds() * 1_000L;
        return lastMs;
    }

    private boolean isSecondRound(long localMs, ZoneOffsetTransition transition) {
        long first = localMs - transition.getOffsetBefore().getTotalSeconds() * 1_000L;
        long second = localMs - transition.getOffsetAfter().getTotalSeconds() * 1_000L;
        boolean hasBegun = lastMs >= transition.toEpochSecond() * 1_000;
        return lastMs <= second + HALF_AN_HOUR_MS
                && (hasBegun || lastMs >= first + HALF_AN_HOUR_MS);
    }
}
