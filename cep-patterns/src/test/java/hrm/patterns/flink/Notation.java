package hrm.patterns.flink;

import hrm.model.Alert.Severity;
import hrm.patterns.Condition;
import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatchedSteps;
import hrm.patterns.MatcherState;
import hrm.patterns.Name;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.CompiledPattern.CompiledStep;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
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
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Patterns, readings and matches in few characters.
 *
 * <pre>
 * pattern   a followed_by bc times 2..3 next d>first(0) within 10s hold 30s gap 5s all_within 60s overlap_all
 *           a step is the letters it is true on, and what it demands of the step at a place:
 *           b>first(0)  b<last(0)  b>=count(0)   (of bpm; the last: bpm at least count × 50)
 * readings  a0 x3 b9=120 ?12     letter, second, bpm (default 70); ? is unknown
 * a match   a0 b3..7x2 c9        first and last input of each step, and how many
 * </pre>
 */
final class Notation {
    private static final Pattern WHERE =
            Pattern.compile("([a-z]+)(?:(>=|>|<)(first|last|count)\\((\\d)\\))?");
    private static final Pattern READING = Pattern.compile("([a-z?])(\\d+)(?:=(\\d+))?");

    private Notation() {}

    static final class Reading implements Serializable {
        public String letter;
        public long second;
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
        var tokens = new ArrayDeque<>(Arrays.asList(text.trim().split("\\s+")));
        var steps = new ArrayList<Step>();
        var wheres = new ArrayList<Where>();
        Duration within = null;
        var overlap = Overlap.NONE;
        var relation = Relation.STEP;
        while (!tokens.isEmpty()) {
            var parsed = WHERE.matcher(tokens.peek());
            if (tokens.peek().equals("all_within")) {
                tokens.pop();
                within = seconds(tokens.pop());
                continue;
            } else if (tokens.peek().equals("overlap_all")) {
                tokens.pop();
                overlap = Overlap.ALL;
                continue;
            } else if (!steps.isEmpty()) {
                relation = Relation.valueOf(tokens.pop().toUpperCase(java.util.Locale.ROOT));
                parsed = WHERE.matcher(tokens.peek());
            }
            if (!parsed.matches()) {
                throw new IllegalArgumentException("no step: " + tokens);
            }
            tokens.pop();
            wheres.add(
                    new Where(
                            parsed.group(1),
                            parsed.group(2),
                            parsed.group(3),
                            parsed.group(4) == null ? -1 : Integer.parseInt(parsed.group(4))));
            steps.add(step(relation, "s" + steps.size(), parsed.group(1), tokens));
        }
        return new Case(text, compile(steps, wheres, within, overlap), wheres);
    }

    private static Step step(
            Relation relation, String name, String where, ArrayDeque<String> tokens) {
        int min = 1;
        int max = 1;
        Duration within = null;
        Duration hold = null;
        var gap = Step.DEFAULT_MAX_GAP;
        while (!tokens.isEmpty()
                && List.of("times", "within", "hold", "gap").contains(tokens.peek())) {
            switch (tokens.pop()) {
                case "times" -> {
                    var range = tokens.pop().split("\\.\\.");
                    min = Integer.parseInt(range[0]);
                    max = Integer.parseInt(range[range.length - 1]);
                }
                case "within" -> within = seconds(tokens.pop());
                case "hold" -> hold = seconds(tokens.pop());
                default -> gap = seconds(tokens.pop());
            }
        }
        return new Step(relation, name, where, min, max, within, hold, gap);
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text.replace("s", "")));
    }

    static CompiledPattern compile(
            List<Step> steps, List<Where> wheres, Duration within, Overlap overlap) {
        var compiled = new ArrayList<CompiledStep>();
        for (var where : wheres) {
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
            compiled.add(new CompiledStep(condition, where.refers(), (values, taken) -> ""));
        }
        return compiled(steps, compiled, within, overlap, List.of(Name.BPM));
    }

    static CompiledPattern compiled(
            List<Step> steps,
            List<CompiledStep> compiled,
            Duration within,
            Overlap overlap,
            List<Name> captured) {
        var spec =
                new PatternSpec(
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
                        within,
                        overlap,
                        null,
                        Duration.ofMinutes(10),
                        "",
                        "",
                        List.of(),
                        "");
        return new CompiledPattern(
                spec,
                compiled,
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

    static byte[] write(NfaMatcher matcher, MatcherState state) {
        try {
            var bytes = new ByteArrayOutputStream();
            matcher.write(state, new DataOutputStream(bytes));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MatcherState read(NfaMatcher matcher, byte[] bytes) {
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

        MatcherState carry(NfaMatcher matcher, MatcherState state) {
            return switch (this) {
                case AS_IT_IS -> state;
                case THROUGH_BYTES -> read(matcher, write(matcher, state));
                case AS_COPY -> state.copy();
            };
        }
    }

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
            var found = new ArrayList<List<Match>>();
            try (var matcher = new NfaMatcher(compiled)) {
                var state = matcher.start();
                var values = new Values();
                for (var reading : readings) {
                    var matches = new ArrayList<Match>();
                    matcher.advance(state, input(reading, values, lengthMs), matches::add);
                    values.clear(); // they are valid during the call only
                    state = carried.carry(matcher, state);
                    found.add(matches);
                }
            }
            return found;
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
