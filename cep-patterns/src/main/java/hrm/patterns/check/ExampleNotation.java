package hrm.patterns.check;

import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.spec.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Readings written on one line, {@code 0m..12m/30s bpm=130 steps=0; 12m..15m/30s bpm=80; 16m
 * bpm=70}.
 *
 * <ul>
 *   <li>Stretches are parted by {@code ;}. {@code from..to/every} gives readings from its start
 *       until before its end; a single time gives one.
 *   <li>Of a reading: {@code bpm steps activity contact confidence rr} ({@code rr=800,810}, in ms).
 *       What is not written is unknown.
 *   <li>{@code bpm=60..120} rises or falls evenly from the stretch's first reading to its last.
 *   <li>Every other name of a value sets that value for the reading, whatever the detection would
 *       compute: {@code deviation.score=4.5 limits.high=130 at_rest=true gap=90s}.
 * </ul>
 */
public final class ExampleNotation {
    /** When examples begin: midnight UTC. */
    public static final Instant DAY_ZERO = Instant.parse("2026-01-01T00:00:00Z");

    public static final String USER = "example";

    private static final int MOST_READINGS = 100_000;
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final List<String> FIELDS =
            List.of("bpm", "steps", "activity", "contact", "confidence", "rr");
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final Pattern TIMES = Pattern.compile("(.*?)\\.\\.(.*?)/(.*)");
    private static final Pattern RAMP = Pattern.compile("(\\d{1,3})\\.\\.(\\d{1,3})");

    /**
     * @param readings ascending in time; empty when there are problems
     * @param problems all of them, placed in the text
     */
    public record Parsed(List<ExampleReading> readings, List<Problem> problems) {
        public Parsed {
            readings = List.copyOf(readings);
            problems = List.copyOf(problems);
        }
    }

    private final List<ExampleReading> readings = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private ExampleNotation() {}

    public static Parsed parse(String given) {
        var notation = new ExampleNotation();
        int from = 0;
        while (from <= given.length()) {
            int to = given.indexOf(';', from);
            to = to < 0 ? given.length() : to;
            notation.stretch(given, from, to);
            from = to + 1;
        }
        if (notation.readings.isEmpty() && notation.problems.isEmpty()) {
            notation.problem(0, given.length(), "no readings", "Write 0m..12m/30s bpm=130 steps=0");
        }
        return new Parsed(
                notation.problems.isEmpty() ? notation.readings : List.of(), notation.problems);
    }

    /**
     * @throws IllegalArgumentException for a text that {@link #parse} finds a problem in
     */
    public static List<ExampleReading> readings(String given) {
        var parsed = parse(given);
        if (!parsed.problems.isEmpty()) {
            throw new IllegalArgumentException(parsed.problems.get(0).message() + " in: " + given);
        }
        return parsed.readings;
    }

    private void problem(int offset, int length, String message, String suggestion) {
        problems.add(new Problem(offset, Math.max(1, length), message, suggestion));
    }

    private void stretch(String given, int from, int to) {
        var words = WORD.matcher(given).region(from, to);
        if (!words.find()) {
            return;
        }
        int before = problems.size();
        List<Duration> times = times(words.group(), words.start());
        if (times.size() > MOST_READINGS - readings.size()) {
            problem(
                    words.start(),
                    words.group().length(),
                    "more than " + MOST_READINGS + " readings",
                    "");
        } else if (!times.isEmpty()
                && !readings.isEmpty()
                && times.get(0).compareTo(readings.get(readings.size() - 1).at()) <= 0) {
            problem(
                    words.start(),
                    words.group().length(),
                    "begins before the readings written before it have ended",
                    "Write stretches in the order of time.");
        }
        var fields = new LinkedHashMap<String, Field>();
        while (words.find()) {
            field(words, fields);
        }
        if (problems.size() == before) {
            for (int i = 0; i < times.size(); i++) {
                readings.add(reading(times.get(i), i, times.size(), fields));
            }
        }
    }

    private List<Duration> times(String word, int at) {
        var range = TIMES.matcher(word);
        if (!range.matches()) {
            if (word.contains("..")) {
                problem(
                        at,
                        word.length(),
                        "'" + word + "' does not say how often",
                        "Write " + word + "/30s.");
                return List.of();
            }
            Duration single = duration(word, at);
            return single == null ? List.of() : List.of(single);
        }
        Duration from = duration(range.group(1), at + range.start(1));
        Duration to = duration(range.group(2), at + range.start(2));
        Duration every = duration(range.group(3), at + range.start(3));
        if (from == null || to == null || every == null) {
            return List.of();
        }
        if (every.isZero() || to.compareTo(from) <= 0) {
            problem(at, word.length(), "'" + word + "' holds no reading", "");
            return List.of();
        }
        var times = new ArrayList<Duration>();
        for (var time = from;
                time.compareTo(to) < 0 && times.size() <= MOST_READINGS;
                time = time.plus(every)) {
            times.add(time);
        }
        return times;
    }

