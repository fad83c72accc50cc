package hrm.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalClockProperties {
    private static final List<String> ZONES = List.copyOf(ZoneId.getAvailableZoneIds());

    @Test
    void hourAndDayAreThoseOfJavaTime() {
        Generated.cases(
                3_000,
                random -> {
                    var zone =
                            random.nextInt(10) == 0
                                    ? ZoneOffset.ofTotalSeconds(random.nextInt(129_600) - 64_800)
                                    : ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
                    long near = Generated.time(random);
                    for (int i = 0; i < 5; i++) {
                        check(near + random.nextInt(), zone);
                    }
                });
    }

    @Test
    void everySecondAroundATransitionIsExact() {
        Generated.cases(
                200,
                random -> {
                    var zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
                    var next =
                            zone.getRules()
                                    .nextTransition(Instant.ofEpochMilli(Generated.time(random)));
                    if (next == null) {
                        return;
                    }
                    long at = next.toEpochSecond() * 1000;
                    for (long ms :
                            new long[] {-1000, -1, 0, 1, 1000, -1, 0, 3_600_000, -3_600_000}) {
                        check(at + ms, zone);
                    }
                });
    }

    @Test
    void timesBefore1970AreExact() {
        check(-1, ZoneOffset.UTC);
        check(-86_400_001, ZoneId.of("Europe/Berlin"));
    }

    private static void check(long timestampMs, ZoneId zone) {
        var expected = Instant.ofEpochMilli(timestampMs).atZone(zone);
        assertThat(LocalClock.hour(timestampMs, zone))
                .as("%s", expected)
                .isEqualTo(expected.getHour());
        assertThat(LocalClock.epochDay(timestampMs, zone))
                .as("%s", expected)
                .isEqualTo(expected.toLocalDate().toEpochDay());
    }
}
