package hrm.functions.detection;

import hrm.model.Alert.LimitSource;
import hrm.model.Baseline;
import hrm.model.UserProfile;

/**
 * The heart rates above and below which to tell, and where each comes from.
 *
 * @param high bpm
 * @param low bpm
 */
public record Limits(double high, LimitSource highSource, double low, LimitSource lowSource) {
    /**
     * General limits.
     *
     * @see "Apple Watch and Fitbit ship high and low heart-rate notifications at 120 and 40 bpm"
     */
    public static final double DEFAULT_HIGH = 120;

    public static final double DEFAULT_LOW = 40;

    /** A margin, so that the one reading in a hundred that is normal does not tell. */
    public static final double MARGIN_HIGH = 10;

    public static final double MARGIN_LOW = 5;

    /**
     * A personal limit stays within what a clinician calls fast and slow: 100 is where tachycardia
     * begins, and no one's habit makes 130 at rest normal; below 35 no one's makes it so, and from
     * 50 on it is no longer slow.
     *
     * @see "Kusumoto et al., 2018 ACC/AHA/HRS bradycardia guideline: below 50 bpm; Page et al.,
     *     2015 ACC/AHA/HRS supraventricular tachycardia guideline: above 100 bpm"
     */
    public static final double HIGH_FROM = 100;

    public static final double HIGH_TO = 130;
    public static final double LOW_FROM = 35;
    public static final double LOW_TO = 50;

    /** Nobody has said anything of this person. */
    public static final Limits DEFAULT = of(null, null);

    /**
     * Each limit from the profile, else from the baseline if it is READY and knows rest, else the
     * general one.
     *
     * @param profile may be null
     * @param baseline may be null
     */
    public static Limits of(UserProfile profile, Baseline baseline) {
        double high = DEFAULT_HIGH;
        double low = DEFAULT_LOW;
        var highSource = LimitSource.DEFAULT;
        var lowSource = LimitSource.DEFAULT;
        if (baseline != null && baseline.state() == Baseline.State.READY && knowsRest(baseline)) {
            high = clamp(restP99(baseline) + MARGIN_HIGH, HIGH_FROM, HIGH_TO);
            low = clamp(restP01(baseline) - MARGIN_LOW, LOW_FROM, LOW_TO);
            highSource = LimitSource.BASELINE;
            lowSource = LimitSource.BASELINE;
        }
        if (profile != null && profile.limitHigh() != null) {
            high = profile.limitHigh();
            highSource = LimitSource.PROFILE;
        }
        if (profile != null && profile.limitLow() != null) {
            low = profile.limitLow();
            lowSource = LimitSource.PROFILE;
        }
        return new Limits(high, highSource, low, lowSource);
    }

    private static boolean knowsRest(Baseline baseline) {
        return baseline.cells().stream().anyMatch(Baseline.Cell::atRest);
    }

    /**
     * The whole day's 99th percentile at rest lies between the smallest and the greatest of the
     * hour-groups'. The greatest is taken: no hour-group has more than one reading in a hundred
     * above it, so the limit does not tell at the same hour every day.
     */
    private static double restP99(Baseline baseline) {
        return baseline.cells().stream()
                .filter(Baseline.Cell::atRest)
                .mapToDouble(Baseline.Cell::p99)
                .max()
                .orElseThrow();
    }

    private static double restP01(Baseline baseline) {
        return baseline.cells().stream()
                .filter(Baseline.Cell::atRest)
                .mapToDouble(Baseline.Cell::p01)
                .min()
                .orElseThrow();
    }

    private static double clamp(double value, double from, double to) {
        return Math.max(from, Math.min(to, value));
    }
}
