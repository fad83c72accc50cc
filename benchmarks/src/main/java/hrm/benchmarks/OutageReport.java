package hrm.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What alerts did while PostgreSQL was away, and whether all is there afterwards. */
final class OutageReport {
    /**
     * What should be and what is, when all is over.
     *
     * @param sent readings
     * @param stored readings in PostgreSQL
     * @param expected decisions that the plan asks for
     * @param heard decisions of the alerts topic
     * @param records on the alerts topic, repeated events included
     * @param events distinct ones on the topic
     * @param storedEvents rows of alert_events
     * @param episodes distinct ones on the topic
     * @param storedEpisodes rows of alerts
     */
    record Counts(
            long sent,
            long stored,
            Set<Decision> expected,
            Set<Decision> heard,
            long records,
            long events,
            long storedEvents,
            long episodes,
            long storedEpisodes) {
        boolean areEqual() {
            return sent == stored
                    && expected.equals(heard)
                    && events == expected.size()
                    && events == storedEvents
                    && episodes == storedEpisodes;
        }
    }

    private final double bar;
    private final List<Phase> phases;
    private final Map<Decision, Long> readings;
    private final Map<Decision, Long> alerts;
    private final List<Double> caughtUpAfterS;
    private final Counts counts;

    /**
     * @param bar how many times as long p99 may be without PostgreSQL; 0 for none
     * @param readings when each deciding reading was appended
     * @param alerts when each alert was appended
     * @param caughtUpAfterS of each outage, seconds from PostgreSQL's return until all that had
     *     been sent before was stored
     */
    OutageReport(
            double bar,
            List<Phase> phases,
            Map<Decision, Long> readings,
            Map<Decision, Long> alerts,
            List<Double> caughtUpAfterS,
            Counts counts) {
        this.bar = bar;
        this.phases = List.copyOf(phases);
        this.readings = Map.copyOf(readings);
        this.alerts = Map.copyOf(alerts);
        this.caughtUpAfterS = List.copyOf(caughtUpAfterS);
        this.counts = counts;
    }

    /** p99 of all alerts without PostgreSQL against p99 of those with it. */
    double ratio() {
        return (double) all(false).at(99) / all(true).at(99);
    }

    private Percentiles all(boolean databaseIsUp) {
        var latencies = new ArrayList<Long>();
        for (var phase : phases) {
            if (phase.databaseIsUp() == databaseIsUp) {
                latencies.addAll(phase.latenciesMs(readings, alerts));
            }
        }
        return new Percentiles(latencies);
    }

    boolean isMet() {
        return counts.areEqual() && (bar == 0 || ratio() <= bar);
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(
                "%-12s %7s %8s %8s %8s %12s"
                        .formatted(
                                "PostgreSQL",
                                "alerts",
                                "p50, ms",
                                "p99, ms",
                                "max, ms",
                                "gap, ms"));
        for (var phase : phases) {
            lines.add(
                    line(
                            phase.databaseIsUp() ? "up" : "stopped",
                            new Percentiles(phase.latenciesMs(readings, alerts)),
                            phase.longestGapMs(alerts)));
        }
        lines.add(line("all up", all(true), longestGapMs(true)));
        lines.add(line("all stopped", all(false), longestGapMs(false)));
        lines.add("");
        lines.add(
                String.format(
                        Locale.ROOT,
                        "p99 without PostgreSQL is %.2f times that with it.%s",
                        ratio(),
                        bar == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        " The bar is %.1f: %s.",
                                        bar,
                                        ratio() <= bar ? "met" : "not met")));
        lines.add(
                "All that was sent before PostgreSQL came back was stored "
                        + String.join(
                                ", ",
                                caughtUpAfterS.stream()
                                        .map(s -> String.format(Locale.ROOT, "%.0f s", s))
                                        .toList())
                        + " after it.");
        lines.addAll(counted());
        return lines;
    }

    private long longestGapMs(boolean databaseIsUp) {
        return phases.stream()
                .filter(phase -> phase.databaseIsUp() == databaseIsUp)
                .mapToLong(phase -> phase.longestGapMs(alerts))
                .max()
                .orElse(0);
    }

    private static String line(String title, Percentiles ms, long gapMs) {
        return String.format(
                Locale.ROOT,
                "%-12s %,7d %8d %8d %8d %12d",
                title,
                ms.count(),
                ms.at(50),
                ms.at(99),
                ms.max(),
                gapMs);
    }

    private List<String> counted() {
        var c = counts;
        return List.of(
                String.format(Locale.ROOT, "Readings: %,d sent, %,d stored.", c.sent(), c.stored()),
                String.format(
                        Locale.ROOT,
                        "Alert events: %,d expected, %,d of them on the topic and %,d others, in %,d"
                                + " records; %,d stored.",
                        c.expected().size(),
                        c.expected().stream().filter(c.heard()::contains).count(),
                        c.heard().stream().filter(one -> !c.expected().contains(one)).count(),
                        c.records(),
                        c.storedEvents()),
                String.format(
                        Locale.ROOT,
                        "Episodes: %,d on the topic, %,d stored.",
                        c.episodes(),
                        c.storedEpisodes()),
                c.areEqual() ? "Nothing lost, nothing doubled." : "These should be equal.");
    }
}
