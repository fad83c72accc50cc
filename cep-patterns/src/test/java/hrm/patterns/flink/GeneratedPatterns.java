package hrm.patterns.flink;

import java.util.ArrayList;
import java.util.Random;

/** Patterns and readings by chance, in {@link Notation}. */
final class GeneratedPatterns {
    private GeneratedPatterns() {}

    /** With {@code overlap_all}, in every construct that stock Flink CEP has. */
    static String pattern(Random random) {
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

    static String letters(Random random, int count) {
        var letters = new StringBuilder();
        for (char letter = 'a'; letter <= 'd'; letter++) {
            if (random.nextInt(4) < count) {
                letters.append(letter);
            }
        }
        return letters.isEmpty() ? "b" : letters.toString();
    }

    static String readings(Random random) {
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
