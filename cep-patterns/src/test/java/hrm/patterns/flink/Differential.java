package hrm.patterns.flink;

import hrm.patterns.Match;
import hrm.patterns.Matcher;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.flink.Notation.Carried;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Generated patterns and streams, and what stock Flink CEP finds in them. */
final class Differential {
    private static final int STREAMS = 4;

    /** How each construct is written in {@link Notation}. */
    private static final List<Construct> CONSTRUCTS =
            List.of(
                    new Construct("next", " next "),
                    new Construct("followed_by", " followed_by "),
                    new Construct("followed_by_any", " followed_by_any "),
                    new Construct("not_next", " not_next "),
                    new Construct("not_followed_by", " not_followed_by "),
                    new Construct(
                            "not_followed_by at the end",
                            " not_followed_by \\S+( within \\S+)?( all_within.*| skip.*)? overlap"),
                    new Construct("times n", " times \\d "),
                    new Construct("times a..b", " times \\d\\.\\.\\d"),
                    new Construct("times a..", " times \\d\\.\\. "),
                    new Construct("one_or_more", " more "),
                    new Construct("consecutive", " consecutive "),
                    new Construct("combinations", " combinations "),
                    new Construct("greedy", " greedy "),
                    new Construct("optional", " optional "),
                    new Construct("until", " until "),
                    new Construct("group", "\\("),
                    new Construct("group that repeats", " \\) (times|more)"),
                    new Construct("group that is optional", " \\)[^()]* optional"),
                    new Construct("group inside a group", "\\( [^)]*\\( "),
                    new Construct("within of a step", " within "),
                    new Construct("within of the pattern", " all_within "),
                    new Construct("first(step)", "first\\("),
                    new Construct("last(step)", "last\\("),
                    new Construct("count(step)", "count\\("),
                    new Construct("outcome: timed_out", " timed_out "),
                    new Construct("skip: no_skip", "^(?!.* skip_).*"),
                    new Construct("skip: to_next", " skip_to_next "),
                    new Construct("skip: past_last", " skip_past_last "),
                    new Construct("skip: to_first", " skip_to_first "),
                    new Construct("skip: to_last", " skip_to_last "));

    private record Construct(String name, Pattern written) {
        Construct(String name, String written) {
            this(name, Pattern.compile(written));
        }
    }

    private Differential() {}

    /** Every construct that generated patterns have. */
    static Set<String> constructs() {
        var names = new LinkedHashSet<String>();
        CONSTRUCTS.forEach(construct -> names.add(construct.name));
        return names;
    }

    /**
     * A pattern and a stream, and what stock Flink CEP finds.
     *
     * @param seed gives the pattern and its streams again
     */
    record Pair(
            long seed,
            Notation.Case pattern,
            List<Notation.Reading> readings,
            String stream,
            Carried carried,
            StockCep.Run expected) {

        boolean matched() {
            return !expected.silent().isEmpty()
                    || expected.perReading().stream().anyMatch(found -> !found.isEmpty());
        }

        Set<String> constructs() {
            var used = new LinkedHashSet<String>();
            for (var construct : CONSTRUCTS) {
                if (construct.written.matcher(pattern.text()).find()) {
                    used.add(construct.name);
                }
            }
            return used;
        }

        /** Where these matchers find something else; empty when nowhere. */
        Optional<String> difference(Function<CompiledPattern, ? extends Matcher> matchers) {
            String actual;
            try {
                var run = pattern.perReading(readings, 0, carried, matchers);
                if (run.capped()) {
                    return Optional.empty();
                }
                var perReading = run.perReading().stream().map(Pair::text).toList();
                for (int i = 0; i < readings.size(); i++) {
                    if (!perReading.get(i).equals(expected.perReading().get(i))) {
                        return Optional.of(
                                differs(
                                        "at " + readings.get(i).second + " s",
                                        expected.perReading().get(i),
                                        perReading.get(i)));
                    }
                }
                // Flink CEP sets no timer for the window of a step.
                boolean comparable = !pattern.text().contains(" within ");
                var silent = text(run.silent());
                if (!comparable || silent.equals(expected.silent())) {
                    return Optional.empty();
                }
                actual = differs("when nothing comes any more", expected.silent(), silent);
            } catch (RuntimeException | AssertionError e) {
                actual = differs("", List.of(), List.of(e.toString()));
            }
            return Optional.of(actual);
        }

        private String differs(String where, List<String> wanted, List<String> found) {
            return "-Ddifferential.seed=%d -Ddifferential.pairs=1%n%s%n%s%n%s%n%s%n  Flink CEP %s%n  here      %s"
                    .formatted(seed, pattern.text(), stream, carried, where, wanted, found);
        }

        private static List<String> text(List<Match> matches) {
            return matches.stream().map(match -> Notation.everything(match.steps())).toList();
        }
    }

    /**
     * All streams of one generated pattern, but for those on which it branches so often that the
     * engine must end some: what they all come to would take stock Flink CEP minutes.
     */
    static List<Pair> pairs(long seed) throws Exception {
        // Mixed: neighbouring seeds of Random begin alike.
        var random = new Random(new SplittableRandom(seed).nextLong());
        var pattern = Notation.pattern(GeneratedPatterns.pattern(random));
        var streams = new ArrayList<String>();
        for (int i = 0; i < STREAMS; i++) {
            var stream = GeneratedPatterns.readings(random, pattern.text());
            if (!isCapped(pattern, Notation.readings(stream))) {
                streams.add(stream);
            }
        }
        var readings = streams.stream().map(Notation::readings).toList();
        var runs = StockCep.run(pattern, readings);
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < streams.size(); i++) {
            var carried = Carried.values()[Math.floorMod(seed + i, Carried.values().length)];
            pairs.add(
                    new Pair(seed, pattern, readings.get(i), streams.get(i), carried, runs.get(i)));
        }
        return pairs;
    }

    private static boolean isCapped(Notation.Case pattern, List<Notation.Reading> readings) {
        try {
            return pattern.perReading(readings, 0, Carried.AS_IT_IS, NfaMatcher::new).capped();
        } catch (RuntimeException | AssertionError e) {
            return false; // the comparison says where
        }
    }
}
