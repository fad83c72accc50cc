package hrm.functions.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.judgement.UserEvent;
import hrm.model.Alert;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
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
        var harness =
                new KeyedBroadcastOperatorTestHarness<String, UserEvent, PatternVersions, Alert>(
                        new CoBroadcastWithKeyedOperator<>(
                                new Judge(), List.of(Judge.CATALOGUE, Judge.CHANGES)),
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
        judge.processBroadcastElement(
                new PatternVersions(
                        "still-high", List.of(new PatternVersions.Version(1, Instant.EPOCH, yaml))),
                0);
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
