package hrm.functions.features;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Bytes;
import hrm.functions.Generated;
import hrm.functions.Seen;
import hrm.model.Alert.LimitSource;
import hrm.model.Reading;
import hrm.patterns.Input;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.junit.jupiter.api.Test;

class MinutesTest {
    private static final long T0 = 1_767_225_600_000L;
    private final Minutes minutes = new Minutes();

    private static Input observe(Minutes minutes, Reading reading, Values values) {
        var minute = minutes.advance(reading.timestampMs());
        minutes.values().copyFrom(values);
        minutes.add(reading);
        return minute;
    }

    private Input observe(double seconds, int bpm, int steps) {
        return observe(
                minutes,
                Reading.of("u", "d", T0 + (long) (1000 * seconds), bpm, steps),
                new Values().set(Name.BPM, bpm).set(Name.HOUR, 8));
    }

    @Test
    void aMinuteIsJudgedByTheFirstReadingAfterIt() {
        assertThat(observe(0, 70, 0)).isNull();
        assertThat(observe(59.999, 80, 0)).isNull();
        var minute = observe(60, 200, 50);
        assertThat(minute.startMs()).isEqualTo(T0);
        assertThat(minute.endMs()).isEqualTo(T0 + 60_000);
        assertThat(minute.decidedAtMs()).isEqualTo(T0 + 60_000);
        assertThat(minute.values().get(Name.BPM)).isEqualTo(75);
        assertThat(minute.values().get(Name.STEPS)).isZero();
        assertThat(minute.values().get(Name.HOUR)).isEqualTo(8);
    }

    @Test
    void whatIsComputedLaterIsThatOfTheMinutesLastReading() {
        var features = new Features();
        double mean = Double.NaN;
        double slope = Double.NaN;
        Input minute = null;
        for (int second = 0; second <= 120; second += 30) {
            var reading = Reading.of("u", "d", T0 + 1_000L * second, 60 + second, 0);
            minute = minutes.advance(reading.timestampMs());
            features.observe(reading, ZoneOffset.UTC, minutes.values());
            minutes.add(reading);
            if (second == 90) {
                mean = minutes.values().get(Name.MEAN_BPM);
                slope = minutes.values().get(Name.SLOPE_BPM);
            }
        }
        assertThat(mean).isEqualTo(105);
        assertThat(minute.values().get(Name.MEAN_BPM)).isEqualTo(mean);
        assertThat(minute.values().get(Name.SLOPE_BPM)).isEqualTo(slope).isNotNaN();
        assertThat(minutes.values().get(Name.MEAN_BPM)).isEqualTo(120);
    }

    @Test
    void minutesWithoutReadingsAreNotMadeUp() {
        observe(30, 70, 0);
        assertThat(observe(3_000, 71, 0).startMs()).isEqualTo(T0);
        assertThat(observe(3_060, 72, 0).startMs()).isEqualTo(T0 + 3_000_000);
    }

    @Test
    void stepsAreTheGreatestAndUnknownWhereNoReadingSays() {
        observe(0, 70, 4);
        observe(10, 70, 9);
        observe(20, 70, Reading.UNKNOWN);
        assertThat(observe(60, 70, Reading.UNKNOWN).values().get(Name.STEPS)).isEqualTo(9);
        assertThat(observe(120, 70, 0).values().known(Name.STEPS)).isFalse();
    }

    @Test
    void aMinuteWithoutHeartRateHasNone() {
        observe(0, Reading.UNKNOWN, 4);
        var values = observe(60, 70, 0).values();
        assertThat(values.known(Name.BPM)).isFalse();
        assertThat(values.get(Name.STEPS)).isEqualTo(4);
    }

    @Test
    void deviationIsThatOfTheMedianAndTheRestOfTheLastReading() {
        for (int i = 0; i < 3; i++) {
            observe(
                    minutes,
                    Reading.of("u", "d", T0 + i, new int[] {80, 200, 100}[i], 0),
                    new Values()
                            .set(Name.BASELINE_P50, 70)
                            .set(Name.BASELINE_MAD, 4)
                            .set(Name.ACTIVITY, i == 2 ? "rest" : "walk")
                            .set(Name.DEVIATION_SCORE, 99)
                            .set(Name.MEAN_BPM, i)
                            .limitSources(LimitSource.PROFILE, LimitSource.BASELINE));
        }
        var values = observe(60, 70, 0).values();
        assertThat(values.get(Name.DEVIATION_SCORE)).isEqualTo((100 - 70) / (1.4826 * 4));
        assertThat(values.get(Name.DEVIATION_DIRECTION)).isEqualTo(1);
        assertThat(values.get(Name.MEAN_BPM)).isEqualTo(2);
        assertThat(values.text(Name.ACTIVITY)).isEqualTo("rest");
        assertThat(values.highSource()).isEqualTo(LimitSource.PROFILE);
        assertThat(values.lowSource()).isEqualTo(LimitSource.BASELINE);
    }

