package hrm.benchmarks.engine;

import hrm.benchmarks.Bar;
import hrm.benchmarks.Progress;
import hrm.benchmarks.engine.LocalFlink.Backend;
import hrm.benchmarks.engine.Readings.Scenario;
import hrm.model.Json;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The same generated readings through this engine, stock Flink CEP, other engines and a keyed step
 * that does nothing, in turns.
 */
@Command(
        name = "engine",
        description = "Patterns on readings: this engine against stock Flink CEP, Esper, a limit.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench engine --quick",
            "",
            "CPU us: CPU time a reading of all threads that work on it, best round. Exit code 1",
            "if engines do not find the same matches, or a bar is not reached."
        })
public final class EngineBenchmark implements Callable<Integer> {
    private static final int ROCKSDB_ROUNDS = 8;

    @Spec CommandSpec spec;

    @Option(names = "--quick", description = "5 and 20 patterns, fewer readings and rounds.")
    boolean quick;

    @Option(
            names = "--patterns",
            split = ",",
            paramLabel = "N",
            description = "How many patterns. Default: 1,5,20,50; --quick: 5,20")
    List<Integer> patterns;

    @Option(
            names = "--people",
            paramLabel = "N",
            description = "How many, 100 readings each. Default: 10000; --quick: 2000")
    Integer people;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each, in turns; on RocksDB 8. Default: 4; --quick: 2")
    Integer rounds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the readings. Default: 1")
    long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the rows there.")
    Path json;

    private final List<EngineTable> tables = new ArrayList<>();
    private final ShippedCatalogue shipped = new ShippedCatalogue();
    private final StateSizes sizes = new StateSizes();

    @Override
    public Integer call() throws Exception {
        patterns = patterns == null ? (quick ? List.of(5, 20) : List.of(1, 5, 20, 50)) : patterns;
        people = people == null ? Integer.valueOf(quick ? 2_000 : 10_000) : people;
        rounds = rounds == null ? Integer.valueOf(quick ? 2 : 4) : rounds;
        if (people < 1 || rounds < 1 || patterns.stream().anyMatch(n -> n < 1 || n > 100)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--people and --rounds are at least 1, --patterns from 1 to 100.");
        }
        var out = spec.commandLine().getOut();
        measure(new Progress(spec.commandLine().getErr()));
        out.printf(
                Locale.ROOT,
                "Seed %d, best of %d rounds (on RocksDB %d, of stock 1), load %.1f%n",
                seed,
                rounds,
                rocksdbRounds(),
                load());
        for (var table : tables) {
            out.println();
            table.lines().forEach(out::println);
        }
        out.println();
        sizes.lines().forEach(out::println);
        out.println();
        shipped.lines().forEach(out::println);
        out.println();
        var bars = bars();
        bars.addAll(shipped.bars());
        Bar.lines(bars).forEach(out::println);
        var wrong = tables.stream().flatMap(table -> table.disagreements().stream()).toList();
        if (wrong.isEmpty()) {
            out.println("All engines found the same matches (count and hash).");
        } else {
            wrong.forEach(one -> out.println("NOT THE SAME: " + one));
        }
        if (json != null) {
            Files.write(
                    json,
                    Json.write(tables.stream().flatMap(table -> table.rows().stream()).toList()));
        }
        return wrong.isEmpty() && bars.stream().allMatch(Bar::isReached) ? 0 : 1;
    }

    private void measure(Progress progress) throws Exception {
        var everybody = EnumSet.allOf(Contender.class);
        try (var flink = new LocalFlink()) {
            var scattered = Readings.generate(Scenario.SCATTERED, people, 100, seed);
            for (int count : patterns) {
                table(
                        flink,
                        Scenario.SCATTERED,
                        Backend.HEAP,
                        count,
                        scattered,
                        everybody,
                        progress);
            }
            // An hour of readings, so fewer people.
            var lasting = Readings.generate(Scenario.LASTING, Math.max(1, people / 7), 720, seed);
            for (int count : quick ? List.of(patterns.get(0)) : patterns) {
                table(flink, Scenario.LASTING, Backend.HEAP, count, lasting, everybody, progress);
            }
            var some = Readings.generate(Scenario.SCATTERED, Math.max(1, people / 4), 100, seed);
            for (int count : quick ? List.of(patterns.get(0)) : patterns) {
                table(
                        flink,
                        Scenario.SCATTERED,
                        Backend.ROCKSDB,
                        count,
                        some,
                        EnumSet.of(Contender.LIMIT, Contender.STOCK, Contender.ENGINE),
                        progress);
            }
            for (int count : patterns) {
                sizes.measure(lasting, count);
            }
        }
        for (int round = 0; round < rounds + 2; round++) {
            shipped.run(seed);
        }
    }

