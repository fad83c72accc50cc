package hrm.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes state and reads it back. */
public final class Bytes {
    private Bytes() {}

    public interface Writer {
        void write(DataOutput out) throws IOException;
    }

    public interface Reader<T> {
        T read(DataInput in) throws IOException;
    }

    public static byte[] of(Writer writer) {
        var bytes = new ByteArrayOutputStream();
        try {
            writer.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads what was written, and checks that nothing of it is left over. */
    public static <T> T roundTrip(Writer writer, Reader<T> reader) {
        var in = new ByteArrayInputStream(of(writer));
        try {
            T value = reader.read(new DataInputStream(in));
            assertThat(in.available()).as("bytes left over").isZero();
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
