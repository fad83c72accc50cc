package hrm.benchmarks.engine;

import hrm.model.Reading;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.PatternCompiler;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern as all engines are asked for it: each gets it in its own language, and none a weaker
 * one. Every reading may start a match, a step takes the next reading that fits ({@code overlap:
 * all}, no skipping): that is what all of them can say.
 *
 * @param within from the first reading to the last; never a multiple of the readings' interval, so
 *     that it does not matter which engine counts its end in
 */
public record BenchPattern(String id, List<Step> steps, Duration within) implements Serializable {

    /** How a step follows the one before. */
    public enum Relation {
        STEP("step"),
        NEXT("next"),
        FOLLOWED_BY("followed_by"),
        NOT_FOLLOWED_BY("not_followed_by");

        final String word;

        Relation(String word) {
            this.word = word;
        }
    }

    /**
     * @param times how often, others may lie between
     */
    public record Step(Relation relation, int times, Where where) implements Serializable {}

    /**
     * What must all be true of a reading; {@code null} asks nothing.
     *
     * @param over bpm above it
     * @param under bpm below it
     * @param still without steps
     * @param moving more steps than that
     * @param aboveFirst bpm more than that above the first step's
     */
    public record Where(
            Integer over, Integer under, boolean still, Integer moving, Integer aboveFirst)
            implements Serializable {

        static Where over(int bpm) {
            return new Where(bpm, null, false, null, null);
        }

        static Where stillOver(int bpm) {
            return new Where(bpm, null, true, null, null);
        }

        static Where under(int bpm) {
            return new Where(null, bpm, false, null, null);
        }

        static Where moving(int steps) {
            return new Where(null, null, false, steps, null);
        }

        static Where stillAboveFirst(int bpm) {
            return new Where(null, null, true, null, bpm);
        }

        /**
         * @param firstBpm of the first step; not asked unless {@code aboveFirst} is
         */
        boolean test(Reading reading, int firstBpm) {
            return (over == null || reading.bpm() > over)
                    && (under == null || reading.bpm() < under)
                    && (!still || reading.steps() == 0)
                    && (moving == null || reading.steps() > moving)
                    && (aboveFirst == null || reading.bpm() > firstBpm + aboveFirst);
        }

        /**
         * As text, in any language that compares alike.
         *
         * @param and how it says so
         * @param first its name of the first step's bpm
         */
        String text(String equal, String and, String first) {
            var all = new ArrayList<String>();
            if (over != null) {
                all.add("bpm > " + over);
            }
            if (under != null) {
                all.add("bpm < " + under);
            }
            if (still) {
                all.add("steps " + equal + " 0");
            }
            if (moving != null) {
                all.add("steps > " + moving);
            }
            if (aboveFirst != null) {
                all.add("bpm > " + first + " + " + aboveFirst);
            }
            return String.join(and, all);
        }
    }

    /**
     * The first patterns of a list without end: five shapes, then the same with other thresholds
     * and windows.
     */
    public static List<BenchPattern> first(int count) {
        var patterns = new ArrayList<BenchPattern>();
        for (int i = 0; i < count; i++) {
            patterns.add(shape(i % 5, i / 5));
        }
        return patterns;
    }

    private static BenchPattern shape(int shape, int k) {
        return switch (shape) {
            case 0 ->
                    of(
                            "rises-again-" + k,
                            62 + 5 * k,
                            step(Relation.STEP, 1, Where.stillOver(120 + k)),
                            step(Relation.FOLLOWED_BY, 1, Where.stillAboveFirst(20 + k)));
            case 1 ->
                    of("three-high-" + k, 122 + 5 * k, step(Relation.STEP, 3, Where.over(125 + k)));
            case 2 ->
                    of(
                            "rise-unexplained-" + k,
                            92 + 5 * k,
                            step(Relation.STEP, 1, Where.stillOver(110 + k)),
                            step(Relation.NOT_FOLLOWED_BY, 1, Where.moving(30 + k)),
                            step(Relation.FOLLOWED_BY, 1, Where.stillOver(130 + k)));
            case 3 ->
                    of(
                            "two-in-a-row-" + k,
                            32 + 5 * k,
                            step(Relation.STEP, 1, Where.over(115 + k)),
                            step(Relation.NEXT, 1, Where.over(115 + k)));
            default ->
                    of(
                            "drops-and-rises-" + k,
                            122 + 5 * k,
                            step(Relation.STEP, 1, Where.over(115 + k)),
                            step(Relation.FOLLOWED_BY, 1, Where.under(45 - k)),
                            step(Relation.FOLLOWED_BY, 1, Where.over(110 + k)));
        };
    }

    private static BenchPattern of(String id, int withinSeconds, Step... steps) {
        return new BenchPattern(id, List.of(steps), Duration.ofSeconds(withinSeconds));
    }

    private static Step step(Relation relation, int times, Where where) {
        return new Step(relation, times, where);
    }

    /** In the language of pattern files. */
    String yaml() {
        var yaml = new StringBuilder();
        yaml.append("id: ").append(id).append('\n');
        yaml.append("version: 1\ntitle: benchmark\ncondition: high\nseverity: low\n");
        yaml.append("overlap: all\nclear_after: 1ms\nsequence:\n");
        for (int i = 0; i < steps.size(); i++) {
            var step = steps.get(i);
            yaml.append("  - ").append(step.relation().word).append(": s").append(i).append('\n');
            yaml.append("    where: ");
            yaml.append(step.where().text("==", " && ", "first(s0).bpm")).append('\n');
            if (step.times() > 1) {
                yaml.append("    times: ").append(step.times()).append('\n');
            }
        }
        yaml.append("within: ").append(within.toSeconds()).append("s\n");
        yaml.append("message: \"${bpm}\"\nsource: \"a benchmark\"\n");
        yaml.append("examples:\n  - given: \"0s bpm=60 steps=0\"\n    expect: []\n");
        return yaml.toString();
    }

    CompiledPattern compiled() {
        var loaded = PatternLoader.load(id + ".yaml", yaml());
        if (loaded.spec() == null) {
            throw new IllegalStateException(loaded.report());
        }
        return PatternCompiler.compile(loaded.spec());
    }
}
