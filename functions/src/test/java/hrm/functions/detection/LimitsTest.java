package hrm.functions.detection;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert.LimitSource;
import hrm.model.Baseline;
import hrm.model.Baseline.Cell;
import hrm.model.Baseline.State;
import hrm.model.UserProfile;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LimitsTest {
    private static Baseline baseline(State state, Cell... cells) {
        return new Baseline("u", "run", Instant.EPOCH, state, 60.0, List.of(cells), 10, 1000, 28);
    }

    private static Cell rest(int hourGroup, long readings, double p01, double p99) {
        return new Cell(hourGroup, true, readings, p01, 65, p99, 4);
    }

    private static UserProfile profile(Integer high, Integer low) {
        return new UserProfile(Instant.EPOCH, ZoneOffset.UTC, high, low);
    }

    @Test
    void nobodyIsWithoutLimits() {
        assertThat(Limits.of(null, null))
                .isEqualTo(Limits.DEFAULT)
                .isEqualTo(new Limits(120, LimitSource.DEFAULT, 40, LimitSource.DEFAULT));
    }

    @Test
    void whatTheProfileSaysGoesFirstEachLimitByItself() {
        var ready = baseline(State.READY, rest(0, 100, 50, 95));
        assertThat(Limits.of(profile(140, 45), ready))
                .isEqualTo(new Limits(140, LimitSource.PROFILE, 45, LimitSource.PROFILE));
        assertThat(Limits.of(profile(140, null), ready))
                .isEqualTo(new Limits(140, LimitSource.PROFILE, 45, LimitSource.BASELINE));
        assertThat(Limits.of(profile(null, 38), null))
                .isEqualTo(new Limits(120, LimitSource.DEFAULT, 38, LimitSource.PROFILE));
    }

    // High: p99 + 10 within 100 to 130; low: p01 − 5 within 35 to 50.
    @ParameterizedTest
    @CsvSource({
        "89, 100",
        "90, 100",
        "91, 101",
        "119, 129",
        "120, 130",
        "121, 130",
        "95.4, 105",
        "95.6, 106"
    })
    void theHighLimitIsTheBaselinesWithinBounds(double p99, double high) {
        var limits = Limits.of(null, baseline(State.READY, rest(0, 100, 50, p99)));
        assertThat(limits.high()).isEqualTo(high);
        assertThat(limits.highSource()).isEqualTo(LimitSource.BASELINE);
    }

    @ParameterizedTest
    @CsvSource({"39, 35", "40, 35", "41, 36", "54, 49", "55, 50", "56, 50"})
    void theLowLimitIsTheBaselinesWithinBounds(double p01, double low) {
        var limits = Limits.of(null, baseline(State.READY, rest(0, 100, p01, 95)));
        assertThat(limits.low()).isEqualTo(low);
        assertThat(limits.lowSource()).isEqualTo(LimitSource.BASELINE);
    }

    @Test
    void hourGroupsWeighAsMuchAsTheyHaveReadingsAndActiveOnesNothing() {
        var limits =
                Limits.of(
                        null,
                        baseline(
                                State.READY,
                                rest(0, 300, 44, 90),
                                rest(1, 100, 48, 110),
                                new Cell(2, false, 1000, 20, 100, 190, 20)));
        assertThat(limits.high()).isEqualTo(105);
        assertThat(limits.low()).isEqualTo(40);
    }

    @ParameterizedTest
    @EnumSource(value = State.class, mode = EnumSource.Mode.EXCLUDE, names = "READY")
    void aBaselineThatIsNotReadyGivesNoLimit(State state) {
        assertThat(Limits.of(null, baseline(state, rest(0, 100, 50, 95))))
                .isEqualTo(Limits.DEFAULT);
    }

    @Test
    void aBaselineThatDoesNotKnowRestGivesNoLimit() {
        assertThat(Limits.of(null, baseline(State.READY))).isEqualTo(Limits.DEFAULT);
        assertThat(
                        Limits.of(
                                null,
                                baseline(State.READY, new Cell(2, false, 1000, 20, 100, 190, 20))))
                .isEqualTo(Limits.DEFAULT);
    }
}
