package hrm.benchmarks.engine;

import hrm.model.Reading;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;

/** Gives the readings, each task those of its share of the people, in the order of their time. */
final class ReadingSource extends RichParallelSourceFunction<Reading> {
    private static final long serialVersionUID = 1L;

    /** Flink's own default. */
    private static final long WATERMARK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Feed feed;
    private final Meter meter;
    private final boolean watermarks;
    private volatile boolean running = true;

    ReadingSource(Feed feed, Meter meter, boolean watermarks) {
        this.feed = feed;
        this.meter = meter;
        this.watermarks = watermarks;
    }

    @Override
    public void run(SourceContext<Reading> context) {
        meter.begin();
        var readings = feed.readings();
        int task = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        int tasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        long lastWatermarkNs = System.nanoTime();
        for (int lap = 0; lap < feed.laps(); lap++) {
            for (int tick = 0; tick < readings.ticks() && running; tick++) {
                long timestampMs = readings.timestampMs(lap, tick);
                for (int person = task; person < readings.people(); person += tasks) {
                    context.collectWithTimestamp(readings.reading(lap, tick, person), timestampMs);
                }
                if (watermarks && System.nanoTime() - lastWatermarkNs > WATERMARK_EVERY_NS) {
                    lastWatermarkNs = System.nanoTime();
                    context.emitWatermark(new Watermark(timestampMs));
                }
            }
        }
        meter.end(null);
    }

    @Override
    public void cancel() {
        running = false;
    }
}
