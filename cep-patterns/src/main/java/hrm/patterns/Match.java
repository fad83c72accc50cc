package hrm.patterns;

import java.util.List;

/**
 * A pattern has matched.
 *
 * @param onsetMs start of the input that began it; when a hold did, of the stretch. A stretch that
 *     a later step took may have begun before
 * @param detectedAtMs the deciding reading's time; of an overdue match the end of its window
 * @param overdue decided by what has not come in time, not by an input
 * @param steps what matched each step, in the pattern's order; steps that took nothing are left out
 */
public record Match(long onsetMs, long detectedAtMs, boolean overdue, List<Step> steps) {
    public Match {
        steps = List.copyOf(steps);
    }

    /**
     * @param index the step's place in the sequence, from 0
     * @param fromMs start of its first input; of a hold, of the stretch's first
     * @param toMs start of its last input
     * @param firstBpm {@code NaN} when unknown
     * @param lastBpm {@code NaN} when unknown
     * @param count inputs that matched; of a hold, of the whole stretch
     */
    public record Step(
            int index, long fromMs, long toMs, double firstBpm, double lastBpm, int count) {}
}
