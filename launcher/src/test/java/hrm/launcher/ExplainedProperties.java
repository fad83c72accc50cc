package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Judgement;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.patterns.Catalogue;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.check.ExampleNotation;
import hrm.patterns.check.ExampleReading;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.On;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A match is spoilt by one value; the explanation says by how much; changed by that amount, the
 * pattern tells. {@code -Dexplained.seed=7} tries the same again.
 */
class ExplainedProperties {
    private static final long SEED = Long.getLong("explained.seed", System.nanoTime());
    private static final int TRIES = 6;

    private static final Pattern SHORT =
            Pattern.compile(
                    "([a-z_.]+) (-?[\\d.]+) (<=|<|>=|>) .* is not true: [\\d.]+ short, ([\\d.]+) would do");
    private static final Pattern INSTEAD =
            Pattern.compile("([a-z_.]+) (-?[\\d.]+|true|false) instead of");

    /** By name: a sequence and what else belongs to it, and bpm of each minute that match. */
    private static final Map<String, List<String>> CONSTRUCTS = new LinkedHashMap<>();

    private static void construct(String name, String bpms, String yaml) {
        CONSTRUCTS.put(name, List.of(bpms, yaml));
    }

    static {
        construct("a step", "160", "sequence: [{ step: a, where: bpm > 150 }]");
        construct(
                "an earlier step",
                "125 120 160",
                """
                sequence:
                  - { step: a, where: bpm > 120 }
                  - { followed_by: b, where: bpm > last(a).bpm + 30, within: 5m }
                """);
        construct(
                "next",
                "130 90",
                """
                sequence:
                  - { step: a, where: bpm > 120 }
                  - { next: b, where: bpm < 100 }
                within: 10m
                """);
        construct(
                "not_followed_by",
                "130 100 160",
                """
                sequence:
                  - { step: a, where: bpm > 120 }
                  - { not_followed_by: x, where: bpm < 80 }
                  - { followed_by: b, where: bpm > 150 }
                within: 10m
                """);
        construct(
                "not_next",
                "130 100 160",
                """
                sequence:
                  - { step: a, where: bpm > 120 }
                  - { not_next: x, where: bpm < 90 }
                  - { followed_by: b, where: bpm > 150 }
                within: 10m
                """);
        construct(
                "not_followed_by at the end",
                "160 130 130 130",
                """
                sequence:
                  - { step: a, where: bpm > 150 }
                  - { not_followed_by: x, where: bpm < 120, within: 3m }
                """);
        construct(
                "timed_out",
                "160 130 130 140",
                """
                outcome: timed_out
                sequence:
                  - { step: a, where: bpm > 150 }
                  - { followed_by: b, where: bpm < 120, within: 3m }
                """);
        construct(
                "times",
                "130 90 130 130",
                "sequence: [{ step: a, where: bpm > 120, times: 3 }]\nwithin: 10m");
        construct(
                "until",
                "70 130 140 70",
                """
                sequence:
                  - { step: a, where: bpm < 80 }
                  - { followed_by: b, where: bpm > 120, times: 2.., consecutive: true, until: bpm < 60 }
                  - { next: c, where: bpm < 80 }
                within: 10m
                """);
        construct(
                "greedy",
                "130 130 90",
                """
                sequence:
                  - { step: a, where: bpm > 120, times: 2.., greedy: true }
                  - { followed_by: b, where: bpm < 100 }
                within: 10m
                """);
        construct(
                "optional",
                "70 45 140",
                """
                sequence:
                  - { step: a, where: bpm < 80 }
                  - { followed_by: b, where: bpm < 50, optional: true }
                  - { followed_by: c, where: bpm > 130 }
                within: 10m
                """);
        construct(
                "a group",
                "70 140 80 140 80",
                """
                sequence:
                  - { step: a, where: bpm < 80 }
                  - followed_by:
                      - { step: b, where: bpm > 130 }
                      - { followed_by: c, where: bpm < 90 }
                    times: 2
                within: 15m
                """);
        construct(
                "counting",
                "130 90 130 130",
                """
                sequence: [{ step: a, where: bpm > 120, at_least: 3, of: 4, min_span: 2m, every: 1m }]
                within: 20m
                """);
        construct("hold", "130 130 130 130", "sequence: [{ step: a, where: bpm > 120, hold: 3m }]");
        construct(
                "hold behind a step",
                "70 130 130 130",
                """
                sequence:
                  - { step: a, where: bpm < 80 }
                  - { followed_by: b, where: bpm > 120, hold: 2m }
                within: 10m
                """);
        construct("edge", "100 160", "sequence: [{ step: a, where: bpm > 150, starts: edge }]");
        construct(
                "minute",
                "130 160 90",
                """
                on: minute
                sequence:
                  - { step: a, where: bpm > 120 }
                  - { followed_by: b, where: bpm > 150 }
                within: 10m
                """);
        construct("||", "130", "sequence: [{ step: a, where: bpm > 120 || bpm < 40 }]");
    }

