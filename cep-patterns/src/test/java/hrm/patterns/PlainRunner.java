package hrm.patterns;

import hrm.patterns.check.ExampleNotation;
import hrm.patterns.check.ExampleReading;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.PatternCompiler;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.On;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When a pattern tells, by the plainest reading of the rules: whole stretches are looked at again
 * for every input. Knows the shapes that the catalogue has: a hold, or a step, something that must
 * not follow, and a hold. Values are what the example says and the general limits; no features, no
 * detectors.
 */
final class PlainRunner {
    private PlainRunner() {}

    static List<Duration> detections(PatternSpec spec, String given) {
        var readings = ExampleNotation.readings(given);
        var inputs = spec.on() == On.MINUTE ? minutes(readings) : readings(readings);
        var pattern = PatternCompiler.compile(spec);
        int holding = spec.sequence().size() - 1;
        long hold = spec.sequence().get(holding).hold().toMillis();
        long maxGap = spec.sequence().get(holding).maxGap().toMillis();
        var detections = new ArrayList<Duration>();
        long dayZero = ExampleNotation.DAY_ZERO.toEpochMilli();
        for (int first = 0; first < inputs.size(); first++) {
            MatchedSteps steps = MatchedSteps.NONE;
            int from = first;
            if (holding > 0) {
                if (test(pattern, 0, inputs.get(first), steps) != Truth.TRUE) {
                    continue;
                }
                steps = new FirstStep(inputs.get(first).values());
                from = first + 1;
            } else if (first > 0 && isTrue(pattern, 0, inputs, first - 1, maxGap)) {
                continue; // Not the beginning of a stretch.
            }
            for (int i = from; i < inputs.size(); i++) {
                if (holding > 0) {
                    boolean late =
                            inputs.get(i).startMs() - inputs.get(first).startMs()
                                    > spec.within().toMillis();
                    if (late || test(pattern, 1, inputs.get(i), steps) == Truth.TRUE) {
                        break;
                    }
                }
                int begin = i;
                while (begin >= from && isTrue(pattern, holding, inputs, begin, maxGap)) {
                    begin--;
                }
                if (begin < i && inputs.get(i).endMs() - inputs.get(begin + 1).startMs() >= hold) {
                    detections.add(Duration.ofMillis(inputs.get(i).decidedAtMs() - dayZero));
                    return detections; // No example of the catalogue tells twice.
                }
                if (begin == i && holding == 0) {
                    break;
                }
            }
        }
        return detections;
    }

    private static boolean isTrue(
            CompiledPattern pattern, int step, List<Input> inputs, int index, long maxGap) {
        return test(pattern, step, inputs.get(index), MatchedSteps.NONE) == Truth.TRUE
                && (index + 1 >= inputs.size()
                        || inputs.get(index + 1).startMs() - inputs.get(index).endMs() <= maxGap);
    }

    private static int test(CompiledPattern pattern, int step, Input input, MatchedSteps steps) {
        return pattern.steps().get(step).condition().test(input.values(), steps);
    }

    private static List<Input> readings(List<ExampleReading> readings) {
        var inputs = new ArrayList<Input>();
        for (var example : readings) {
            var reading = example.reading();
            var values = new Values().set(Name.LIMITS_HIGH, 120).set(Name.LIMITS_LOW, 40);
            if (reading.hasBpm()) {
                values.set(Name.BPM, reading.bpm());
            }
            if (reading.hasSteps()) {
                values.set(Name.STEPS, reading.steps());
            }
            if (reading.sensorContact() != null) {
                values.set(Name.SENSOR_CONTACT, reading.sensorContact());
            }
            values.set(Name.ACTIVITY, reading.activity());
            example.override(values);
            inputs.add(Input.reading(values, reading.timestampMs()));
        }
        return inputs;
    }

    private static List<Input> minutes(List<ExampleReading> readings) {
        var minutes = new ArrayList<Input>();
        var inputs = readings(readings);
        int from = 0;
        for (int i = 1; i < inputs.size(); i++) {
            long minute = inputs.get(from).startMs() / 60_000 * 60_000;
            if (inputs.get(i).startMs() < minute + 60_000) {
                continue;
            }
            var values = inputs.get(i - 1).values();
            var bpm = new double[i - from];
            double steps = Double.NaN;
            for (int j = from; j < i; j++) {
                bpm[j - from] = inputs.get(j).values().get(Name.BPM);
                steps = Math.max(j == from ? 0 : steps, inputs.get(j).values().get(Name.STEPS));
            }
            Arrays.sort(bpm);
            values.set(Name.BPM, bpm[bpm.length / 2]).set(Name.STEPS, steps);
            minutes.add(new Input(values, minute, minute + 60_000, inputs.get(i).decidedAtMs()));
            from = i;
        }
        return minutes;
    }

    private record FirstStep(Values values) implements MatchedSteps {
        @Override
        public double first(int step, Name name) {
            return step == 0 ? values.get(name) : Double.NaN;
        }

        @Override
        public double last(int step, Name name) {
            return first(step, name);
        }

        @Override
        public int count(int step) {
            return step == 0 ? 1 : 0;
        }
    }
}
