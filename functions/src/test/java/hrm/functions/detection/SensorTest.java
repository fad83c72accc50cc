package hrm.functions.detection;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Bytes;
import hrm.functions.Generated;
import hrm.functions.Seen;
import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensorTest {
    private static final long T0 = 1_767_225_600_000L;
    private final Sensor sensor = new Sensor();
    private final Values values = new Values();

    private Values bpm(long seconds, int bpm) {
        sensor.score(Reading.of("u", "d", T0 + 1000 * seconds, bpm, 0), values);
        return values;
    }

    /** Readings as "seconds:bpm"; gives back those that are implausible. */
    private String implausible(String readings) {
        var found = new StringBuilder();
        for (var reading : readings.split(" ")) {
            var parts = reading.split(":");
            if (bpm(Long.parseLong(parts[0]), Integer.parseInt(parts[1]))
                            .get(Name.SENSOR_IMPLAUSIBLE)
                    == 1) {
                found.append(found.isEmpty() ? "" : " ").append(reading);
            }
        }
        return found.toString();
    }

    // Up 45 bpm at once and 2 a second; down 45 and 1.
    @ParameterizedTest
    @CsvSource({
        "0:70 5:125, ''",
        "0:70 5:126, 5:126",
        "0:120 5:70, ''",
        "0:120 5:69, 5:69",
        "0:70 30:175, ''",
        "0:70 30:176, 30:176",
        "0:150 60:45, ''",
        "0:150 60:44, 60:44",
        "0:70 300:300, ''",
        "0:70 301:20, ''"
    })
    void aChangeThatNoHeartMakesIsImplausible(String readings, String found) {
        assertThat(implausible(readings)).isEqualTo(found);
    }

    @Test
    void theReturnFromAFaultIsPlausible() {
        assertThat(implausible("0:72 5:190 10:190 15:73 20:74")).isEqualTo("5:190 10:190");
        assertThat(new SensorTest().implausible("0:95 5:160 10:20 15:96")).isEqualTo("5:160 10:20");
    }

    @Test
    void aNewLevelIsBelievedWhenItsValuesAgreeForFifteenSeconds() {
        assertThat(implausible("0:80 5:185 10:184 15:186 19:185 20:185 25:186"))
                .as("a supraventricular tachycardia begins within a beat")
                .isEqualTo("5:185 10:184 15:186 19:185");
        assertThat(bpm(30, 80).get(Name.SENSOR_IMPLAUSIBLE)).as("and its end").isEqualTo(1);
    }

    @Test
    void valuesThatDoNotAgreeWithEachOtherAreNotBelieved() {
        assertThat(implausible("0:100 5:190 10:20 15:190 20:20"))
                .isEqualTo("5:190 10:20 15:190 20:20");
    }

    @Test
    void workoutsAreHearts() {
        var start = new StringBuilder("0:75");
        for (int s = 5; s <= 60; s += 5) {
            start.append(' ').append(s).append(':').append(Math.min(185, 75 + 3 * s));
        }
        for (int s = 65; s <= 180; s += 5) {
            start.append(' ').append(s).append(':').append(185 - (s - 60));
        }
        assertThat(implausible(start.toString())).isEmpty();
    }

    @Test
    void theSameValueIsStuckAfterFifteenMinutesAndSixtyReadings() {
        for (int s = 0; s < 900; s += 15) {
            bpm(s, 72);
            assertThat(values.get(Name.SENSOR_STUCK)).as("after %d s", s).isZero();
        }
        assertThat(values.get(Name.SENSOR_SCORE)).isLessThan(0.5);
        assertThat(bpm(900, 72).get(Name.SENSOR_STUCK)).isEqualTo(1);
        assertThat(values.get(Name.SENSOR_SCORE)).isEqualTo(0.5);
        assertThat(bpm(915, 73).get(Name.SENSOR_STUCK)).as("it moves again").isZero();
    }

    @Test
    void fewReadingsOfTheSameValueAreNoProof() {
        for (int minute = 0; minute < 59; minute++) {
            assertThat(bpm(60 * minute, 72).get(Name.SENSOR_STUCK)).isZero();
        }
        assertThat(bpm(60 * 59, 72).get(Name.SENSOR_STUCK)).isEqualTo(1);
    }

    @Test
    void aPauseOverFiveMinutesEndsTheRun() {
        for (int s = 0; s <= 900; s += 10) {
            bpm(s, 72);
        }
        assertThat(bpm(1200, 72).get(Name.SENSOR_STUCK)).as("5 minutes").isEqualTo(1);
        assertThat(bpm(1501, 72).get(Name.SENSOR_STUCK)).as("and a second").isZero();
    }

    @Test
    void stuckForLongIsCertain() {
        for (int s = 0; s <= 3600; s += 5) {
            bpm(s, 72);
        }
        assertThat(values.get(Name.SENSOR_SCORE)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"true, 0, 0", "false, 1, 1", ", NaN, 0"})
    void notWornIsWhatTheDeviceSays(Boolean contact, double notWorn, double score) {
        sensor.score(new Reading("u", "d", T0, 72, 0, null, null, contact, Double.NaN), values);
        assertThat(values.get(Name.SENSOR_NOT_WORN)).isEqualTo(Double.valueOf(notWorn));
        // 1 of 60 equal readings, but for no time.
        assertThat(values.get(Name.SENSOR_SCORE)).isEqualTo(score);
    }

    @Test
    void withoutHeartRateOnlyContactIsKnown() {
        sensor.score(
                new Reading("u", "d", T0, Reading.UNKNOWN, 0, null, null, false, Double.NaN),
                values);
        assertThat(Seen.of(values).keySet())
                .containsExactlyInAnyOrder(
                        "sensor.score", "sensor.not_worn", "high from", "low from");
    }

    @Test
    void stateComesBackFromBytesEachTimeAndTheScoreStaysBetweenNoneAndOne() {
        Generated.cases(
                300,
                random -> {
                    var stored = new Sensor();
                    var kept = new Sensor();
                    var seen = new Values();
                    var seenByKept = new Values();
                    long now = Generated.time(random);
                    for (int i = 0; i < 150; i++) {
                        now += 1 + random.nextInt(random.nextInt(30) == 0 ? 400_000 : 20_000);
                        int bpm =
                                switch (random.nextInt(10)) {
                                    case 0 -> Reading.UNKNOWN;
                                    case 1 -> 20 + random.nextInt(281);
                                    default -> 70;
                                };
                        Boolean contact = random.nextInt(5) == 0 ? random.nextBoolean() : null;
                        var reading =
                                new Reading("u", "d", now, bpm, 0, null, null, contact, Double.NaN);
                        stored.score(reading, seen);
                        kept.score(reading, seenByKept);
                        assertThat(Seen.of(seen)).isEqualTo(Seen.of(seenByKept));
                        if (seen.known(Name.SENSOR_SCORE)) {
                            assertThat(seen.get(Name.SENSOR_SCORE)).isBetween(0.0, 1.0);
                        }
                        stored = Bytes.roundTrip(stored::write, Sensor::read).copy();
                    }
                });
    }
}