    static Iterable<String> constructs() {
        return CONSTRUCTS.keySet();
    }

    static List<PatternSpec> shipped() {
        return Catalogue.shipped();
    }

    private static PatternSpec construct(String name) {
        var loaded =
                PatternLoader.load(
                        "a text",
                        """
                        id: tried
                        version: 1
                        title: Tried
                        condition: high
                        severity: low
                        %s
                        message: "told"
                        source: "a test"
                        """
                                .formatted(CONSTRUCTS.get(name).get(1).strip()));
        return loaded.orThrow();
    }

    @ParameterizedTest
    @MethodSource("constructs")
    void theStatedAmountMakesEachConstructTell(String name) {
        var given = new StringBuilder();
        var bpms = CONSTRUCTS.get(name).get(0).split(" ");
        for (int i = 0; i < bpms.length; i++) {
            given.append(i > 0 ? "; " : "").append(i).append("m bpm=").append(bpms[i]);
        }
        var day = new Day(construct(name), given.toString());
        assertThat(day.explained(Duration.ofMinutes(bpms.length - 1)).told()).isTrue();

        assertThat(day.spoiltAndMended(new Random(SEED), List.of(Name.BPM), TRIES)).isPositive();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void theStatedAmountMakesEachShippedPatternTell(PatternSpec pattern) {
        var random = new Random(SEED);
        int mended = 0;
        for (var example : pattern.examples()) {
            if (!example.expect().isEmpty()) {
                var day = new Day(pattern, example.given());
                day.endsAt(example.expect().get(0));
                mended += day.spoiltAndMended(random, day.names(), 3);
            }
        }

        assertThat(mended).isPositive();
    }

    /** Readings and what is supposed of them. */
    private static final class Day {
        private final PatternSpec pattern;
        private List<ExampleReading> readings;
        private final List<Map<Name, Double>> changed = new ArrayList<>();

        Day(PatternSpec pattern, String given) {
            this.pattern = pattern;
            this.readings = ExampleNotation.readings(given);
            readings.forEach(reading -> changed.add(new TreeMap<>()));
        }

        /** Without what comes after the alert. */
        void endsAt(Duration last) {
            readings = readings.stream().filter(one -> one.at().compareTo(last) <= 0).toList();
        }

        /** What an example sets, beside bpm. */
        List<Name> names() {
            var names = new ArrayList<Name>(List.of(Name.BPM));
            for (var name : readings.get(0).overrides().keySet()) {
                boolean number = name.type() == Name.Type.NUMBER;
                if (number && !name.text().startsWith("limits") || name.type() == Name.Type.BOOL) {
                    names.add(name);
                }
            }
            return names;
        }

        /** A minute is judged as one. */
        private void change(int place, Name name, Double value) {
            for (int i = 0; i < readings.size(); i++) {
                long apart =
                        readings.get(i).at().toMinutes() - readings.get(place).at().toMinutes();
                if (i == place || pattern.on() == On.MINUTE && apart == 0) {
                    if (value == null) {
                        changed.get(i).remove(name);
                    } else {
                        changed.get(i).put(name, value);
                    }
                }
            }
        }

        PatternExplanation.Answer explained(Duration at) {
            var sent = new ArrayList<Reading>();
            var byTime = new TreeMap<Long, Integer>();
            for (int i = 0; i < readings.size(); i++) {
                var reading = readings.get(i).reading();
                var bpm = changed.get(i).get(Name.BPM);
                sent.add(bpm == null ? reading : with(reading, bpm.intValue()));
                byTime.put(reading.timestampMs(), i);
            }
            Judgement.Supposition supposing =
                    (values, startMs, endMs) ->
                            suppose(byTime.floorEntry(endMs).getValue(), values);
            var versions = PatternVersions.always(pattern.id(), 1, pattern.yaml());
            return new PatternExplanation(
                            versions, new Reference(), ExampleNotation.DAY_ZERO.plus(at))
                    .of(sent, supposing);
        }

        private static Reading with(Reading reading, int bpm) {
            return new Reading(
                    reading.userId(),
                    reading.deviceId(),
                    reading.timestampMs(),
                    bpm,
                    reading.steps(),
                    reading.activity(),
                    reading.rrIntervalsMs(),
                    reading.sensorContact(),
                    reading.confidence());
        }

        private void suppose(int place, Values values) {
            readings.get(place).override(values);
            changed.get(place)
                    .forEach(
                            (name, value) -> {
                                if (name != Name.BPM) {
                                    values.set(name, value);
                                }
                            });
        }

        /** How often something was spoilt, explained with amounts, and told once mended. */
        int spoiltAndMended(Random random, List<Name> names, int tries) {
            int mended = 0;
            for (int i = 0; i < tries || mended == 0 && i < 20 * tries; i++) {
                int place = random.nextInt(readings.size());
                var name = names.get(random.nextInt(names.size()));
                double spoilt =
                        name == Name.BPM
                                ? 25 + random.nextInt(180)
                                : random.nextInt(name.type() == Name.Type.BOOL ? 2 : 40);
                change(place, name, spoilt);
                var at = readings.get(place).at();
                var missed = explained(at);
                var remedies = missed.told() ? List.<List<Amount>>of() : remedies(missed.lines());
                if (!remedies.isEmpty()) {
                    assertThat(remedies)
                            .as(
                                    "-Dexplained.seed=%d, %s: %s %s at %s%n%s",
                                    SEED, pattern.id(), name.text(), spoilt, at, missed.lines())
                            .anyMatch(remedy -> tells(place, remedy, at));
                    mended++;
                }
                change(place, name, null);
            }
            return mended;
        }

        private boolean tells(int place, List<Amount> remedy, Duration at) {
            var before = new ArrayList<Double>();
            for (var amount : remedy) {
                before.add(changed.get(place).get(amount.name));
                change(place, amount.name, amount.value);
            }
            boolean told = explained(at).told();
            for (int i = remedy.size() - 1; i >= 0; i--) {
                change(place, remedy.get(i).name, before.get(i));
            }
            return told;
        }
    }

    private record Amount(Name name, double value) {}

    /** What the lines say would do: comparisons all together or one of them, or one value. */
    private static List<List<Amount>> remedies(List<String> lines) {
        var together = new ArrayList<Amount>();
        var remedies = new ArrayList<List<Amount>>();
        for (var line : lines) {
            var lacks = SHORT.matcher(line);
            if (lacks.find() && Name.byText().containsKey(lacks.group(1))) {
                double more = Double.parseDouble(lacks.group(4));
                double sign = lacks.group(3).startsWith("<") ? -1 : 1;
                var amount =
                        new Amount(
                                Name.byText().get(lacks.group(1)),
                                Double.parseDouble(lacks.group(2)) + sign * more);
                together.add(amount);
                remedies.add(List.of(amount));
            }
            var instead = INSTEAD.matcher(line);
            while (instead.find()) {
                var value = instead.group(2);
                double number =
                        value.equals("true")
                                ? 1
                                : value.equals("false") ? 0 : Double.parseDouble(value);
                remedies.add(List.of(new Amount(Name.byText().get(instead.group(1)), number)));
            }
        }
        if (together.size() > 1) {
            remedies.add(together);
        }
        return remedies;
    }

    // ---- amounts that are no values of one reading

    private static List<String> lines(String construct, String given, int minute) {
        return new Day(construct(construct), given).explained(Duration.ofMinutes(minute)).lines();
    }

    private static boolean tells(String construct, String given, int minute) {
        return new Day(construct(construct), given).explained(Duration.ofMinutes(minute)).told();
    }

    @Test
    void aCountSaysHowManySamplesAndHowLongASpanItLacks() {
        assertThat(lines("counting", "0m bpm=130; 1m bpm=90; 2m bpm=90; 3m bpm=130", 3))
                .anyMatch(
                        line ->
                                line.contains(
                                        "true in 2 of the last 4 samples, 3 are needed: 1 more would do"));
        assertThat(tells("counting", "0m bpm=130; 1m bpm=130; 2m bpm=90; 3m bpm=130", 3)).isTrue();
    }

    @Test
    void aGroupSaysItsTurn() {
        assertThat(lines("a group", "0m bpm=70; 1m bpm=140; 2m bpm=80; 3m bpm=100", 3))
                .anyMatch(line -> line.contains("reached 'c' (3 of 3, turn 1 of 2)"))
                .anyMatch(line -> line.contains("waited for 'b'"));
    }

    @Test
    void whatMustNotComeSaysHowMuchLongerWithoutItWouldDo() {
        assertThat(lines("not_followed_by at the end", "0m bpm=160; 1m bpm=130", 1))
                .anyMatch(line -> line.contains("2m more without it would do"));
        assertThat(tells("not_followed_by at the end", "0m bpm=160; 1m bpm=130; 3m bpm=130", 1))
                .isTrue();
    }

    @Test
    void whatCameTooLateSaysByHowMuch() {
        assertThat(lines("an earlier step", "0m bpm=125; 7m bpm=110", 7))
                .anyMatch(line -> line.contains("no 'b' within 5m; this input came 2m too late"));
    }

    @Test
    void aStepOnItsEdgeSaysThatItWasTrueBefore() {
        assertThat(lines("edge", "0m bpm=160; 1m bpm=160", 1))
                .anyMatch(line -> line.contains("true, but it was true on the input before"));
    }
}
