package hrm.functions.flink;

import hrm.functions.readings.MinuteGatherer.Outcome;
import hrm.model.MinuteRow;
import hrm.model.Reading;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keyed by device. Gathers readings to rows of a minute; a minute is written once, when its
 * device's clock has left it or the device has been silent for some wall-clock time. After that
 * silence nothing is remembered of the device.
 */
public final class GatherMinutes extends KeyedProcessFunction<String, Reading, MinuteRow> {
    private static final long serialVersionUID = 1L;

    private final long silenceMs;

    private transient ValueState<DeviceMinutes> minutes;
    private transient Counter duplicates;
    private transient Counter late;

    /**
     * @param silence wall-clock time without a reading after which a minute is written all the same
     */
    public GatherMinutes(Duration silence) {
        this.silenceMs = silence.toMillis();
    }

    @Override
    public void open(OpenContext context) {
        minutes =
                getRuntimeContext().getState(new ValueStateDescriptor<>("minutes", Types.MINUTES));
        duplicates = getRuntimeContext().getMetricGroup().counter("duplicates");
        late = getRuntimeContext().getMetricGroup().counter("late");
    }

    @Override
    public void processElement(Reading reading, Context context, Collector<MinuteRow> out)
            throws Exception {
        var device = minutes.value();
        if (device == null) {
            device = new DeviceMinutes();
        }
        var outcome = device.gatherer.add(reading, out::collect);
        if (outcome == Outcome.DUPLICATE) {
            duplicates.inc();
        } else if (outcome == Outcome.LATE) {
            late.inc();
        }
        device.arrivedMs = context.timerService().currentProcessingTime();
        if (device.timerAtMs == DeviceMinutes.NO_TIMER) {
            plan(device, device.arrivedMs + silenceMs, context);
        }
        minutes.update(device);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<MinuteRow> out)
            throws Exception {
        var device = minutes.value();
        if (device == null) {
            return;
        }
        if (timestamp - device.arrivedMs >= silenceMs) {
            device.gatherer.flush(out::collect);
            minutes.clear();
        } else {
            // Moved lazily: a device that still talks costs a timer now and then, not one a
            // reading.
            plan(device, device.arrivedMs + silenceMs, context);
            minutes.update(device);
        }
    }

    private static void plan(DeviceMinutes device, long atMs, Context context) {
        device.timerAtMs = atMs;
        context.timerService().registerProcessingTimeTimer(atMs);
    }
}
