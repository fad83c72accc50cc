package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.ReadingCodec;
import hrm.patterns.spec.PatternSpec;
import hrm.simulator.DemoDay;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
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
        var detection = new PureDetection(day.profiles());
        try (var history = day.history(Scenario.HISTORY_EVERY);
                var arrivals = day.arrivals()) {
            detection.learn(history, day.liveFrom(), Scenario.of(day).baselineRun());
            return arrivals.map(
                            a -> ReadingCodec.decode(a.value(), a.recordTimestampMs()).reading())
                    .filter(Objects::nonNull)
                    .flatMap(reading -> detection.judge(reading).stream())
                    .toList();
        }
    }
}
