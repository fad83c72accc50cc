package hrm.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.RejectReason;
import hrm.simulator.ScriptedEvent.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The live day as Kafka gets it, read back with the system's own codec. */
class ArrivalsTest {
    private static final DemoDay DEMO = DemoDay.of(42, LocalDate.of(2026, 3, 11));

    private static List<Arrival> arrivals;
    private static final Map<Arrival, ReadingCodec.Decoded> DECODED = new HashMap<>();

    @BeforeAll
    static void readAll() {
        arrivals = DEMO.arrivals().toList();
        for (var arrival : arrivals) {
            DECODED.put(arrival, ReadingCodec.decode(arrival.value(), arrival.recordTimestampMs()));
        }
    }

    @Test
    void arrivalsComeInOrderAndAreTheSameTheSecondTime() {
        assertThat(arrivals)
                .isSortedAccordingTo((a, b) -> Long.compare(a.afterMs(), b.afterMs()))
                .allMatch(
                        a -> a.recordTimestampMs() - a.afterMs() == DEMO.liveFrom().toEpochMilli());
        assertThat(DEMO.arrivals().limit(20_000))
                .containsExactlyElementsOf(arrivals.subList(0, 20_000));
    }

    @Test
    void everyReadingOfTheDayArrivesAsItWasMeasured() {
        var sent = new HashSet<>(DEMO.simulation().readings(DEMO.day()).toList());
        var arrived = new HashSet<Reading>();
        for (var arrival : arrivals) {
            var decoded = DECODED.get(arrival);
            if (decoded.reading() != null) {
                assertThat(decoded.reading().userId()).isEqualTo(arrival.userId());
                arrived.add(decoded.reading());
            }
        }
        assertThat(arrived).isEqualTo(sent);
    }

    @Test
    void badMessagesAreFewAndOfEveryReason() {
        var reasons = new EnumMap<RejectReason, Integer>(RejectReason.class);
        for (var arrival : arrivals) {
            var reason = DECODED.get(arrival).reason();
            if (reason != null) {
                reasons.merge(reason, 1, Integer::sum);
            }
        }
        assertThat(reasons.keySet()).containsExactlyInAnyOrder(RejectReason.values());
        int bad = reasons.values().stream().mapToInt(i -> i).sum();
        assertThat(bad / (double) arrivals.size()).isBetween(0.0003, 0.002);
    }

    @Test
    void eachBadMessageIsRejectedForTheReasonItIsMeantFor() {
        long now = DEMO.liveFrom().toEpochMilli();
        for (var bad : BadMessage.ofEachReason("u1", "watch", now)) {
            assertThat(ReadingCodec.decode(bad.value(), now).reason()).isEqualTo(bad.reason());
        }
    }

    @Test
    void aWatchThatSyncsLateSendsItAllAtOnceAndInOrder() {
        var event = event(Kind.LATE_SYNC);
        long to = event.to().toEpochMilli();
        var ofUser = good(event.userId());
        var during =
                ofUser.stream()
                        .filter(
                                a ->
                                        a.recordTimestampMs() >= event.from().toEpochMilli() + 1_000
                                                && a.recordTimestampMs() < to)
                        .toList();
        var burst = ofUser.stream().filter(a -> a.recordTimestampMs() == to).toList();

        assertThat(during).isEmpty();
        assertThat(burst).hasSizeBetween(1_000, 1_080);
        assertThat(measured(burst.get(0))).isLessThan(event.from().toEpochMilli() + 60_000);
        // In order through the whole day, so that none of it is late by its device's clock.
        assertThat(ofUser).isSortedAccordingTo((a, b) -> Long.compare(measured(a), measured(b)));
    }

    @Test
    void theAlertOfTheUnsyncedTimeIsExpectedByTheDevicesOwnClock() {
        var sync = event(Kind.LATE_SYNC);
        var expected =
                DEMO.expected().stream().filter(e -> e.userId().equals(sync.userId())).toList();
        assertThat(expected).hasSize(1);
        assertThat(expected.get(0).from()).isAfter(sync.from());
        assertThat(expected.get(0).to()).isBefore(sync.to());
    }

    @Test
    void lateReadingsComeAfterNewerOnesOfTheirDevice() {
        var event = event(Kind.LATE_READINGS);
        long clock = Long.MIN_VALUE;
        var late = new ArrayList<Long>();
        for (var arrival : good(event.userId())) {
            if (measured(arrival) < clock) {
                late.add(measured(arrival));
            }
            clock = Math.max(clock, measured(arrival));
        }
        assertThat(late).hasSizeBetween(15, 20);
        long from = event.from().toEpochMilli();
        assertThat(late).allMatch(ms -> ms >= from && ms < from + 600_000);
    }

    @Test
    void duplicatesArriveTwiceAndNobodyElsesDo() {
        var event = event(Kind.DUPLICATES);
        var twice = new ArrayList<Instant>();
        Set<String> seen = new HashSet<>();
        for (var arrival : arrivals) {
            var reading = DECODED.get(arrival).reading();
            if (reading != null
                    && !seen.add(reading.userId() + reading.deviceId() + reading.timestampMs())) {
                assertThat(reading.userId()).isEqualTo(event.userId());
                twice.add(Instant.ofEpochMilli(reading.timestampMs()));
            }
        }
        assertThat(twice).hasSizeBetween(115, 120);
        assertThat(twice).allMatch(at -> !at.isBefore(event.from()) && at.isBefore(event.to()));
    }

    private static ScriptedEvent event(Kind kind) {
        return DEMO.simulation().script().stream()
                .filter(e -> e.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static List<Arrival> good(String userId) {
        return arrivals.stream()
                .filter(a -> a.userId().equals(userId) && DECODED.get(a).reading() != null)
                .toList();
    }

    private static long measured(Arrival arrival) {
        return DECODED.get(arrival).reading().timestampMs();
    }
}
