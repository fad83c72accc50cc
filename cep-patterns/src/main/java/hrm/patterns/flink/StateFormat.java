package hrm.patterns.flink;

import hrm.patterns.Hold;
import hrm.patterns.Name;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.flink.Captured.Stretch;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.flink.cep.nfa.ComputationState;
import org.apache.flink.cep.nfa.DeweyNumber;
import org.apache.flink.cep.nfa.NFAState;
import org.apache.flink.cep.nfa.compiler.NFAStateNameHandler;
import org.apache.flink.cep.nfa.sharedbuffer.EventId;
import org.apache.flink.cep.nfa.sharedbuffer.Lockable;
import org.apache.flink.cep.nfa.sharedbuffer.NodeId;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferEdge;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferNode;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferNodeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The bytes of a device's state. Version 2, numbers as variable-length integers unless said:
 *
 * <pre>
 * byte    version
 * names   count, then UTF: what is captured of an input
 * boolean whether the first step was true on the last input
 * holds   count, then: step · stretch's Hold · first values · started · taken? last values
 * counts  count, then: step · started · first sample's start, long · count of samples, each:
 *         start · true · values
 * partial matches: count; nothing follows when 0
 *   base    long ms; times below are relative to it
 *   events  count, then: start · end · values · count of stretches, each: step · running, or all of it
 *   nodes   count, then: event · step · locks · count of edges, each: locks · target · version
 *   states  count, then: state · count of copies, each: number · last node · version · start, previous, first event
 *   held back by the skip strategy: count, then states as above
 * </pre>
 *
 * A state is 0 for the end, 1 for the turn of a group, 2 and more for a step; a copy of a copy has
 * two numbers. Version 1, which is read too, has neither the boolean nor counts nor what is held
 * back; its states are steps, and have one number: 0 for none, else the copy's plus 1.
 *
 * <p>Steps go by their place, captured values by name, so that a change of a pattern that keeps its
 * shape can read what another version wrote. No class name is part of it.
 */
class StateFormat {
    private static final int VERSION = 2;
    private static final int FIRST_STEP = 2;

    /** What Flink's compiler calls states that are no step's. */
    private static final List<String> OTHER_STATES = List.of("$endState$", "GroupPattern");

    private static final Lockable.LockableTypeSerializer<SharedBufferNode> NODES =
            new Lockable.LockableTypeSerializer<>(new SharedBufferNodeSerializer());

    private final List<Name> names;
    private final int bpm;
    private final int steps;
    private final boolean[] holds;
    private final boolean[] counts;
    private final Set<String> stateNames;
    private final String patternId;

    StateFormat(CompiledPattern pattern, Set<String> stateNames) {
        this.names = pattern.captured();
        this.bpm = names.indexOf(Name.BPM);
        this.patternId = pattern.spec().id();
        this.stateNames = stateNames;
        var sequence = pattern.spec().sequence();
        this.steps = sequence.size();
        this.holds = new boolean[steps];
        this.counts = new boolean[steps];
        for (int i = 0; i < steps; i++) {
            holds[i] = sequence.get(i).hold() != null;
            counts[i] = sequence.get(i).counting() != null;
        }
    }

    void write(NfaMatcherState state, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        writeUnsigned(names.size(), out);
        for (var name : names) {
            out.writeUTF(name.text());
        }
        out.writeBoolean(state.wasTrue);
        writeHolds(state, out);
        writeCounts(state, out);
        if (state.partials == null) {
            writeUnsigned(0, out);
            return;
        }
        writeUnsigned(state.partials.size(), out);
        long base = base(state);
        out.writeLong(base);
        writeUnsigned(state.events.size(), out);
        for (var event : state.events.values()) {
            writeEvent(event.getElement(), state, base, out);
        }
        writeNodes(state.entries, base, out);
        for (var partial : state.partials) {
            writePartial(partial, base, out);
        }
        writeUnsigned(state.completed == null ? 0 : state.completed.size(), out);
        if (state.completed != null) {
            for (var match : state.completed) {
                writePartial(match, base, out);
            }
        }
    }

    private static long base(NfaMatcherState state) {
        for (var event : state.events.keySet()) {
            return event.getTimestamp();
        }
        return 0;
    }

