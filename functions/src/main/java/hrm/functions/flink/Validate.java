package hrm.functions.flink;

import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.RejectReason;
import hrm.model.Rejection;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Bytes in, readings out; what is no reading leaves on {@link #REJECTED} with its reason. */
public final class Validate extends ProcessFunction<RawRecord, Reading> {
    public static final OutputTag<Rejection> REJECTED =
            new OutputTag<>("rejected", Types.REJECTION);

    private static final long serialVersionUID = 1L;

    private transient Counter accepted;
    private transient Map<RejectReason, Counter> rejected;

    @Override
    public void open(OpenContext context) {
        var metrics = getRuntimeContext().getMetricGroup();
        accepted = metrics.counter("accepted");
        rejected = new EnumMap<>(RejectReason.class);
        for (var reason : RejectReason.values()) {
            rejected.put(reason, metrics.addGroup("reason", reason.name()).counter("rejected"));
        }
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<Reading> out) {
        var decoded = ReadingCodec.decode(record.value(), record.timestampMs());
        if (decoded.reading() != null) {
            accepted.inc();
            out.collect(decoded.reading());
            return;
        }
        rejected.get(decoded.reason()).inc();
        context.output(
                REJECTED,
                new Rejection(
                        decoded.reason(),
                        decoded.detail(),
                        record.value(),
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestampMs()));
    }
}
