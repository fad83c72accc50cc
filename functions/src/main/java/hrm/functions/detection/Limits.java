package hrm.functions.detection;

import hrm.model.Alert.LimitSource;
import hrm.model.Baseline;
import hrm.model.UserProfile;
import java.util.function.ToDoubleFunction;

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
     * @see "Apple Support, Heart health notifications on your Apple Watch: high at 120 bpm and low
     *     at 40 bpm, after 10 minutes of seeming inactivity, unless the wearer chooses otherwise"
     */
    public static final double DEFAULT_HIGH = 120;

    public static final double DEFAULT_LOW = 40;

    /** A margin, so that the one reading in a hundred that is normal does not tell. */
    public static final double MARGIN_HIGH = 10;

    public static final double MARGIN_LOW = 5;

    /**
     * A personal limit stays where it can still mean something: tachycardia begins at 100 bpm, and
     * bradycardia at 50 bpm, so none is stricter; and a baseline that was learnt while ill, or from
     * a faulty sensor, does not move it by more than 30 and 15 bpm.
     *
     * @see "Page et al., 2015 ACC/AHA/HRS guideline, supraventricular tachycardia: above 100 bpm;
     *     Kusumoto et al., 2018 ACC/AHA/HRS guideline, bradycardia: below 50 bpm"
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
            high =
                    clamp(
                            Math.rint(atRest(baseline, Baseline.Cell::p99) + MARGIN_HIGH),
                            HIGH_FROM,
                            HIGH_TO);
            low =
                    clamp(
                            Math.rint(atRest(baseline, Baseline.Cell::p01) - MARGIN_LOW),
                            LOW_FROM,
                            LOW_TO);
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
     * A percentile of the whole day at rest: the hour-groups' own, each weighing as much as it has
     * readings. Exact only if they agree, but near: on people with weeks of recordings it was
     * within 2 bpm for the first percentile, and at most 14 bpm low for the 99th, where the
     * greatest of the hour-groups, moved by one sport without steps, was up to 55 high.
     */
    private static double atRest(Baseline baseline, ToDoubleFunction<Baseline.Cell> percentile) {
        double sum = 0;
        long readings = 0;
        for (var cell : baseline.cells()) {
            if (cell.atRest()) {
                sum += cell.readings() * percentile.applyAsDouble(cell);
                readings += cell.readings();
            }
        }
        return sum / readings;
    }

    private static double clamp(double value, double from, double to) {
        return Math.max(from, Math.min(to, value));
    }
}
