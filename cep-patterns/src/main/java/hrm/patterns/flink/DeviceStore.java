package hrm.patterns.flink;

import java.util.Map;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.cep.nfa.sharedbuffer.EventId;
import org.apache.flink.cep.nfa.sharedbuffer.Lockable;
import org.apache.flink.cep.nfa.sharedbuffer.NodeId;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferNode;

/**
 * Lets one shared buffer work on the state of one device after another: its maps are those of the
 * device pointed at.
 */
final class DeviceStore implements KeyedStateStore {
    private final PointedMap<EventId, Lockable<Captured>> events = new PointedMap<>();
    private final PointedMap<NodeId, Lockable<SharedBufferNode>> entries = new PointedMap<>();

    void pointAt(NfaMatcherState state) {
        events.content = state.events;
        entries.content = state.entries;
    }

    void pointAtNothing() {
        events.content = null;
        entries.content = null;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> MapState<K, V> getMapState(MapStateDescriptor<K, V> descriptor) {
        return (MapState<K, V>)
                switch (descriptor.getName()) {
                    case "sharedBuffer-events" -> events;
                    case "sharedBuffer-entries-with-lockable-edges" -> entries;
                    case "sharedBuffer-events-count" -> new NoCounts();
                    default -> throw unexpected(descriptor.getName());
                };
    }

    private static IllegalStateException unexpected(String name) {
        return new IllegalStateException(
                "Flink CEP asks for state '%s', which is not known here: another version?"
                        .formatted(name));
    }

    @Override
    public <T> ValueState<T> getState(ValueStateDescriptor<T> descriptor) {
        throw unexpected(descriptor.getName());
    }

    @Override
    public <T> ListState<T> getListState(ListStateDescriptor<T> descriptor) {
        throw unexpected(descriptor.getName());
    }

    @Override
    public <T> ReducingState<T> getReducingState(ReducingStateDescriptor<T> descriptor) {
        throw unexpected(descriptor.getName());
    }

    @Override
    public <I, A, O> AggregatingState<I, O> getAggregatingState(
            AggregatingStateDescriptor<I, A, O> descriptor) {
        throw unexpected(descriptor.getName());
    }

    @Override
    public <T> org.apache.flink.api.common.state.v2.ValueState<T> getValueState(
            org.apache.flink.api.common.state.v2.ValueStateDescriptor<T> descriptor) {
        throw unexpected(descriptor.getStateId());
    }

    @Override
    public <T> org.apache.flink.api.common.state.v2.ListState<T> getListState(
            org.apache.flink.api.common.state.v2.ListStateDescriptor<T> descriptor) {
        throw unexpected(descriptor.getStateId());
    }

    @Override
    public <K, V> org.apache.flink.api.common.state.v2.MapState<K, V> getMapState(
            org.apache.flink.api.common.state.v2.MapStateDescriptor<K, V> descriptor) {
        throw unexpected(descriptor.getStateId());
    }

    @Override
    public <T> org.apache.flink.api.common.state.v2.ReducingState<T> getReducingState(
            org.apache.flink.api.common.state.v2.ReducingStateDescriptor<T> descriptor) {
        throw unexpected(descriptor.getStateId());
    }

    @Override
    public <I, A, O>
            org.apache.flink.api.common.state.v2.AggregatingState<I, O> getAggregatingState(
                    org.apache.flink.api.common.state.v2.AggregatingStateDescriptor<I, A, O>
                            descriptor) {
        throw unexpected(descriptor.getStateId());
    }

    @Override
    public String getBackendTypeIdentifier() {
        return "device";
    }

    private static class PointedMap<K, V> implements MapState<K, V> {
        Map<K, V> content;

        @Override
        public V get(K key) {
            return content.get(key);
        }

        @Override
        public void put(K key, V value) {
            content.put(key, value);
        }

        @Override
        public void putAll(Map<K, V> all) {
            content.putAll(all);
        }

        @Override
        public void remove(K key) {
            content.remove(key);
        }

        @Override
        public boolean contains(K key) {
            return content.containsKey(key);
        }

        @Override
        public Iterable<Map.Entry<K, V>> entries() {
            return content.entrySet();
        }

        @Override
        public Iterable<K> keys() {
            return content.keySet();
        }

        @Override
        public Iterable<V> values() {
            return content.values();
        }

        @Override
        public java.util.Iterator<Map.Entry<K, V>> iterator() {
            return content.entrySet().iterator();
        }

        @Override
        public boolean isEmpty() {
            return content.isEmpty();
        }

        @Override
        public void clear() {
            content.clear();
        }
    }

    /**
     * How many inputs came with one timestamp: never two on a device, so nothing is remembered and
     * the number within an {@link EventId} is always 0.
     */
    private static final class NoCounts extends PointedMap<Long, Integer> {
        NoCounts() {
            content = Map.of();
        }

        @Override
        public void put(Long timestamp, Integer count) {
            // forgotten
        }

        @Override
        public void clear() {
            // always empty
        }
    }
}
