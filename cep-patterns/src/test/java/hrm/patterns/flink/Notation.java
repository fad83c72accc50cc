package hrm.patterns.flink;

import hrm.model.Alert.Severity;
import hrm.patterns.Condition;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatchedSteps;
import hrm.patterns.Matcher;
import hrm.patterns.MatcherState;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.CompiledPattern.Asked;
import hrm.patterns.compile.CompiledPattern.CompiledStep;
import hrm.patterns.compile.Guard;
import hrm.patterns.spec.Counting;
import hrm.patterns.spec.Group;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.Outcome;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Skip;
import hrm.patterns.spec.Skip.Strategy;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import hrm.patterns.spec.Times;
import hrm.patterns.spec.Times.Between;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Patterns, readings and matches in few characters.
 *
 * <pre>
 * pattern   a followed_by bc times 2..3 next d>first(0) within 10s hold 30s gap 5s all_within 60s overlap_all
 *           a more consecutive greedy optional until x followed_by_any ( b next c ) times 2..
 *           skip_to_next  skip_past_last  skip_to_first 0  skip_to_last 1  timed_out
 *           a edge   a at_least 3 of 4 every 10s span 30s among abc
 *           a step is the letters it is true on, and what it demands of the step at a place:
 *           b>first(0)  b<last(0)  b>=count(0)   (of bpm; the last: bpm at least count × 50)
 * readings  a0 x3 b9=120 ?12     letter, second, bpm (default 70); ? is unknown
 * a match   a0 b3..7x2 c9        first and last input of each step, and how many
 * </pre>
 */
final class Notation {
    private static final Pattern WHERE =
            Pattern.compile("([a-z]+)(?:(>=|>|<)(first|last|count)\\((\\d)\\))?");
    private static final List<String> RELATIONS =
            Arrays.stream(Relation.values())
                    .map(relation -> relation.name().toLowerCase(Locale.ROOT))
                    .toList();
    private static final Pattern READING = Pattern.compile("([a-z?])(\\d+)(?:=(\\d+))?");

    private Notation() {}

    static final class Reading implements Serializable {
        public String letter;
        public long second;
        public int stream;
        public double bpm;

        public Reading() {}

        Reading(String letter, long second, double bpm) {
            this.letter = letter;
            this.second = second;
            this.bpm = bpm;
        }

        long timeMs() {
            return second * 1000;
        }
    }

    /** What a partial match has taken, for both engines. */
    interface Taken {
        double first(int step) throws Exception;

        double last(int step) throws Exception;

        int count(int step) throws Exception;
    }

    record Where(String letters, String comparison, String what, int step) implements Serializable {
        int test(String letter, double bpm, Taken taken) throws Exception {
            int matches = letter == null ? Truth.UNKNOWN : Truth.of(letters.contains(letter));
            return comparison == null ? matches : Truth.and(matches, compare(bpm, taken));
        }

        private int compare(double bpm, Taken taken) throws Exception {
            double other =
                    switch (what) {
                        case "first" -> taken.first(step);
                        case "last" -> taken.last(step);
                        default -> taken.count(step) * 50.0;
                    };
            if (Double.isNaN(other)) {
                return Truth.UNKNOWN;
            }
            return Truth.of(
                    switch (comparison) {
                        case ">" -> bpm > other;
                        case "<" -> bpm < other;
                        default -> bpm >= other;
                    });
        }

        boolean refers() {
            return comparison != null;
        }
    }

    static Case pattern(String text) {
        return new Parser(text).pattern();
    }

    private static final class Parser {
        private final String text;
        private final ArrayDeque<String> tokens;
        private final List<Step> steps = new ArrayList<>();
        private final List<Where> wheres = new ArrayList<>();
        private final List<Group> groups = new ArrayList<>();
        private Duration within;
        private Overlap overlap = Overlap.NONE;
        private Skip skip = Skip.NO_SKIP;
        private Outcome outcome = Outcome.MATCH;

        Parser(String text) {
            this.text = text;
            this.tokens = new ArrayDeque<>(Arrays.asList(text.trim().split("\\s+")));
        }

