package hrm.launcher;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.functions.judgement.Verdict;
import hrm.launcher.NearMisses.Miss;
import hrm.model.Alert;
import hrm.model.Reading;
import hrm.patterns.Input;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.PatternCompiler;
import hrm.patterns.flink.Matchers;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.On;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges recorded readings by one pattern, as the stream would, and notes what almost told.
 *
 * <p>Nothing is known of the people but their readings: no profile, no baseline, hours in UTC.
 */
final class Trial {
    /** What counts as a reading, before anything is judged. */
    private static final int LOWEST_BPM = 20;

    private static final int HIGHEST_BPM = 300;

    private final CompiledPattern pattern;
    private final Catalogue catalogue;
    private final Judgement judgement = new Judgement();
    private final Map<String, Person> people = new LinkedHashMap<>();
    private final List<Alert> alerts = new ArrayList<>();
    private final Map<Verdict.Outcome, Long> outcomes = new EnumMap<>(Verdict.Outcome.class);
    private long rejected;

    /** A miss and whose it is. */
    record UserMiss(String userId, String deviceId, Miss miss) {}

    Trial(PatternSpec spec) {
        this.pattern = PatternCompiler.compile(spec);
        this.catalogue = Catalogue.of(spec, Matchers::of);
    }

    private static final class Person {
        final UserState state = new UserState();
        final Reference reference = new Reference();
        final Map<String, NearMisses> devices = new LinkedHashMap<>();
    }

    /** Readings of a device in the order in which they arrived. */
    void judge(Reading reading) {
        if (reading.hasBpm() && (reading.bpm() < LOWEST_BPM || reading.bpm() > HIGHEST_BPM)) {
            rejected++;
            return;
        }
        var person = people.computeIfAbsent(reading.userId(), user -> new Person());
        var misses =
                person.devices.computeIfAbsent(
                        reading.deviceId(), device -> new NearMisses(pattern));
        var verdict =
                judgement.judge(
                        person.state,
                        person.reference,
                        reading,
                        catalogue,
                        (values, startMs, endMs) -> watch(misses, values, startMs, endMs, reading));
        outcomes.merge(verdict.outcome(), 1L, Long::sum);
        alerts.addAll(verdict.alerts());
    }

    private void watch(
            NearMisses misses, Values values, long startMs, long endMs, Reading reading) {
        var on = startMs == endMs ? On.READING : On.MINUTE;
        if (on == pattern.spec().on()) {
            misses.observe(
                    on == On.READING
                            ? Input.reading(values, startMs)
                            : new Input(values, startMs, endMs + 1, reading.timestampMs()));
        }
    }

    /** All events so far, in their order. */
    List<Alert> alerts() {
        return alerts;
    }

    long rejected() {
        return rejected;
    }

    long count(Verdict.Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** When all readings are judged: the closest misses first. */
    List<UserMiss> misses(int most) {
        var all = new ArrayList<UserMiss>();
        people.forEach(
                (user, person) ->
                        person.devices.forEach(
                                (device, misses) ->
                                        misses.finish().stream()
                                                .filter(miss -> !told(user, device, miss))
                                                .limit(most)
                                                .forEach(
                                                        miss ->
                                                                all.add(
                                                                        new UserMiss(
                                                                                user, device,
                                                                                miss)))));
        return all.stream()
                .sorted(
                        Comparator.comparingDouble((UserMiss one) -> one.miss().closeness())
                                .reversed())
                .limit(most)
                .toList();
    }

    /** What led to an alert all the same, or lies in one, is no miss. */
    private boolean told(String user, String device, Miss miss) {
        Alert last = null;
        for (var alert : alerts) {
            if (!alert.userId().equals(user) || !alert.deviceId().equals(device)) {
                continue;
            }
            if (!alert.onset().isAfter(miss.at())) {
                last = alert;
            }
        }
        return last != null
                && (!miss.at().isAfter(last.detectedAt())
                        || last.state() != Alert.State.RESOLVED && last.resolvedAt() == null
                        || last.resolvedAt() != null && miss.at().isBefore(last.resolvedAt()));
    }
}
