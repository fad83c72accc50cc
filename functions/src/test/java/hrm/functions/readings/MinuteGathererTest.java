package hrm.functions.readings;

import static hrm.functions.readings.MinuteGatherer.Outcome.DUPLICATE;
import static hrm.functions.readings.MinuteGatherer.Outcome.IN_ORDER;
import static hrm.functions.readings.MinuteGatherer.Outcome.LATE;
import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Bytes;
import hrm.functions.Generated;
import hrm.functions.Packed;
import hrm.functions.readings.MinuteGatherer.Outcome;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MinuteGathererTest {
    private static final long T0 = 1_767_225_600_000L;
    private final MinuteGatherer gatherer = new MinuteGatherer();
    private final List<MinuteRow> rows = new ArrayList<>();

    private Outcome add(double seconds, int bpm) {
        return gatherer.add(reading(seconds, bpm), rows::add);
    }

    private static Reading reading(double seconds, int bpm) {
        return Reading.of("u", "d", T0 + Math.round(1000 * seconds), bpm, 0);
    }

    /** Rows as "minute: second second", in the order they were written; then forgets them. */
    private List<String> written() {
        var texts =
                rows.stream()
                        .map(
                                row ->
                                        (row.minuteMs() - T0) / 60_000
                                                + ":"
                                                + row.readings().stream()
                                                        .map(
                                                                r ->
                                                                        " "
                                                                                + (r.timestampMs()
                                                                                                - T0)
                                                                                        / 1000)
                                                        .reduce("", String::concat))
                        .toList();
        rows.clear();
        return texts;
    }

    @Test
    void aMinuteIsWrittenOnceWhenTheDeviceHasLeftIt() {
        assertThat(add(0, 70)).isEqualTo(IN_ORDER);
        assertThat(add(59.999, 71)).isEqualTo(IN_ORDER);
        assertThat(written()).isEmpty();
        assertThat(add(60, 72)).isEqualTo(IN_ORDER);
        assertThat(written()).containsExactly("0: 0 59");
    }

    @Test
    void aRowSaysWhoseItIs() {
        add(61, 70);
        gatherer.flush(rows::add);
        assertThat(rows)
                .containsExactly(new MinuteRow("u", "d", T0 + 60_000, List.of(reading(61, 70))));
    }

    @Test
    void silenceIsFlushedOnceAndTheMinuteMayGoOn() {
        add(0, 70);
        gatherer.flush(rows::add);
        assertThat(written()).containsExactly("0: 0");
        assertThat(gatherer.isEmpty()).isTrue();
        gatherer.flush(rows::add);
        assertThat(written()).isEmpty();
        assertThat(add(5, 70)).isEqualTo(IN_ORDER);
        add(60, 70);
        assertThat(written()).containsExactly("0: 5");
    }

    @Test
    void aReadingOlderThanTheClockIsLateAlsoAfterAFlush() {
        add(30, 70);
        assertThat(add(29.999, 70)).isEqualTo(LATE);
        gatherer.flush(rows::add);
        assertThat(written()).containsExactly("0: 29 30");
        assertThat(add(10, 70)).isEqualTo(LATE);
    }

    @Test
    void lateReadingsAreGatheredByMinuteAndWrittenWithTheNewest() {
        add(600, 70);
        for (int s = 0; s < 120; s += 20) {
            assertThat(add(s, 80)).isEqualTo(LATE);
        }
        assertThat(written()).isEmpty();
        add(660, 70);
        assertThat(written()).containsExactlyInAnyOrder("10: 600", "0: 0 20 40", "1: 60 80 100");
    }

    @Test
    void aLongLateSyncIsWrittenMinuteByMinute() {
        add(36_000, 70);
        int minutes = MinuteGatherer.MOST_LATE_MINUTES + 2;
        for (int s = 0; s < 60 * minutes; s += 30) {
            add(s, 80);
        }
        assertThat(written()).containsExactly("0: 0 30", "1: 60 90");
    }

    @Test
    void ofTheSameMillisecondTheFirstWins() {
        assertThat(add(1, 70)).isEqualTo(IN_ORDER);
        assertThat(add(1, 99)).isEqualTo(DUPLICATE);
        assertThat(add(2, 71)).isEqualTo(IN_ORDER);
        assertThat(add(1, 98)).isEqualTo(DUPLICATE);
        gatherer.flush(rows::add);
        assertThat(rows.get(0).readings()).extracting(Reading::bpm).containsExactly(70, 71);
    }

    @Test
    void aMinuteOfManyReadingsIsWrittenInParts() {
        for (int i = 0; i < 2_500; i++) {
            add(i / 100.0, 70);
        }
        gatherer.flush(rows::add);
        assertThat(rows)
                .extracting(row -> row.readings().size())
                .containsExactly(1_000, 1_000, 500);
    }

    @Test
    void everyReadingIsWrittenOnceInItsMinuteAndStateComesBackFromBytesEachTime() {
        Generated.cases(
                200,
                random -> {
                    var stored = new MinuteGatherer();
                    var written = new ArrayList<MinuteRow>();
                    var outcomes = new HashMap<Outcome, Integer>();
                    var sent = new TreeMap<Long, Reading>();
                    long clock = Packed.NONE;
                    long start = Generated.time(random);
                    int spread = 1 + random.nextInt(3_600_000);
                    int late = 0;
                    for (int i = 0; i < 300; i++) {
                        long at =
                                random.nextInt(4) == 0
                                        ? start + random.nextInt(spread)
                                        : start + (long) spread * i / 300;
                        var reading = full(random, at);
                        boolean fresh = !sent.containsKey(at);
                        late += at < clock && fresh ? 1 : 0;
                        clock = Math.max(clock, at);
                        var outcome = stored.add(reading, written::add);
                        outcomes.merge(outcome, 1, Integer::sum);
                        if (fresh) {
                            sent.put(at, reading);
                            assertThat(outcome).isNotEqualTo(DUPLICATE);
                        }
                        if (random.nextInt(50) == 0) {
                            stored.flush(written::add);
                        }
                        assertThat(stored.clockMs()).isEqualTo(clock);
                        stored = Bytes.roundTrip(stored::write, MinuteGatherer::read).copy();
                    }
                    stored.flush(written::add);
                    assertThat(outcomes.getOrDefault(LATE, 0)).isGreaterThanOrEqualTo(late);
                    assertThat(stored(written)).isEqualTo(sent);
                });
    }

    /** What the store holds in the end: it keeps the first of a millisecond. */
    private static Map<Long, Reading> stored(List<MinuteRow> rows) {
        var stored = new TreeMap<Long, Reading>();
        for (var row : rows) {
            assertThat(row.minuteMs() % 60_000).isZero();
            assertThat(row.readings()).isNotEmpty();
            long last = row.minuteMs() - 1;
            for (var reading : row.readings()) {
                assertThat(reading.timestampMs())
                        .isGreaterThan(last)
                        .isLessThan(row.minuteMs() + 60_000);
                last = reading.timestampMs();
                stored.putIfAbsent(last, reading);
            }
        }
        return stored;
    }

    private static Reading full(Random random, long at) {
        return new Reading(
                "u",
                "d",
                at,
                random.nextInt(5) == 0 ? Reading.UNKNOWN : 20 + random.nextInt(281),
                random.nextInt(200) - 1,
                random.nextBoolean() ? null : "walking ü",
                random.nextBoolean() ? null : random.ints(random.nextInt(4), 200, 3000).toArray(),
                random.nextBoolean() ? null : random.nextBoolean(),
                random.nextBoolean() ? Double.NaN : random.nextDouble());
    }
}
