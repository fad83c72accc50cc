package hrm.functions.detection;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Bytes;
import hrm.functions.Generated;
import hrm.functions.Seen;
import hrm.model.Alert.LimitSource;
import hrm.model.Baseline;
import hrm.model.Baseline.Cell;
import hrm.model.Baseline.State;
import hrm.model.Baselines;
import hrm.model.UserProfile;
import hrm.model.UserProfiles;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceTest {
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
    private final Reference reference = new Reference();

    private static Baseline baseline(long fromMs, State state, double p50) {
        return new Baseline(
                "u",
                "run-" + fromMs,
                Instant.ofEpochMilli(fromMs),
                state,
                58.5,
                List.of(
                        new Cell(2, true, 400, p50 - 10, p50, p50 + 30, 3.5),
                        new Cell(2, false, 500, p50, p50 + 20, p50 + 90, 8)),
                20,
                90_000,
                28);
    }

    private static UserProfile profile(long fromMs, ZoneId zone, Integer high, Integer low) {
        return new UserProfile(Instant.ofEpochMilli(fromMs), zone, high, low);
    }

    private static Values at(int hour, double atRest) {
        return new Values().set(Name.HOUR, hour).set(Name.AT_REST, atRest);
    }

    private Values fill(long timestampMs, Values values) {
        reference.fill(timestampMs, values);
        return values;
    }

    @Test
    void whoeverIsNotKnownIsGuardedAndLivesInUtc() {
        assertThat(reference.isEmpty()).isTrue();
        assertThat(reference.zone(0)).isEqualTo(ZoneOffset.UTC);
        var values = fill(0, at(7, 1));
        assertThat(values.text(Name.BASELINE_STATE)).isEqualTo("LEARNING");
        assertThat(values.known(Name.BASELINE_P50)).isFalse();
        assertThat(values.get(Name.LIMITS_HIGH)).isEqualTo(120);
        assertThat(values.get(Name.LIMITS_LOW)).isEqualTo(40);
        assertThat(values.highSource()).isEqualTo(LimitSource.DEFAULT);
    }

    @Test
    void aVersionHoldsFromItsOwnTimeUntilTheNext() {
        reference.baselines(
                new Baselines(
                        "u",
                        List.of(baseline(2000, State.READY, 80), baseline(1000, State.READY, 70))));
        reference.profiles(new UserProfiles("u", List.of(profile(1500, TOKYO, 125, null))));
        assertThat(fill(999, at(7, 1)).known(Name.BASELINE_P50)).isFalse();
        assertThat(fill(1000, at(7, 1)).get(Name.BASELINE_P50)).isEqualTo(70);
        assertThat(reference.zone(1499)).isEqualTo(ZoneOffset.UTC);
        assertThat(reference.zone(1500)).isEqualTo(TOKYO);
        assertThat(fill(1999, at(7, 1)).get(Name.BASELINE_P50)).isEqualTo(70);
        assertThat(fill(2000, at(7, 1)).get(Name.BASELINE_P50)).isEqualTo(80);
        assertThat(fill(1000, at(7, 1)).get(Name.BASELINE_P50)).as("and back").isEqualTo(70);
    }

    @Test
    void theCellIsThatOfHourAndRest() {
        reference.baselines(new Baselines("u", List.of(baseline(0, State.READY, 70))));
        var rest = fill(0, at(6, 1));
        assertThat(rest.get(Name.BASELINE_P01)).isEqualTo(60);
        assertThat(rest.get(Name.BASELINE_P99)).isEqualTo(100);
        assertThat(rest.get(Name.BASELINE_MAD)).isEqualTo(3.5);
        assertThat(rest.get(Name.BASELINE_RESTING)).isEqualTo(58.5);
        assertThat(fill(0, at(8, 0)).get(Name.BASELINE_P50)).isEqualTo(90);
        assertThat(fill(0, at(9, 1)).known(Name.BASELINE_P50)).as("no such cell").isFalse();
        assertThat(fill(0, at(5, 1)).known(Name.BASELINE_P50)).as("no such cell").isFalse();
        assertThat(fill(0, at(7, Double.NaN)).known(Name.BASELINE_P50)).isFalse();
    }

    @Test
    void nothingIsLeftOfTheReadingBefore() {
        reference.baselines(new Baselines("u", List.of(baseline(1000, State.READY, 70))));
        var values = fill(1000, at(7, 1));
        fill(0, values);
        assertThat(values.known(Name.BASELINE_P50)).isFalse();
        assertThat(values.known(Name.BASELINE_RESTING)).isFalse();
        assertThat(values.highSource()).isEqualTo(LimitSource.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource(value = State.class, mode = EnumSource.Mode.EXCLUDE, names = "READY")
    void ofABaselineThatIsNotReadyOnlyTheStateIsKnown(State state) {
        reference.baselines(new Baselines("u", List.of(baseline(0, state, 70))));
        var values = fill(0, at(7, 1));
        assertThat(values.text(Name.BASELINE_STATE)).isEqualTo(state.name());
        assertThat(values.known(Name.BASELINE_P50)).isFalse();
        assertThat(values.known(Name.BASELINE_RESTING)).isFalse();
        assertThat(values.highSource()).isEqualTo(LimitSource.DEFAULT);
    }

    @Test
    void newVersionsReplaceTheOldAndNoneRemovesThem() {
        reference.baselines(new Baselines("u", List.of(baseline(0, State.READY, 70))));
        assertThat(fill(5, at(7, 1)).get(Name.BASELINE_P50)).isEqualTo(70);
        reference.baselines(new Baselines("u", List.of(baseline(0, State.READY, 75))));
        assertThat(fill(5, at(7, 1)).get(Name.BASELINE_P50)).isEqualTo(75);
        reference.baselines(null);
        reference.profiles(null);
        assertThat(fill(5, at(7, 1)).known(Name.BASELINE_P50)).isFalse();
        assertThat(reference.isEmpty()).isTrue();
    }

    @Test
    void aTimeWithinAMillisecondHoldsFromTheNextAndTimesBeyondAllClocksAreNoFailure() {
        var within = Instant.ofEpochMilli(1000).plusNanos(1);
        reference.profiles(
                new UserProfiles("u", List.of(new UserProfile(within, TOKYO, null, null))));
        assertThat(reference.zone(1000)).isEqualTo(ZoneOffset.UTC);
        assertThat(reference.zone(1001)).isEqualTo(TOKYO);
        reference.profiles(
                new UserProfiles(
                        "u",
                        List.of(
                                new UserProfile(Instant.MIN, TOKYO, null, null),
                                new UserProfile(Instant.MAX, ZoneOffset.UTC, null, null))));
        assertThat(reference.zone(0)).isEqualTo(TOKYO);
    }

    @Test
    void aProfileWithoutTimeZoneIsReadInUtc() {
        reference.profiles(new UserProfiles("u", List.of(profile(0, null, 125, 45))));
        var back = Bytes.roundTrip(reference::write, Reference::read);
        assertThat(back.zone(0)).isEqualTo(ZoneOffset.UTC);
        assertThat(back.at(0).limits().high()).isEqualTo(125);
    }

    @Test
    void equalsASearchThroughTheListAndStateComesBackFromBytes() {
        Generated.cases(
                200,
                random -> {
                    var baselines = new ArrayList<Baseline>();
                    var profiles = new ArrayList<UserProfile>();
                    for (int i = random.nextInt(6); i > 0; i--) {
                        baselines.add(
                                baseline(
                                        random.nextInt(50), state(random), 60 + random.nextInt(9)));
                    }
                    for (int i = random.nextInt(4); i > 0; i--) {
                        profiles.add(
                                profile(random.nextInt(50), TOKYO, 121 + i, random.nextInt(40)));
                    }
                    var both = new Reference();
                    both.baselines(new Baselines("u", baselines));
                    both.profiles(new UserProfiles("u", profiles));
                    var back = Bytes.roundTrip(both::write, Reference::read).copy();
                    for (int i = 0; i < 100; i++) {
                        long t = random.nextInt(60) - 5;
                        var found = back.at(t);
                        assertThat(found.baseline())
                                .isEqualTo(newest(new Baselines("u", baselines).versions(), t));
                        assertThat(found.profile())
                                .isEqualTo(
                                        newestProfile(
                                                new UserProfiles("u", profiles).versions(), t));
                        var a = at(7, 1);
                        var b = at(7, 1);
                        both.fill(t, a);
                        back.fill(t, b);
                        assertThat(Seen.of(a)).isEqualTo(Seen.of(b));
                    }
                });
    }

    private static State state(Random random) {
        return random.nextInt(3) == 0 ? State.STALE : State.READY;
    }

    private static Baseline newest(List<Baseline> ordered, long t) {
        Baseline newest = null;
        for (var baseline : ordered) {
            newest = baseline.effectiveFrom().toEpochMilli() <= t ? baseline : newest;
        }
        return newest;
    }

    private static UserProfile newestProfile(List<UserProfile> ordered, long t) {
        UserProfile newest = null;
        for (var profile : ordered) {
            newest = profile.effectiveFrom().toEpochMilli() <= t ? profile : newest;
        }
        return newest;
    }
}