    NfaMatcherState read(DataInput in) throws IOException {
        int version = in.readByte();
        if (version < 1 || version > VERSION) {
            throw new IOException(
                    "state of pattern '%s' has format %d, this version reads 1 to %d: restore it with the version that wrote it"
                            .formatted(patternId, version, VERSION));
        }
        var written = new int[(int) readUnsigned(in)];
        for (int i = 0; i < written.length; i++) {
            var name = Name.byText().get(in.readUTF());
            written[i] = name == null ? -1 : names.indexOf(name);
        }
        var state = new NfaMatcherState(this, steps);
        state.wasTrue = version > 1 && in.readBoolean();
        readHolds(state, written, in);
        if (version > 1) {
            readCounts(state, written, in);
        }
        int partials = (int) readUnsigned(in);
        if (partials == 0) {
            return state;
        }
        long base = in.readLong();
        var events = new HashMap<EventId, Captured>();
        int count = (int) readUnsigned(in);
        for (int i = 0; i < count; i++) {
            var event = readEvent(state, written, base, in);
            events.put(new EventId(0, event.startMs), event);
        }
        readNodes(state.entries, base, in);
        // An event is locked once for each step that has taken it.
        var locks = new HashMap<EventId, Integer>();
        state.entries.keySet().forEach(node -> locks.merge(node.getEventId(), 1, Integer::sum));
        events.forEach(
                (id, event) ->
                        state.events.put(
                                id, new Lockable<>(event, locked(locks.getOrDefault(id, 0)))));
        state.partials = new PriorityQueue<>(NFAState.COMPUTATION_STATE_COMPARATOR);
        for (int i = 0; i < partials; i++) {
            var partial = readPartial(version, base, in);
            state.partials.add(partial);
            state.inProgress += NfaMatcher.isStart(partial) ? 0 : 1;
        }
        int completed = version > 1 ? (int) readUnsigned(in) : 0;
        if (completed > 0) {
            state.completed = new PriorityQueue<>(NFAState.COMPUTATION_STATE_COMPARATOR);
        }
        for (int i = 0; i < completed; i++) {
            state.completed.add(readPartial(version, base, in));
        }
        state.deadlineMs = Long.MIN_VALUE; // not written: found anew at the next input
        return state;
    }

    /**
     * @param nodes that hold the event
     */
    int locked(int nodes) {
        return nodes;
    }

    // ---- holds and counts

    private void writeHolds(NfaMatcherState state, DataOutput out) throws IOException {
        int running = 0;
        for (var tracker : state.trackers) {
            running += tracker instanceof HoldTracker && tracker.isRunning() ? 1 : 0;
        }
        writeUnsigned(running, out);
        for (int step = 0; step < steps; step++) {
            if (state.trackers[step] instanceof HoldTracker tracker && tracker.isRunning()) {
                var hold = tracker.hold;
                writeUnsigned(step, out);
                out.writeLong(hold.sinceMs());
                writeSigned(hold.lastStartMs() - hold.sinceMs(), out);
                writeSigned(hold.lastEndMs() - hold.sinceMs(), out);
                writeUnsigned(hold.count(), out);
                out.writeDouble(hold.lastBpm());
                writeValues(tracker.first, out);
                out.writeBoolean(tracker.started);
                out.writeBoolean(tracker.taken != null);
                if (tracker.taken != null) {
                    writeValues(tracker.taken.last, out);
                }
            }
        }
    }

    private void writeCounts(NfaMatcherState state, DataOutput out) throws IOException {
        int running = 0;
        for (var tracker : state.trackers) {
            running += tracker instanceof CountTracker && tracker.isRunning() ? 1 : 0;
        }
        writeUnsigned(running, out);
        for (int step = 0; step < steps; step++) {
            if (state.trackers[step] instanceof CountTracker tracker && tracker.isRunning()) {
                writeUnsigned(step, out);
                out.writeBoolean(tracker.started);
                long before = tracker.samples.isEmpty() ? 0 : tracker.samples.peek().startMs();
                out.writeLong(before);
                writeUnsigned(tracker.samples.size(), out);
                for (var sample : tracker.samples) {
                    writeUnsigned(sample.startMs() - before, out);
                    out.writeBoolean(sample.isTrue());
                    writeValues(sample.values(), out);
                    before = sample.startMs();
                }
            }
        }
    }

    private void readCounts(NfaMatcherState state, int[] written, DataInput in) throws IOException {
        int running = (int) readUnsigned(in);
        for (int i = 0; i < running; i++) {
            int step = (int) readUnsigned(in);
            var tracker = new CountTracker();
            tracker.started = in.readBoolean();
            long start = in.readLong();
            int samples = (int) readUnsigned(in);
            for (int j = 0; j < samples; j++) {
                start += readUnsigned(in);
                boolean isTrue = in.readBoolean();
                tracker.samples.add(
                        new CountTracker.Sample(start, isTrue, readValues(written, in)));
            }
            if (step < steps && counts[step]) {
                state.trackers[step] = tracker;
            }
        }
    }

