package hrm.functions;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Local time of a zone without an object per reading: the offset last asked for is kept until the
 * zone's next transition, so daylight saving is exact.
 */
public final class LocalClock {
    private static final int SECONDS_PER_DAY = 86_400;

    /** One entry per zone of the time-zone database; offsets such as +02:00 are not kept. */
    private static final ConcurrentHashMap<ZoneId, Span> SPANS = new ConcurrentHashMap<>();

    private LocalClock() {}

    /** Hour of the local day, 0 to 23. */
    public static int hour(long timestampMs, ZoneId zone) {
        return (int) Math.floorMod(localSeconds(timestampMs, zone), (long) SECONDS_PER_DAY) / 3600;
    }

    /** Local day, counted from 1970-01-01. */
    public static long epochDay(long timestampMs, ZoneId zone) {
        return Math.floorDiv(localSeconds(timestampMs, zone), (long) SECONDS_PER_DAY);
    }

    private static long localSeconds(long timestampMs, ZoneId zone) {
        long second = Math.floorDiv(timestampMs, 1000L);
        if (zone instanceof ZoneOffset offset) {
            return second + offset.getTotalSeconds();
        }
        var span = SPANS.get(zone);
        if (span == null || second < span.from || second >= span.until) {
            span = Span.around(second, zone);
            SPANS.put(zone, span);
        }
        return second + span.offset;
    }

    /** In epoch seconds, {@code until} exclusive. */
    private record Span(long from, long until, int offset) {
        static Span around(long second, ZoneId zone) {
            ZoneRules rules = zone.getRules();
            var instant = Instant.ofEpochSecond(second);
            ZoneOffsetTransition next = rules.nextTransition(instant);
            // A second later, for a transition at this very second is this span's beginning.
            ZoneOffsetTransition last = rules.previousTransition(instant.plusSeconds(1));
            return new Span(
                    last == null ? Long.MIN_VALUE : last.toEpochSecond(),
                    next == null ? Long.MAX_VALUE : next.toEpochSecond(),
                    rules.getOffset(instant).getTotalSeconds());
        }
    }
}
