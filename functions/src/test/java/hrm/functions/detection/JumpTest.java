package hrm.functions.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hrm.functions.Bytes;
import hrm.functions.Generated;
import hrm.functions.Seen;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.junit.jupiter.api.Test;

class JumpTest {
    private static final long T0 = 1_767_225_600_000L;
    private final Jump jump = new Jump();
    private final Values values = new Values();

    private Values bpm(long seconds, int bpm) {
        jump.score(Reading.of("u", "d", T0 + 1000 * seconds, bpm, 0), values);
        return values;
    }

    private void quiet(int untilSeconds) {
        for (int s = 0; s < untilSeconds; s += 15) {
            bpm(s, 60 + s / 15 % 3);
        }
    }

    @Test
    void aSuddenRiseIsScoredInTheSpreadOfTheLastMinutes() {
        quiet(300);
        bpm(300, 100);
        assertThat(values.get(Name.JUMP_DELTA)).isEqualTo(39);
        assertThat(values.get(Name.JUMP_SCORE)).as("spread of at least 3 bpm").isEqualTo(13);
        assertThat(values.get(Name.JUMP_DIRECTION)).isEqualTo(1);
    }

    @Test
    void aSuddenDropIsNegative() {
        quiet(300);
        bpm(300, 40);
        assertThat(values.get(Name.JUMP_SCORE)).isEqualTo(-7);
        assertThat(values.get(Name.JUMP_DIRECTION)).isEqualTo(-1);
    }

    @Test
    void aWidelyVaryingHeartDoesNotJumpByTheSameChange() {
        for (int s = 0; s < 300; s += 15) {
            bpm(s, 60 + 10 * (s / 15 % 4));
        }
        bpm(300, 100);
        assertThat(values.get(Name.JUMP_SCORE)).isCloseTo(20 / (10 * 1.4826), within(1e-9));
    }

    @Test
    void oneFaultyValueDoesNotMakeTheNextNormalOneAJump() {
        quiet(150);
        bpm(150, 190);
        bpm(165, 61);
        assertThat(values.get(Name.JUMP_SCORE)).isZero();
    }

    @Test
    void aNewLevelIsNormalAfterFiveMinutes() {
        quiet(300);
        for (int s = 300; s < 600; s += 5) {
            bpm(s, 100);
        }
        assertThat(bpm(600, 100).get(Name.JUMP_SCORE)).isZero();
    }

    @Test
    void fewerThanFourValuesHaveNoSpread() {
        bpm(0, 60);
        bpm(15, 60);
        assertThat(bpm(30, 60).known(Name.JUMP_SCORE)).isFalse();
        assertThat(bpm(45, 100).known(Name.JUMP_SCORE)).as("three before").isFalse();
        assertThat(bpm(60, 100).known(Name.JUMP_SCORE)).as("four before").isTrue();
    }

    @Test
    void oneReadingAMinuteIsEnough() {
        for (int minute = 0; minute < 4; minute++) {
            bpm(60 * minute, 60);
        }
        assertThat(bpm(240, 90).get(Name.JUMP_SCORE)).isEqualTo(10);
    }

    @Test
    void aDeviceThatSendsEverySecondIsNotItsOwnContext() {
        quiet(300);
        for (int s = 300; s < 330; s++) {
            bpm(s, 100);
        }
        assertThat(values.get(Name.JUMP_DELTA)).isEqualTo(39);
    }

    @Test
    void aReadingWithoutHeartRateIsUnknown() {
        quiet(300);
        bpm(300, Reading.UNKNOWN);
        assertThat(values.known(Name.JUMP_SCORE)).isFalse();
        assertThat(values.known(Name.JUMP_DELTA)).isFalse();
        assertThat(values.known(Name.JUMP_DIRECTION)).isFalse();
    }

    @Test
    void equalsANaiveListAndStateComesBackFromBytesEachTime() {
        Generated.cases(
                300,
                random -> {
                    var detector = new Jump();
                    var firsts = new TreeMap<Long, Integer>();
                    long now = Generated.time(random);
                    int step = 1 + random.nextInt(40_000);
                    var seen = new Values();
                    for (int i = 0; i < 100; i++) {
                        now += 1 + random.nextInt(random.nextInt(40) == 0 ? 700_000 : step);
                        int bpm =
                                random.nextInt(10) == 0
                                        ? Reading.UNKNOWN
                                        : 20 + random.nextInt(281);
                        detector.score(Reading.of("u", "d", now, bpm, 0), seen);
                        assertThat(Seen.of(seen)).isEqualTo(expected(firsts, now, bpm));
                        if (bpm != Reading.UNKNOWN) {
                            firsts.putIfAbsent(now / 15_000, bpm);
                        }
                        detector = Bytes.roundTrip(detector::write, Jump::read).copy();
                    }
                });
    }

    private static LinkedHashMap<String, Object> expected(
            TreeMap<Long, Integer> firsts, long now, int bpm) {
        var values = new Values();
        double[] before =
                firsts.tailMap(now / 15_000 - 20, false).values().stream()
                        .mapToDouble(Integer::doubleValue)
                        .toArray();
        if (bpm != Reading.UNKNOWN && before.length >= 4) {
            double median = new Median().evaluate(before);
            double mad =
                    new Median()
                            .evaluate(
                                    Arrays.stream(before).map(b -> Math.abs(b - median)).toArray());
            double score = (bpm - median) / Math.max(1.4826 * mad, 3);
            values.set(Name.JUMP_SCORE, score)
                    .set(Name.JUMP_DIRECTION, Math.signum(score))
                    .set(Name.JUMP_DELTA, bpm - median);
        }
        return new LinkedHashMap<>(Seen.of(values));
    }
}
