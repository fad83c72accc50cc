package hrm.launcher;

import hrm.model.Json;
import hrm.model.Reevaluation;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;

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
        var pending = new HashSet<String>();
        broker.each(
                Topics.REEVALUATIONS,
                record -> {
                    var key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() != null
                            && Json.read(record.value(), Reevaluation.class).isPending()) {
                        pending.add(key);
                    } else {
                        pending.remove(key);
                    }
                });
        return !pending.isEmpty();
    }
}