    private void readHolds(NfaMatcherState state, int[] written, DataInput in) throws IOException {
        int running = (int) readUnsigned(in);
        for (int i = 0; i < running; i++) {
            int step = (int) readUnsigned(in);
            long since = in.readLong();
            long lastStart = since + readSigned(in);
            long lastEnd = since + readSigned(in);
            int count = (int) readUnsigned(in);
            double lastBpm = in.readDouble();
            var first = readValues(written, in);
            var tracker =
                    new HoldTracker(
                            new Hold(since, lastStart, lastEnd, count, first[bpm], lastBpm));
            tracker.first = first;
            tracker.started = in.readBoolean();
            if (in.readBoolean()) {
                tracker.taken = new Stretch(since, first);
                tracker.taken.lastStartMs = lastStart;
                tracker.taken.lastEndMs = lastEnd;
                tracker.taken.count = count;
                tracker.taken.last = readValues(written, in);
            }
            if (step < steps && holds[step]) {
                state.trackers[step] = tracker;
            }
        }
    }

    // ---- what was taken

    private static void writeEvent(Captured event, NfaMatcherState state, long base, DataOutput out)
            throws IOException {
        writeSigned(event.startMs - base, out);
        writeSigned(event.endMs - event.startMs, out);
        writeValues(event.values, out);
        int count = 0;
        if (event.stretches != null) {
            for (var stretch : event.stretches) {
                count += stretch == null ? 0 : 1;
            }
        }
        writeUnsigned(count, out);
        for (int step = 0; count > 0 && step < event.stretches.length; step++) {
            var stretch = event.stretches[step];
            if (stretch == null) {
                continue;
            }
            writeUnsigned(step, out);
            boolean running =
                    state.trackers[step] instanceof HoldTracker tracker && tracker.taken == stretch;
            out.writeBoolean(running);
            if (!running) {
                writeSigned(stretch.sinceMs - base, out);
                writeSigned(stretch.lastStartMs - stretch.sinceMs, out);
                writeSigned(stretch.lastEndMs - stretch.sinceMs, out);
                writeUnsigned(stretch.count, out);
                writeValues(stretch.first, out);
                writeValues(stretch.last, out);
            }
        }
    }

    private Captured readEvent(NfaMatcherState state, int[] written, long base, DataInput in)
            throws IOException {
        long start = base + readSigned(in);
        long end = start + readSigned(in);
        var event = new Captured(start, end, readValues(written, in));
        int count = (int) readUnsigned(in);
        for (int i = 0; i < count; i++) {
            int step = (int) readUnsigned(in);
            Stretch stretch;
            if (in.readBoolean()) {
                stretch =
                        step < steps && state.trackers[step] instanceof HoldTracker tracker
                                ? tracker.taken
                                : null;
            } else {
                long since = base + readSigned(in);
                long lastStart = since + readSigned(in);
                long lastEnd = since + readSigned(in);
                int inputs = (int) readUnsigned(in);
                stretch = new Stretch(since, readValues(written, in));
                stretch.lastStartMs = lastStart;
                stretch.lastEndMs = lastEnd;
                stretch.count = inputs;
                stretch.last = readValues(written, in);
            }
            if (step < steps && stretch != null) {
                if (event.stretches == null) {
                    event.stretches = new Stretch[steps];
                }
                event.stretches[step] = stretch;
            }
        }
        return event;
    }