    private int rocksdbRounds() {
        return Math.max(rounds, ROCKSDB_ROUNDS);
    }

    private void table(
            LocalFlink flink,
            Scenario scenario,
            Backend backend,
            int count,
            Readings readings,
            Set<Contender> contenders,
            Progress progress)
            throws InterruptedException {
        var list = BenchPattern.first(count);
        var table =
                new EngineTable(
                        scenario, backend, count, readings.size(), decisions(readings, list));
        tables.add(table);
        // Rows that differ by little need many rounds; stock takes half a minute for one of them.
        boolean slow = backend == Backend.ROCKSDB;
        int rounds = slow ? rocksdbRounds() : this.rounds;
        for (int round = 0; round < rounds; round++) {
            for (var contender : contenders) {
                if (!slow || contender != Contender.STOCK || round == 0) {
                    table.add(contender, contender.run(flink, backend, readings, list));
                }
            }
            progress.line(
                    "%s: round %d of %d, load %.1f"
                            .formatted(table.title(), round + 1, rounds, load()));
        }
    }

    /** What the judgement makes alerts of: the first match of each pattern and reading. */
    static Matches.Found decisions(Readings readings, List<BenchPattern> patterns) {
        var host = new PatternHost(patterns.stream().map(BenchPattern::compiled).toList());
        var decisions = new Matches(readings.lapMs());
        host.countDecisions(decisions);
        host.judgeAll(readings, new Matches(readings.lapMs()));
        return decisions.found(1);
    }

    private List<Bar> bars() {
        var bars = new ArrayList<Bar>();
        for (var table : tables) {
            int n = table.patterns();
            if (table.is(Scenario.SCATTERED, Backend.HEAP)) {
                if (n == 5) {
                    bars.add(against(table, Contender.ENGINE, Contender.STOCK, 8, 12));
                    bars.add(
                            Bar.atLeast(
                                    "engine alone / limit, heap, 5 patterns",
                                    table.ratio(Contender.ENGINE, Contender.LIMIT),
                                    0.12,
                                    0.4));
                } else if (n == 20) {
                    bars.add(against(table, Contender.ENGINE, Contender.STOCK, 15, 25));
                }
                if (n == 5 || n == 20) {
                    // Neither has Flink's exchange to pay for.
                    bars.add(against(table, Contender.ALONE, Contender.ESPER, 2, Double.NaN));
                    bars.add(against(table, Contender.ALONE, Contender.SIDDHI, 2, Double.NaN));
                }
            } else if (table.is(Scenario.SCATTERED, Backend.ROCKSDB) && n == 5) {
                bars.add(
                        Bar.atLeast(
                                "engine alone / limit, RocksDB, 5 patterns",
                                table.ratio(Contender.ENGINE, Contender.LIMIT),
                                0.8));
            }
        }
        double cost5 = cost(5);
        double cost20 = cost(20);
        if (!Double.isNaN(cost5) && !Double.isNaN(cost20)) {
            bars.add(Bar.atMost("cost of 20 patterns / of 5", cost20 / cost5, 3, "x"));
        }
        return bars;
    }

    private static Bar against(
            EngineTable table, Contender ours, Contender peer, double bar, double aim) {
        return Bar.atLeast(
                "%s / %s, %d patterns".formatted(ours.title, peer.title, table.patterns()),
                table.ratio(ours, peer),
                bar,
                aim);
    }

    private double cost(int count) {
        return tables.stream()
                .filter(table -> table.is(Scenario.SCATTERED, Backend.HEAP))
                .filter(table -> table.patterns() == count)
                .mapToDouble(table -> table.cpuNs(Contender.ENGINE))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