    private Duration duration(String text, int at) {
        try {
            var duration = Durations.parse(text);
            if (duration.compareTo(LONGEST) > 0) {
                problem(at, text.length(), "an example is at most 7 days long", "");
                return null;
            }
            return duration;
        } catch (Durations.Unreadable e) {
            problem(at, text.length(), e.what(), e.advice());
            return null;
        }
    }

    /** A value of a stretch; the same in each reading unless it rises or falls. */
    private record Field(Object from, Object to) {}

    private void field(Matcher word, Map<String, Field> fields) {
        String text = word.group();
        int equals = text.indexOf('=');
        if (equals <= 0) {
            problem(
                    word.start(),
                    text.length(),
                    "'" + text + "' sets nothing",
                    Character.isDigit(text.charAt(0))
                            ? "Between two readings stands a semicolon: 0s bpm=130; 10s bpm=150."
                            : "Write bpm=130.");
            return;
        }
        String key = text.substring(0, equals);
        String value = text.substring(equals + 1);
        int valueAt = word.start() + equals + 1;
        String name = key.equals("sensor_contact") ? "contact" : key;
        if (!FIELDS.contains(name) && !Name.byText().containsKey(name)) {
            var known = new ArrayList<>(FIELDS);
            known.addAll(Name.byText().keySet());
            String near = Spelling.suggest(key, known);
            problem(
                    word.start(),
                    key.length(),
                    "unknown name '" + key + "'",
                    (near + " " + ExpressionChecker.ALL_NAMES).strip());
            return;
        }
        if (fields.containsKey(name)) {
            problem(word.start(), text.length(), "'" + key + "' is set twice", "");
        }
        try {
            fields.put(name, read(name, value));
        } catch (IllegalArgumentException e) {
            String advice = e instanceof Durations.Unreadable unreadable ? unreadable.advice() : "";
            String what =
                    e instanceof Durations.Unreadable unreadable
                            ? unreadable.what()
                            : "'" + key + "' cannot be '" + value + "': " + expected(name);
            problem(valueAt, value.length(), what, advice);
        }
    }

    private static String expected(String name) {
        return switch (name) {
            case "bpm" -> "a whole number from 20 to 300, or 60..120";
            case "steps" -> "a whole number from 0";
            case "confidence" -> "a number from 0 to 1";
            case "contact" -> "true or false";
            case "rr" -> "milliseconds from 200 to 3000, as 800,810";
            case "activity" -> "a word";
            default ->
                    switch (Name.byText().get(name).type()) {
                        case BOOL -> "true or false";
                        case TEXT -> "a word";
                        default -> "a number";
                    };
        };
    }

    private static Field read(String name, String value) {
        var ramp = RAMP.matcher(value);
        if (name.equals("bpm") && ramp.matches()) {
            return new Field(whole(ramp.group(1), 20, 300), (Object) whole(ramp.group(2), 20, 300));
        }
        Object read =
                switch (name) {
                    case "bpm" -> whole(value, 20, 300);
                    case "steps" -> whole(value, 0, 10_000);
                    case "confidence" -> number(value, 0, 1);
                    case "contact" -> truth(value);
                    case "rr" ->
                            Arrays.stream(value.split(",", -1))
                                    .mapToInt(interval -> whole(interval, 200, 3000))
                                    .toArray();
                    case "activity" -> word(value);
                    default ->
                            switch (Name.byText().get(name).type()) {
                                case BOOL -> truth(value) ? 1.0 : 0.0;
                                case TEXT -> word(value);
                                case DURATION -> Durations.parse(value).toMillis() / 1000.0;
                                default -> number(value, -1e9, 1e9);
                            };
                };
        return new Field(read, read);
    }

    private static int whole(String text, int least, int most) {
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    private static double number(String text, double least, double most) {
        double number = Double.parseDouble(text);
        if (!(number >= least && number <= most)) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    private static boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException();
        }
        return text.equals("true");
    }

    private static String word(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static ExampleReading reading(
            Duration at, int index, int count, Map<String, Field> fields) {
        int bpm = Reading.UNKNOWN;
        if (fields.containsKey("bpm")) {
            int from = (Integer) fields.get("bpm").from;
            int to = (Integer) fields.get("bpm").to;
            bpm = count == 1 ? from : Math.round(from + (float) (to - from) * index / (count - 1));
        }
        var reading =
                new Reading(
                        USER,
                        Reading.DEFAULT_DEVICE,
                        DAY_ZERO.plus(at).toEpochMilli(),
                        bpm,
                        (Integer) value(fields, "steps", Reading.UNKNOWN),
                        (String) value(fields, "activity", null),
                        (int[]) value(fields, "rr", null),
                        (Boolean) value(fields, "contact", null),
                        (Double) value(fields, "confidence", Double.NaN));
        var overrides = new EnumMap<Name, Object>(Name.class);
        fields.forEach(
                (key, field) -> {
                    if (!FIELDS.contains(key)) {
                        overrides.put(Name.byText().get(key), field.from);
                    }
                });
        return new ExampleReading(at, reading, overrides);
    }

    private static Object value(Map<String, Field> fields, String key, Object unknown) {
        return fields.containsKey(key) ? fields.get(key).from : unknown;
    }
}
