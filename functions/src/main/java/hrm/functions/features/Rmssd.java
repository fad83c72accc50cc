package hrm.functions.features;

/** Short-term variability of the heart rate. */
public final class Rmssd {
    /**
     * Two neighbouring intervals that differ by more than this share of the first are not two
     * normal beats: an ectopic, missed or doubled one.
     *
     * @see "Malik et al., Heart rate variability in relation to prognosis after myocardial
     *     infarction: selection of optimal processing techniques, European Heart Journal 10 (1989)
     *     1060–1074"
     */
    public static final double LARGEST_CHANGE = 0.2;

    private Rmssd() {}

    /**
     * Root mean square of successive differences of normal intervals. A pair with an artefact is
     * left out; so it describes sinus rhythm, and says nothing of an irregular one.
     *
     * @param rrIntervalsMs milliseconds, oldest first; may be null
     * @return milliseconds, at least 0; {@code NaN} when no two neighbours are normal
     * @see "Task Force of ESC and NASPE, Circulation 93 (1996) 1043–1065"
     */
    public static double of(int[] rrIntervalsMs) {
        if (rrIntervalsMs == null) {
            return Double.NaN;
        }
        long squares = 0;
        int pairs = 0;
        for (int i = 1; i < rrIntervalsMs.length; i++) {
            long difference = (long) rrIntervalsMs[i] - rrIntervalsMs[i - 1];
            if (Math.abs(difference) <= LARGEST_CHANGE * rrIntervalsMs[i - 1]) {
                squares += difference * difference;
                pairs++;
            }
        }
        return pairs == 0 ? Double.NaN : Math.sqrt((double) squares / pairs);
    }
}
