package hrm.functions.judgement;

import hrm.model.Alert;
import hrm.model.Reevaluation;
import java.util.List;

/**
 * What became of one reading.
 *
 * @param alerts what there is to tell, in order
 * @param mark the stretch that must be judged again; null when there is none
 */
public record Verdict(Outcome outcome, List<Alert> alerts, Reevaluation mark) {
    /** Each is counted. */
    public enum Outcome {
        JUDGED,
        /** Older than its device's clock: stored, never matched in the stream. */
        LATE,
        /** The device has already sent a reading of this millisecond; the first counts. */
        DUPLICATE,
        /** No pattern is there to judge it. */
        UNJUDGED
    }

    static final Verdict NOTHING = new Verdict(Outcome.JUDGED, List.of(), null);
    static final Verdict DUPLICATE = new Verdict(Outcome.DUPLICATE, List.of(), null);
    static final Verdict UNJUDGED = new Verdict(Outcome.UNJUDGED, List.of(), null);

    static Verdict late(Reevaluation mark) {
        return new Verdict(Outcome.LATE, List.of(), mark);
    }
}
