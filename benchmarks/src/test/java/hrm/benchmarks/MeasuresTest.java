package hrm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hrm.model.Alert;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private static Decision decision(int number) {
        return new Decision("person-" + number, number, Alert.State.OPENED);
    }

    @Test
    void percentilesAreByNearestRank() {
        var hundred = new Percentiles(LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(hundred.at(50)).isEqualTo(50);
        assertThat(hundred.at(99)).isEqualTo(99);
        assertThat(hundred.at(99.1)).isEqualTo(100);
        assertThat(hundred.max()).isEqualTo(100);
        assertThat(new Percentiles(List.of(7L)).at(99)).isEqualTo(7);
    }

    @Test
    void nothingHasNoPercentile() {
        assertThatThrownBy(() -> new Percentiles(List.of())).hasMessage("nothing was measured");
    }

    @Test
    void commitsAreReachedWhenTheirSumIs() {
        var commits = new Commits();
        commits.add(3_000, 50);
        commits.add(1_000, 40);
        commits.add(2_000, 10);

        assertThat(commits.readings()).isEqualTo(100);
        assertThat(commits.reachedMs(40)).isEqualTo(1_000);
        assertThat(commits.reachedMs(50)).isEqualTo(2_000);
        assertThat(commits.reachedMs(99)).isEqualTo(3_000);
        assertThatThrownBy(() -> commits.reachedMs(101))
                .hasMessage("Only 100 of 101 readings are in the table");
    }

    @Test
    void aPhaseHasTheAlertsWhoseReadingsCameInIt() {
        var phase = new Phase(true, 1_000, 2_000);
        var readings = Map.of(decision(1), 999L, decision(2), 1_000L, decision(3), 1_999L);
        var alerts = Map.of(decision(1), 1_010L, decision(2), 1_030L, decision(3), 2_050L);

        assertThat(phase.latenciesMs(readings, alerts)).containsExactlyInAnyOrder(30L, 51L);
    }

    @Test
    void theLongestGapReachesToThePhasesEnds() {
        var alerts = Map.of(decision(1), 1_300L, decision(2), 1_400L);

        assertThat(new Phase(true, 1_000, 1_500).longestGapMs(alerts)).isEqualTo(300);
        assertThat(new Phase(true, 1_250, 2_000).longestGapMs(alerts)).isEqualTo(600);
        assertThat(new Phase(false, 5_000, 6_000).longestGapMs(alerts)).isEqualTo(1_000);
    }
}
