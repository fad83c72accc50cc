package hrm.functions.features;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Bytes;
import hrm.functions.Generated;
import hrm.model.Reading;
import hrm.patterns.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StillnessTest {
    private static final long T0 = 1_767_225_600_000L;

    /** Counts as "seconds:steps", "?" where the device says none. */
    private static Stillness after(String counts) {
        var stillness = new Stillness();
        for (var count : counts.split(" ")) {
            var parts = count.split(":");
            stillness.observe(
                    T0 + 1000 * Long.parseLong(parts[0]),
                    parts[1].equals("?") ? Reading.UNKNOWN : Integer.parseInt(parts[1]));
        }
        return stillness;
    }

    private static String every60s(int fromMinute, int toMinute) {
        var counts = new StringBuilder();
        for (int minute = fromMinute; minute <= toMinute; minute++) {
            counts.append(minute == fromMinute ? "" : " ").append(60 * minute).append(":0");
        }
        return counts.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "10:?, NaN", // never a count
        "30:4, 0", // the step's own minute
        "30:4 50:0, 0", // to its end, whatever else is said
        "30:4 59:4 61:0, 0.016666666666666666", // from its end on
        "30:4 120:0, 1",
        "0:0 60:0, 1", // at least, since the readings begin
        "30:0, 0.5", // the count is of the minute so far
        "30:4 90:?, 0.5", // a reading without a count carries on
        "30:4 330:?, 4.5", // for 5 minutes
        "30:4 331:?, NaN", // and not longer
        "30:4 331:? 332:?, NaN",
        "30:0 331:0, 0.5166666666666667" // after a pause it begins anew
    })
    void minutesWithoutAStep(String counts, double expected) {
        assertThat(after(counts).minutes()).isEqualTo(Double.valueOf(expected));
    }

    @Test
    void restBeginsAfterTwelveMinutes() {
        assertThat(after("30:4 " + every60s(1, 12) + " 779:0").atRest()).isEqualTo(Truth.FALSE);
        assertThat(after("30:4 " + every60s(1, 12) + " 780:0").atRest()).isEqualTo(Truth.TRUE);
    }

    @Test
    void withoutAStepSeenRestIsUnknownUntilItIsCertain() {
        assertThat(after(every60s(0, 11)).atRest()).isEqualTo(Truth.UNKNOWN);
        assertThat(after(every60s(0, 12)).atRest()).isEqualTo(Truth.TRUE);
        assertThat(after("0:?").atRest()).isEqualTo(Truth.UNKNOWN);
    }

    @Test
    void aStepEndsRestAtOnce() {
        var stillness = after(every60s(0, 20) + " 1230:1");
        assertThat(stillness.atRest()).isEqualTo(Truth.FALSE);
        assertThat(stillness.minutes()).isZero();
    }

    @Test
    void afterAPauseRestIsUnknownAgain() {
        String known = "30:4 " + every60s(1, 20);
        assertThat(after(known + " 1500:0").atRest()).as("5 minutes later").isEqualTo(Truth.TRUE);
        assertThat(after(known + " 1501:0").atRest())
                .as("5 minutes and a second later")
                .isEqualTo(Truth.UNKNOWN);
    }

    @Test
    void equalsANaiveModelThatLooksBackAtEveryCount() {
        Generated.cases(
                500,
                random -> {
                    var stillness = new Stillness();
                    var counts = new ArrayList<long[]>();
                    long now = Generated.time(random);
                    for (int i = 0; i < 80; i++) {
                        now += pause(random);
                        int steps = steps(random);
                        stillness.observe(now, steps);
                        if (steps != Reading.UNKNOWN) {
                            counts.add(new long[] {now, steps});
                        }
                        stillness = Bytes.roundTrip(stillness::write, Stillness::read);
                        check(stillness.copy(), counts, now);
                    }
                });
    }

    private static long pause(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> 1 + random.nextInt(1_000_000);
            case 1 -> 300_000 + random.nextInt(3) - 1;
            default -> 1 + random.nextInt(90_000);
        };
    }

    private static int steps(Random random) {
        return switch (random.nextInt(25)) {
            case 0 -> 1 + random.nextInt(100);
            case 1, 2, 3 -> Reading.UNKNOWN;
            default -> 0;
        };
    }

    private static void check(Stillness stillness, List<long[]> counts, long now) {
        int last = counts.size() - 1;
        if (last < 0 || now - counts.get(last)[0] > 300_000) {
            assertThat(stillness.minutes()).isNaN();
            assertThat(stillness.atRest()).isEqualTo(Truth.UNKNOWN);
            return;
        }
        int first = last;
        while (first > 0 && counts.get(first)[0] - counts.get(first - 1)[0] <= 300_000) {
            first--;
        }
        long since = counts.get(first)[0] / 60_000 * 60_000;
        boolean stepSeen = false;
        for (int i = first; i <= last; i++) {
            if (counts.get(i)[1] > 0) {
                since = counts.get(i)[0] / 60_000 * 60_000 + 60_000;
                stepSeen = true;
            }
        }
        double minutes = Math.max(0, now - since) / 60_000.0;
        assertThat(stillness.minutes()).isEqualTo(minutes);
        assertThat(stillness.atRest())
                .isEqualTo(minutes >= 12 ? Truth.TRUE : stepSeen ? Truth.FALSE : Truth.UNKNOWN);
    }
}
