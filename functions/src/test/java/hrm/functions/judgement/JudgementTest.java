package hrm.functions.judgement;

import static hrm.functions.judgement.Person.RESTING_TACHYCARDIA;
import static hrm.functions.judgement.Person.SPIKE;
import static hrm.functions.judgement.Person.at;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.Alert.LimitSource;
import hrm.model.Baseline;
import hrm.model.Baselines;
import hrm.model.PatternVersions;
import hrm.model.PatternVersions.Version;
import hrm.model.Reevaluation;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.patterns.flink.NfaMatcher;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JudgementTest {
    private static final String RISE_AND_FALL =
            """
            id: rise-and-fall
            version: 1
            title: A rise and a fall
            condition: high
            severity: medium
            sequence:
              - step: rise
                where: bpm > 140
              - followed_by: fall
                where: bpm < 60
            within: 30m
            message: "Up and down"
            source: test
            """;

    @Test
    void aConditionThatLastsIsToldOnceAndResolvedWhenTheRecoveryHasHeld() {
        var person = new Person("u1", RESTING_TACHYCARDIA);

        person.sends(0, 30, 130, 0);
        person.sends(30.5, 40, 80, 0);

        // The minutes 30, 31 and 32 are low, and the last ends at 33.
        assertThat(person.story()).isEqualTo("OPENED@10.0 RESOLVED(RECOVERED)@33.0");
    }

    @Test
    void anAlertSaysWhy() {
        var person = new Person("u1", RESTING_TACHYCARDIA);

        person.sends(0, 10, 130, 0);

        var alert = person.alerts.get(0);
        assertThat(alert.message()).isEqualTo("Heart rate above 120 for 10 minutes while inactive");
        assertThat(alert.value()).isEqualTo(130);
        assertThat(alert.limit()).isEqualTo(120);
        assertThat(alert.limitSource()).isEqualTo(LimitSource.DEFAULT);
        assertThat(alert.onset()).isEqualTo(at(0));
        assertThat(alert.explanation().condition()).contains("bpm 130", "120", "steps 0");
        assertThat(alert.explanation().steps()).hasSize(1);
        assertThat(alert.explanation().steps().get(0).count()).isEqualTo(10);
        assertThat(alert.eventId()).isNotNull();
        assertThat(alert.episodeId()).isEqualTo(alert.alertId());
    }

    @Test
    void aProfilesLimitIsUsedFromItsEffectiveTimeOn() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        var zone = ZoneId.of("Europe/Berlin");
        person.judgement.learn(
                person.state,
                person.reference,
                new UserProfiles(
                        "u1",
                        List.of(
                                new UserProfile(Instant.EPOCH, zone, 150, null),
                                new UserProfile(at(20), zone, 110, null))));

        person.sends(0, 40, 115, 0);

        assertThat(person.story()).isEqualTo("OPENED@30.0");
        assertThat(person.alerts.get(0).limitSource()).isEqualTo(LimitSource.PROFILE);
        assertThat(person.alerts.get(0).limit()).isEqualTo(110);
    }

    @Test
    void aLateReadingIsNeverMatchedAndMarksItsDayOnce() {
        var person = new Person("u1", SPIKE);

        person.send(60, 70, 0);

        assertThat(person.send(50, 200, 0).outcome()).isEqualTo(Verdict.Outcome.LATE);
        assertThat(person.send(51, 200, 0).outcome()).isEqualTo(Verdict.Outcome.LATE);
        assertThat(person.send(49, 200, 0).outcome()).isEqualTo(Verdict.Outcome.LATE);
        assertThat(person.alerts).isEmpty();
        assertThat(person.marks)
                .containsExactly(
                        new Reevaluation("u1", "watch", at(50), Reevaluation.Reason.LATE_READING),
                        new Reevaluation("u1", "watch", at(49), Reevaluation.Reason.LATE_READING));
    }

    @Test
    void theFirstOfTwoReadingsOfAMillisecondCounts() {
        var person = new Person("u1", SPIKE);

        person.send(1, 70, 0);

        assertThat(person.send(1, 200, 0).outcome()).isEqualTo(Verdict.Outcome.DUPLICATE);
        assertThat(person.alerts).isEmpty();
    }

    @Test
    void withoutAnyPatternNobodyIsJudged() {
        assertThat(new Person("u1").send(1, 200, 0).outcome()).isEqualTo(Verdict.Outcome.UNJUDGED);
    }

    @Test
    void aWatchThatSyncsAnHourLateGetsTheAlertsOfALiveOne() {
        var live = new Person("u1", RESTING_TACHYCARDIA);
        live.sends(0, 60, 130, 0);
        live.sends(60.5, 70, 80, 0);
        // Another device of the same person goes on meanwhile: its clock is not the watch's.
        var late = new Person("u1", RESTING_TACHYCARDIA);
        late.sends(0, 15, 130, 0);
        for (double minute = 15; minute <= 80; minute++) {
            late.send("phone", minute, 70, 0);
        }
        late.sends(15.5, 60, 130, 0);
        late.sends(60.5, 70, 80, 0);

        assertThat(live.story()).isEqualTo("OPENED@10.0 RESOLVED(RECOVERED)@63.0");
        assertThat(late.story()).isEqualTo(live.story());
        assertThat(late.alerts.stream().map(Alert::eventId))
                .containsExactlyElementsOf(live.alerts.stream().map(Alert::eventId).toList());
    }

    @Test
    void aDeviceSilentForHalfAnHourHasLostItsSignalAndHasNotRecovered() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        person.sends(0, 12, 130, 0);

        person.send(42, 70, 0);

        assertThat(person.story()).isEqualTo("OPENED@10.0 RESOLVED(SIGNAL_LOST)@42.0");
        assertThat(person.alerts.get(1).message()).startsWith("No reading for 30 minutes");
    }

    @Test
    void aMillisecondLessThanHalfAnHourIsNoLoss() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        person.sends(0, 12, 130, 0);

        person.send(42 - 1 / 60_000.0, 70, 0);

        assertThat(person.story()).isEqualTo("OPENED@10.0");
    }

    @Test
    void whatTheWallClockSaidOfSilenceIsTakenBackByAReading() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        person.sends(0, 12, 130, 0);
        long wallClockMs = 1_000_000_000_000L;
        person.judgement.arrived(person.state, "watch", wallClockMs);
        long half = 30 * 60_000;

        assertThat(person.judgement.nextLookMs(person.state)).isEqualTo(wallClockMs + half);
        assertThat(
                        person.judgement.silence(
                                person.state, "u1", wallClockMs + half - 1, person.catalogue))
                .isEmpty();
        person.alerts.addAll(
                person.judgement.silence(person.state, "u1", wallClockMs + half, person.catalogue));
        assertThat(
                        person.judgement.silence(
                                person.state, "u1", wallClockMs + half, person.catalogue))
                .isEmpty();
        person.sends(12.5, 20, 80, 0);

        assertThat(person.story())
                .isEqualTo(
                        "OPENED@10.0 RESOLVED(SIGNAL_LOST)@42.0 AMENDED@10.0"
                                + " RESOLVED(RECOVERED)@15.0");
        assertThat(person.alerts.get(2).resolvedAt()).isNull();
        assertThat(person.alerts.stream().map(Alert::revision)).containsExactly(1, 2, 3, 4);
        assertThat(person.alerts.stream().map(Alert::episodeId).distinct()).hasSize(1);
    }

    @Test
    void aLossThatTheDevicesClockConfirmsIsToldOnce() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        person.sends(0, 12, 130, 0);
        person.judgement.arrived(person.state, "watch", 0);
        person.alerts.addAll(
                person.judgement.silence(person.state, "u1", 30 * 60_000, person.catalogue));

        person.sends(60, 75, 130, 0);

        assertThat(person.story()).isEqualTo("OPENED@10.0 RESOLVED(SIGNAL_LOST)@42.0 OPENED@70.0");
    }

    @Test
    void aDeviceSilentForFiveWeeksIsForgotten() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        person.sends(0, 5, 130, 0);
        person.judgement.arrived(person.state, "watch", 0);

        person.judgement.silence(
                person.state, "u1", Judgement.FORGET_AFTER.toMillis() - 1, person.catalogue);
        assertThat(person.state.isEmpty()).isFalse();
        person.judgement.silence(
                person.state, "u1", Judgement.FORGET_AFTER.toMillis(), person.catalogue);
        assertThat(person.state.isEmpty()).isTrue();
    }

    @Test
    void repeatsOfAMomentaryAlertAreToldAgainOnlyAfterItIsClear() {
        var person = new Person("u1", SPIKE);

        for (double minute : new double[] {0, 1, 9, 18.99, 28.99, 29, 39}) {
            person.send(minute, 190, 0);
        }

        assertThat(person.story()).isEqualTo("OPENED@0.0 OPENED@28.99 OPENED@39.0");
        assertThat(person.alerts.get(0).resolvedAt()).isEqualTo(person.alerts.get(0).detectedAt());
    }

    @Test
    void aRemovedPatternResolvesWhatItSaidAndLeavesNothing() {
        var person = new Person("u1", RESTING_TACHYCARDIA, SPIKE);
        person.sends(0, 12, 130, 0);

        person.catalogue = person.catalogue.without("resting-tachycardia");
        person.send(13, 130, 0);

        assertThat(person.story()).isEqualTo("OPENED@10.0 RESOLVED(PATTERN_CHANGED)@13.0");
        assertThat(person.state.device("watch").tracks).isEmpty();
    }

    @Test
    void aVersionJudgesFromItsEffectiveTimeOn() {
        var person = new Person("u1");
        person.publish(
                new Version(1, Instant.EPOCH, SPIKE),
                new Version(
                        2, at(20), SPIKE.replace("version: 1", "version: 2").replace("180", "150")),
                new Version(
                        3,
                        at(60),
                        SPIKE.replace("version: 1", "version: 3")
                                .replace("mode: live", "mode: off")));

        person.send(19, 170, 0);
        person.send(20, 170, 0);
        person.send(60, 200, 0);

        assertThat(person.alerts.stream().map(Alert::patternVersion)).containsExactly(2);
        assertThat(person.story()).isEqualTo("OPENED@20.0");
    }

    @Test
    void aChangedThresholdGoesOnWithWhatIsHalfFinished() {
        for (boolean restarts : new boolean[] {false, true}) {
            var person = new Person("u1");
            person.repackAlways = restarts;
            person.publish(new Version(1, Instant.EPOCH, RISE_AND_FALL));
            person.send(0, 150, 0);
            person.publish(
                    new Version(1, Instant.EPOCH, RISE_AND_FALL),
                    new Version(
                            2,
                            at(5),
                            RISE_AND_FALL
                                    .replace("version: 1", "version: 2")
                                    .replace("bpm > 140", "bpm > 170")
                                    .replace("bpm < 60", "bpm < 80")));
            person.send(4, 70, 0); // by the old version no fall
            person.send(6, 70, 0); // by the new one it is

            assertThat(person.alerts.stream().map(Alert::patternVersion)).containsExactly(2);
            assertThat(person.alerts.get(0).onset()).isEqualTo(at(0));
        }
    }

    @Test
    void aLongerHoldCountsFromWhereTheStretchBegan() {
        var person = new Person("u1");
        person.publish(
                new Version(1, Instant.EPOCH, RESTING_TACHYCARDIA),
                new Version(
                        2,
                        at(5),
                        RESTING_TACHYCARDIA
                                .replace("version: 1", "version: 2")
                                .replace("hold: 10m", "hold: 20m")));

        person.sends(0, 25, 130, 0);

        assertThat(person.story()).isEqualTo("OPENED@20.0");
    }

    @Test
    void aChangedShapeBeginsAnew() {
        var person = new Person("u1");
        person.publish(
                new Version(1, Instant.EPOCH, RISE_AND_FALL),
                new Version(
                        2,
                        at(5),
                        RISE_AND_FALL
                                .replace("version: 1", "version: 2")
                                .replace("followed_by: fall", "next: fall")));

        person.send(0, 150, 0);
        person.send(6, 50, 0);
        person.send(7, 150, 0);
        person.send(8, 50, 0);

        assertThat(person.alerts.stream().map(Alert::onset)).containsExactly(at(7));
    }

    @Test
    void aRollBackGoesOnAsWell() {
        var person = new Person("u1");
        var strict =
                RISE_AND_FALL.replace("version: 1", "version: 2").replace("bpm < 60", "bpm < 30");
        person.publish(
                new Version(1, Instant.EPOCH, RISE_AND_FALL),
                new Version(2, at(5), strict),
                new Version(3, at(10), RISE_AND_FALL.replace("version: 1", "version: 3")));

        person.send(0, 150, 0);
        person.send(6, 50, 0);
        person.send(11, 50, 0);

        assertThat(person.story()).isEqualTo("OPENED@11.0");
        assertThat(person.alerts.get(0).onset()).isEqualTo(at(0));
    }

    @Test
    void aBaselineThatComesAfterItsTimeMarksTheDevice() {
        var person = new Person("u1", SPIKE);
        person.send(10, 70, 0);
        var baseline =
                new Baseline("u1", "run", at(5), Baseline.State.READY, 60.0, List.of(), 9, 99, 28);

        var marks =
                person.judgement.learn(
                        person.state, person.reference, new Baselines("u1", List.of(baseline)));
        var again =
                person.judgement.learn(
                        person.state, person.reference, new Baselines("u1", List.of(baseline)));

        assertThat(marks)
                .containsExactly(
                        new Reevaluation("u1", "watch", at(5), Reevaluation.Reason.LATE_BASELINE));
        assertThat(again).isEmpty();
    }

    @Test
    void aRefusedVersionLeavesTheRunningOne() {
        var person = new Person("u1", SPIKE);
        var broken = new Version(2, at(0), SPIKE.replace("bpm > 180", "bmp > 180"));

        var change =
                person.catalogue.with(
                        new PatternVersions("spike", List.of(broken)), NfaMatcher::new);

        assertThat(change.refused()).hasSize(1);
        assertThat(change.refused().get(0).version()).isEqualTo(broken);
        assertThat(change.refused().get(0).findings().get(0))
                .contains("bmp")
                .contains("Did you mean 'bpm'?");
        assertThat(change.catalogue()).isSameAs(person.catalogue);
    }

    @Test
    void stateThatGoesThroughItsBytesAfterEveryReadingTellsTheSame() {
        long seed = Long.getLong("hrm.seed", new Random().nextLong());
        var random = new Random(seed);
        var plain = new Person("u1", RESTING_TACHYCARDIA, SPIKE);
        var repacked = new Person("u1", RESTING_TACHYCARDIA, SPIKE);
        repacked.repackAlways = true;
        int bpm = 100;
        double minute = 0;
        for (int i = 0; i < 5_000; i++) {
            minute += random.nextInt(200) == 0 ? 40 : 0.5;
            bpm = random.nextInt(60) == 0 ? 60 + random.nextInt(140) : bpm;
            int steps = random.nextInt(80) == 0 ? 30 : 0;
            var device = random.nextInt(10) == 0 ? "strap" : "watch";
            plain.send(device, minute, bpm, steps);
            repacked.send(device, minute, bpm, steps);
        }

        assertThat(plain.alerts).as("seed " + seed).hasSizeGreaterThan(20);
        assertThat(repacked.alerts).as("seed " + seed).isEqualTo(plain.alerts);
    }

    @Test
    void aCopyIsNotTouchedByWhatComesAfter() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        person.sends(0, 8, 130, 0);
        var copy = person.state.copy();

        person.sends(8.5, 20, 130, 0);
        var first = person.story();
        person.alerts.clear();
        person.state = copy;
        person.sends(8.5, 20, 130, 0);

        assertThat(person.story()).isEqualTo(first);
    }
}
