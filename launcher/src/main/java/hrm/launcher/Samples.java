package hrm.launcher;

import hrm.patterns.spec.Counting;
import java.time.Duration;
import java.util.ArrayDeque;

/** The samples that a step which counts looks at, and what they lack. */
final class Samples {
    private record Sample(long startMs, boolean isTrue) {}

    private final Counting counting;
    private final Duration memory;
    private final ArrayDeque<Sample> last = new ArrayDeque<>();
    private boolean sampled;
    private long satisfiedSince = Long.MIN_VALUE;

    /**
     * @param memory older ones are forgotten
     */
    Samples(Counting counting, Duration memory) {
        this.counting = counting;
        this.memory = memory;
    }

    /**
     * @param can whether the input can be a sample
     */
    void add(long startMs, boolean can, boolean isTrue) {
        while (!last.isEmpty() && startMs - last.peek().startMs >= memory.toMillis()) {
            last.poll();
        }
        sampled = can && (last.isEmpty() || slot(startMs) != slot(last.peekLast().startMs));
        if (!sampled) {
            return;
        }
        last.add(new Sample(startMs, isTrue));
        while (last.size() > counting.of()) {
            last.poll();
        }
        if (!isSatisfied(Long.MIN_VALUE)) {
            satisfiedSince = Long.MIN_VALUE;
        } else if (satisfiedSince == Long.MIN_VALUE) {
            satisfiedSince = startMs;
        }
    }

    private long slot(long timeMs) {
        long every = counting.every().toMillis();
        return every == 0 ? timeMs : Math.floorDiv(timeMs, every);
    }

    int trues(long afterMs) {
        return (int) last.stream().filter(one -> one.isTrue && one.startMs > afterMs).count();
    }

    private long spanMs(long afterMs) {
        var trues = last.stream().filter(one -> one.isTrue && one.startMs > afterMs).toList();
        return trues.isEmpty() ? 0 : trues.get(trues.size() - 1).startMs - trues.get(0).startMs;
    }

    boolean isSatisfied(long afterMs) {
        return trues(afterMs) >= counting.atLeast()
                && spanMs(afterMs) >= counting.minSpan().toMillis();
    }

    /** Whether the newest input completes the count. */
    boolean isDue(long afterMs) {
        return sampled && last.peekLast().isTrue && isSatisfied(afterMs);
    }

    /** Since when it has been satisfied; tells one time from the next. */
    long since() {
        return satisfiedSince;
    }

    long firstTrueMs() {
        return last.stream().filter(Sample::isTrue).findFirst().orElseThrow().startMs;
    }

    /** {@code true in 3 of the last 6 samples, 5 are needed: 2 more would do}. */
    String lack(long afterMs) {
        int trues = trues(afterMs);
        var text =
                "true in %d of the last %d samples, %d are needed"
                        .formatted(trues, last.size(), counting.atLeast());
        if (trues < counting.atLeast()) {
            text += ": " + (counting.atLeast() - trues) + " more would do";
        }
        long span = spanMs(afterMs);
        long lacks = counting.minSpan().toMillis() - span;
        if (lacks > 0) {
            text +=
                    ", over %s of %s: %s longer would do"
                            .formatted(
                                    Words.duration(Duration.ofMillis(span)),
                                    Words.duration(counting.minSpan()),
                                    Words.duration(Duration.ofMillis(lacks)));
        }
        return sampled ? text : text + "; this input is no sample";
    }
}
