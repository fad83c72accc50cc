package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.flink.Notation.Carried;
import hrm.patterns.flink.Notation.Reading;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Generated patterns on generated readings. {@code -Ddifferential.pairs=10000
 * -Ddifferential.seed=7} tries more or the same again.
 */
class StockCepProperties {
    private static final int PAIRS = Integer.getInteger("differential.pairs", 500);
    private static final long SEED = Long.getLong("differential.seed", System.nanoTime());

    @Test
    void matchesWithOverlapAreThoseOfStockFlinkCepReadingByReading() throws Exception {
        var pairs = new TreeMap<String, Integer>();
        var matched = new TreeMap<String, Integer>();
        for (int i = 0; i < PAIRS; i++) {
            var random = new Random(SEED + i);
            String text = GeneratedPatterns.pattern(random);
            String stream = GeneratedPatterns.readings(random);
            var carried = Carried.values()[i % Carried.values().length];
            var pattern = Notation.pattern(text);
            List<Reading> readings = Notation.readings(stream);

            var expected = StockCep.perReading(pattern, readings);
            var actual =
                    pattern.perReading(readings, 0, carried).stream()
                            .map(
                                    matches ->
                                            matches.stream()
                                                    .map(
                                                            match ->
                                                                    Notation.everything(
                                                                            match.steps()))
                                                    .toList())
                            .toList();

            assertThat(actual)
                    .as(
                            "-Ddifferential.seed=%d -Ddifferential.pairs=1%n%s%n%s%n%s",
                            SEED + i, text, stream, carried)
                    .isEqualTo(expected);
            boolean any = expected.stream().anyMatch(matches -> !matches.isEmpty());
            for (var construct : constructs(text)) {
                pairs.merge(construct, 1, Integer::sum);
                matched.merge(construct, any ? 1 : 0, Integer::sum);
            }
        }
        System.out.printf("differential.seed=%d: of pairs %s matched %s%n", SEED, pairs, matched);
        if (PAIRS >= 500) {
            assertThat(pairs).as("constructs tried").containsOnlyKeys(CONSTRUCTS);
            for (Map.Entry<String, Integer> tried : pairs.entrySet()) {
                assertThat(matched.get(tried.getKey()))
                        .as("pairs with %s that matched, of %s", tried.getKey(), tried.getValue())
                        .isGreaterThan(tried.getValue() / 8);
            }
        }
    }

    private static final String[] CONSTRUCTS = {
        "any",
        "next",
        "followed_by",
        "not_followed_by",
        "times n",
        "times a..b",
        "within",
        "all_within",
        "first(",
        "last(",
        "count("
    };

    private static Set<String> constructs(String pattern) {
        var used = new HashSet<String>();
        for (String construct : CONSTRUCTS) {
            boolean present =
                    switch (construct) {
                        case "any" -> true;
                        case "times n" -> pattern.matches(".*times \\d( .*|$)");
                        case "times a..b" -> pattern.matches(".*times \\d\\.\\..*");
                        case "next", "followed_by", "within" ->
                                pattern.contains(" " + construct + " ");
                        default -> pattern.contains(construct);
                    };
            if (present) {
                used.add(construct);
            }
        }
        return used;
    }
}
