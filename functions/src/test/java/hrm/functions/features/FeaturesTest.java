package hrm.functions.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hrm.functions.Bytes;
import hrm.functions.Generated;
import hrm.functions.Seen;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeaturesTest {
    private static final long T0 = 1_767_225_600_000L;
    private final Features features = new Features();
    private final Values values = new Values();

    private Values observe(Reading reading) {
        features.observe(reading, ZoneOffset.UTC, values);
        return values;
    }

    private Values bpm(long secondsLater, int bpm) {
        return observe(Reading.of("u", "d", T0 + 1000 * secondsLater, bpm, 0));
    }

    @Test
    void whatTheReadingSaysIsThere() {
        observe(new Reading("u", "d", T0, 72, 4, "rest", new int[] {800, 810}, true, 0.9));
        assertThat(Seen.of(values))
                .containsEntry("bpm", 72.0)
                .containsEntry("steps", 4.0)
                .containsEntry("rr", 2.0)
                .containsEntry("rmssd", 10.0)
                .containsEntry("activity", "rest")
                .containsEntry("sensor_contact", 1.0)
                .containsEntry("confidence", 0.9);
    }

    @Test
    void whatTheReadingDoesNotSayIsUnknownAndNotLeftFromTheOneBefore() {
        observe(new Reading("u", "d", T0, 72, 4, "rest", new int[] {800, 810}, false, 0.9));
        observe(
                new Reading(
                        "u",
                        "d",
                        T0 + 1,
                        Reading.UNKNOWN,
                        Reading.UNKNOWN,
                        null,
                        null,
                        null,
                        Double.NaN));
        assertThat(Seen.of(values).keySet())
                .containsExactlyInAnyOrder(
                        "still_minutes",
                        "at_rest",
                        "gap",
                        "hour",
                        "mean_bpm",
                        "high from",
                        "low from");
    }

    @Test
    void gapAndDeltaCompareWithTheReadingBefore() {
        assertThat(bpm(0, 70).known(Name.GAP)).isFalse();
        assertThat(values.known(Name.DELTA_BPM)).isFalse();
        bpm(5, 64);
        assertThat(values.get(Name.GAP)).isEqualTo(5);
        assertThat(values.get(Name.DELTA_BPM)).isEqualTo(-6);
    }

    @Test
    void deltaIsUnknownAcrossMoreThanFiveMinutes() {
        bpm(0, 70);
        assertThat(bpm(300, 80).get(Name.DELTA_BPM)).isEqualTo(10);
        assertThat(bpm(601, 90).known(Name.DELTA_BPM)).isFalse();
        assertThat(values.get(Name.GAP)).isEqualTo(301);
    }

    @Test
    void aReadingWithoutHeartRateIsNotWhatTheNextIsComparedWith() {
        bpm(0, 70);
        bpm(5, Reading.UNKNOWN);
        assertThat(bpm(10, 75).get(Name.DELTA_BPM)).isEqualTo(5);
        assertThat(values.get(Name.GAP)).isEqualTo(5);
    }

    @Test
    void hourIsThePersonsOwnThroughDaylightSaving() {
        var berlin = ZoneId.of("Europe/Berlin");
        // Clocks go from 2:00 to 3:00 on 29 March 2026, at 1:00 UTC.
        long change = LocalDateTime.of(2026, 3, 29, 1, 0).toEpochSecond(ZoneOffset.UTC) * 1000;
        features.observe(Reading.of("u", "d", change - 1, 70, 0), berlin, values);
        assertThat(values.get(Name.HOUR)).isEqualTo(1);
        features.observe(Reading.of("u", "d", change, 70, 0), berlin, values);
        assertThat(values.get(Name.HOUR)).isEqualTo(3);
    }

    @Test
    void slopeOfAStraightLineIsItsSlope() {
        for (int i = 0; i < 40; i++) {
            bpm(10 * i, 60 + i);
        }
        assertThat(values.get(Name.SLOPE_BPM)).isCloseTo(6, within(1e-9));
    }

    @Test
    void slopeIsUnknownUntilReadingsSpanAMinute() {
        bpm(0, 60);
        assertThat(bpm(59, 70).known(Name.SLOPE_BPM)).isFalse();
        assertThat(new FeaturesTest().twoReadings(60).get(Name.SLOPE_BPM)).isEqualTo(10);
    }

    private Values twoReadings(int apart) {
        bpm(0, 60);
        return bpm(apart, 70);
    }

    @ParameterizedTest
    @CsvSource({"269, 70", "299, 70", "300, 80"})
    void theMeanForgetsAHalfMinuteAfterFiveMinutes(int secondsLater, double mean) {
        bpm(0, 60);
        assertThat(bpm(secondsLater, 80).get(Name.MEAN_BPM)).isEqualTo(mean);
    }

    @Test
    void meanAndSlopeEqualThoseOfANaiveListAndStateComesBackFromBytesEachTime() {
        Generated.cases(
                200,
                random -> {
                    var stored = new Features();
                    var kept = new Features();
                    var seen = new Values();
                    var seenByKept = new Values();
                    var list = new ArrayList<Reading>();
                    long now = Generated.time(random);
                    int step = 1 + random.nextInt(60_000);
                    for (int i = 0; i < 100; i++) {
                        now += 1 + random.nextInt(random.nextInt(30) == 0 ? 600_000 : step);
                        int bpm =
                                random.nextInt(10) == 0
                                        ? Reading.UNKNOWN
                                        : 20 + random.nextInt(281);
                        var reading = Reading.of("u", "d", now, bpm, random.nextInt(3) - 1);
                        list.add(reading);
                        stored.observe(reading, ZoneOffset.UTC, seen);
                        stored = Bytes.roundTrip(stored::write, Features::read).copy();
                        kept.observe(reading, ZoneOffset.UTC, seenByKept);
                        assertThat(Seen.of(seen)).isEqualTo(Seen.of(seenByKept));
                        checkMeanAndSlope(seen, list, now);
                    }
                });
    }

    private static void checkMeanAndSlope(Values seen, List<Reading> all, long now) {
        var halfMinutes = new TreeMap<Long, List<Reading>>();
        for (var reading : all) {
            long half = reading.timestampMs() / 30_000;
            if (reading.hasBpm() && half > now / 30_000 - 10) {
                halfMinutes.computeIfAbsent(half, h -> new ArrayList<>()).add(reading);
            }
        }
        var points = new ArrayList<double[]>(); // minutes, bpm, weight
        for (var readings : halfMinutes.values()) {
            points.add(
                    new double[] {
                        readings.stream()
                                        .mapToLong(r -> r.timestampMs() - now)
                                        .average()
                                        .orElseThrow()
                                / 60_000,
                        readings.stream().mapToInt(Reading::bpm).average().orElseThrow(),
                        readings.size()
                    });
        }
        if (points.isEmpty()) {
            assertThat(seen.known(Name.MEAN_BPM)).isFalse();
            return;
        }
        double weight = points.stream().mapToDouble(p -> p[2]).sum();
        double meanTime = points.stream().mapToDouble(p -> p[2] * p[0]).sum() / weight;
        double meanBpm = points.stream().mapToDouble(p -> p[2] * p[1]).sum() / weight;
        assertThat(seen.get(Name.MEAN_BPM)).isCloseTo(meanBpm, within(1e-9));

        double span = points.get(points.size() - 1)[0] - points.get(0)[0];
        if (Math.abs(span - 1) < 1e-9) {
            return; // which side it is on is a matter of rounding
        }
        assertThat(seen.known(Name.SLOPE_BPM)).isEqualTo(span > 1);
        if (span > 1) {
            double up = 0;
            double down = 0;
            for (var p : points) {
                up += p[2] * (p[0] - meanTime) * (p[1] - meanBpm);
                down += p[2] * (p[0] - meanTime) * (p[0] - meanTime);
            }
            assertThat(seen.get(Name.SLOPE_BPM)).isCloseTo(up / down, within(1e-6));
        }
    }

    @Test
    void stateOfADeviceIsSmall() {
        for (int i = 0; i < 600; i++) {
            bpm(i, 60 + i % 30);
        }
        assertThat(Bytes.of(features::write)).hasSizeLessThan(120);
    }
}
