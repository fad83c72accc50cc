package hrm.functions.flink;

import hrm.functions.baselines.BaselineBuilder;
import hrm.functions.baselines.DayGatherer;
import hrm.functions.baselines.HistoryMinute;
import hrm.model.Baseline;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keyed by person, in BATCH, which gives one person after another and each one's minutes in the
 * order of time: gathers a person's minutes to daily histograms, and these to a baseline when the
 * last has come.
 */
public final class LearnBaseline extends KeyedProcessFunction<String, HistoryMinute, Baseline> {
    private static final long serialVersionUID = 1L;

    private final String runId;
    private final Instant asOf;
    private final Instant effectiveFrom;

    // Not keyed state: BATCH finishes a person before it begins the next, and has no checkpoints.
    private transient Map<String, DayGatherer> devices;
    private transient ZoneId zone;

    /**
     * @param asOf the window ends with the local day before it
     */
    public LearnBaseline(String runId, Instant asOf, Instant effectiveFrom) {
        this.runId = runId;
        this.asOf = asOf;
        this.effectiveFrom = effectiveFrom;
    }

    @Override
    public void processElement(HistoryMinute history, Context context, Collector<Baseline> out) {
        if (devices == null) {
            devices = new HashMap<>();
            zone = history.zone();
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        }
        var minute = history.minute();
        var device = devices.computeIfAbsent(minute.deviceId(), id -> new DayGatherer());
        minute.readings().forEach(reading -> device.add(reading, zone));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Baseline> out) {
        var builder = new BaselineBuilder();
        devices.values().forEach(device -> builder.addAll(device.days()));
        long today = LocalDate.ofInstant(asOf, zone).toEpochDay();
        out.collect(builder.build(context.getCurrentKey(), runId, today, effectiveFrom));
        devices = null;
    }
}