        Case pattern() {
            sequence();
            while (!tokens.isEmpty()) {
                String token = tokens.pop();
                switch (token) {
                    case "all_within" -> within = seconds(tokens.pop());
                    case "overlap_all" -> overlap = Overlap.ALL;
                    case "timed_out" -> outcome = Outcome.TIMED_OUT;
                    case "skip_to_next" -> skip = new Skip(Strategy.TO_NEXT, -1);
                    case "skip_past_last" -> skip = new Skip(Strategy.PAST_LAST, -1);
                    case "skip_to_first" -> skip = new Skip(Strategy.TO_FIRST, number());
                    case "skip_to_last" -> skip = new Skip(Strategy.TO_LAST, number());
                    default -> throw new IllegalArgumentException("no key: " + token);
                }
            }
            return new Case(
                    text, compile(steps, groups, wheres, within, overlap, skip, outcome), wheres);
        }

        private void sequence() {
            var relation = Relation.STEP;
            while (true) {
                item(relation);
                if (tokens.isEmpty() || !RELATIONS.contains(tokens.peek())) {
                    return;
                }
                relation = Relation.valueOf(tokens.pop().toUpperCase(Locale.ROOT));
            }
        }

        private void item(Relation relation) {
            if (tokens.peek().equals("(")) {
                tokens.pop();
                int place = groups.size();
                int from = steps.size();
                groups.add(null);
                sequence();
                if (!tokens.pop().equals(")")) {
                    throw new IllegalArgumentException("no end of a group: " + text);
                }
                groups.set(place, new Group(relation, from, steps.size(), times()));
                return;
            }
            var parsed = WHERE.matcher(tokens.pop());
            if (!parsed.matches()) {
                throw new IllegalArgumentException("no step: " + text);
            }
            wheres.add(
                    new Where(
                            parsed.group(1),
                            parsed.group(2),
                            parsed.group(3),
                            parsed.group(4) == null ? -1 : Integer.parseInt(parsed.group(4))));
            step(relation, parsed.group(1));
        }

        private void step(Relation relation, String where) {
            boolean edge = taken("edge");
            Counting counting = null;
            if (taken("at_least")) {
                int least = number();
                int of = taken("of") ? number() : least;
                var every = taken("every") ? seconds(tokens.pop()) : Duration.ZERO;
                var span = taken("span") ? seconds(tokens.pop()) : Duration.ZERO;
                counting =
                        new Counting(least, of, every, span, taken("among") ? tokens.pop() : null);
            }
            var times = times();
            var hold = taken("hold") ? seconds(tokens.pop()) : null;
            var gap = taken("gap") ? seconds(tokens.pop()) : Step.DEFAULT_MAX_GAP;
            var stepWithin = taken("within") ? seconds(tokens.pop()) : null;
            steps.add(
                    new Step(
                            relation,
                            "s" + steps.size(),
                            where,
                            edge,
                            times,
                            stepWithin,
                            hold,
                            gap,
                            counting));
        }

        private Times times() {
            int least = 1;
            int most = 1;
            if (taken("more")) {
                most = Times.UNBOUNDED;
            } else if (taken("times")) {
                String[] range = tokens.pop().split("\\.\\.", -1);
                least = Integer.parseInt(range[0]);
                String last = range[range.length - 1];
                most = last.isEmpty() ? Times.UNBOUNDED : Integer.parseInt(last);
            }
            var between =
                    taken("consecutive")
                            ? Between.NOTHING
                            : taken("combinations") ? Between.ANY : Between.OTHERS;
            boolean greedy = taken("greedy");
            boolean optional = taken("optional");
            return new Times(
                    least, most, between, optional, greedy, taken("until") ? tokens.pop() : null);
        }

        private boolean taken(String token) {
            if (token.equals(tokens.peek())) {
                tokens.pop();
                return true;
            }
            return false;
        }

