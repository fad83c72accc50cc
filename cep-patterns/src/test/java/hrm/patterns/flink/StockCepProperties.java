package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Generated patterns on generated readings, until each construct has matched often enough. {@code
 * -Ddifferential.pairs=20000 -Ddifferential.seed=7} tries more or the same again.
 */
class StockCepProperties {
    private static final int DEFAULT_PAIRS = 2000;
    private static final int PAIRS = Integer.getInteger("differential.pairs", DEFAULT_PAIRS);
    private static final long SEED = Long.getLong("differential.seed", System.nanoTime());

    /** How many times as many pairs are tried for the sake of a construct that seldom matches. */
    private static final int MOST_TIMES = 3;

    /** Pairs with matches that each construct has at least, of {@link #DEFAULT_PAIRS}. */
    private static final int LEAST_MATCHED = 50;

    @Test
    void matchesWithOverlapAreThoseOfStockFlinkCepReadingByReading() throws Exception {
        var matched = new LinkedHashMap<String, Integer>();
        Differential.constructs().forEach(construct -> matched.put(construct, 0));
        int pairs = 0;
        int linear = 0;
        int matchedLinear = 0;
        long slowestNanos = 0;
        long slowest = SEED;
        int least = LEAST_MATCHED * Math.min(PAIRS, DEFAULT_PAIRS) / DEFAULT_PAIRS;
        for (long seed = SEED;
                pairs < PAIRS || pairs < MOST_TIMES * PAIRS && !allReach(least, matched);
                seed++) {
            long begun = System.nanoTime();
            for (var pair : Differential.pairs(seed)) {
                assertThat(pair.difference(NfaMatcher::new)).isEmpty();
                if (LinearMatcher.canRun(pair.pattern().compiled().spec())) {
                    assertThat(pair.difference(Matchers::of)).as("linear").isEmpty();
                    linear++;
                    matchedLinear += pair.matched() ? 1 : 0;
                }
                pairs++;
                if (pair.matched()) {
                    pair.constructs()
                            .forEach(construct -> matched.merge(construct, 1, Integer::sum));
                }
            }
            assertThat(pairs)
                    .as("of the streams of %d patterns, those that are compared", seed - SEED + 1)
                    .isGreaterThanOrEqualTo((int) (seed - SEED) / 2);
            long took = System.nanoTime() - begun;
            if (took > slowestNanos) {
                slowestNanos = took;
                slowest = seed;
            }
        }
        System.out.printf("differential.seed=%d: %d pairs, with matches:%n", SEED, pairs);
        matched.forEach((construct, count) -> System.out.printf("  %6d  %s%n", count, construct));
        System.out.printf("  %6d  without an automaton, of %d%n", matchedLinear, linear);
        // So that one over which stock Flink CEP takes long is found.
        System.out.printf("  slowest: %d ms, seed %d%n", slowestNanos / 1_000_000, slowest);
        if (PAIRS >= DEFAULT_PAIRS / 4) {
            assertThat(matchedLinear).isGreaterThanOrEqualTo(least);
            assertThat(matched)
                    .as("pairs with matches, by construct")
                    .allSatisfy(
                            (construct, count) ->
                                    assertThat(count).as(construct).isGreaterThanOrEqualTo(least));
        }
    }

    private static boolean allReach(int least, Map<String, Integer> matched) {
        return matched.values().stream().allMatch(count -> count >= least);
    }
}
