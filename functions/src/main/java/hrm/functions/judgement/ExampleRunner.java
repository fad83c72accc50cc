package hrm.functions.judgement;

import hrm.functions.detection.Reference;
import hrm.model.Alert;
import hrm.patterns.Matcher;
import hrm.patterns.Values;
import hrm.patterns.check.ExampleNotation;
import hrm.patterns.check.ExampleReading;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.spec.Example;
import hrm.patterns.spec.PatternSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** Runs the examples in a pattern file with the detection that judges people. */
public final class ExampleRunner {
    private ExampleRunner() {}

    /**
     * What an example did.
     *
     * @param readings what it gave
     * @param alerts all events, in order
     * @param fired {@code detected_at} of each episode, since day zero
     */
    public record Outcome(
            Example example,
            List<ExampleReading> readings,
            List<Alert> alerts,
            List<Duration> fired) {

        public boolean asExpected() {
            return fired.equals(example.expect());
        }
    }

    /** All examples of a pattern; a pattern that is switched off runs all the same. */
    public static List<Outcome> run(PatternSpec spec, Function<CompiledPattern, Matcher> matchers) {
        var catalogue = Catalogue.of(spec, matchers);
        return spec.examples().stream().map(example -> run(example, catalogue)).toList();
    }

    private static Outcome run(Example example, Catalogue catalogue) {
        var readings = ExampleNotation.readings(example.given());
        var byTime = new TreeMap<Long, ExampleReading>();
        readings.forEach(reading -> byTime.put(reading.reading().timestampMs(), reading));
        Judgement.Supposition supposing =
                (values, startMs, endMs) -> override(byTime, values, endMs);
        var judgement = new Judgement();
        var state = new UserState();
        var reference = new Reference();
        var alerts = new ArrayList<Alert>();
        for (var given : byTime.values()) {
            var verdict = judgement.judge(state, reference, given.reading(), catalogue, supposing);
            alerts.addAll(verdict.alerts());
        }
        var fired =
                alerts.stream()
                        .filter(alert -> alert.state() == Alert.State.OPENED)
                        .map(
                                alert ->
                                        Duration.between(
                                                ExampleNotation.DAY_ZERO, alert.detectedAt()))
                        .toList();
        return new Outcome(example, readings, List.copyOf(alerts), fired);
    }

    /** What the reading set by hand; of a minute, its last reading. */
    private static void override(TreeMap<Long, ExampleReading> byTime, Values values, long endMs) {
        var last = byTime.floorEntry(endMs);
        if (last != null) {
            last.getValue().override(values);
        }
    }
}
