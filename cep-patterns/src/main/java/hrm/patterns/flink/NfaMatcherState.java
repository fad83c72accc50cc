package hrm.patterns.flink;

import hrm.patterns.MatcherState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.apache.flink.cep.nfa.ComputationState;
import org.apache.flink.cep.nfa.sharedbuffer.EventId;
import org.apache.flink.cep.nfa.sharedbuffer.Lockable;
import org.apache.flink.cep.nfa.sharedbuffer.NodeId;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferNode;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** One device's part of a pattern: what Flink CEP would keep as keyed state, and the holds. */
final class NfaMatcherState implements MatcherState {
    private final StateFormat format;

    /** By step; null where the automaton sees the inputs themselves, and where nothing runs. */
    final Tracker[] trackers;

    /** Whether the first step was true on the last input; kept where a match starts on its edge. */
    boolean wasTrue;

    /**
     * Flink's computation states, with the start state only under {@code overlap: all}; null when
     * nothing is in progress.
     */
    PriorityQueue<ComputationState> partials;

    /** Matches that the skip strategy holds back until earlier ones are decided; null when none. */
    PriorityQueue<ComputationState> completed;

    /** Of {@link #partials}, the ones beyond the start. */
    int inProgress;

    /** No window ends before; {@code Long.MAX_VALUE} when none is open. */
    long deadlineMs = Long.MAX_VALUE;

    final Map<EventId, Lockable<Captured>> events = new HashMap<>(4);
    final Map<NodeId, Lockable<SharedBufferNode>> entries = new HashMap<>(4);

    NfaMatcherState(StateFormat format, int steps) {
        this.format = format;
        this.trackers = new Tracker[steps];
    }

    void endAll() {
        partials = null;
        completed = null;
        inProgress = 0;
        deadlineMs = Long.MAX_VALUE;
        events.clear();
        entries.clear();
    }

    @Override
    public boolean isEmpty() {
        if (partials != null || wasTrue) {
            return false;
        }
        for (var tracker : trackers) {
            if (tracker != null && tracker.isRunning()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int partialMatches() {
        return inProgress;
    }

    @Override
    public void startAgain() {
        if (trackers[0] != null) {
            trackers[0].started = false;
        }
    }

    @Override
    public MatcherState copy() {
        try {
            var out = new DataOutputSerializer(256);
            format.write(this, out);
            return format.read(new DataInputDeserializer(out.getSharedBuffer(), 0, out.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
