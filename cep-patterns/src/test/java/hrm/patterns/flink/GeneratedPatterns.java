package hrm.patterns.flink;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Patterns and readings by chance, in {@link Notation}. */
final class GeneratedPatterns {
    private GeneratedPatterns() {}

    /** With {@code overlap_all}, in every construct that stock Flink CEP has. */
    static String pattern(Random random) {
        while (true) {
            var written = new Writer(random).pattern();
            if (written != null) {
                return written;
            }
        }
    }

    /** Without what makes the number of matches explode. */
    static String plainPattern(Random random) {
        while (true) {
            var writer = new Writer(random);
            writer.plain = true;
            var written = writer.pattern();
            if (written != null) {
                return written;
            }
        }
    }

    /** What an item means for the one after it. */
    private record Item(boolean negative, boolean notFollowedBy, boolean optional, boolean greedy) {
        static final Item PLAIN = new Item(false, false, false, false);
    }

    private static final class Writer {
        private static final int MOST_PLACES = 10; // one digit each

        private final Random random;
        private final StringBuilder text = new StringBuilder();
        private final List<Integer> positive = new ArrayList<>();
        private final List<Integer> atTheTop = new ArrayList<>();
        private boolean plain;
        private boolean endsInNotFollowedBy;
        private int places;

        Writer(Random random) {
            this.random = random;
        }

        /** Null when it is none that Flink CEP can run. */
        String pattern() {
            if (!sequence(0) || places > MOST_PLACES) {
                return null;
            }
            String steps = text.toString();
            boolean copiesForgetWindows =
                    steps.contains("optional") && steps.contains("not_followed_by")
                            || steps.contains("greedy") && steps.contains("until");
            if (copiesForgetWindows) {
                steps = steps.replaceAll(" within \\d+s", "");
            }
            boolean bounded = steps.contains(" within ");
            if (random.nextInt(5) < 2 || endsInNotFollowedBy && !steps.matches(".*within \\d+s")) {
                steps += " all_within " + (20 + random.nextInt(60)) + "s";
                bounded = true;
            }
            steps += skip();
            if (bounded && !endsInNotFollowedBy && !plain && random.nextInt(6) == 0) {
                steps += " timed_out";
            }
            return steps + " overlap_all";
        }

        private String skip() {
            int step = atTheTop.isEmpty() ? -1 : atTheTop.get(random.nextInt(atTheTop.size()));
            int strategy = plain ? 0 : 1 + random.nextInt(7);
            if (strategy < 4 || strategy > 5 && step < 0) {
                return "";
            }
            return switch (strategy) {
                case 4 -> " skip_to_next";
                case 5 -> " skip_past_last";
                case 6 -> " skip_to_first " + step;
                default -> " skip_to_last " + step;
            };
        }

        /** Whether one of its items must be there. */
        private boolean sequence(int depth) {
            int items = depth == 0 ? 1 + random.nextInt(4) : 1 + random.nextInt(3);
            boolean required = false;
            var before = Item.PLAIN;
            for (int i = 0; i < items; i++) {
                boolean last = i == items - 1;
                if (i > 0 && mayBeNegative(before, last, depth) && random.nextInt(4) == 0) {
                    before = negative(before, last);
                } else {
                    if (i > 0) {
                        text.append(' ').append(relation(before)).append(' ');
                    }
                    boolean group = !plain && depth < 2 && random.nextInt(depth == 0 ? 7 : 4) == 0;
                    before = group ? group(before, depth) : step(before, i, depth);
                    if (before == null) {
                        return false;
                    }
                    required |= !before.optional;
                }
            }
            return required;
        }

        private boolean mayBeNegative(Item before, boolean last, int depth) {
            return !before.optional
                    && !before.notFollowedBy
                    && (!last || depth == 0 && !before.negative && !plain);
        }

        private Item negative(Item before, boolean last) {
            boolean next = !plain && !before.negative && random.nextInt(3) == 0;
            text.append(next ? " not_next " : " not_followed_by ");
            text.append(letters(random, 1));
            reference();
            places++;
            if (last && !next) {
                endsInNotFollowedBy = true;
                if (random.nextBoolean()) {
                    text.append(" within ").append(3 + random.nextInt(18)).append('s');
                }
            }
            return new Item(true, !next, false, false);
        }

        private String relation(Item before) {
            int relation = random.nextInt(plain ? 4 : 6);
            if (relation == 0 && !before.notFollowedBy) {
                return "next";
            }
            return relation > 3 ? "followed_by_any" : "followed_by";
        }

        private Item group(Item before, int depth) {
            text.append("( ");
            if (!sequence(depth + 1)) {
                return null;
            }
            text.append(" )");
            return quantified(before, true);
        }

        private Item step(Item before, int index, int depth) {
            text.append(letters(random, 1 + random.nextInt(3)));
            reference();
            int place = places++;
            int from = text.length();
            var item = quantified(before, false);
            boolean once = text.length() == from;
            if (once && index > 0 && !before.optional && random.nextInt(4) == 0) {
                text.append(" within ").append(3 + random.nextInt(18)).append('s');
            }
            positive.add(place);
            if (depth == 0) {
                atTheTop.add(place);
            }
            return item;
        }

        private void reference() {
            if (!positive.isEmpty() && random.nextInt(5) == 0) {
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
        }

        private Item quantified(Item before, boolean group) {
            boolean repeats = random.nextInt(5) < 2;
            boolean greedy = false;
            if (repeats) {
                int from = 1 + random.nextInt(group ? 2 : 3);
                int kind = random.nextInt(plain ? 2 : 4);
                text.append(
                        switch (kind) {
                            case 0 -> " times " + (from + (from == 1 ? 1 : 0));
                            case 1 -> " times " + from + ".." + (from + 1 + random.nextInt(2));
                            case 2 -> " times " + (from + 1) + "..";
                            default -> " more";
                        });
                int between = plain ? 9 : random.nextInt(8);
                text.append(between < 2 ? " consecutive" : between < 5 ? " combinations" : "");
                greedy = !plain && !group && (between < 2 || between > 4) && random.nextInt(2) == 0;
                text.append(greedy ? " greedy" : "");
                boolean optional = optional(before);
                // Flink CEP fails on all three, after a not_followed_by.
                boolean fails = greedy && optional;
                if (kind >= 2 && !fails && random.nextInt(2) == 0) {
                    text.append(" until ").append(letters(random, 1));
                }
                return new Item(false, false, optional, greedy);
            }
            return new Item(false, false, optional(before), false);
        }

        private boolean optional(Item before) {
            boolean optional = !plain && !before.greedy && random.nextInt(6) == 0;
            text.append(optional ? " optional" : "");
            return optional;
        }
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

    /** Few where matches may branch at every reading. */
    static String readings(Random random, String pattern) {
        int branching = pattern.split("more|\\.\\.|any|combinations|\\)|optional", -1).length - 1;
        int count =
                branching > 2
                        ? 7 + random.nextInt(6)
                        : branching > 0 ? 10 + random.nextInt(10) : 10 + random.nextInt(25);
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
