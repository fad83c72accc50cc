package hrm.functions.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.Generated;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersonDaysTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** The clocks go forward on the 29th. */
    private static final LocalDate FIRST = LocalDate.of(2026, 3, 26);

    private static long midnight(int day) {
        return FIRST.plusDays(day).atStartOfDay(BERLIN).toInstant().toEpochMilli();
    }

    /** Five days of two devices with pauses, steps and values that stick, across midnight too. */
    private static List<MinuteRow> minutes(Random random) {
        var minutes = new ArrayList<MinuteRow>();
        for (var device : List.of("watch", "strap")) {
            int bpm = 70;
            long silentUntil = midnight(0);
            for (long at = midnight(0); at < midnight(5); at += 60_000) {
                if (random.nextInt(200) == 0) {
                    silentUntil = at + 60_000L * random.nextInt(120);
                }
                if (at < silentUntil) {
                    continue;
                }
                bpm = random.nextInt(40) == 0 ? 50 + random.nextInt(60) : bpm;
                int steps = random.nextInt(30) == 0 ? 20 : 0;
                minutes.add(
                        new MinuteRow(
                                "u", device, at, List.of(Reading.of("u", device, at, bpm, steps))));
            }
        }
        return minutes;
    }

    private static Map<Long, DayHistograms> learn(
            List<MinuteRow> minutes, long firstDay, long lastDay) {
        var days = new PersonDays();
        minutes.forEach(row -> days.add(new HistoryMinute(row, BERLIN, firstDay, lastDay)));
        var learnt = new TreeMap<Long, DayHistograms>();
        days.finish().forEach(day -> learnt.put(day.histograms().epochDay(), day.histograms()));
        return learnt;
    }

    @Test
    void aDayThatIsReadAgainIsAsWhenAllAreRead() {
        Generated.cases(
                20,
                random -> {
                    var minutes = minutes(random);
                    var all = learn(minutes, Long.MIN_VALUE, Long.MAX_VALUE);
                    assertThat(all).hasSize(5);
                    int first = random.nextInt(5);
                    int last = first + random.nextInt(5 - first);
                    // As the store is asked: from two hours before the first midnight.
                    var read =
                            minutes.stream()
                                    .filter(row -> row.minuteMs() >= midnight(first) - 7_200_000)
                                    .filter(row -> row.minuteMs() < midnight(last + 1))
                                    .toList();

                    var again =
                            learn(
                                    read,
                                    FIRST.plusDays(first).toEpochDay(),
                                    FIRST.plusDays(last).toEpochDay());

                    assertThat(again)
                            .hasSize(last - first + 1)
                            .allSatisfy(
                                    (day, learnt) -> assertThat(learnt).isEqualTo(all.get(day)));
                });
    }

    @Test
    void whatWasReadForADayIsCountedWithoutTheHoursBefore() {
        var days = new PersonDays();
        long day = FIRST.plusDays(1).toEpochDay();
        for (long at = midnight(1) - 7_200_000; at < midnight(2); at += 1_800_000) {
            var reading = Reading.of("u", "watch", at, 70, 0);
            days.add(
                    new HistoryMinute(
                            new MinuteRow("u", "watch", at, List.of(reading)), BERLIN, day, day));
        }

        assertThat(days.finish())
                .singleElement()
                .satisfies(
                        one -> {
                            assertThat(one.histograms().epochDay()).isEqualTo(day);
                            assertThat(one.minutes()).isEqualTo(48);
                            assertThat(one.readings()).isEqualTo(48);
                        });
    }
}
