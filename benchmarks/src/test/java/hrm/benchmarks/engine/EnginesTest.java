package hrm.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.benchmarks.engine.LocalFlink.Backend;
import hrm.benchmarks.engine.Readings.Scenario;
import org.junit.jupiter.api.Test;

class EnginesTest {
    private static final long SEED = 7;

    @Test
    void allEnginesFindTheSameMatches() throws Exception {
        var patterns = BenchPattern.first(10);
        var readings = Readings.generate(Scenario.SCATTERED, 60, 300, SEED);
        var decisions = EngineBenchmark.decisions(readings, patterns);
        var table =
                new EngineTable(Scenario.SCATTERED, Backend.HEAP, 10, readings.size(), decisions);
        try (var flink = new LocalFlink()) {
            for (var contender : Contender.values()) {
                var run = contender.run(flink, Backend.HEAP, readings, patterns);
                if (contender != Contender.LIMIT) {
                    assertThat(run.found().count()).as("%s, seed %d", contender, SEED).isPositive();
                }
                table.add(contender, run);
            }
        }
        assertThat(table.disagreements()).isEmpty();
        assertThat(String.join("\n", table.lines()))
                .contains("stock Flink CEP", "Siddhi", "x limit");
    }

    @Test
    void aLostMatchIsAFailure() {
        var table = new EngineTable(Scenario.LASTING, Backend.ROCKSDB, 5, 100, null);
        table.add(Contender.STOCK, new Meter.Reading(1_000, 1_000, new Matches.Found(10, 77, 1)));
        table.add(Contender.ENGINE, new Meter.Reading(1_000, 1_000, new Matches.Found(40, 308, 4)));
        assertThat(table.disagreements()).isEmpty();
        table.add(Contender.ENGINE, new Meter.Reading(1_000, 1_000, new Matches.Found(39, 308, 4)));
        assertThat(table.disagreements())
                .singleElement()
                .asString()
                .contains("this engine alone found 9.8 a lap where 10.0 were expected");
    }

    @Test
    void everyPatternMatchesInTheTable() {
        var readings = Readings.generate(Scenario.SCATTERED, 2_000, 100, 1);
        for (var pattern : BenchPattern.first(5)) {
            assertThat(EngineBenchmark.decisions(readings, java.util.List.of(pattern)).count())
                    .as(pattern.id())
                    .isPositive();
        }
    }

    @Test
    void whatIsKeptOfAPersonSurvivesItsBytes() throws Exception {
        var readings = Readings.generate(Scenario.LASTING, 100, 50, SEED);
        var host =
                new PatternHost(
                        BenchPattern.first(5).stream().map(BenchPattern::compiled).toList());
        var kept = host.judgeAll(readings, new Matches(readings.lapMs()));
        assertThat(kept[0].isQuiet()).isFalse();
        assertThat(kept[0].copy().bytes()).isEqualTo(kept[0].bytes());
        assertThat(kept[99].isQuiet()).isTrue();
    }
}
