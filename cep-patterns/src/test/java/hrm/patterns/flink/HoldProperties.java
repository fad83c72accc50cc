package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.flink.Notation.Carried;
import hrm.patterns.flink.Notation.Case;
import hrm.patterns.flink.Notation.Reading;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Patterns with {@code hold} against a model that keeps all readings in a list and looks back.
 * {@code -Dhold.pairs=10000 -Dhold.seed=7} tries more or the same again.
 */
class HoldProperties {
    private static final int PAIRS = Integer.getInteger("hold.pairs", 1500);
    private static final long SEED = Long.getLong("hold.seed", System.nanoTime());

    /** How many times as many pairs are tried for the sake of a shape that seldom matches. */
    private static final int MOST_TIMES = 5;

    private static final String[] SHAPES = {
        "H",
        "H followed_by c W",
        "a followed_by H W",
        "a next H",
        "a followed_by H followed_by c W",
        "a times 2 followed_by H",
        "H followed_by H",
        "H followed_by c<last(0) followed_by d W",
        "a not_followed_by x followed_by H",
        "H followed_by c W not_followed_by a followed_by d"
    };

    @Test
    void matchesWithHoldAreThoseOfAModelThatRemembersEverything() {
        var tried = new TreeMap<String, Integer>();
        var matched = new TreeMap<String, Integer>();
        int least = PAIRS / (10 * SHAPES.length);
        for (int i = 0; i < PAIRS || i < MOST_TIMES * PAIRS && !eachMatched(least, matched); i++) {
            var random = new Random(SEED + i);
            String shape = SHAPES[random.nextInt(SHAPES.length)];
            String text = generatePattern(shape, random);
            String stream = generateReadings(random);
            long lengthMs = random.nextBoolean() ? 0 : 1000;
            var carried = Carried.values()[i % Carried.values().length];
            var pattern = Notation.pattern(text);
            var readings = Notation.readings(stream);

            var expected = new Model(pattern, readings, lengthMs).matches();
            var actual =
                    pattern.matches(readings, lengthMs, carried).stream()
                            .map(match -> Notation.everything(match.steps()))
                            .toList();

            assertThat(actual)
                    .as(
                            "-Dhold.seed=%d -Dhold.pairs=1%n%s%n%s%n%s, inputs of %d ms",
                            SEED + i, text, stream, carried, lengthMs)
                    .isEqualTo(expected);
            tried.merge(shape, 1, Integer::sum);
            matched.merge(shape, expected.isEmpty() ? 0 : 1, Integer::sum);
        }
        System.out.printf("hold.seed=%d: of pairs %s matched %s%n", SEED, tried, matched);
        if (PAIRS >= 100) {
            assertThat(matched).as("of %s, at least %d each", tried, least).hasSize(SHAPES.length);
            assertThat(eachMatched(least, matched)).as("%s, at least %d", matched, least).isTrue();
        }
    }

    private static boolean eachMatched(int least, Map<String, Integer> matched) {
        return matched.size() == SHAPES.length
                && matched.values().stream().allMatch(count -> count >= least);
    }

    private static String generatePattern(String shape, Random random) {
        var text = new StringBuilder();
        for (String token : shape.split(" ")) {
            text.append(
                    switch (token) {
                        case "H" ->
                                "%s hold %ds gap %ds"
                                        .formatted(
                                                random.nextInt(3) == 0 ? "ahc" : "ah",
                                                4 + random.nextInt(15),
                                                3 + random.nextInt(8));
                        case "W" ->
                                random.nextBoolean()
                                        ? "within " + (20 + random.nextInt(20)) + "s"
                                        : "";
                        default -> token;
                    });
            text.append(' ');
        }
        if (random.nextInt(3) == 0) {
            text.append("all_within ").append(40 + random.nextInt(60)).append("s ");
        }
        return text + (random.nextBoolean() ? "overlap_all" : "");
    }

    private static String generateReadings(Random random) {
        var text = new StringBuilder();
        long second = 0;
        String letter = "h";
        for (int i = 0; i < 80; i++) {
            second += random.nextInt(12) == 0 ? 6 + random.nextInt(10) : 1 + random.nextInt(3);
            if (random.nextInt(4) == 0) {
                letter = "" + "aahhhccddx?".charAt(random.nextInt(11));
            }
            text.append(letter).append(second).append('=').append(60 + random.nextInt(80));
            text.append(' ');
        }
        return text.toString();
    }

    /** Looks at all readings again for every question. */
    private static final class Model {
        private final List<Step> steps;
        private final Case pattern;
        private final List<Reading> readings;
        private final long lengthMs;

        /** Stretches that have started a match, by the place of their first reading. */
        private final Set<Integer> used = new HashSet<>();

        Model(Case pattern, List<Reading> readings, long lengthMs) {
            this.pattern = pattern;
            this.steps = pattern.compiled().spec().sequence();
            this.readings = readings;
            this.lengthMs = lengthMs;
        }

        /** What one match in progress has taken: by step, places of readings. */
        private final class Progress {
            final List<List<Integer>> taken = new ArrayList<>();

            Progress() {
                steps.forEach(step -> taken.add(new ArrayList<>()));
            }

