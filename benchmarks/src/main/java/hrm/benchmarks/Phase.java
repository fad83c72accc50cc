package hrm.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A stretch of the run, by the broker's clock, milliseconds since the epoch.
 *
 * @param databaseIsUp whether PostgreSQL ran
 */
record Phase(boolean databaseIsUp, long fromMs, long untilMs) {
    /**
     * How long each alert took whose deciding reading came in this phase, milliseconds.
     *
     * @param readings when each deciding reading was appended
     * @param alerts when each alert was appended
     */
    List<Long> latenciesMs(Map<Decision, Long> readings, Map<Decision, Long> alerts) {
        var latencies = new ArrayList<Long>();
        readings.forEach(
                (decision, readMs) -> {
                    var alertMs = alerts.get(decision);
                    if (alertMs != null && readMs >= fromMs && readMs < untilMs) {
                        latencies.add(alertMs - readMs);
                    }
                });
        return latencies;
    }

    /** The longest time without an alert, milliseconds, to the phase's ends included. */
    long longestGapMs(Map<Decision, Long> alerts) {
        long last = fromMs;
        long longest = 0;
        for (long at :
                alerts.values().stream()
                        .mapToLong(Long::longValue)
                        .filter(at -> at >= fromMs && at < untilMs)
                        .sorted()
                        .toArray()) {
            longest = Math.max(longest, at - last);
            last = at;
        }
        return Math.max(longest, untilMs - last);
    }
}
