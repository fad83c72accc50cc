package hrm.functions.flink;

import hrm.functions.readings.MinuteGatherer.Outcome;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Keyed by device. Gathers readings to rows of a minute; a minute is written once, when its
 * device's clock has left it or the device has been silent for some wall-clock time. After that
 * silence nothing is remembered of the device.
 *
 * <p>An operator and not a function, because what is gathered goes to keyed state only when a
 * checkpoint begins: a state read and a state write for each reading would cost more than all else
 * in the job.
 */
public final class GatherMinutes extends AbstractStreamOperator<MinuteRow>
        implements OneInputStreamOperator<Reading, MinuteRow>, Triggerable<String, VoidNamespace> {
    /** Readings and devices in memory, some 20 MB; above it all goes to keyed state. */
    static final int MOST_HELD = 100_000;

    private static final long serialVersionUID = 1L;

    private final long silenceMs;

    private transient ValueState<DeviceMinutes> minutes;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient Counter duplicates;
    private transient Counter late;

    /** Devices that are newer here than in keyed state, or the same. */
    private transient Map<String, DeviceMinutes> devices;

    private transient int held;

    /**
     * @param silence wall-clock time without a reading after which a minute is written all the same
     */
    public GatherMinutes(Duration silence) {
        this.silenceMs = silence.toMillis();
    }

    @Override
    public void open() throws Exception {
        super.open();
        minutes =
                getRuntimeContext().getState(new ValueStateDescriptor<>("minutes", Types.MINUTES));
        timers = getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this);
        duplicates = getMetricGroup().counter("duplicates");
        late = getMetricGroup().counter("late");
        devices = new HashMap<>();
    }

    @Override
    public void processElement(StreamRecord<Reading> element) throws Exception {
        var device = device((String) getCurrentKey());
        int before = device.gatherer.size();
        var outcome = device.gatherer.add(element.getValue(), this::write);
        if (outcome == Outcome.DUPLICATE) {
            duplicates.inc();
        } else if (outcome == Outcome.LATE) {
            late.inc();
        }
        device.arrivedMs = timers.currentProcessingTime();
        if (device.timerAtMs == DeviceMinutes.NO_TIMER) {
            plan(device);
        }
        device.changed = true;
        held += device.gatherer.size() - before;
        if (held > MOST_HELD) {
            keep();
            devices.clear();
            held = 0;
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        if (!devices.containsKey(timer.getKey()) && minutes.value() == null) {
            return;
        }
        var device = device(timer.getKey());
        if (timer.getTimestamp() - device.arrivedMs >= silenceMs) {
            held -= 1 + device.gatherer.size();
            device.gatherer.flush(this::write);
            devices.remove(timer.getKey());
            minutes.clear();
        } else {
            // Moved lazily: a device that still talks costs a timer now and then, not one a
            // reading.
            plan(device);
            device.changed = true;
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("no event-time timer is ever set");
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        keep();
    }

    private DeviceMinutes device(String key) throws IOException {
        var device = devices.get(key);
        if (device == null) {
            var kept = minutes.value();
            // A copy each way: a backend on the heap holds the object itself, and may be writing
            // it to a checkpoint meanwhile.
            device = kept == null ? new DeviceMinutes() : kept.copy();
            devices.put(key, device);
            held += 1 + device.gatherer.size();
        }
        return device;
    }

    /** Brings keyed state up to date. */
    private void keep() throws IOException {
        var current = getCurrentKey();
        for (var entry : devices.entrySet()) {
            var device = entry.getValue();
            if (device.changed) {
                setCurrentKey(entry.getKey());
                minutes.update(device.copy());
                device.changed = false;
            }
        }
        if (current != null) {
            setCurrentKey(current);
        }
    }

    private void write(MinuteRow row) {
        output.collect(new StreamRecord<>(row));
    }

    private void plan(DeviceMinutes device) {
        device.timerAtMs = device.arrivedMs + silenceMs;
        timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, device.timerAtMs);
    }
}
