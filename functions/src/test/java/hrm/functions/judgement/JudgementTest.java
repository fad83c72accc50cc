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
import hrm.patterns.flink.Matchers;
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
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("number", "clock")
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
                                person.state,
                                "u1",
                                person.reference,
                                wallClockMs + half - 1,
                                person.catalogue))
                .isEmpty();
        person.alerts.addAll(
                person.judgement.silence(
                        person.state,
                        "u1",
                        person.reference,
                        wallClockMs + half,
                        person.catalogue));
        assertThat(
                        person.judgement.silence(
                                person.state,
                                "u1",
                                person.reference,
                                wallClockMs + half,
                                person.catalogue))
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
                person.judgement.silence(
                        person.state, "u1", person.reference, 30 * 60_000, person.catalogue));

        person.sends(60, 75, 130, 0);

        assertThat(person.story()).isEqualTo("OPENED@10.0 RESOLVED(SIGNAL_LOST)@42.0 OPENED@70.0");
    }

    @Test
    void aDeviceSilentForFiveWeeksIsForgotten() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        person.sends(0, 5, 130, 0);
        person.judgement.arrived(person.state, "watch", 0);

        person.judgement.silence(
                person.state,
                "u1",
                person.reference,
                Judgement.FORGET_AFTER.toMillis() - 1,
                person.catalogue);
        assertThat(person.state.isEmpty()).isFalse();
        person.judgement.silence(
                person.state,
                "u1",
                person.reference,
                Judgement.FORGET_AFTER.toMillis(),
                person.catalogue);
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
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("number", "clock")
                .containsExactly(
                        new Reevaluation("u1", "watch", at(5), Reevaluation.Reason.LATE_BASELINE));
        assertThat(again).isEmpty();
    }

    @Test
    void aRefusedVersionLeavesTheRunningOne() {
        var person = new Person("u1", SPIKE);
        var broken = new Version(2, at(0), SPIKE.replace("bpm > 180", "bmp > 180"));

        var change =
                person.catalogue.with(new PatternVersions("spike", List.of(broken)), Matchers::of);

        assertThat(change.refused()).hasSize(1);
        assertThat(change.refused().get(0).version()).isEqualTo(broken);
        assertThat(change.refused().get(0).findings().get(0))
                .contains("bmp")
                .contains("Did you mean 'bpm'?");
        assertThat(change.catalogue()).isSameAs(person.catalogue);
    }

    private static String version(String yaml, int number, String... replacements) {
        var text = yaml.replace("version: 1", "version: " + number);
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(text).contains(replacements[i]);
            text = text.replace(replacements[i], replacements[i + 1]);
        }
        return text;
    }

    @Test
    void aVersionThatComesAfterItsTimeMarksTheDeviceAtItsNextReading() {
        for (boolean restarts : new boolean[] {false, true}) {
            var person = new Person("u1", SPIKE);
            person.repackAlways = restarts;
            person.send("watch", 10, 70, 0);
            person.send("strap", 3, 70, 0);
            person.publish(
                    new Version(1, Instant.EPOCH, SPIKE),
                    new Version(2, at(5), version(SPIKE, 2, "180", "150")));
            assertThat(person.marks).isEmpty();

            person.send("watch", 11, 70, 0);
            person.send("watch", 12, 70, 0);
            person.send("strap", 4, 70, 0); // its clock has not passed the version's time
            person.send("strap", 6, 70, 0);

            assertThat(person.marks)
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("number", "clock")
                    .containsExactly(
                            new Reevaluation(
                                    "u1", "watch", at(5), Reevaluation.Reason.LATE_PATTERN));
        }
    }

    @Test
    void ofSeveralLateVersionsTheEarliestMarks() {
        var person = new Person("u1", SPIKE, RISE_AND_FALL);
        person.send(30, 70, 0);
        person.publish(
                new Version(1, Instant.EPOCH, SPIKE),
                new Version(2, at(20), version(SPIKE, 2, "180", "150")));
        person.publish(
                new Version(1, Instant.EPOCH, RISE_AND_FALL),
                new Version(2, at(7), version(RISE_AND_FALL, 2, "140", "150")));
        person.publish(
                new Version(1, Instant.EPOCH, SPIKE),
                new Version(2, at(20), version(SPIKE, 2, "180", "150")),
                new Version(3, at(40), version(SPIKE, 3, "180", "160")));

        person.send(31, 70, 0);

        assertThat(person.marks.stream().map(Reevaluation::from)).containsExactly(at(7));
    }

    @Test
    void whatChangesNoJudgementOfThePastMarksNothing() {
        var person = new Person("u1");
        person.publish(
                new Version(1, at(-100), SPIKE),
                new Version(2, at(5), version(SPIKE, 2, "180", "150")));
        person.send(30, 70, 0);

        // The same again, then without the first version, which nothing needs any more.
        person.publish(
                new Version(1, at(-100), SPIKE),
                new Version(2, at(5), version(SPIKE, 2, "180", "150")));
        person.send(31, 70, 0);
        person.publish(new Version(2, at(5), version(SPIKE, 2, "180", "150")));
        person.send(32, 70, 0);

        assertThat(person.marks).isEmpty();
    }

    @Test
    void aNewPatternMarksNoMoreThanWhatCanBeJudgedAgain() {
        var person = new Person("u1", SPIKE);
        person.send(10, 70, 0);

        person.publish(Instant.EPOCH, RISE_AND_FALL);
        person.send(11, 70, 0);

        assertThat(person.marks.stream().map(Reevaluation::from))
                .containsExactly(at(10).minus(Judgement.FORGET_AFTER));
    }

    @Test
    void whoMissedMoreChangesThanAreRememberedIsMarkedFromTheBeginning() {
        var changes = Changes.NONE;
        for (int i = 1; i <= Changes.KEPT + 1; i++) {
            changes = changes.and(i * 10L);
        }

        assertThat(changes.newest()).isEqualTo(Changes.KEPT + 1);
        assertThat(changes.earliestAfter(Changes.KEPT)).isEqualTo((Changes.KEPT + 1) * 10L);
        assertThat(changes.earliestAfter(1)).isEqualTo(20);
        assertThat(changes.earliestAfter(0)).isEqualTo(Long.MIN_VALUE);
        assertThat(changes.earliestAfter(changes.newest())).isEqualTo(Changes.NOTHING);
    }

    @Test
    void aPatternThatIsSwitchedOffResolvesAtTheTimeItTakesEffect() {
        for (boolean restarts : new boolean[] {false, true}) {
            var person = new Person("u1");
            person.repackAlways = restarts;
            person.publish(
                    new Version(1, Instant.EPOCH, RESTING_TACHYCARDIA),
                    new Version(
                            2,
                            at(14.25),
                            version(RESTING_TACHYCARDIA, 2, "mode: live", "mode: off")));

            person.sends(0, 20, 130, 0);

            assertThat(person.story()).isEqualTo("OPENED@10.0 RESOLVED(PATTERN_CHANGED)@14.25");
            assertThat(person.state.device("watch").tracks).isEmpty();
        }
    }

    @Test
    void promotionResolvesTheShadowAndOpensALiveOneIfItIsStillTrue() {
        for (boolean restarts : new boolean[] {false, true}) {
            var person = new Person("u1");
            person.repackAlways = restarts;
            person.publish(
                    new Version(
                            1,
                            Instant.EPOCH,
                            version(RESTING_TACHYCARDIA, 1, "mode: live", "mode: shadow")),
                    new Version(2, at(20), version(RESTING_TACHYCARDIA, 2)));

            person.sends(0, 30, 130, 0);

            assertThat(person.story())
                    .isEqualTo("OPENED@10.0 RESOLVED(PATTERN_CHANGED)@20.0 OPENED@21.0");
            assertThat(person.alerts.stream().map(Alert::mode))
                    .containsExactly(Alert.Mode.SHADOW, Alert.Mode.SHADOW, Alert.Mode.LIVE);
            assertThat(person.alerts.get(2).onset()).isEqualTo(at(0));
            assertThat(person.alerts.get(2).alertId()).isNotEqualTo(person.alerts.get(0).alertId());
        }
    }

    @Test
    void promotionOpensNothingThatIsNotTrueByTheNewVersion() {
        var person = new Person("u1");
        person.publish(
                new Version(
                        1,
                        Instant.EPOCH,
                        version(RESTING_TACHYCARDIA, 1, "mode: live", "mode: shadow")),
                new Version(
                        2, at(20), version(RESTING_TACHYCARDIA, 2, "bpm > limit ", "bpm > 150 ")));

        person.sends(0, 40, 130, 0);

        assertThat(person.story()).isEqualTo("OPENED@10.0 RESOLVED(PATTERN_CHANGED)@20.0");
    }

    @Test
    void goingBackToShadowResolvesTheLiveOne() {
        var person = new Person("u1");
        person.publish(
                new Version(1, Instant.EPOCH, RESTING_TACHYCARDIA),
                new Version(
                        2, at(20), version(RESTING_TACHYCARDIA, 2, "mode: live", "mode: shadow")));

        person.sends(0, 21, 130, 0);

        assertThat(person.alerts.stream().map(a -> a.state() + " " + a.mode()))
                .containsExactly("OPENED LIVE", "RESOLVED LIVE", "OPENED SHADOW");
    }

    @Test
    void whatARemovedPatternLeftOnAnotherDeviceGoesWithThePersonsNextReading() {
        var person = new Person("u1", RESTING_TACHYCARDIA, SPIKE);
        for (double minute = 0; minute <= 12; minute += 0.5) {
            person.send("strap", minute, 130, 0);
        }
        person.send("watch", 12, 70, 0);
        person.catalogue = person.catalogue.without("resting-tachycardia");

        person.send("watch", 13, 70, 0);

        assertThat(person.story()).isEqualTo("OPENED@10.0 RESOLVED(PATTERN_CHANGED)@12.0");
        assertThat(person.state.device("strap").tracks).isEmpty();
    }

    @Test
    void whatARemovedPatternLeftOfASilentPersonIsSwept() {
        var person = new Person("u1", RESTING_TACHYCARDIA);
        person.sends(0, 12, 130, 0);
        person.judgement.arrived(person.state, "watch", 0);

        var told =
                person.judgement.silence(
                        person.state, "u1", person.reference, 30 * 60_000, Catalogue.EMPTY);

        assertThat(told).extracting(Alert::reason).containsExactly(Alert.Reason.PATTERN_CHANGED);
        assertThat(person.state.device("watch").tracks).isEmpty();
    }

    @Test
    void halfFinishedMatchesAreCountedFromTheirBeginningToTheirEnd() {
        var inProgress = new java.util.TreeMap<String, Integer>();
        var judgement = new Judgement((pattern, by) -> inProgress.merge(pattern, by, Integer::sum));
        for (boolean restarts : new boolean[] {false, true}) {
            var person = new Person("u1", judgement, RISE_AND_FALL);
            person.repackAlways = restarts;
            person.send("watch", 0, 150, 0);
            person.send("strap", 0, 150, 0);
            assertThat(inProgress).containsEntry("rise-and-fall", 2);
            person.send("watch", 1, 50, 0);
            assertThat(inProgress).containsEntry("rise-and-fall", 1);
            person.publish(
                    Instant.EPOCH,
                    version(RISE_AND_FALL, 2, "severity: medium", "mode: off\nseverity: medium"));
            person.send("strap", 2, 70, 0);
            assertThat(inProgress).containsEntry("rise-and-fall", 0);
        }
    }

    @Test
    void aPersonWithTwoDevicesOneOfThemLateGetsTheAlertsOfBoth() {
        var both = new Person("u1", RESTING_TACHYCARDIA, SPIKE);
        var live = new Person("u1", RESTING_TACHYCARDIA, SPIKE);
        var late = new Person("u1", RESTING_TACHYCARDIA, SPIKE);
        for (double minute = 0; minute <= 180; minute += 0.5) {
            int bpm = minute > 100 && minute < 120 ? 130 : minute == 50 ? 190 : 70;
            assertThat(both.send("live", minute, bpm, 0).outcome())
                    .isEqualTo(Verdict.Outcome.JUDGED);
            live.send("live", minute, bpm, 0);
            if (minute >= 120) { // an hour of each hour before, in between
                double then = (minute - 120) * 2;
                int before = then > 20 && then < 60 ? 135 : then == 70 ? 200 : 65;
                for (var person : List.of(both, late)) {
                    assertThat(person.send("late", then, before, 0).outcome())
                            .isEqualTo(Verdict.Outcome.JUDGED);
                    person.send("late", then + 0.5, before, 0);
                }
            }
        }

        assertThat(both.marks).isEmpty();
        assertThat(live.alerts).hasSize(3);
        assertThat(late.alerts).hasSize(3);
        var each = new java.util.ArrayList<>(live.alerts);
        each.addAll(late.alerts);
        assertThat(both.alerts.stream().map(Alert::eventId))
                .containsExactlyInAnyOrderElementsOf(each.stream().map(Alert::eventId).toList());
    }

    @Test
    void aPatternThatIsNewInTheMiddleOfAMinuteIsNotDroppedWithThatMinute() {
        var person = new Person("u1");
        person.publish(at(10.2), SPIKE);

        person.send(10.5, 190, 0);
        person.send(11, 190, 0);

        assertThat(person.story()).isEqualTo("OPENED@10.5");
    }

    @Test
    void versionsThatStayKeepTheirMatcher() {
        var person = new Person("u1", SPIKE);
        var before = person.catalogue.versions("spike").get(0).matcher();

        person.publish(
                new Version(1, Instant.EPOCH, SPIKE),
                new Version(2, at(5), version(SPIKE, 2, "180", "150")));

        assertThat(person.catalogue.versions("spike").get(0).matcher()).isSameAs(before);
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
