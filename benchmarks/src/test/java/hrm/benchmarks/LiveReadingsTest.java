package hrm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.readings.MinuteGatherer;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveReadingsTest {
    private static List<Reading> readings(long count) {
        var readings = new ArrayList<Reading>();
        new LiveReadings(1, count).forEach(readings::add);
        return readings;
    }

    @Test
    void theyComeInTheOrderOfTimeAndNoneComesTwice() {
        var readings = readings(20_000);

        assertThat(readings)
                .hasSize(20_000)
                .isSortedAccordingTo(Comparator.comparingLong(Reading::timestampMs));
        var keys = new HashSet<String>();
        readings.forEach(r -> keys.add(r.userId() + ' ' + r.deviceId() + ' ' + r.timestampMs()));
        assertThat(keys).hasSize(20_000);
    }

    @Test
    void theSameSeedGivesTheSame() {
        assertThat(readings(5_000)).isEqualTo(readings(5_000));
    }

    @Test
    void eachIsAReadingToTheCodec() {
        readings(20_000)
                .forEach(
                        reading ->
                                assertThat(
                                                ReadingCodec.decode(
                                                                ReadingCodec.encode(reading),
                                                                reading.timestampMs())
                                                        .reading())
                                        .isEqualTo(reading));
    }

    @Test
    void moreThan99OfAHundredBelongToMinutesThatAreOver() {
        for (long count : new long[] {50_000, 250_000, 400_017}) {
            var rows = new ArrayList<MinuteRow>();
            var gatherers = new HashMap<String, MinuteGatherer>();
            new LiveReadings(1, count)
                    .forEach(
                            r ->
                                    gatherers
                                            .computeIfAbsent(
                                                    r.userId() + r.deviceId(),
                                                    device -> new MinuteGatherer())
                                            .add(r, rows::add));

            assertThat(rows.stream().mapToInt(row -> row.readings().size()).sum())
                    .isGreaterThan((int) (count * 0.992));
        }
    }
}
