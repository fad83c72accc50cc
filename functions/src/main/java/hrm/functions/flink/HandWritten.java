package hrm.functions.flink;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A serializer whose bytes are written by hand: they are ours, so state outlives Flink's versions,
 * our class names and the relocation of flink-cep. A savepoint knows it by a name that never
 * changes.
 */
final class HandWritten<T> extends TypeSerializer<T> {
    private static final long serialVersionUID = 1L;
    private static final Map<String, Format<?>> FORMATS = new ConcurrentHashMap<>();

    private final String name;
    private transient Format<T> format;

    private HandWritten(String name) {
        this.name = name;
    }

    @FunctionalInterface
    interface Writer<T> {
        void write(T value, DataOutput out) throws IOException;
    }

    @FunctionalInterface
    interface Reader<T> {
        T read(DataInput in) throws IOException;
    }

    private record Format<T>(
            Class<T> type, Writer<T> writer, Reader<T> reader, UnaryOperator<T> copy) {}

    /** Type information of values that nobody changes once made. */
    static <T> TypeInformation<T> immutable(
            String name, Class<T> type, Writer<T> writer, Reader<T> reader) {
        return register(name, new Format<>(type, writer, reader, null));
    }

    /** Type information of state that is changed in place. */
    static <T> TypeInformation<T> mutable(
            String name, Class<T> type, Writer<T> writer, Reader<T> reader, UnaryOperator<T> copy) {
        return register(name, new Format<>(type, writer, reader, copy));
    }

    private static <T> TypeInformation<T> register(String name, Format<T> format) {
        if (FORMATS.putIfAbsent(name, format) != null) {
            throw new IllegalStateException("two formats are called " + name);
        }
        return new Info<>(format.type(), new HandWritten<>(name));
    }

    @SuppressWarnings("unchecked") // registered under its name with its type
    private Format<T> format() {
        if (format == null) {
            Types.load(); // formats register when that class loads, which a restored snapshot
            // precedes
            format = (Format<T>) FORMATS.get(name);
            if (format == null) {
                throw new IllegalStateException(
                        "This release knows no state format '"
                                + name
                                + "'. The state was written by a newer release: start that one.");
            }
        }
        return format;
    }

    @Override
    public void serialize(T value, DataOutputView target) throws IOException {
        format().writer().write(value, target);
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        return format().reader().read(source);
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public T copy(T from) {
        return format().copy() == null ? from : format().copy().apply(from);
    }

    @Override
    public T copy(T from, T reuse) {
        return copy(from);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public boolean isImmutableType() {
        return format().copy() == null;
    }

    @Override
    public TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public T createInstance() {
        return null;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HandWritten<?> that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new Snapshot<>(name);
    }

    /** What a savepoint keeps of the serializer: its name. */
    public static final class Snapshot<T> implements TypeSerializerSnapshot<T> {
        private String name;

        /** For Flink, which then calls {@link #readSnapshot}. */
        public Snapshot() {}

        Snapshot(String name) {
            this.name = name;
        }

        @Override
        public int getCurrentVersion() {
            return 1;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            out.writeUTF(name);
        }

        @Override
        public void readSnapshot(int version, DataInputView in, ClassLoader loader)
                throws IOException {
            name = in.readUTF();
        }

        @Override
        public TypeSerializer<T> restoreSerializer() {
            return new HandWritten<>(name);
        }

        @Override
        public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
                TypeSerializerSnapshot<T> old) {
            return old instanceof Snapshot<T> that && name.equals(that.name)
                    ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                    : TypeSerializerSchemaCompatibility.incompatible();
        }
    }

    /** Type information that knows nothing but its serializer. */
    private static final class Info<T> extends TypeInformation<T> {
        private static final long serialVersionUID = 1L;

        private final Class<T> type;
        private final TypeSerializer<T> serializer;

        Info(Class<T> type, TypeSerializer<T> serializer) {
            this.type = type;
            this.serializer = serializer;
        }

        @Override
        public TypeSerializer<T> createSerializer(SerializerConfig config) {
            return serializer;
        }

        @Override
        public Class<T> getTypeClass() {
            return type;
        }

        @Override
        public boolean isBasicType() {
            return false;
        }

        @Override
        public boolean isTupleType() {
            return false;
        }

        @Override
        public int getArity() {
            return 1;
        }

        @Override
        public int getTotalFields() {
            return 1;
        }

        @Override
        public boolean isKeyType() {
            return false;
        }

        @Override
        public String toString() {
            return type.getSimpleName();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Info<?> that
                    && type == that.type
                    && serializer.equals(that.serializer);
        }

        @Override
        public int hashCode() {
            return Objects.hash(type, serializer);
        }

        @Override
        public boolean canEqual(Object other) {
            return other instanceof Info<?>;
        }
    }
}
