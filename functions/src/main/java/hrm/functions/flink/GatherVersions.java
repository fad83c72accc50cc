package hrm.functions.flink;

import hrm.model.Baseline;
import hrm.model.Baselines;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keyed by person, in BATCH: gathers the versions of a baseline that may still be needed to the
 * value of the compacted topic. Of two with the same {@code effective_from} the one of this run
 * counts.
 */
public final class GatherVersions extends KeyedProcessFunction<String, Baseline, Baselines> {
    private static final long serialVersionUID = 1L;

    private final String runId;

    // Not keyed state: BATCH finishes a person before it begins the next, and has no checkpoints.
    private transient Map<Instant, Baseline> versions;

    public GatherVersions(String runId) {
        this.runId = runId;
    }

    @Override
    public void processElement(Baseline baseline, Context context, Collector<Baselines> out) {
        if (versions == null) {
            versions = new TreeMap<>();
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        }
        versions.merge(
                baseline.effectiveFrom(),
                baseline,
                (known, other) -> known.runId().equals(runId) ? known : other);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Baselines> out) {
        out.collect(new Baselines(context.getCurrentKey(), versions.values().stream().toList()));
        versions = null;
    }
}
