package hrm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static StoreSide.Run run(StoreSide side, long seconds, long bytes, long hash) {
        var some = Duration.ofSeconds(3);
        return new StoreSide.Run(
                side,
                Duration.ofSeconds(seconds),
                1e6 / seconds,
                bytes,
                new Stand.Cpu(some, some, some),
                1.5,
                new StoreSide.Contents(1_000_000, hash));
    }

    private static StoreReport store(double bar, StoreSide.Run... runs) {
        return new StoreReport(1_000_000, bar, List.of(runs));
    }

    @Test
    void theStoresRatioIsThatOfTheMeanTimes() {
        var report =
                store(
                        5,
                        run(StoreSide.MINUTES, 10, 25_000_000, 7),
                        run(StoreSide.ROWS, 70, 140_000_000, 7),
                        run(StoreSide.ROWS, 50, 140_000_000, 7),
                        run(StoreSide.MINUTES, 14, 25_000_000, 7));

        assertThat(report.ratio()).isEqualTo(5);
        assertThat(report.isMet()).isTrue();
        assertThat(report.lines())
                .contains(
                        "Minute rows are 5.0 times as fast as a row per reading, and take 18 % of"
                                + " the bytes.",
                        "The bar is 5.0 times: met.");
    }

    @Test
    void theStoresBarIsNotMetBySlowMinutes() {
        var report =
                store(
                        5,
                        run(StoreSide.MINUTES, 10, 25_000_000, 7),
                        run(StoreSide.ROWS, 49, 140_000_000, 7));

        assertThat(report.isMet()).isFalse();
        assertThat(report.lines()).contains("The bar is 5.0 times: not met.");
    }

    @Test
    void noSpeedMakesUpForOtherContents() {
        var report =
                store(
                        5,
                        run(StoreSide.MINUTES, 10, 25_000_000, 7),
                        run(StoreSide.ROWS, 90, 140_000_000, 8));

        assertThat(report.isMet()).isFalse();
        assertThat(report.lines()).anyMatch(line -> line.startsWith("The tables do not hold"));
    }

    private static Decision decision(int number) {
        return new Decision("person-" + number, number, Alert.State.OPENED);
    }

    private static OutageReport outage(double bar, long whenStoppedMs, long stored) {
        var heard = Set.of(decision(1), decision(2));
        return new OutageReport(
                bar,
                List.of(new Phase(true, 0, 1_000), new Phase(false, 1_000, 2_000)),
                Map.of(decision(1), 500L, decision(2), 1_500L),
                Map.of(decision(1), 520L, decision(2), 1_500 + whenStoppedMs),
                List.of(12.0),
                new OutageReport.Counts(100, stored, heard, heard, 3, 2, 2, 2, 2));
    }

    @Test
    void alertsMayTakeAsLongAsTheBarSays() {
        assertThat(outage(1.5, 30, 100).ratio()).isEqualTo(1.5);
        assertThat(outage(1.5, 30, 100).isMet()).isTrue();
        assertThat(outage(1.5, 31, 100).isMet()).isFalse();
        assertThat(outage(0, 31, 100).isMet()).isTrue();
    }

    @Test
    void whatIsLostIsSaid() {
        var report = outage(1.5, 20, 99);

        assertThat(report.isMet()).isFalse();
        assertThat(report.lines())
                .contains("Readings: 100 sent, 99 stored.", "These should be equal.");
    }
}
