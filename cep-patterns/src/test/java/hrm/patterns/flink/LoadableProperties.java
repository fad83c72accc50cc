package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import hrm.patterns.Catalogue;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.Matcher;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.PatternCompiler;
import hrm.patterns.spec.PatternSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the validator lets pass, the engine runs. Pattern files of any keys anywhere, most of them
 * refused, on readings. {@code -Dloadable.patterns=20000 -Dloadable.seed=7} tries more or the same
 * again.
 */
class LoadableProperties {
    private static final int LOADED = Integer.getInteger("loadable.patterns", 250);
    private static final long SEED = Long.getLong("loadable.seed", System.nanoTime());

    static List<PatternSpec> shipped() {
        return Catalogue.shipped();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedPatternRunsOnTheAutomaton(PatternSpec pattern) {
        runs(PatternCompiler.compile(pattern), NfaMatcher::new, new Random(SEED));
    }

    @Test
    void whatTheValidatorLetsPassTheEngineRuns() {
        int loaded = 0;
        int tried = 0;
        for (long seed = SEED; loaded < LOADED && tried < 100 * LOADED; seed++) {
            var random = new Random(seed * 0x9E3779B97F4A7C15L);
            var yaml = new Writer(random).pattern();
            tried++;
            try {
                var checked = PatternLoader.load("generated", yaml);
                if (checked.isFine()) {
                    loaded++;
                    var pattern = PatternCompiler.compile(checked.spec());
                    runs(pattern, NfaMatcher::new, random);
                    runs(pattern, Matchers::of, random);
                }
            } catch (RuntimeException | AssertionError e) {
                fail("-Dloadable.seed=%d -Dloadable.patterns=1%n%s".formatted(seed, yaml), e);
            }
        }
        System.out.printf("loadable.seed=%d: %d of %d loaded%n", SEED, loaded, tried);
        assertThat(loaded).isEqualTo(LOADED);
    }

    private static void runs(
            CompiledPattern pattern,
            Function<CompiledPattern, ? extends Matcher> matchers,
            Random random) {
        var values = new Values();
        var found = new ArrayList<Match>();
        try (var matcher = matchers.apply(pattern)) {
            var state = matcher.start();
            long second = 0;
            for (int i = 0; i < 25; i++) {
                second += 1 + random.nextInt(8);
                values.clear();
                values.set(Name.BPM, 40 + random.nextInt(140)).set(Name.STEPS, random.nextInt(3));
                matcher.advance(state, Input.reading(values, second * 1000), found::add);
                state = Notation.read(matcher, Notation.write(matcher, state));
            }
            matcher.ifSilent(state, Long.MAX_VALUE / 2, found::add);
            assertThat(matcher.tally().failedConditions()).isZero();
        }
    }

    /** Writes a pattern file that is now and then a good one. */
    private static final class Writer {
        private static final List<String> RELATIONS =
                List.of(
                        "followed_by",
                        "followed_by",
                        "next",
                        "followed_by_any",
                        "not_followed_by",
                        "not_next");

        private final Random random;
        private final StringBuilder text = new StringBuilder();
        private final List<String> names = new ArrayList<>();

        Writer(Random random) {
            this.random = random;
        }

        private boolean oneIn(int n) {
            return random.nextInt(n) == 0;
        }

        private String seconds() {
            return 3 + random.nextInt(40) + "s";
        }

        String pattern() {
            text.append("id: generated\nversion: 1\ntitle: T\ncondition: high\nseverity: low\n");
            text.append(oneIn(6) ? "on: minute\n" : "");
            text.append("message: m\nsource: s\nexamples: []\nsequence:\n");
            items("  ", 0);
            text.append(oneIn(4) ? "" : "within: " + (30 + random.nextInt(60)) + "s\n");
            text.append(oneIn(8) ? "outcome: timed_out\n" : "");
            if (oneIn(2)) {
                text.append("overlap: all\n");
                text.append(oneIn(2) ? skip() : "");
            }
            return text.toString();
        }

        private String skip() {
            return switch (random.nextInt(4)) {
                case 0 -> "skip: to_next\n";
                case 1 -> "skip: past_last\n";
                case 2 -> "skip: { to_first: " + anyName() + " }\n";
                default -> "skip: { to_last: " + anyName() + " }\n";
            };
        }

        private String anyName() {
            return names.get(random.nextInt(names.size()));
        }

        private void items(String indent, int depth) {
            int count = 1 + random.nextInt(depth == 0 ? 4 : 3);
            for (int i = 0; i < count; i++) {
                var relation = i == 0 ? "step" : RELATIONS.get(random.nextInt(RELATIONS.size()));
                text.append(indent).append("- ").append(relation).append(":");
                if (depth < 2 && oneIn(7)) {
                    text.append('\n');
                    items(indent + "    ", depth + 1);
                    quantifier(indent + "  ");
                } else {
                    step(indent + "  ", relation.startsWith("not"));
                }
            }
        }

        private void step(String indent, boolean negative) {
            var name = "s" + names.size();
            text.append(' ').append(name).append('\n');
            line(indent, "where: " + where());
            names.add(name);
            if (negative && !oneIn(8)) {
                if (oneIn(3)) {
                    line(indent, "within: " + seconds());
                }
                return;
            }
            if (names.size() == 1 && oneIn(6)) {
                line(indent, "starts: edge");
            }
            if (oneIn(7)) {
                line(indent, "hold: " + seconds());
            } else if (oneIn(7)) {
                int least = 1 + random.nextInt(3);
                line(indent, "at_least: " + least);
                line(indent, "of: " + (least + random.nextInt(3)));
                if (oneIn(2)) {
                    line(indent, "every: " + seconds());
                    line(indent, "among: exists(steps)");
                }
            }
            quantifier(indent);
            if (oneIn(4)) {
                line(indent, "within: " + seconds());
            }
        }

        private void quantifier(String indent) {
            if (oneIn(3)) {
                int from = 1 + random.nextInt(2);
                line(
                        indent,
                        switch (random.nextInt(4)) {
                            case 0 -> "times: " + (from + 1);
                            case 1 -> "times: " + from + ".." + (from + 1 + random.nextInt(2));
                            case 2 -> "times: " + from + "..";
                            default -> "one_or_more: true";
                        });
                for (var flag : List.of("consecutive", "combinations", "greedy")) {
                    if (oneIn(5)) {
                        line(indent, flag + ": true");
                    }
                }
                if (oneIn(5)) {
                    line(indent, "until: bpm > 160");
                }
            }
            if (oneIn(6)) {
                line(indent, "optional: true");
            }
        }

        private String where() {
            int limit = 60 + random.nextInt(100);
            if (!names.isEmpty() && oneIn(5)) {
                return switch (random.nextInt(3)) {
                    case 0 -> "bpm > first(" + anyName() + ").bpm - 10";
                    case 1 -> "bpm < last(" + anyName() + ").bpm + steps";
                    default -> "count(" + anyName() + ") < 3 && bpm > " + limit;
                };
            }
            return (oneIn(2) ? "bpm > " : "bpm < ") + limit;
        }

        private void line(String indent, String line) {
            text.append(indent).append(line).append('\n');
        }
    }
}