    private static void writeValues(double[] values, DataOutput out) throws IOException {
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    /** Values by the names they were written with; what was not captured then is unknown. */
    private double[] readValues(int[] written, DataInput in) throws IOException {
        var values = new double[names.size()];
        Arrays.fill(values, Double.NaN);
        for (int place : written) {
            double value = in.readDouble();
            if (place >= 0) {
                values[place] = value;
            }
        }
        return values;
    }

    // ---- Flink's shared buffer

    private static void writeNodes(
            Map<NodeId, Lockable<SharedBufferNode>> nodes, long base, DataOutput out)
            throws IOException {
        writeUnsigned(nodes.size(), out);
        var bytes = new DataOutputSerializer(64);
        for (var entry : nodes.entrySet()) {
            writeNodeId(entry.getKey(), base, out);
            // Locks and edges show themselves to Flink's serializer only.
            bytes.clear();
            NODES.serialize(entry.getValue(), bytes);
            var node = new DataInputDeserializer(bytes.getSharedBuffer(), 0, bytes.length());
            writeUnsigned(node.readInt(), out);
            int edges = node.readInt();
            writeUnsigned(edges, out);
            for (int i = 0; i < edges; i++) {
                writeUnsigned(node.readInt(), out);
                writeNodeId(new NodeId.NodeIdSerializer().deserialize(node), base, out);
                writeVersion(node, out);
            }
        }
    }

    private void readNodes(Map<NodeId, Lockable<SharedBufferNode>> nodes, long base, DataInput in)
            throws IOException {
        int count = (int) readUnsigned(in);
        for (int i = 0; i < count; i++) {
            var id = readNodeId(base, in);
            int locks = (int) readUnsigned(in);
            var node = new SharedBufferNode();
            int edges = (int) readUnsigned(in);
            for (int j = 0; j < edges; j++) {
                int edgeLocks = (int) readUnsigned(in);
                var target = readNodeId(base, in);
                var edge = new SharedBufferEdge(target, readVersion(in));
                node.getEdges().add(new Lockable<>(edge, edgeLocks));
            }
            nodes.put(id, new Lockable<>(node, locks));
        }
    }

    private static void writeNodeId(NodeId id, long base, DataOutput out) throws IOException {
        if (id == null) {
            writeUnsigned(0, out);
        } else {
            writeUnsigned(1 + Integer.parseInt(id.getPageName()), out);
            writeSigned(id.getEventId().getTimestamp() - base, out);
        }
    }

    private static NodeId readNodeId(long base, DataInput in) throws IOException {
        int step = (int) readUnsigned(in) - 1;
        return step < 0
                ? null
                : new NodeId(new EventId(0, base + readSigned(in)), FlinkPattern.name(step));
    }

    private static void writePartial(ComputationState partial, long base, DataOutput out)
            throws IOException {
        String name = partial.getCurrentStateName();
        String original = NFAStateNameHandler.getOriginalNameFromInternal(name);
        int other = OTHER_STATES.indexOf(original);
        writeUnsigned(other >= 0 ? other : FIRST_STEP + Integer.parseInt(original), out);
        String[] copies = name.substring(original.length()).split(":");
        writeUnsigned(copies.length - 1, out);
        for (int i = 1; i < copies.length; i++) {
            writeUnsigned(Integer.parseInt(copies[i]), out);
        }
        writeNodeId(partial.getPreviousBufferEntry(), base, out);
        var version = new DataOutputSerializer(32);
        DeweyNumber.DeweyNumberSerializer.INSTANCE.serialize(partial.getVersion(), version);
        writeVersion(
                new DataInputDeserializer(version.getSharedBuffer(), 0, version.length()), out);
        if (partial.getPreviousBufferEntry() != null) {
            writeSigned(partial.getStartTimestamp() - base, out);
            writeSigned(partial.getPreviousTimestamp() - base, out);
            writeSigned(partial.getStartEventID().getTimestamp() - base, out);
        }
    }

    private ComputationState readPartial(int format, long base, DataInput in) throws IOException {
        int state = (int) readUnsigned(in) + (format == 1 ? FIRST_STEP : 0);
        String name =
                state < FIRST_STEP
                        ? OTHER_STATES.get(state)
                        : FlinkPattern.name(state - FIRST_STEP);
        int copies = (int) readUnsigned(in);
        if (format == 1 && copies > 0) {
            name += ":" + (copies - 1);
        } else {
            for (int i = 0; i < copies; i++) {
                name += ":" + readUnsigned(in);
            }
        }
        if (!stateNames.contains(name)) {
            throw new IOException(
                    "state of pattern '%s' is of another shape: it must start clean"
                            .formatted(patternId));
        }
        var last = readNodeId(base, in);
        var version = readVersion(in);
        if (last == null) {
            return ComputationState.createStartState(name, version);
        }
        long start = base + readSigned(in);
        long previous = base + readSigned(in);
        var first = new EventId(0, base + readSigned(in));
        return ComputationState.createState(name, last, version, start, previous, first);
    }

    private static void writeVersion(DataInputDeserializer version, DataOutput out)
            throws IOException {
        int digits = version.readInt();
        writeUnsigned(digits, out);
        for (int i = 0; i < digits; i++) {
            writeUnsigned(version.readInt(), out);
        }
    }

    DeweyNumber readVersion(DataInput in) throws IOException {
        int digits = (int) readUnsigned(in);
        var version = new DeweyNumber((int) readUnsigned(in));
        for (int i = 1; i < digits; i++) {
            version = version.addStage().increase((int) readUnsigned(in));
        }
        return version;
    }

    // ---- numbers

    static void writeUnsigned(long value, DataOutput out) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    static long readUnsigned(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.readByte();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static void writeSigned(long value, DataOutput out) throws IOException {
        writeUnsigned(value << 1 ^ value >> 63, out);
    }

    private static long readSigned(DataInput in) throws IOException {
        long value = readUnsigned(in);
        return value >>> 1 ^ -(value & 1);
    }

    /** Whole numbers that are not great take a few bytes. */
    static void writeNumber(double value, DataOutput out) throws IOException {
        if (Double.isNaN(value)) {
            writeUnsigned(0, out);
        } else if (value >= 0 && value < 1 << 20 && value == (int) value) {
            writeUnsigned((int) value + 2, out);
        } else {
            writeUnsigned(1, out);
            out.writeDouble(value);
        }
    }

    static double readNumber(DataInput in) throws IOException {
        long head = readUnsigned(in);
        return head == 0 ? Double.NaN : head == 1 ? in.readDouble() : head - 2;
    }
}
