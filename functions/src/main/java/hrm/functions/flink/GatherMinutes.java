package hrm.functions.flink;

import hrm.functions.readings.MinuteGatherer;
import hrm.functions.readings.MinuteGatherer.Outcome;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Gathers readings to rows of a minute; a minute is written once, when its device's clock has left
 * it or the device has been silent for some wall-clock time. After that silence nothing is
 * remembered of the device.
 *
 * <p>Not keyed: a topic's partition holds all readings of its people, so each source task gathers
 * its own, and minutes leave it instead of readings. Where that does not hold (after a change of
 * the parallelism, or with a producer that sets no key) a minute leaves in parts, which the store
 * merges.
 */
public final class GatherMinutes extends AbstractStreamOperator<MinuteRow>
        implements OneInputStreamOperator<Reading, MinuteRow> {
    /**
     * Readings in memory, some 40 MB; above it the minutes of those who have been silent for
     * longest are written early.
     */
    static final int MOST_HELD = 200_000;

    /** How often a silence is looked for within its length, at most. */
    private static final int LOOKS = 10;

    private static final long serialVersionUID = 2L;

    private final long silenceMs;

    private transient ListState<MinuteGatherer> kept;
    private transient Counter duplicates;
    private transient Counter late;

    private transient Map<Device, Gathered> devices;

    /** Of devices that two tasks gathered before the parallelism changed. */
    private transient List<MinuteGatherer> secondParts;

    private transient int held;
    private transient boolean planned;

    private record Device(String userId, String deviceId) {}

    private static final class Gathered {
        final MinuteGatherer gatherer;

        /** Wall clock at the newest reading's arrival. */
        long arrivedMs;

        Gathered(MinuteGatherer gatherer, long arrivedMs) {
            this.gatherer = gatherer;
            this.arrivedMs = arrivedMs;
        }
    }

    /**
     * @param silence wall-clock time without a reading after which a minute is written all the same
     */
    public GatherMinutes(Duration silence) {
        this.silenceMs = silence.toMillis();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        kept =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("minutes", Types.MINUTES));
        devices = new HashMap<>();
        // Nobody was silent while the job was down: what they sent may still wait on the topic.
        long now = getProcessingTimeService().getCurrentProcessingTime();
        secondParts = new ArrayList<>();
        for (var gatherer : kept.get()) {
            var any = gatherer.any();
            var device = new Device(any.userId(), any.deviceId());
            if (devices.containsKey(device)) {
                secondParts.add(gatherer);
            } else {
                devices.put(device, new Gathered(gatherer, now));
                held += gatherer.size();
            }
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        duplicates = getMetricGroup().counter("duplicates");
        late = getMetricGroup().counter("late");
        secondParts.forEach(gatherer -> gatherer.flush(this::write));
        secondParts = null;
        planNextLook(getProcessingTimeService().getCurrentProcessingTime());
    }

    @Override
    public void processElement(StreamRecord<Reading> element) {
        var reading = element.getValue();
        var key = new Device(reading.userId(), reading.deviceId());
        var device = devices.get(key);
        if (device == null) {
            device = new Gathered(new MinuteGatherer(), 0);
            devices.put(key, device);
        }
        device.arrivedMs = getProcessingTimeService().getCurrentProcessingTime();
        int before = device.gatherer.size();
        var outcome = device.gatherer.add(reading, this::write);
        if (outcome == Outcome.DUPLICATE) {
            duplicates.inc();
        } else if (outcome == Outcome.LATE) {
            late.inc();
        }
        held += device.gatherer.size() - before;
        if (held > MOST_HELD) {
            writeTheLongestSilent();
        }
        planNextLook(device.arrivedMs);
    }

    /** One timer for all: to keep devices in the order of their silence would cost each reading. */
    private void planNextLook(long nowMs) {
        if (!planned && !devices.isEmpty()) {
            planned = true;
            long longestSilentMs = Long.MAX_VALUE;
            for (var device : devices.values()) {
                longestSilentMs = Math.min(longestSilentMs, device.arrivedMs);
            }
            getProcessingTimeService()
                    .registerTimer(
                            Math.max(longestSilentMs + silenceMs, nowMs + silenceMs / LOOKS),
                            this::writeTheSilent);
        }
    }

    private void writeTheSilent(long nowMs) {
        planned = false;
        var each = devices.values().iterator();
        while (each.hasNext()) {
            var device = each.next();
            if (nowMs - device.arrivedMs >= silenceMs) {
                writeAndForget(device, each);
            }
        }
        planNextLook(nowMs);
    }

    /** The half that has been silent for longer. */
    private void writeTheLongestSilent() {
        long[] arrivals = devices.values().stream().mapToLong(d -> d.arrivedMs).sorted().toArray();
        long median = arrivals[arrivals.length / 2];
        var each = devices.values().iterator();
        while (each.hasNext() && held > MOST_HELD / 2) {
            var device = each.next();
            if (device.arrivedMs <= median) {
                writeAndForget(device, each);
            }
        }
    }

    private void writeAndForget(Gathered device, Iterator<Gathered> at) {
        held -= device.gatherer.size();
        device.gatherer.flush(this::write);
        at.remove();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        var gatherers = new ArrayList<MinuteGatherer>(devices.size());
        for (var device : devices.values()) {
            if (!device.gatherer.isEmpty()) {
                gatherers.add(device.gatherer);
            }
        }
        kept.update(gatherers);
    }

    @Override
    public void finish() throws Exception {
        devices.values().forEach(device -> device.gatherer.flush(this::write));
        devices.clear();
        held = 0;
        super.finish();
    }

    private void write(MinuteRow row) {
        output.collect(new StreamRecord<>(row));
    }
}