            /** The step that waits for a reading. */
            int waits() {
                for (int i = 0; i < steps.size(); i++) {
                    if (!steps.get(i).relation().isNegative()
                            && taken.get(i).size() < steps.get(i).timesMin()) {
                        return i;
                    }
                }
                return -1;
            }

            int before(int step) {
                int before = step - 1;
                while (steps.get(before).relation().isNegative()) {
                    before--;
                }
                return before;
            }

            int first(int step) {
                int place = taken.get(step).get(0);
                return holds(step) ? stretchStart(step, place) : place;
            }

            /** The last reading of the step, as seen from the reading at {@code now}. */
            int last(int step, int now) {
                int last = taken.get(step).get(taken.get(step).size() - 1);
                while (holds(step) && last < now && continues(step, last + 1)) {
                    last++;
                }
                return last;
            }

            boolean expired(int now) {
                Long all = millis(pattern.compiled().spec().within());
                if (all != null && start(now) - start(first(0)) >= all) {
                    return true;
                }
                int waits = waits();
                Long within = millis(steps.get(waits).within());
                return within != null
                        && taken.get(waits).isEmpty()
                        && start(now) - start(last(before(waits), now)) >= within;
            }

            /** Whether it goes on. */
            boolean advance(int now) {
                int waits = waits();
                int previous = taken.get(waits).isEmpty() ? before(waits) : waits;
                for (int i = previous + 1; i < waits; i++) {
                    if (isTrue(i, now, this)) {
                        return false;
                    }
                }
                boolean next = steps.get(waits).relation() == Relation.NEXT;
                if (holds(waits)) {
                    if (next && !isTrue(waits, now, this)) {
                        return false;
                    }
                    if (due(waits, now, end(last(previous, now)))) {
                        taken.get(waits).add(now);
                    }
                } else if (isTrue(waits, now, this)) {
                    taken.get(waits).add(now);
                } else {
                    return !(next && taken.get(waits).isEmpty());
                }
                return true;
            }

            String show(int now) {
                var shown = new ArrayList<String>();
                for (int i = 0; i < steps.size(); i++) {
                    if (!steps.get(i).relation().isNegative()) {
                        int first = first(i);
                        int last = last(i, now);
                        shown.add(
                                "%d:%d..%dx%d(%s..%s)"
                                        .formatted(
                                                i,
                                                start(first),
                                                start(last),
                                                holds(i) ? last - first + 1 : taken.get(i).size(),
                                                readings.get(first).bpm,
                                                readings.get(last).bpm));
                    }
                }
                return String.join(" ", shown);
            }
        }

        List<String> matches() {
            boolean one = pattern.compiled().spec().overlap() == Overlap.NONE;
            var found = new ArrayList<String>();
            List<Progress> inProgress = new ArrayList<>();
            for (int now = 0; now < readings.size(); now++) {
                boolean completed = false;
                var still = new ArrayList<Progress>();
                for (var progress : inProgress) {
                    if (!progress.expired(now) && progress.advance(now)) {
                        if (progress.waits() < 0) {
                            found.add(progress.show(now));
                            completed = true;
                        } else {
                            still.add(progress);
                        }
                    }
                }
                inProgress = still;
                if (starts(now) && !(one && (completed || !inProgress.isEmpty()))) {
                    var progress = new Progress();
                    progress.taken.get(0).add(now);
                    if (holds(0)) {
                        used.add(stretchStart(0, now));
                    }
                    if (progress.waits() < 0) {
                        found.add(progress.show(now));
                    } else {
                        inProgress.add(progress);
                    }
                }
            }
            return found;
        }

        private boolean starts(int now) {
            return holds(0)
                    ? due(0, now, Long.MIN_VALUE) && !used.contains(stretchStart(0, now))
                    : isTrue(0, now, null);
        }

        private boolean due(int step, int now, long notBeforeMs) {
            return isTrue(step, now, null)
                    && end(now) - Math.max(start(stretchStart(step, now)), notBeforeMs)
                            >= steps.get(step).hold().toMillis();
        }

        private int stretchStart(int step, int now) {
            int start = now;
            while (start > 0 && isTrue(step, start - 1, null) && continues(step, start)) {
                start--;
            }
            return start;
        }

        /** Whether the reading continues the stretch that the one before belongs to. */
        private boolean continues(int step, int place) {
            return isTrue(step, place, null)
                    && start(place) - end(place - 1) <= steps.get(step).maxGap().toMillis();
        }

        private boolean isTrue(int step, int place, Progress progress) {
            var where = pattern.wheres().get(step);
            var reading = readings.get(place);
            boolean letter = reading.letter != null && where.letters().contains(reading.letter);
            if (!where.refers() || !letter) {
                return letter;
            }
            // The only reference in SHAPES.
            return reading.bpm < readings.get(progress.last(where.step(), place)).bpm;
        }

        private boolean holds(int step) {
            return steps.get(step).hold() != null;
        }

        private long start(int place) {
            return readings.get(place).timeMs();
        }

        private long end(int place) {
            return start(place) + lengthMs;
        }

        private static Long millis(java.time.Duration duration) {
            return duration == null ? null : duration.toMillis();
        }
    }
}