        private int number() {
            return Integer.parseInt(tokens.pop());
        }
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text.replace("s", "")));
    }

    private static CompiledPattern compile(
            List<Step> steps,
            List<Group> groups,
            List<Where> wheres,
            Duration within,
            Overlap overlap,
            Skip skip,
            Outcome outcome) {
        var compiled = new ArrayList<CompiledStep>();
        for (int i = 0; i < steps.size(); i++) {
            var where = wheres.get(i);
            Condition condition =
                    (values, taken) -> {
                        try {
                            return where.test(
                                    values.text(Name.ACTIVITY),
                                    values.get(Name.BPM),
                                    new Taken() {
                                        @Override
                                        public double first(int step) {
                                            return taken.first(step, Name.BPM);
                                        }

                                        @Override
                                        public double last(int step) {
                                            return taken.last(step, Name.BPM);
                                        }

                                        @Override
                                        public int count(int step) {
                                            return taken.count(step);
                                        }
                                    });
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    };
            var counting = steps.get(i).counting();
            compiled.add(
                    new CompiledStep(
                            condition,
                            where.refers(),
                            (values, taken) -> "",
                            letters(steps.get(i).times().until()),
                            counting == null || counting.among() == null
                                    ? null
                                    : letters(counting.among()).condition()));
        }
        var groupUntils = new HashMap<Integer, Asked>();
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).times().until() != null) {
                groupUntils.put(i, letters(groups.get(i).times().until()));
            }
        }
        var spec = spec(steps, groups, within, overlap, skip, outcome);
        return compiled(spec, compiled, groupUntils, List.of(Name.BPM));
    }

    private static Asked letters(String letters) {
        return letters == null
                ? null
                : new Asked(
                        (values, taken) -> {
                            String letter = values.text(Name.ACTIVITY);
                            return letter == null
                                    ? Truth.UNKNOWN
                                    : Truth.of(letters.contains(letter));
                        },
                        false);
    }

    private static PatternSpec spec(
            List<Step> steps,
            List<Group> groups,
            Duration within,
            Overlap overlap,
            Skip skip,
            Outcome outcome) {
        return new PatternSpec(
                "test",
                1,
                "Test",
                "high",
                Severity.LOW,
                PatternSpec.Mode.LIVE,
                PatternSpec.On.READING,
                Map.of(),
                Map.of(),
                steps,
                groups,
                within,
                overlap,
                skip,
                outcome,
                null,
                Duration.ofMinutes(10),
                "",
                "",
                List.of(),
                "");
    }

    /** A plain sequence, by conditions of one's own. */
    static CompiledPattern compiled(
            List<Step> steps,
            List<CompiledStep> compiled,
            Duration within,
            Overlap overlap,
            List<Name> captured) {
        var spec = spec(steps, List.of(), within, overlap, Skip.NO_SKIP, Outcome.MATCH);
        return compiled(spec, compiled, Map.of(), captured);
    }

    /** The same pattern by other conditions. */
    static CompiledPattern compiled(
            PatternSpec spec,
            List<CompiledStep> compiled,
            Map<Integer, Asked> groupUntils,
            List<Name> captured) {
        return new CompiledPattern(
                spec,
                Guard.NONE,
                compiled,
                groupUntils,
                null,
                Map.of(),
                captured,
                null,
                null,
                (Values values, MatchedSteps taken) -> "",
                Long.MAX_VALUE);
    }

    static List<Reading> readings(String text) {
        return Arrays.stream(text.trim().split("\\s+"))
                .map(
                        token -> {
                            var parsed = READING.matcher(token);
                            if (!parsed.matches()) {
                                throw new IllegalArgumentException("no reading: " + token);
                            }
                            String letter = parsed.group(1);
                            return new Reading(
                                    letter.equals("?") ? null : letter,
                                    Long.parseLong(parsed.group(2)),
                                    parsed.group(3) == null
                                            ? 70
                                            : Double.parseDouble(parsed.group(3)));
                        })
                .toList();
    }

    static Input input(Reading reading, Values values, long lengthMs) {
        values.clear();
        values.set(Name.ACTIVITY, reading.letter).set(Name.BPM, reading.bpm);
        long start = reading.timeMs();
        return new Input(values, start, start + lengthMs, start + lengthMs);
    }

    /** A match with all that it says, for comparison between engines. */
    static String everything(List<Match.Step> steps) {
        return steps.stream()
                .map(
                        step ->
                                "%d:%d..%dx%d(%s..%s)"
                                        .formatted(
                                                step.index(),
                                                step.fromMs(),
                                                step.toMs(),
                                                step.count(),
                                                step.firstBpm(),
                                                step.lastBpm()))
                .collect(Collectors.joining(" "));
    }

    static byte[] write(Matcher matcher, MatcherState state) {
        try {
            var bytes = new ByteArrayOutputStream();
            matcher.write(state, new DataOutputStream(bytes));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MatcherState read(Matcher matcher, byte[] bytes) {
        try {
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            var state = matcher.read(in);
            if (in.available() > 0) {
                throw new AssertionError(in.available() + " bytes were written but not read");
            }
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What carries the state from one reading to the next. */
    enum Carried {
        AS_IT_IS,
        THROUGH_BYTES,
        AS_COPY;

        MatcherState carry(Matcher matcher, MatcherState state) {
            return switch (this) {
                case AS_IT_IS -> state;
                case THROUGH_BYTES -> read(matcher, write(matcher, state));
                case AS_COPY -> state.copy();
            };
        }
    }

    /**
     * @param silent what is decided if nothing comes any more
     * @param capped whether there were too many partial matches
     */
    record Run(List<List<Match>> perReading, List<Match> silent, boolean capped) {}

    record Case(String text, CompiledPattern compiled, List<Where> wheres) {
        /** The matches on these readings, in the notation. */
        List<String> on(String readings) {
            var all = readings(readings);
            return matches(all, 0, Carried.AS_IT_IS).stream()
                    .map(match -> show(match, all))
                    .toList();
        }

        List<Match> matches(List<Reading> readings, long lengthMs, Carried carried) {
            var found = new ArrayList<Match>();
            perReading(readings, lengthMs, carried).forEach(found::addAll);
            return found;
        }

        /** For each reading the matches that it completes. */
        List<List<Match>> perReading(List<Reading> readings, long lengthMs, Carried carried) {
            return perReading(readings, lengthMs, carried, Matchers::of).perReading();
        }

        /**
         * As {@link #perReading}, with another matcher; and what silence decides after the last.
         */
        Run perReading(
                List<Reading> readings,
                long lengthMs,
                Carried carried,
                Function<CompiledPattern, ? extends Matcher> matchers) {
            var found = new ArrayList<List<Match>>();
            var silent = new ArrayList<Match>();
            try (var matcher = matchers.apply(compiled)) {
                var state = matcher.start();
                var values = new Values();
                for (var reading : readings) {
                    var matches = new ArrayList<Match>();
                    matcher.advance(state, input(reading, values, lengthMs), matches::add);
                    values.clear(); // they are valid during the call only
                    state = carried.carry(matcher, state);
                    if (state instanceof NfaMatcherState buffered) {
                        checkBuffer(buffered);
                    }
                    found.add(matches);
                }
                matcher.ifSilent(state, Long.MAX_VALUE / 2, silent::add);
                var tally = matcher.tally();
                return new Run(found, silent, tally.refusedStarts() + tally.endedBranches() > 0);
            }
        }

        /** Nothing is kept that no half-finished match has taken. */
        private static void checkBuffer(NfaMatcherState state) {
            var taken =
                    state.entries.keySet().stream()
                            .map(node -> node.getEventId())
                            .collect(Collectors.toSet());
            if (!state.events.keySet().equals(taken)) {
                throw new AssertionError(
                        "events " + state.events.keySet() + " are kept, " + taken + " are needed");
            }
        }

        private static String show(Match match, List<Reading> readings) {
            return match.steps().stream()
                    .map(
                            step -> {
                                String from =
                                        at(step.fromMs(), readings).letter + step.fromMs() / 1000;
                                return step.count() == 1
                                        ? from
                                        : from + ".." + step.toMs() / 1000 + "x" + step.count();
                            })
                    .collect(Collectors.joining(" "));
        }

        private static Reading at(long timeMs, List<Reading> readings) {
            return readings.stream()
                    .filter(reading -> reading.timeMs() == timeMs)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
