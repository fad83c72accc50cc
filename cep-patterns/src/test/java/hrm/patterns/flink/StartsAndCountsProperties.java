package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.Match;
import hrm.patterns.flink.Notation.Carried;
import hrm.patterns.flink.Notation.Reading;
import hrm.patterns.spec.Counting;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * {@code starts: edge} and counting against models that look at all readings again for every one.
 * {@code -Dstarts.pairs=10000 -Dstarts.seed=7} tries more or the same again.
 */
class StartsAndCountsProperties {
    private static final int PAIRS = Integer.getInteger("starts.pairs", 1500);
    private static final long SEED = Long.getLong("starts.seed", System.nanoTime());

    /** Pairs with matches, for which up to ten times as many are tried. */
    private static final int LEAST_MATCHED = PAIRS / 10;

    private static boolean goesOn(int tried, int matched) {
        return tried < PAIRS || tried < 10 * PAIRS && matched < LEAST_MATCHED;
    }

    @Test
    void onItsEdgeAStepStartsWhereTheReadingBeforeWasNotTrue() {
        int matched = 0;
        for (int i = 0; goesOn(i, matched); i++) {
            var random = new Random((SEED + i) * 0x9E3779B97F4A7C15L);
            String letters = GeneratedPatterns.letters(random, 2);
            String readings = GeneratedPatterns.readings(random, "");
            var all = Notation.readings(readings);
            var carried = Carried.values()[Math.floorMod(SEED + i, Carried.values().length)];
            String text = letters + " edge followed_by c all_within 20s overlap_all";

            var expected = new ArrayList<String>();
            for (int end = 0; end < all.size(); end++) {
                for (int start = 0; start < end; start++) {
                    boolean starts =
                            isTrue(all, start, letters) && !isTrue(all, start - 1, letters);
                    boolean earlier = false;
                    for (int between = start + 1; between < end; between++) {
                        earlier |= isTrue(all, between, "c");
                    }
                    long lastedMs = all.get(end).timeMs() - all.get(start).timeMs();
                    if (starts && isTrue(all, end, "c") && !earlier && lastedMs < 20_000) {
                        expected.add(all.get(start).timeMs() + ".." + all.get(end).timeMs());
                    }
                }
            }
            var actual =
                    Notation.pattern(text).matches(all, 0, carried).stream()
                            .map(match -> match.onsetMs() + ".." + match.detectedAtMs())
                            .toList();

            assertThat(actual)
                    .as("-Dstarts.seed=%d -Dstarts.pairs=1: %s on %s", SEED + i, text, readings)
                    .isEqualTo(expected);
            matched += expected.isEmpty() ? 0 : 1;
        }
        assertThat(matched).isGreaterThanOrEqualTo(LEAST_MATCHED);
    }

    @Test
    void aCountIsTakenOfTheLastSamplesAndStartsOneMatchWhileItLasts() {
        int matched = 0;
        for (int i = 0; goesOn(i, matched); i++) {
            var random = new Random((SEED + i) * 0x9E3779B97F4A7C15L);
            int least = 1 + random.nextInt(4);
            int of = least + random.nextInt(3);
            String text =
                    "%s at_least %d of %d every %ds span %ds among abc all_within 60s"
                            .formatted(
                                    GeneratedPatterns.letters(random, 2),
                                    least,
                                    of,
                                    random.nextInt(10),
                                    random.nextInt(25));
            var pattern = Notation.pattern(text);
            var readings = Notation.readings(GeneratedPatterns.readings(random, ""));
            var carried = Carried.values()[Math.floorMod(SEED + i, Carried.values().length)];

            var expected = counted(pattern, readings);
            var actual =
                    pattern.matches(readings, 0, carried).stream()
                            .map(match -> Notation.everything(match.steps()))
                            .toList();

            assertThat(actual)
                    .as("-Dstarts.seed=%d -Dstarts.pairs=1: %s", SEED + i, text)
                    .isEqualTo(expected);
            matched += expected.isEmpty() ? 0 : 1;
        }
        assertThat(matched).isGreaterThanOrEqualTo(LEAST_MATCHED);
    }

    @Test
    void aCountThatHasStartedAMatchIsRememberedWhenItsSamplesAreTooOld() {
        var pattern = Notation.pattern("a at_least 1 of 2 every 8s among ab all_within 60s");
        var readings = Notation.readings("a0 x70 a100 b110 b120 a130");

        for (var carried : Carried.values()) {
            assertThat(pattern.matches(readings, 0, carried).stream().map(Match::detectedAtMs))
                    .as(carried.name())
                    .containsExactly(0L, 130_000L);
        }
    }

    private static List<String> counted(Notation.Case pattern, List<Reading> readings) {
        var step = pattern.compiled().spec().sequence().get(0);
        var counting = step.counting();
        var found = new ArrayList<String>();
        boolean told = false;
        for (int now = 0; now < readings.size(); now++) {
            var samples = samples(readings.subList(0, now + 1), counting);
            if (samples.isEmpty() || samples.get(samples.size() - 1) != readings.get(now)) {
                continue;
            }
            var trues =
                    samples.stream()
                            .filter(sample -> step.where().contains(sample.letter))
                            .toList();
            boolean satisfied =
                    trues.size() >= counting.atLeast()
                            && trues.get(trues.size() - 1).timeMs() - trues.get(0).timeMs()
                                    >= counting.minSpan().toMillis();
            told &= satisfied;
            if (satisfied && !told && step.where().contains(readings.get(now).letter)) {
                told = true;
                found.add(
                        "0:%d..%dx%d(%s..%s)"
                                .formatted(
                                        trues.get(0).timeMs(),
                                        readings.get(now).timeMs(),
                                        trues.size(),
                                        trues.get(0).bpm,
                                        readings.get(now).bpm));
            }
        }
        return found;
    }

    /** The last samples as the newest of the readings sees them. */
    private static List<Reading> samples(List<Reading> readings, Counting counting) {
        var samples = new ArrayList<Reading>();
        long every = Math.max(1, counting.every().toMillis());
        long slot = -1;
        for (var reading : readings) {
            boolean among = reading.letter != null && counting.among().contains(reading.letter);
            if (among && reading.timeMs() / every != slot) {
                slot = reading.timeMs() / every;
                samples.add(reading);
            }
        }
        long nowMs = readings.get(readings.size() - 1).timeMs();
        samples.removeIf(sample -> nowMs - sample.timeMs() >= 60_000);
        return samples.subList(Math.max(0, samples.size() - counting.of()), samples.size());
    }

    private static boolean isTrue(List<Reading> readings, int place, String letters) {
        return place >= 0
                && readings.get(place).letter != null
                && letters.contains(readings.get(place).letter);
    }
}
