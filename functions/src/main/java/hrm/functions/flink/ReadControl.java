package hrm.functions.flink;

import hrm.model.Json;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the JSON of a control topic. A record that does not read is counted and logged by its
 * place, never fatal.
 */
public final class ReadControl<M, T> extends ProcessFunction<RawRecord, T> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ReadControl.class);

    /** What a message, or a tombstone of its key, means to the job. */
    @FunctionalInterface
    public interface Meaning<M, T> extends Serializable {
        /**
         * @param message null for a tombstone
         * @return null when there is nothing to do
         */
        T of(String key, M message);
    }

    private final Class<M> type;
    private final Meaning<M, T> meaning;

    private transient Counter unreadable;

    public ReadControl(Class<M> type, Meaning<M, T> meaning) {
        this.type = type;
        this.meaning = meaning;
    }

    @Override
    public void open(OpenContext context) {
        unreadable = getRuntimeContext().getMetricGroup().counter("unreadable");
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<T> out) {
        try {
            var key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            var message = record.value() == null ? null : Json.read(record.value(), type);
            var event = meaning.of(key, message);
            if (event != null) {
                out.collect(event);
            }
        } catch (UncheckedIOException | NullPointerException | IllegalArgumentException e) {
            unreadable.inc();
            LOG.warn(
                    "Left out a record of {} (partition {}, offset {}) that its JSON Schema in"
                            + " model/src/main/resources/hrm/model/schema does not allow: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getClass().getSimpleName());
        }
    }
}
