package hrm.benchmarks.engine;

import hrm.benchmarks.engine.LocalFlink.Backend;
import hrm.benchmarks.engine.Readings.Scenario;

/** What {@code hrm bench engine} calls "this engine alone", for comparisons with it. */
public final class EngineRate {
    private EngineRate() {}

    /**
     * Readings a second of all tasks together, by the clock, best round: state on the heap, 2 %
     * interesting readings.
     */
    public static double measure(LocalFlink flink, int patterns, int people, int rounds, long seed)
            throws InterruptedException {
        var readings = Readings.generate(Scenario.SCATTERED, people, 100, seed);
        var engine = Contender.ENGINE;
        double best = 0;
        for (int round = 0; round < rounds; round++) {
            var run = engine.run(flink, Backend.HEAP, readings, BenchPattern.first(patterns));
            best = Math.max(best, readings.size() * engine.laps * 1e9 / run.wallNs());
        }
        return best;
    }
}
