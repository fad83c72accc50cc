package hrm.benchmarks.engine;

import hrm.benchmarks.engine.LocalFlink.Backend;
import hrm.benchmarks.engine.Matches.Found;
import hrm.benchmarks.engine.Readings.Scenario;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the contenders took for one kind of readings, one state backend, one number of patterns. */
final class EngineTable {
    private final Scenario scenario;
    private final Backend backend;
    private final int patterns;
    private final long readings;
    private final Found expectedAlerts;
    private final Map<Contender, Best> best = new EnumMap<>(Contender.class);
    private final List<String> disagreements = new ArrayList<>();

    /**
     * Best of a contender's rounds.
     *
     * @param cpuNs a reading
     * @param rate readings a second
     */
    private record Best(double cpuNs, double rate, Found found, int rounds) {}

    /**
     * @param readings in one lap
     * @param expectedAlerts what {@code Judge} must tell; null when it is not run
     */
    EngineTable(
            Scenario scenario, Backend backend, int patterns, long readings, Found expectedAlerts) {
        this.scenario = scenario;
        this.backend = backend;
        this.patterns = patterns;
        this.readings = readings;
        this.expectedAlerts = expectedAlerts;
    }

    void add(Contender contender, Meter.Reading run) {
        var found = run.found();
        double all = (double) readings * found.laps();
        var now = new Best(run.cpuNs() / all, all * 1e9 / run.wallNs(), found, 1);
        best.merge(
                contender,
                now,
                (a, b) ->
                        new Best(
                                Math.min(a.cpuNs, b.cpuNs),
                                Math.max(a.rate, b.rate),
                                b.found,
                                a.rounds + 1));
        check(contender, found);
    }

    private void check(Contender contender, Found found) {
        Found expected;
        if (contender == Contender.LIMIT) {
            return;
        } else if (contender == Contender.JUDGE) {
            expected = expectedAlerts;
        } else {
            expected =
                    best.entrySet().stream()
                            .filter(one -> one.getKey() != Contender.LIMIT)
                            .filter(one -> one.getKey() != Contender.JUDGE)
                            .map(one -> one.getValue().found)
                            .findFirst()
                            .orElseThrow();
        }
        if (!found.agreesWith(expected)) {
            disagreements.add(
                    String.format(
                            Locale.ROOT,
                            "%s found %.1f a lap where %.1f were expected, or others (%s)",
                            contender.title,
                            found.perLap(),
                            expected.perLap(),
                            title()));
        }
    }

    boolean has(Contender contender) {
        return best.containsKey(contender);
    }

    /** CPU time a reading, nanoseconds. */
    double cpuNs(Contender contender) {
        return has(contender) ? best.get(contender).cpuNs : Double.NaN;
    }

    /** How many times as fast, by CPU time; {@code NaN} when either was not run. */
    double ratio(Contender fast, Contender slow) {
        return cpuNs(slow) / cpuNs(fast);
    }

    /** Contenders whose matches were not those of the others. */
    List<String> disagreements() {
        return List.copyOf(disagreements);
    }

    int patterns() {
        return patterns;
    }

    boolean is(Scenario scenario, Backend backend) {
        return this.scenario == scenario && this.backend == backend;
    }

    String title() {
        return "%d patterns, %s, %s"
                .formatted(patterns, scenario.words, backend.name().toLowerCase(Locale.ROOT));
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(title() + String.format(Locale.ROOT, " (%,d readings a lap)", readings));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "  %-34s %10s %12s %10s %9s %9s",
                        "",
                        "CPU us",
                        "readings/s",
                        "matches",
                        "x stock",
                        "x limit"));
        best.forEach(
                (contender, of) ->
                        lines.add(
                                String.format(
                                        Locale.ROOT,
                                        "  %-34s %10.3f %,12.0f %10s %9s %9s",
                                        contender.title,
                                        of.cpuNs / 1e3,
                                        of.rate,
                                        contender == Contender.LIMIT
                                                ? "-"
                                                : String.format(
                                                        Locale.ROOT, "%,.0f", of.found.perLap()),
                                        times(ratio(contender, Contender.STOCK)),
                                        times(ratio(contender, Contender.LIMIT)))));
        return lines;
    }

    private static String times(double ratio) {
        return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    /** As fields of a JSON object. */
    List<Map<String, Object>> rows() {
        var rows = new ArrayList<Map<String, Object>>();
        best.forEach(
                (contender, of) ->
                        rows.add(
                                Map.of(
                                        "scenario",
                                        scenario.name(),
                                        "backend",
                                        backend.name(),
                                        "patterns",
                                        patterns,
                                        "contender",
                                        contender.name(),
                                        "cpu_ns",
                                        of.cpuNs,
                                        "readings_per_second",
                                        of.rate,
                                        "matches",
                                        of.found.perLap(),
                                        "rounds",
                                        of.rounds)));
        return rows;
    }
}