    @Test
    void aThousandReadingsASecondNeedNoMoreMemoryThanTheirDistinctValues() {
        for (int ms = 0; ms < 59_000; ms++) {
            observe(ms / 1000.0, 20 + ms % 281, 0);
        }
        assertThat(Bytes.of(minutes::write)).hasSizeLessThan(1_000);
        assertThat(observe(60, 70, 0).values().get(Name.BPM)).isEqualTo(160);
    }

    @Test
    void equalsANaiveModelAndStateComesBackFromBytesEachTime() {
        Generated.cases(
                200,
                random -> {
                    var gatherer = new Minutes();
                    var values = new Values();
                    var bpm = new ArrayList<Integer>();
                    int steps = Reading.UNKNOWN;
                    long now = Generated.time(random);
                    long minute = now / 60_000;
                    var last = Seen.of(values);
                    int step = 1 + random.nextInt(30_000);
                    for (int i = 0; i < 100; i++) {
                        var reading =
                                Reading.of(
                                        "u",
                                        "d",
                                        now,
                                        random.nextInt(8) == 0
                                                ? Reading.UNKNOWN
                                                : 20 + random.nextInt(281),
                                        random.nextInt(5) - 1);
                        fill(values, random);
                        var input = observe(gatherer, reading, values);
                        if (now / 60_000 == minute) {
                            assertThat(input).isNull();
                        } else {
                            check(input, minute, now, bpm, steps, last);
                            minute = now / 60_000;
                            bpm.clear();
                            steps = Reading.UNKNOWN;
                        }
                        if (reading.hasBpm()) {
                            bpm.add(reading.bpm());
                        }
                        steps = Math.max(steps, reading.steps());
                        last = Seen.of(values);
                        gatherer = Bytes.roundTrip(gatherer::write, Minutes::read).copy();
                        now += 1 + random.nextInt(step);
                    }
                });
    }

    private static void fill(Values values, java.util.Random random) {
        values.clear();
        for (Name name : Name.values()) {
            if (random.nextInt(4) == 0) {
                continue;
            }
            if (name.type() == Name.Type.TEXT) {
                values.set(name, "text " + random.nextInt(3));
            } else {
                values.set(
                        name,
                        random.nextBoolean() ? random.nextInt(200) : random.nextGaussian() * 100);
            }
        }
        var sources = LimitSource.values();
        values.limitSources(
                sources[random.nextInt(sources.length)], sources[random.nextInt(sources.length)]);
    }

    private static void check(
            Input input,
            long minute,
            long now,
            List<Integer> bpm,
            int steps,
            java.util.Map<String, Object> last) {
        assertThat(input.startMs()).isEqualTo(minute * 60_000);
        assertThat(input.endMs()).isEqualTo(minute * 60_000 + 60_000);
        assertThat(input.decidedAtMs()).isEqualTo(now);
        double median =
                new Median().evaluate(bpm.stream().mapToDouble(Integer::doubleValue).toArray());
        assertThat(input.values().get(Name.BPM)).isEqualTo(Double.valueOf(median));
        assertThat(input.values().get(Name.STEPS))
                .isEqualTo(Double.valueOf(steps == Reading.UNKNOWN ? Double.NaN : steps));
        var own = List.of("bpm", "steps", "deviation.score", "deviation.direction");
        var seen = Seen.of(input.values());
        own.forEach(seen::remove);
        own.forEach(last::remove);
        assertThat(seen).isEqualTo(last);
    }

    @Test
    void oneReadingASecondIsFine() {
        IntStream.range(0, 60).forEach(s -> observe(s, 60 + s, 0));
        assertThat(observe(60, 70, 0).values().get(Name.BPM)).isEqualTo(89.5);
    }
}
