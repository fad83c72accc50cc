package hrm.launcher;

import hrm.model.Reevaluation;
import hrm.model.Topics;

/**
 * The cheap question before a late run, which costs the start of a JVM: is there anything to do?
 */
final class LateMarks {
    private LateMarks() {}

    /**
     * Whether a stretch is marked that was not judged again since.
     *
     * @throws Failure when Kafka does not answer
     */
    static boolean arePending(Broker broker) {
        return broker.newest(Topics.REEVALUATIONS, Reevaluation.class).values().stream()
                .anyMatch(Reevaluation::isPending);
    }
}
