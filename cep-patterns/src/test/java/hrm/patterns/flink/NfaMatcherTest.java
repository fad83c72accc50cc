package hrm.patterns.flink;

import static hrm.patterns.flink.Notation.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.patterns.Input;
import hrm.patterns.Match;
import hrm.patterns.MatcherState;
import hrm.patterns.Name;
import hrm.patterns.Tally;
import hrm.patterns.Truth;
import hrm.patterns.Values;
import hrm.patterns.compile.CompiledPattern.CompiledStep;
import hrm.patterns.flink.Notation.Carried;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import hrm.patterns.spec.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NfaMatcherTest {

    // ---- the constructs

    @Test
    void oneStepMatchesEachInputThatIsTrue() {
        assertThat(pattern("a").on("a0 x3 a9")).containsExactly("a0", "a9");
    }

    @Test
    void followedByLetsOthersLieBetween() {
        assertThat(pattern("a followed_by b").on("a0 x3 b9")).containsExactly("a0 b9");
    }

    @Test
    void nextMustComeDirectlyAfter() {
        assertThat(pattern("a next b").on("a0 b3")).containsExactly("a0 b3");
        assertThat(pattern("a next b").on("a0 x3 b9")).isEmpty();
    }

    @Test
    void notFollowedByForbidsWhatLiesBetween() {
        var pattern = pattern("a not_followed_by x followed_by b");
        assertThat(pattern.on("a0 y3 b9")).containsExactly("a0 b9");
        assertThat(pattern.on("a0 x3 b9")).isEmpty();
    }

    @Test
    void timesCountsInputsWithOthersBetweenAsFlinkDoes() {
        assertThat(pattern("a times 3").on("a0 x1 a2 a3")).containsExactly("a0..3x3");
        assertThat(pattern("a followed_by b times 2 followed_by c").on("a0 b1 x2 b3 c4"))
                .containsExactly("a0 b1..3x2 c4");
    }

    @Test
    void timesRangeMatchesEachNumberUnderOverlap() {
        assertThat(pattern("a followed_by b times 1..3 overlap_all").on("a0 b1 b2 b3 b4"))
                .containsExactly("a0 b1", "a0 b1..2x2", "a0 b1..3x3");
    }

    @Test
    void patternWithinCountsFromFirstToLastAndItsEndIsOutside() {
        var pattern = pattern("a followed_by b followed_by c all_within 10s");
        assertThat(pattern.on("a0 b5 c9")).containsExactly("a0 b5 c9");
        assertThat(pattern.on("a0 b5 c10")).isEmpty();
    }

    @Test
    void stepWithinCountsFromThePreviousStepAndItsEndIsOutside() {
        var pattern = pattern("a followed_by b followed_by c within 10s");
        assertThat(pattern.on("a0 b50 c59")).containsExactly("a0 b50 c59");
        assertThat(pattern.on("a0 b50 c60")).isEmpty();
    }

    @Test
    void stepWithinHoldsForTheFirstOfSeveralToo() {
        var pattern = pattern("a followed_by b times 2 within 10s");
        assertThat(pattern.on("a0 b9 b50")).containsExactly("a0 b9..50x2");
        assertThat(pattern.on("a0 b10 b11")).isEmpty();
        assertThat(pattern("a followed_by b times 2..3 within 10s").on("a0 b10 b11 b12")).isEmpty();
    }

    @Test
    void conditionsSeeFirstLastAndCountOfEarlierSteps() {
        assertThat(pattern("a times 2 followed_by b>first(0)").on("a0=80 a1=120 b2=70 b3=90"))
                .containsExactly("a0..1x2 b3");
        assertThat(pattern("a times 2 followed_by b>last(0)").on("a0=80 a1=120 b2=110 b3=121"))
                .containsExactly("a0..1x2 b3");
        assertThat(pattern("a times 2 followed_by b>=count(0)").on("a0 a1 b2=99 b3=100"))
                .containsExactly("a0..1x2 b3");
    }

    @Test
    void unknownIsNoMatchAndDoesNotForbidEither() {
        assertThat(pattern("a followed_by b").on("?0 a1 ?2 b3")).containsExactly("a1 b3");
        assertThat(pattern("a not_followed_by x followed_by b").on("a0 ?1 b2"))
                .containsExactly("a0 b2");
    }

    @Test
    void matchSaysWhatMatchedWhenAndWhenItWasDecided() {
        var pattern = pattern("a followed_by b times 2");
        var matches =
                pattern.matches(
                        Notation.readings("a10=80 b20=91 b30=92"), 60_000, Carried.AS_IT_IS);
        assertThat(matches)
                .containsExactly(
                        new Match(
                                10_000,
                                90_000,
                                false,
                                List.of(
                                        new Match.Step(0, 10_000, 10_000, 80, 80, 1),
                                        new Match.Step(1, 20_000, 30_000, 91, 92, 2))));
    }

    @Test
    void followedByAnyLetsTrueOnesLieBetweenToo() {
        assertThat(pattern("a followed_by_any b overlap_all").on("a0 b1 b2"))
                .containsExactly("a0 b1", "a0 b2");
        assertThat(pattern("a followed_by b overlap_all").on("a0 b1 b2")).containsExactly("a0 b1");
        assertThat(pattern("a followed_by_any b followed_by c").on("a0 b1 b2 c3")).hasSize(1);
    }

    @Test
    void notNextForbidsTheVeryNextInput() {
        var pattern = pattern("a not_next x followed_by b");
        assertThat(pattern.on("a0 x1 b2")).isEmpty();
        assertThat(pattern.on("a0 y1 x2 b3")).containsExactly("a0 b3");
        assertThat(pattern("a not_next b").on("a0 b1 a2 x3")).containsExactly("a2");
    }

    @Test
    void oneOrMoreTakesAllOfThemWithoutOverlap() {
        assertThat(pattern("a more followed_by b").on("a0 x1 a2 a3 b4 b5"))
                .containsExactly("a0..3x3 b4");
        assertThat(pattern("a more consecutive followed_by b").on("a0 x1 a2 b4"))
                .containsExactly("a0 b4");
    }

    @Test
    void untilEndsTheTaking() {
        var pattern = pattern("a followed_by b more until x followed_by c");
        assertThat(pattern.on("a0 b1 b2 x3 b4 c5")).containsExactly("a0 b1..2x2 c5");
    }

    @Test
    void optionalMayBeLeftOut() {
        var pattern = pattern("a followed_by b optional followed_by c");
        assertThat(pattern.on("a0 b1 c2")).containsExactly("a0 b1 c2");
        assertThat(pattern.on("a0 c2")).containsExactly("a0 c2");
    }

    @Test
    void aGroupFollowsAndRepeatsAsOne() {
        var pattern = pattern("a followed_by ( b next c ) times 2 followed_by d");
        assertThat(pattern.on("a0 b1 c2 x3 b4 c5 d6")).containsExactly("a0 b1..4x2 c2..5x2 d6");
        assertThat(pattern.on("a0 b1 c2 d6")).isEmpty();
    }

    @Test
    void skipStrategiesEndOthers() {
        String readings = "a0 a1 a2 b3";
        assertThat(pattern("a followed_by b overlap_all").on(readings)).hasSize(3);
        assertThat(pattern("a followed_by b skip_past_last overlap_all").on(readings))
                .containsExactly("a0 b3");
        assertThat(pattern("a more followed_by b skip_to_next overlap_all").on(readings))
                .hasSize(3);
    }

    // ---- what time decides

    @Test
    void notFollowedByAtTheEndIsDecidedByTheFirstInputAfterItsWindow() {
        var pattern = pattern("a not_followed_by b within 10s");
        assertThat(pattern.on("a0 x5 b9 x20")).isEmpty();
        assertThat(pattern.on("a0 x9")).isEmpty();
        assertThat(pattern.on("a0 x5 b10")).containsExactly("a0");
        var found = pattern.matches(Notation.readings("a0 x5 b12"), 0, Carried.THROUGH_BYTES);
        assertThat(found).extracting(Match::detectedAtMs).containsExactly(10_000L);
    }

    @Test
    void theInputThatShowsThatNothingCameMayStartTheNextMatch() {
        assertThat(pattern("a not_followed_by b within 10s").on("a0 a10 a20"))
                .containsExactly("a0", "a10");
    }

    @Test
    void silenceDecidesWhatTheNextInputWouldAndAnInputInTimeDecidesOtherwise() {
        var pattern = pattern("a not_followed_by b within 10s");
        try (var matcher = new NfaMatcher(pattern.compiled())) {
            var state = matcher.start();
            var values = new Values();
            var matches = new ArrayList<Match>();
            assertThat(matcher.deadlineMs(state)).isEqualTo(Long.MAX_VALUE);
            advance(matcher, state, "a1", values, matches);
            assertThat(matcher.deadlineMs(state)).isEqualTo(11_000);
            matcher.ifSilent(state, 10_999, matches::add);
            assertThat(matches).isEmpty();
            matcher.ifSilent(state, 11_000, matches::add);
            assertThat(matches).extracting(Match::detectedAtMs).containsExactly(11_000L);
            // The state is as it was.
            matches.clear();
            advance(matcher, state, "b5", values, matches);
            assertThat(matcher.deadlineMs(state)).isEqualTo(Long.MAX_VALUE);
            assertThat(matches).isEmpty();
        }
    }

    @Test
    void aPatternCanTellWhatTimedOut() {
        var pattern = pattern("a followed_by b within 10s followed_by c within 10s timed_out");
        assertThat(pattern.on("a0 b5 c9 x30")).isEmpty();
        assertThat(pattern.on("a0 b5 x30")).containsExactly("a0 b5");
        assertThat(pattern.on("a0 x10")).containsExactly("a0");
        assertThat(pattern.matches(Notation.readings("a0 b5 x30"), 0, Carried.AS_IT_IS))
                .extracting(Match::detectedAtMs)
                .containsExactly(15_000L);
    }

    @Test
    void silenceDecidesNothingForAPatternThatWaitsForInputs() {
        try (var matcher = new NfaMatcher(pattern("a followed_by b within 9s").compiled())) {
            var state = matcher.start();
            advance(matcher, state, "a1", new Values(), new ArrayList<>());
            assertThat(matcher.deadlineMs(state)).isEqualTo(Long.MAX_VALUE);
        }
    }

    // ---- starts: edge

    @Test
    void onItsEdgeAStepStartsOnlyWhereItBecomesTrue() {
        assertThat(pattern("a edge").on("a0 a1 x2 a3 ?4 a5 a6")).containsExactly("a0", "a3", "a5");
        assertThat(pattern("a edge followed_by b overlap_all").on("a0 a1 a2 b3 a4 b5"))
                .containsExactly("a0 b3", "a4 b5");
        assertThat(pattern("a edge times 2 followed_by b").on("a0 a1 a2 b3 a4 b5"))
                .containsExactly("a0..1x2 b3");
    }

    // ---- counting

    @Test
    void aStepCountsAmongItsLastSamples() {
        var pattern = pattern("a at_least 3 of 4 span 3s all_within 60s");
        assertThat(pattern.on("a1 a2 a3 a4")).containsExactly("a1..4x4");
        assertThat(pattern.on("a1 x2 a3 a4 x5 x6 a7")).containsExactly("a1..4x3");
        assertThat(pattern.on("a1 x2 x3 a4 x5 a6")).isEmpty();
    }

    @Test
    void aSampleIsTheFirstOfItsSlotAmongWhatCanBeOne() {
        var pattern = pattern("a at_least 2 of 2 every 10s among ab all_within 60s");
        assertThat(pattern.on("a1 a2 a9 b11 a12 a21")).isEmpty();
        assertThat(pattern.on("a1 x10 a12")).containsExactly("a1..12x2");
    }

    // ---- overlap

    @Test
    void withoutOverlapNothingStartsWhileAMatchIsInProgress() {
        assertThat(pattern("a followed_by b").on("a0 a1 b2 b3 a4 b5"))
                .containsExactly("a0 b2", "a4 b5");
        assertThat(pattern("a followed_by b overlap_all").on("a0 a1 b2 b3"))
                .containsExactly("a0 b2", "a1 b2");
    }

    @Test
    void anInputThatCompletesAMatchDoesNotStartTheNext() {
        assertThat(pattern("a followed_by a").on("a0 a1 a2 a3")).containsExactly("a0 a1", "a2 a3");
    }

    @Test
    void anInputAtWhichTheMatchInProgressBreaksMayStartTheNext() {
        assertThat(pattern("a next b").on("a0 a1 b2")).containsExactly("a1 b2");
        assertThat(pattern("a not_followed_by a followed_by b").on("a0 a1 b2"))
                .containsExactly("a1 b2");
    }

    @Test
    void anInputAtWhichTheMatchInProgressExpiresMayStartTheNext() {
        assertThat(pattern("a followed_by b all_within 5s").on("a0 a5 b9"))
                .containsExactly("a5 b9");
    }

    @Test
    void firstCompleteMatchEndsWhatIsInProgressWithIt() {
        assertThat(pattern("a times 2..3").on("a0 a1 a2 a3")).containsExactly("a0..1x2", "a2..3x2");
    }

    @Test
    void startsBeyondTheMostInProgressAreRefusedAndCounted() {
        var pattern = pattern("a followed_by b overlap_all");
        try (var matcher = new NfaMatcher(pattern.compiled())) {
            var state = matcher.start();
            var values = new Values();
            var matches = new ArrayList<Match>();
            int extra = 5;
            for (int i = 0; i < NfaMatcher.MAX_IN_PROGRESS + extra; i++) {
                advance(matcher, state, "a" + i, values, matches);
            }
            assertThat(state.partialMatches()).isEqualTo(NfaMatcher.MAX_IN_PROGRESS);
            assertThat(matcher.tally().refusedStarts()).isEqualTo(extra);

            advance(matcher, state, "b9999", values, matches);
            assertThat(matches).hasSize(NfaMatcher.MAX_IN_PROGRESS);
            assertThat(state.isEmpty()).isTrue();

            advance(matcher, state, "a10000", values, matches);
            assertThat(state.partialMatches()).isEqualTo(1);
        }
    }

    // ---- hold

    @Test
    void holdMatchesOnceWhenItHasLasted() {
        assertThat(pattern("h hold 10s").on("h0 h5 h9 h10 h15 h30")).containsExactly("h0..10x4");
    }

    @Test
    void holdBeginsAnewAfterAnInputThatIsNotTrue() {
        assertThat(pattern("h hold 10s").on("h0 h5 x9 h10 h15 h20")).containsExactly("h10..20x3");
        assertThat(pattern("h hold 10s").on("h0 h5 ?9 h10 h15 h20")).containsExactly("h10..20x3");
    }

    @Test
    void holdBeginsAnewAfterAPauseOverMaxGap() {
        assertThat(pattern("h hold 10s gap 5s").on("h0 h5 h10")).containsExactly("h0..10x3");
        assertThat(pattern("h hold 10s gap 5s").on("h0 h6 h11 h16")).containsExactly("h6..16x3");
    }

    @Test
    void aStretchStartsOneMatchHoweverLongItLasts() {
        assertThat(pattern("h hold 5s").on("h0 h5 h10 h15 x16 h20 h25"))
                .containsExactly("h0..5x2", "h20..25x2");
        assertThat(pattern("h hold 5s overlap_all").on("h0 h5 h10 h15")).hasSize(1);
    }

    @Test
    void aHoldGrowsUntilItsStretchEnds() {
        assertThat(pattern("h hold 5s followed_by c").on("h0 h5 h10 h15 x20 c25"))
                .containsExactly("h0..15x4 c25");
    }

    @Test
    void theNextStepCountsFromTheLastInputOfAHold() {
        var pattern = pattern("h hold 5s followed_by c within 10s");
        assertThat(pattern.on("h0 h5 h10 h20 c29")).containsExactly("h0..20x4 c29");
        assertThat(pattern.on("h0 h5 h10 h20 c30")).isEmpty();
        assertThat(pattern("h hold 5s followed_by c<last(0)").on("h0 h5=80 h10=70 c15=75 c20=69"))
                .containsExactly("h0..10x3 c20");
    }

    @Test
    void patternWithinCountsFromTheStartOfAFirstHold() {
        var pattern = pattern("h hold 5s followed_by c all_within 20s");
        assertThat(pattern.on("h0 h5 c19")).containsExactly("h0..5x2 c19");
        assertThat(pattern.on("h0 h5 c20")).isEmpty();
    }

    @Test
    void aLaterHoldCountsFromTheStepBeforeIt() {
        var pattern = pattern("a followed_by ah hold 10s");
        assertThat(pattern.on("h0 h4 a5 h10 h14 h15")).containsExactly("a5 h0..15x6");
    }

    @Test
    void aHoldThatIsNextMustBeTrueFromTheStepBeforeItOn() {
        var pattern = pattern("a next h hold 10s");
        assertThat(pattern.on("a0 h5 h15")).containsExactly("a0 h5..15x2");
        assertThat(pattern.on("a0 x1 h5 h15")).isEmpty();
        assertThat(pattern("a followed_by h hold 10s").on("a0 x1 h5 h15"))
                .containsExactly("a0 h5..15x2");
    }

    @Test
    void aStretchThatCameDueDuringAMatchStartsOneLater() {
        var pattern = pattern("h hold 5s followed_by c followed_by d all_within 20s");
        // The first stretch's match expires at 22; the second has been due since 17.
        assertThat(pattern.on("h0 h5 x6 h12 h17 h22 c25 d26")).containsExactly("h12..22x3 c25 d26");
    }

    // ---- state

    @Test
    void nothingIsRememberedWhenNothingIsInProgress() {
        var pattern = pattern("a followed_by b all_within 10s");
        try (var matcher = new NfaMatcher(pattern.compiled())) {
            var state = matcher.start();
            var values = new Values();
            var matches = new ArrayList<Match>();
            assertThat(state.isEmpty()).isTrue();
            advance(matcher, state, "x0", values, matches);
            assertThat(state.isEmpty()).isTrue();
            advance(matcher, state, "a1", values, matches);
            assertThat(state.isEmpty()).isFalse();
            assertThat(state.partialMatches()).isEqualTo(1);
            advance(matcher, state, "x20", values, matches);
            assertThat(state.isEmpty()).isTrue();
            advance(matcher, state, "a21", values, matches);
            advance(matcher, state, "b22", values, matches);
            assertThat(matches).hasSize(1);
            assertThat(state.isEmpty()).isTrue();
        }
    }

    @Test
    void aRunningHoldIsRememberedThoughNothingIsInProgress() {
        var pattern = pattern("h hold 10s");
        try (var matcher = new NfaMatcher(pattern.compiled())) {
            var state = matcher.start();
            advance(matcher, state, "h0", new Values(), new ArrayList<>());
            assertThat(state.isEmpty()).isFalse();
            assertThat(state.partialMatches()).isZero();
            advance(matcher, state, "x1", new Values(), new ArrayList<>());
            assertThat(state.isEmpty()).isTrue();
        }
    }

    @Test
    void aHoldOfADayAtOneReadingASecondTakesAFewHundredBytes() {
        for (String text :
                List.of(
                        "h hold 86400s",
                        "h hold 60s followed_by c within 10s",
                        "a followed_by h hold 60s followed_by c")) {
            var pattern = pattern(text);
            try (var matcher = new NfaMatcher(pattern.compiled())) {
                var state = matcher.start();
                var values = new Values();
                advance(matcher, state, "a1", values, new ArrayList<>());
                for (int second = 2; second < 86_400; second++) {
                    advance(matcher, state, "h" + second, values, new ArrayList<>());
                }
                assertThat(Notation.write(matcher, state)).as(text).hasSizeLessThan(200);
            }
        }
    }

    /** Else two matches that take one stretch, one after the other, would have one onset. */
    @Test
    void aMatchBeginsWithItsFirstStepAlsoWhereALaterStretchWasThereBefore() {
        var pattern = pattern("a followed_by ah hold 10s");
        try (var matcher = new NfaMatcher(pattern.compiled())) {
            var state = matcher.start();
            var values = new Values();
            var matches = new ArrayList<Match>();
            for (var input : "h0 h5 a10 h15 h20 h25 a30 h35 h40".split(" ")) {
                advance(matcher, state, input, values, matches);
            }
            assertThat(matches).extracting(Match::onsetMs).containsExactly(10_000L, 30_000L);
            assertThat(matches).extracting(Match::detectedAtMs).containsExactly(20_000L, 40_000L);
        }
    }

    @Test
    void devicesTakeTurnsOnOneMatcherWithoutSeeingEachOther() {
        var pattern = pattern("a followed_by b");
        try (var matcher = new NfaMatcher(pattern.compiled())) {
            var one = matcher.start();
            var other = matcher.start();
            var values = new Values();
            var ofOne = new ArrayList<Match>();
            var ofOther = new ArrayList<Match>();
            advance(matcher, one, "a1", values, ofOne);
            advance(matcher, other, "b2", values, ofOther);
            advance(matcher, other, "a3", values, ofOther);
            advance(matcher, one, "b1", values, new ArrayList<>(), 500);
            advance(matcher, other, "b4", values, ofOther);
            assertThat(ofOther).extracting(Match::onsetMs).containsExactly(3000L);
            assertThat(one.isEmpty()).isTrue();
        }
    }

    @Test
    void aCopyGoesItsOwnWay() {
        var pattern = pattern("a followed_by b overlap_all");
        try (var matcher = new NfaMatcher(pattern.compiled())) {
            var state = matcher.start();
            var values = new Values();
            var matches = new ArrayList<Match>();
            advance(matcher, state, "a1", values, matches);
            var copy = state.copy();
            advance(matcher, copy, "a2", values, matches);
            advance(matcher, copy, "b3", values, matches);
            assertThat(matches).hasSize(2);
            assertThat(state.partialMatches()).isEqualTo(1);
            matches.clear();
            advance(matcher, state, "b9", values, matches);
            assertThat(matches).extracting(Match::detectedAtMs).containsExactly(9000L);
        }
    }

    @Test
    void stateOfOneVersionIsReadByAnotherOfTheSameShape() {
        var before = pattern("a followed_by b");
        var after = pattern("a followed_by c>last(0)");
        try (var old = new NfaMatcher(before.compiled());
                var now = new NfaMatcher(after.compiled())) {
            var state = old.start();
            var values = new Values();
            var matches = new ArrayList<Match>();
            advance(old, state, "a1=80", values, matches);
            var carried = Notation.read(now, Notation.write(old, state));
            advance(now, carried, "b2=90", values, matches);
            advance(now, carried, "c3=81", values, matches);
            assertThat(matches).extracting(Match::detectedAtMs).containsExactly(3000L);
        }
    }

    @Test
    void aPatternThatChangesItsOverlapKeepsWhatIsInProgress() {
        try (var one = new NfaMatcher(pattern("a followed_by b").compiled());
                var all = new NfaMatcher(pattern("a followed_by b overlap_all").compiled())) {
            var values = new Values();
            var matches = new ArrayList<Match>();
            var state = one.start();
            advance(one, state, "a1", values, matches);
            state = Notation.read(all, Notation.write(one, state));
            advance(all, state, "a2", values, matches);
            advance(all, state, "a3", values, matches);
            assertThat(state.partialMatches()).isEqualTo(3);
            state = Notation.read(one, Notation.write(all, state));
            advance(one, state, "a4", values, matches);
            assertThat(state.partialMatches()).isEqualTo(3);
            state = Notation.read(all, Notation.write(one, state));
            advance(all, state, "b5", values, matches);
            assertThat(matches).extracting(Match::onsetMs).containsExactly(1000L, 2000L, 3000L);
        }
    }

    @Test
    void twoInputsOfOneTimeAreRefusedWhileItIsKept() {
        try (var matcher = new NfaMatcher(pattern("a followed_by b").compiled())) {
            var state = matcher.start();
            advance(matcher, state, "a1", new Values(), new ArrayList<>());
            assertThatThrownBy(() -> advance(matcher, state, "b1", new Values(), new ArrayList<>()))
                    .hasMessageContaining("drop duplicates");
        }
    }

    @Test
    void stateOfAnotherShapeOrFormatIsRefusedWithAReason() {
        try (var longer = new NfaMatcher(pattern("a followed_by b followed_by c").compiled());
                var shorter = new NfaMatcher(pattern("a followed_by b").compiled())) {
            var state = longer.start();
            var values = new Values();
            advance(longer, state, "a1", values, new ArrayList<>());
            advance(longer, state, "b2", values, new ArrayList<>());
            byte[] bytes = Notation.write(longer, state);
            assertThatThrownBy(() -> Notation.read(shorter, bytes))
                    .hasMessageContaining("pattern 'test' is of another shape");
            bytes[0] = 99;
            assertThatThrownBy(() -> Notation.read(longer, bytes))
                    .hasMessageContaining("format 99");
        }
    }

    @Test
    void valuesOfEarlierStepsBesideBpmAreKept() {
        var steps =
                List.of(
                        new Step(
                                Relation.STEP,
                                "a",
                                "",
                                false,
                                Times.ONCE,
                                null,
                                null,
                                Step.DEFAULT_MAX_GAP,
                                null),
                        new Step(
                                Relation.FOLLOWED_BY,
                                "b",
                                "",
                                false,
                                Times.ONCE,
                                null,
                                null,
                                Step.DEFAULT_MAX_GAP,
                                null));
        var conditions =
                List.of(
                        new CompiledStep((values, taken) -> Truth.TRUE, false, (v, t) -> ""),
                        new CompiledStep(
                                (values, taken) ->
                                        Truth.of(
                                                values.get(Name.STEPS)
                                                        > taken.first(0, Name.STEPS)),
                                true,
                                (v, t) -> ""));
        var compiled =
                Notation.compiled(
                        steps, conditions, null, Overlap.NONE, List.of(Name.BPM, Name.STEPS));
        try (var matcher = new NfaMatcher(compiled)) {
            var state = matcher.start();
            var matches = new ArrayList<Match>();
            for (int i = 0; i < 3; i++) {
                var values = new Values().set(Name.STEPS, i < 2 ? 10 : 11);
                matcher.advance(state, Input.reading(values, 1000 + i), matches::add);
                state = Notation.read(matcher, Notation.write(matcher, state));
            }
            assertThat(matches).extracting(Match::detectedAtMs).containsExactly(1002L);
            assertThat(matches.get(0).steps().get(0).firstBpm()).isNaN();
        }
    }

    // ---- what goes wrong

    @Test
    void aConditionThatFailsIsNoMatchAndIsCounted() {
        var steps =
                List.of(
                        new Step(
                                Relation.STEP,
                                "a",
                                "",
                                false,
                                Times.ONCE,
                                null,
                                null,
                                Step.DEFAULT_MAX_GAP,
                                null));
        var conditions =
                List.of(
                        new CompiledStep(
                                (values, taken) -> {
                                    throw new ArithmeticException("/ by zero");
                                },
                                false,
                                (v, t) -> ""));
        var compiled = Notation.compiled(steps, conditions, null, Overlap.NONE, List.of(Name.BPM));
        var told = new ArrayList<RuntimeException>();
        try (var matcher = new NfaMatcher(compiled, new Tally(told::add))) {
            var state = matcher.start();
            matcher.advance(
                    state,
                    Input.reading(new Values(), 1),
                    match -> {
                        throw new AssertionError(match);
                    });
            assertThat(matcher.tally().failedConditions()).isEqualTo(1);
            assertThat(matcher.tally().firstFailure())
                    .get()
                    .isInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void matchersLeaveNoThreadBehind() throws Exception {
        var before = Thread.getAllStackTraces().keySet();
        var matchers =
                IntStream.range(0, 20)
                        .mapToObj(i -> new NfaMatcher(pattern("a").compiled()))
                        .toList();
        matchers.forEach(NfaMatcher::close);
        var started = new HashSet<>(Thread.getAllStackTraces().keySet());
        started.removeAll(before);
        for (var thread : started) {
            if (thread.getName().startsWith("Timer-")) {
                thread.join(Duration.ofSeconds(10).toMillis());
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private static void advance(
            NfaMatcher matcher, MatcherState state, String reading, Values values, List<Match> to) {
        advance(matcher, state, reading, values, to, 0);
    }

    private static void advance(
            NfaMatcher matcher,
            MatcherState state,
            String reading,
            Values values,
            List<Match> to,
            long plusMs) {
        var input = Notation.input(Notation.readings(reading).get(0), values, 0);
        long timeMs = input.startMs() + plusMs;
        matcher.advance(state, Input.reading(values, timeMs), to::add);
    }
}
