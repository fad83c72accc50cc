package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.DayGatherer;
import hrm.functions.detection.Reference;
import hrm.model.Alert;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.ReadingCodec;
import hrm.model.UserProfiles;
import hrm.patterns.spec.PatternSpec;
import hrm.simulator.DemoDay;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The demo's story in the real detection, without a stack: learn from its history, judge its day.
 */
class DemoDayDetectionTest {
    @ParameterizedTest
    @CsvSource({"42, 2026-03-11", "1, 2026-11-23", "7, 2025-07-05", "99, 2024-12-31"})
    void everyScriptedEventIsNoticedAndEveryShippedPatternFires(long seed, LocalDate date) {
        var day = DemoDay.of(seed, date);

        var opened = judge(day).stream().filter(a -> a.state() == Alert.State.OPENED).toList();

        var shipped = hrm.patterns.Catalogue.shipped().stream().map(PatternSpec::id).toList();
        assertThat(opened.stream().map(Alert::patternId).collect(Collectors.toSet()))
                .as("seed " + seed + " on " + date)
                .containsExactlyInAnyOrderElementsOf(shipped);
        assertThat(day.expected())
                .as("seed " + seed + " on " + date)
                .allSatisfy(
                        expected ->
                                assertThat(opened)
                                        .anyMatch(
                                                alert ->
                                                        expected.covers(
                                                                alert.userId(),
                                                                alert.patternId(),
                                                                alert.detectedAt())));
        // Whoever nothing happens to is left alone.
        var eventful =
                day.simulation().script().stream()
                        .map(event -> event.userId())
                        .collect(Collectors.toSet());
        assertThat(opened).allMatch(alert -> eventful.contains(alert.userId()));
    }

    /** All alert events of the live day, the baselines learnt from its history. */
    static List<Alert> judge(DemoDay day) {
        var references = new HashMap<String, Reference>();
        var zones = new HashMap<String, ZoneId>();
        for (UserProfiles profiles : day.profiles()) {
            var reference = new Reference();
            reference.profiles(profiles);
            references.put(profiles.userId(), reference);
            zones.put(profiles.userId(), reference.zone(day.liveFrom().toEpochMilli()));
        }
        baselines(day, zones)
                .forEach(
                        (user, baseline) ->
                                references
                                        .get(user)
                                        .baselines(new Baselines(user, List.of(baseline))));
        var detection = new PureDetection(references);
        try (var arrivals = day.arrivals()) {
            arrivals.forEach(
                    arrival -> {
                        var reading =
                                ReadingCodec.decode(arrival.value(), arrival.recordTimestampMs())
                                        .reading();
                        if (reading != null) {
                            detection.judge(reading);
                        }
                    });
        }
        return detection.alerts();
    }

    private static Map<String, Baseline> baselines(DemoDay day, Map<String, ZoneId> zones) {
        var devices = new HashMap<String, Map<String, DayGatherer>>();
        try (var history = day.history(Scenario.HISTORY_EVERY)) {
            history.forEach(
                    minute -> {
                        var gatherer =
                                devices.computeIfAbsent(minute.userId(), id -> new HashMap<>())
                                        .computeIfAbsent(
                                                minute.deviceId(), id -> new DayGatherer());
                        minute.readings()
                                .forEach(
                                        reading ->
                                                gatherer.add(reading, zones.get(minute.userId())));
                    });
        }
        var baselines = new HashMap<String, Baseline>();
        devices.forEach(
                (user, gatherers) -> {
                    var builder = new BaselineBuilder();
                    gatherers.values().forEach(gatherer -> builder.addAll(gatherer.days()));
                    var today = LocalDate.ofInstant(day.liveFrom(), zones.get(user));
                    baselines.put(
                            user,
                            builder.build(
                                    user,
                                    Scenario.of(day).baselineRun(),
                                    today.toEpochDay(),
                                    day.liveFrom()));
                });
        return baselines;
    }
}
