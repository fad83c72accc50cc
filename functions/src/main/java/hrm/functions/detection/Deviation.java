package hrm.functions.detection;

import hrm.patterns.Name;
import hrm.patterns.Values;

/**
 * How far a heart rate is from what is normal for this person at this hour, at rest or active: a
 * robust z against the baseline.
 */
public final class Deviation {
    /**
     * Makes the median absolute deviation an estimate of a normal distribution's standard
     * deviation.
     *
     * @see "P. J. Rousseeuw, C. Croux, Alternatives to the median absolute deviation, JASA 88
     *     (1993) 1273–1283"
     */
    public static final double MAD_TO_SIGMA = 1.4826;

    /**
     * The smallest spread to judge by, bpm: a sensor may be off by 5 bpm (taken as two standard
     * deviations), so a steadier person's deviation cannot be told from its error.
     *
     * @see "ANSI/AAMI EC13:2002, heart rate meter accuracy: ±10 % or ±5 bpm, whichever is greater"
     */
    public static final double SMALLEST_SIGMA = 2.5;

    private Deviation() {}

    /**
     * Sets DEVIATION_SCORE and DEVIATION_DIRECTION from BPM, BASELINE_P50 and BASELINE_MAD; unknown
     * while one of them is, so before the baseline is READY.
     */
    public static void score(Values inOut) {
        double difference = inOut.get(Name.BPM) - inOut.get(Name.BASELINE_P50);
        double sigma = Math.max(MAD_TO_SIGMA * inOut.get(Name.BASELINE_MAD), SMALLEST_SIGMA);
        double score = difference / sigma;
        inOut.set(Name.DEVIATION_SCORE, score);
        inOut.set(Name.DEVIATION_DIRECTION, Math.signum(score));
    }
}
