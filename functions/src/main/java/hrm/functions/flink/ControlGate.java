package hrm.functions.flink;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind one control source (patterns, baselines or profiles; parallelism 1) and holds the
 * watermark back until what was on its topic at the start has passed. The watermark means nothing
 * else in this job: {@link Judge} keeps readings until it is {@link #OPEN}, so that nobody is
 * judged before what judges is there.
 *
 * <pre>
 *  start ── nothing visible, or all of it has passed before ──▶ open
 *    └──── waiting for the last visible record of n partitions ──▶ open
 * </pre>
 *
 * At every start and restart it asks anew, since records may have come while the job was down.
 */
public final class ControlGate extends AbstractStreamOperator<RawRecord>
        implements OneInputStreamOperator<RawRecord, RawRecord> {

    /** The watermark of an open gate. A drain sends {@code MAX}, which must not open it. */
    public static final Watermark OPEN = new Watermark(1);

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ControlGate.class);

    /** Asks the topic; a cluster's connection stays out of this room. */
    @FunctionalInterface
    public interface LastVisible extends Serializable {
        /**
         * Offset of the last record a reader sees, by partition; partitions without one are left
         * out.
         */
        Map<Integer, Long> offsets();
    }

    private final String topic;
    private final LastVisible lastVisible;

    private transient Map<Integer, Long> passed;
    private transient Map<Integer, Long> waitingFor;
    private transient ListState<Tuple2<Integer, Long>> passedState;

    public ControlGate(String topic, LastVisible lastVisible) {
        this.topic = topic;
        this.lastVisible = lastVisible;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        passedState =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "passed",
                                        org.apache.flink.api.common.typeinfo.Types.TUPLE(
                                                TypeInformation.of(Integer.class),
                                                TypeInformation.of(Long.class))));
        passed = new HashMap<>();
        for (var entry : passedState.get()) {
            passed.merge(entry.f0, entry.f1, Math::max);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        waitingFor = new HashMap<>(lastVisible.offsets());
        waitingFor.entrySet().removeIf(e -> passed.getOrDefault(e.getKey(), -1L) >= e.getValue());
        if (!waitingFor.isEmpty()) {
            LOG.info("Readings wait until {} partitions of {} are read", waitingFor.size(), topic);
        }
        openIfNothingIsLeft();
    }

    @Override
    public void processElement(StreamRecord<RawRecord> element) {
        var record = element.getValue();
        passed.merge(record.partition(), record.offset(), Math::max);
        output.collect(element);
        var last = waitingFor.get(record.partition());
        if (last != null && record.offset() >= last) {
            waitingFor.remove(record.partition());
            openIfNothingIsLeft();
        }
    }

    private void openIfNothingIsLeft() {
        if (waitingFor.isEmpty()) {
            LOG.info("All of {} is read", topic);
            output.emitWatermark(OPEN);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        passedState.clear();
        for (var entry : passed.entrySet()) {
            passedState.add(Tuple2.of(entry.getKey(), entry.getValue()));
        }
    }

    /** Whatever the source thinks of time. */
    @Override
    public void processWatermark(Watermark mark) {}

    /** A quiet topic is not an absent one. */
    @Override
    public void processWatermarkStatus(WatermarkStatus status) {}
}
