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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The live day as Kafka gets it, read back with the system's own codec. */
class ArrivalsTest {
    private static final DemoDay DEMO = DemoDay.of(42, LocalDate.of(2026, 3, 11));

    private static List<Arrival> arrivals;
    private static List<ReadingCodec.Decoded> decoded;

    @BeforeAll
    static void readAll() {
        arrivals = DEMO.arrivals().toList();
        decoded =
                arrivals.stream()
                        .map(a -> ReadingCodec.decode(a.value(), a.recordTimestampMs()))
                        .toList();
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
        int strangers = 0;
        for (int i = 0; i < arrivals.size(); i++) {
            var reading = decoded.get(i).reading();
            if (reading != null) {
                strangers += reading.userId().equals(arrivals.get(i).userId()) ? 0 : 1;
                arrived.add(reading);
            }
        }
        assertThat(strangers).isZero();
        assertThat(arrived).isEqualTo(sent);
    }

    @Test
    void badMessagesAreFewAndOfEveryReason() {
        var reasons = new EnumMap<RejectReason, Integer>(RejectReason.class);
        for (var message : decoded) {
            if (message.reason() != null) {
                reasons.merge(message.reason(), 1, Integer::sum);
            }
        }
        assertThat(reasons.keySet()).containsExactlyInAnyOrder(RejectReason.values());
        int bad = reasons.values().stream().mapToInt(i -> i).sum();
        assertThat(bad / (double) arrivals.size()).isBetween(0.0001, 0.001);
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
        long from = event.from().toEpochMilli();
        var during =
                ofUser.stream()
                        .filter(a -> a.arrivedMs() >= from + 1_000 && a.arrivedMs() < to)
                        .toList();
        var burst = ofUser.stream().filter(a -> a.arrivedMs() == to).toList();

        assertThat(during).isEmpty();
        assertThat(burst).hasSizeBetween(1_000, 1_080);
        assertThat(burst.get(0).measuredMs()).isLessThan(from + 60_000);
        // In order through the whole day, so that none of it is late by its device's clock.
        assertThat(ofUser)
                .isSortedAccordingTo((a, b) -> Long.compare(a.measuredMs(), b.measuredMs()));
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
            if (arrival.measuredMs() < clock) {
                late.add(arrival.measuredMs());
            }
            clock = Math.max(clock, arrival.measuredMs());
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
        for (var message : decoded) {
            var reading = message.reading();
            if (reading == null) {
                continue;
            }
            var key = reading.userId() + " " + reading.deviceId() + " " + reading.timestampMs();
            if (!seen.add(key)) {
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

    /** A reading and when it arrived. */
    private record Good(Reading reading, long arrivedMs) {
        long measuredMs() {
            return reading.timestampMs();
        }
    }

    private static List<Good> good(String userId) {
        return IntStream.range(0, arrivals.size())
                .filter(i -> arrivals.get(i).userId().equals(userId))
                .filter(i -> decoded.get(i).reading() != null)
                .mapToObj(
                        i ->
                                new Good(
                                        decoded.get(i).reading(),
                                        arrivals.get(i).recordTimestampMs()))
                .toList();
    }
}
