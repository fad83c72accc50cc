package hrm.functions.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import hrm.functions.judgement.UserEvent;
import hrm.model.Alert;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.PatternRejection;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final String STILL_HIGH =
            """
            id: still-high
            version: 1
            title: High heart rate while inactive
            condition: high
            severity: high
            mode: live
            on: minute
            let: { limit: limits.high }
            sequence:
              - step: high
                where: bpm > limit && steps == 0
                hold: 10m
            resolve: { where: bpm < limit - 5, hold: 3m }
            message: "Above ${limit}"
            source: test
            """;

    /** What was registered since the last start. */
    private static MetricListener metrics;

    private static final class Measured extends Judge {
        private static final long serialVersionUID = 1L;

        @Override
        MetricGroup metrics() {
            return metrics.getMetricGroup();
        }
    }

    private KeyedBroadcastOperatorTestHarness<String, UserEvent, PatternVersions, Alert> judge;

    @BeforeEach
    void open() throws Exception {
        judge = harness(null);
    }

    @AfterEach
    void close() throws Exception {
        judge.close();
    }

    private static KeyedBroadcastOperatorTestHarness<String, UserEvent, PatternVersions, Alert>
            harness(OperatorSubtaskState state) throws Exception {
        metrics = new MetricListener();
        var harness =
                new KeyedBroadcastOperatorTestHarness<String, UserEvent, PatternVersions, Alert>(
                        new CoBroadcastWithKeyedOperator<>(
                                new Measured(), List.of(Judge.CATALOGUE, Judge.CHANGES)),
                        UserEvent::userId,
                        Types.STRING,
                        1,
                        1,
                        0);
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private void restart() throws Exception {
        var state = judge.snapshot(1, 1);
        judge.close();
        judge = harness(state);
    }

    /** The gates of both sides open. */
    private void open(
            KeyedBroadcastOperatorTestHarness<String, UserEvent, PatternVersions, Alert> harness)
            throws Exception {
        harness.processWatermark(ControlGate.OPEN.getTimestamp());
        harness.processBroadcastWatermark(ControlGate.OPEN.getTimestamp());
    }

    private void publish(String yaml) throws Exception {
        judge.processBroadcastElement(PatternVersions.always("still-high", 1, yaml), 0);
    }

    private void sits(double from, double until, int bpm) throws Exception {
        for (double minute = from; minute <= until; minute += 0.5) {
            judge.processElement(
                    new UserEvent.Measured(
                            Reading.of(
                                    "u1",
                                    "watch",
                                    START.toEpochMilli() + Math.round(minute * 60_000),
                                    bpm,
                                    0)),
                    0);
        }
    }

    private void profile(int limitHigh) throws Exception {
        judge.processElement(
                new UserEvent.ProfilesChanged(
                        new UserProfiles(
                                "u1",
                                List.of(
                                        new UserProfile(
                                                Instant.EPOCH, ZoneOffset.UTC, limitHigh, null)))),
                0);
    }

    private List<Alert.State> told() {
        return judge.extractOutputValues().stream().map(Alert::state).toList();
    }

    @Test
    void readingsWaitForWhatJudgesAndAreThenJudgedInTheirOrder() throws Exception {
        sits(0, 12, 110);
        publish(STILL_HIGH);
        judge.processWatermark(ControlGate.OPEN.getTimestamp());
        sits(12.5, 13, 110);
        assertThat(judge.extractOutputValues()).isEmpty();

        profile(100); // the default of 120 would have told nothing
        judge.processBroadcastWatermark(ControlGate.OPEN.getTimestamp());

        assertThat(told()).containsExactly(Alert.State.OPENED);
        assertThat(judge.extractOutputValues().get(0).limitSource())
                .isEqualTo(Alert.LimitSource.PROFILE);
        assertThat(judge.extractOutputValues().get(0).detectedAt())
                .isEqualTo(START.plusSeconds(600));
        assertThat(judge.extractOutputValues().get(0).publishedAt()).isNotNull();
    }

    @Test
    void halfFinishedMatchesAndOpenEpisodesSurviveARestartAndSoDoThePatterns() throws Exception {
        publish(STILL_HIGH);
        open(judge);
        sits(0, 6, 130);
        restart();
        open(judge);
        sits(6.5, 12, 130);
        assertThat(told()).containsExactly(Alert.State.OPENED);
        restart();
        open(judge);
        sits(12.5, 20, 80);
        assertThat(told()).containsExactly(Alert.State.RESOLVED);
    }

    @Test
    void readingsThatWaitSurviveARestart() throws Exception {
        sits(0, 12, 130);
        restart();
        publish(STILL_HIGH);
        open(judge);

        assertThat(told()).containsExactly(Alert.State.OPENED);
    }

    @Test
    void silenceByTheWallClockIsToldOnceAndTakenBackByAReading() throws Exception {
        publish(STILL_HIGH);
        open(judge);
        judge.setProcessingTime(1_000_000);
        sits(0, 12, 130);

        judge.setProcessingTime(1_000_000 + 30 * 60_000 - 1);
        assertThat(told()).containsExactly(Alert.State.OPENED);
        judge.setProcessingTime(1_000_000 + 30 * 60_000);
        judge.setProcessingTime(1_000_000 + 90 * 60_000);
        assertThat(told()).containsExactly(Alert.State.OPENED, Alert.State.RESOLVED);
        sits(12.5, 13, 130);

        assertThat(told())
                .containsExactly(Alert.State.OPENED, Alert.State.RESOLVED, Alert.State.AMENDED);
    }

    @Test
    void nobodyWasSilentWhileTheJobWasDown() throws Exception {
        publish(STILL_HIGH);
        open(judge);
        judge.setProcessingTime(1_000_000);
        sits(0, 12, 130);
        restart();
        open(judge);
        judge.setProcessingTime(1_000_000 + 3 * 60 * 60_000);
        sits(12.5, 20, 80);

        assertThat(told()).containsExactly(Alert.State.RESOLVED);
        assertThat(judge.extractOutputValues().get(0).reason()).isEqualTo(Alert.Reason.RECOVERED);
    }

    @Test
    void whoSaysNothingAfterTheJobIsBackEitherHasLostTheirSignal() throws Exception {
        publish(STILL_HIGH);
        open(judge);
        judge.setProcessingTime(1_000_000);
        sits(0, 12, 130);
        restart();
        open(judge);
        long back = 1_000_000 + 3 * 60 * 60_000;
        judge.setProcessingTime(back);
        judge.setProcessingTime(back + 5 * 60_000 - 1);
        assertThat(told()).isEmpty();

        judge.setProcessingTime(back + 5 * 60_000);

        assertThat(told()).containsExactly(Alert.State.RESOLVED);
        assertThat(judge.extractOutputValues().get(0).reason()).isEqualTo(Alert.Reason.SIGNAL_LOST);
    }

    @Test
    void lateReadingsAndLateBaselinesMarkTheirStretch() throws Exception {
        publish(STILL_HIGH);
        open(judge);
        sits(10, 10, 70);
        sits(9, 9, 70);
        judge.processElement(
                new UserEvent.BaselinesChanged(
                        new Baselines(
                                "u1",
                                List.of(
                                        new Baseline(
                                                "u1",
                                                "run",
                                                START.plusSeconds(300),
                                                Baseline.State.READY,
                                                60.0,
                                                List.of(),
                                                9,
                                                99,
                                                28)))),
                0);

        assertThat(judge.getSideOutput(Judge.REEVALUATE))
                .extracting(record -> record.getValue())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("number", "clock")
                .containsExactly(
                        new Reevaluation(
                                "u1",
                                "watch",
                                START.plusSeconds(540),
                                Reevaluation.Reason.LATE_READING),
                        new Reevaluation(
                                "u1",
                                "watch",
                                START.plusSeconds(300),
                                Reevaluation.Reason.LATE_BASELINE));
    }

    @Test
    void aBrokenPatternFromTheTopicLeavesTheRunningOne() throws Exception {
        publish(STILL_HIGH);
        publish(STILL_HIGH.replace("bpm > limit", "bmp > limit"));
        open(judge);
        sits(0, 12, 130);

        assertThat(told()).containsExactly(Alert.State.OPENED);
    }

    @Test
    void aBrokenPatternDoesNotReplaceTheRunningOneInStateEither() throws Exception {
        publish(STILL_HIGH);
        publish(STILL_HIGH.replace("bpm > limit", "bmp > limit"));
        restart();
        open(judge);
        sits(0, 12, 130);

        assertThat(told()).containsExactly(Alert.State.OPENED);
    }

    private List<PatternRejection> rejections() {
        var output = judge.getSideOutput(Judge.REJECTED);
        return output == null
                ? List.of()
                : output.stream().map(record -> record.getValue()).toList();
    }

    private static final String BROKEN = STILL_HIGH.replace("bpm > limit", "bmp > limit");

    private static PatternVersions versions(PatternVersions.Version... versions) {
        return new PatternVersions("still-high", List.of(versions));
    }

    private static PatternVersions.Version version(int number, String yaml) {
        return new PatternVersions.Version(
                number,
                Instant.EPOCH.plusSeconds(number),
                yaml.replace("version: 1", "version: " + number));
    }

    @Test
    void aRefusedVersionIsToldOnceWithWhatIsWrongAndNotAgainAfterARestart() throws Exception {
        judge.processBroadcastElement(versions(version(1, STILL_HIGH), version(2, BROKEN)), 0);
        assertThat(rejections()).hasSize(1);
        var told = rejections().get(0);
        assertThat(told.patternId()).isEqualTo("still-high");
        assertThat(told.version()).isEqualTo(2);
        assertThat(told.findings()).hasSize(1);
        assertThat(told.findings().get(0)).contains("unknown name 'bmp'");
        assertThat(told.rejectedAt()).isNotNull();

        // Another version comes, with the refused one still among them.
        judge.processBroadcastElement(
                versions(version(1, STILL_HIGH), version(2, BROKEN), version(3, STILL_HIGH)), 0);
        assertThat(rejections()).hasSize(1);
        restart();
        open(judge);
        sits(0, 12, 130);
        judge.processBroadcastElement(
                versions(version(1, STILL_HIGH), version(2, BROKEN), version(3, STILL_HIGH)), 0);

        assertThat(rejections()).isEmpty();
        assertThat(told()).containsExactly(Alert.State.OPENED);
        assertThat(judge.extractOutputValues().get(0).patternVersion()).isEqualTo(3);
    }

    @Test
    void aVersionThatComesLateMarksTheStretchAlsoAfterARestart() throws Exception {
        publish(STILL_HIGH);
        open(judge);
        sits(0, 10, 70);
        restart();
        open(judge);
        judge.processBroadcastElement(
                versions(
                        version(1, STILL_HIGH),
                        new PatternVersions.Version(
                                2,
                                START.plusSeconds(120),
                                STILL_HIGH.replace("version: 1", "version: 2"))),
                0);
        restart();
        open(judge);
        sits(10.5, 12, 70);

        assertThat(judge.getSideOutput(Judge.REEVALUATE))
                .extracting(record -> record.getValue())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("number", "clock")
                .containsExactly(
                        new Reevaluation(
                                "u1",
                                "watch",
                                START.plusSeconds(120),
                                Reevaluation.Reason.LATE_PATTERN));
    }

    @Test
    void noReadingOfAPersonIsLateBecauseOfAnotherDeviceOrPerson() throws Exception {
        publish(STILL_HIGH);
        open(judge);
        for (double minute = 0; minute <= 12; minute += 0.5) {
            reads("u1", "live", 600 + minute, 130);
            reads("u2", "watch", 900 + minute, 70);
        }
        for (double minute = 0; minute <= 12; minute += 0.5) {
            reads("u1", "synced", minute, 130);
        }

        assertThat(judge.extractOutputValues())
                .extracting(Alert::userId, Alert::deviceId, Alert::state)
                .containsExactly(
                        tuple("u1", "live", Alert.State.OPENED),
                        tuple("u1", "synced", Alert.State.OPENED));
        assertThat(judge.getSideOutput(Judge.REEVALUATE)).isNull();
        assertThat(counter("late")).isZero();
        assertThat(counter("judged")).isEqualTo(75);
    }

    private void reads(String user, String device, double minute, int bpm) throws Exception {
        judge.processElement(
                new UserEvent.Measured(
                        Reading.of(
                                user,
                                device,
                                START.toEpochMilli() + Math.round(minute * 60_000),
                                bpm,
                                0)),
                0);
    }

    private static long counter(String... name) {
        return metrics.getCounter(name).orElseThrow().getCount();
    }

    private static long inProgress() {
        return metrics.<Long>getGauge("pattern", "up-down", "partialMatches")
                .orElseThrow()
                .getValue();
    }

    @Test
    void whatEachPatternDoesIsCountedAndWhatIsHalfFinishedOutlivesARestart() throws Exception {
        var upDown =
                """
                id: up-down
                version: 1
                title: Up and down
                condition: high
                severity: low
                sequence:
                  - step: up
                    where: bpm > 140
                  - followed_by: down
                    where: bpm < 60
                within: 1h
                message: "Up and down"
                source: test
                """;
        judge.processBroadcastElement(PatternVersions.always("up-down", 1, upDown), 0);
        open(judge);
        reads("u1", "watch", 0, 150);
        reads("u1", "strap", 0, 150);
        reads("u1", "watch", 1, 50);
        reads("u2", "watch", 1, 150);
        assertThat(counter("pattern", "up-down", "evaluations")).isEqualTo(4);
        assertThat(counter("pattern", "up-down", "starts")).isEqualTo(3);
        assertThat(counter("pattern", "up-down", "matches")).isEqualTo(1);
        assertThat(counter("pattern", "up-down", "refusedStarts")).isZero();
        assertThat(counter("pattern", "up-down", "failedConditions")).isZero();
        assertThat(inProgress()).isEqualTo(2);

        // A version that is gone has counted all the same.
        judge.processBroadcastElement(
                new PatternVersions(
                        "up-down",
                        List.of(
                                new PatternVersions.Version(
                                        2,
                                        Instant.EPOCH,
                                        upDown.replace("version: 1", "version: 2")
                                                .replace("140", "145")))),
                0);
        reads("u1", "watch", 2, 70);
        assertThat(counter("pattern", "up-down", "evaluations")).isEqualTo(5);

        restart();
        open(judge);
        reads("u2", "watch", 3, 50);
        assertThat(inProgress()).isEqualTo(1);
        assertThat(counter("pattern", "up-down", "matches")).isEqualTo(1);
    }

    @Test
    void theTombstoneOfTheLastPatternResolvesWhatItSaid() throws Exception {
        publish(STILL_HIGH);
        open(judge);
        sits(0, 12, 130);
        judge.processBroadcastElement(new PatternVersions("still-high", List.of()), 0);
        sits(12.5, 13, 130);

        assertThat(told()).containsExactly(Alert.State.OPENED, Alert.State.RESOLVED);
        assertThat(judge.extractOutputValues().get(1).reason())
                .isEqualTo(Alert.Reason.PATTERN_CHANGED);
    }
}
