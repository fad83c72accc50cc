package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.flink.Notation.Carried;
import hrm.patterns.flink.Notation.Reading;
import java.util.ArrayList;
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
            String text = generatePattern(random);
            String stream = generateReadings(random);
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

    private static String generatePattern(Random random) {
        int steps = 1 + random.nextInt(5);
        var text = new StringBuilder();
        var positive = new ArrayList<Integer>();
        for (int i = 0; i < steps; i++) {
            boolean negative = i > 0 && i < steps - 1 && random.nextInt(4) == 0;
            if (i > 0) {
                text.append(
                        negative
                                ? " not_followed_by "
                                : random.nextInt(4) == 0 ? " next " : " followed_by ");
            }
            text.append(letters(random, negative ? 1 : 1 + random.nextInt(3)));
            if (!positive.isEmpty() && random.nextInt(4) == 0) {
                int step = positive.get(random.nextInt(positive.size()));
                text.append(
                        switch (random.nextInt(5)) {
                            case 0 -> ">first(" + step + ")";
                            case 1 -> "<first(" + step + ")";
                            case 2 -> ">last(" + step + ")";
                            case 3 -> "<last(" + step + ")";
                            default -> ">=count(" + step + ")";
                        });
            }
            if (negative) {
                continue;
            }
            positive.add(i);
            if (random.nextInt(4) == 0) {
                int from = 1 + random.nextInt(3);
                text.append(" times ").append(from);
                if (random.nextBoolean()) {
                    text.append("..").append(from + 1 + random.nextInt(2));
                }
            } else if (i > 0 && random.nextInt(4) == 0) {
                text.append(" within ").append(3 + random.nextInt(18)).append("s");
            }
        }
        if (random.nextInt(5) < 2) {
            text.append(" all_within ").append(20 + random.nextInt(80)).append("s");
        }
        return text.append(" overlap_all").toString();
    }

    private static String letters(Random random, int count) {
        var letters = new StringBuilder();
        for (char letter = 'a'; letter <= 'd'; letter++) {
            if (random.nextInt(4) < count) {
                letters.append(letter);
            }
        }
        return letters.isEmpty() ? "b" : letters.toString();
    }

    private static String generateReadings(Random random) {
        int count = 10 + random.nextInt(30);
        long second = 0;
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            second += 1 + random.nextInt(8);
            text.append("abcdx?".charAt(Math.min(random.nextInt(7), 5)))
                    .append(second)
                    .append('=')
                    .append(60 + random.nextInt(80))
                    .append(' ');
        }
        return text.toString();
    }
}
