package hrm.benchmarks.engine;

import hrm.benchmarks.engine.PatternHost.Kept;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** {@link Kept} as bytes. */
final class KeptSerializer extends TypeSerializerSingleton<Kept> {
    static final KeptSerializer INSTANCE = new KeptSerializer();
    private static final long serialVersionUID = 1L;

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public Kept createInstance() {
        return new Kept();
    }

    @Override
    public Kept copy(Kept from) {
        return from.copy();
    }

    @Override
    public Kept copy(Kept from, Kept reuse) {
        return from.copy();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Kept kept, DataOutputView target) throws IOException {
        kept.write(target);
    }

    @Override
    public Kept deserialize(DataInputView source) throws IOException {
        return Kept.read(source);
    }

    @Override
    public Kept deserialize(Kept reuse, DataInputView source) throws IOException {
        return Kept.read(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        Kept.read(source).write(target);
    }

    @Override
    public TypeSerializerSnapshot<Kept> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a savepoint would keep of it. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Kept> {
        /** For Flink. */
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
