package hrm.sinks.readings;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Arrays as PostgreSQL sends them in binary form: the number of dimensions, flags, the elements'
 * type, length and lower bound, four bytes each; then each element as its length, -1 for NULL, and
 * its bytes. The driver makes an object of each element.
 *
 * @see "PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_send"
 */
final class BinaryArrays {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int LENGTH_AT = 12;
    private static final int ELEMENTS_AT = 20;

    private BinaryArrays() {}

    /** Whether it is not text, which begins with a brace. */
    static boolean isBinary(byte[] array) {
        return array.length >= LENGTH_AT && array[0] == 0;
    }

    static long longAt(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** Of an {@code integer[]} of one dimension without NULL. */
    static int[] ints(byte[] array) {
        var values = new int[length(array)];
        int at = ELEMENTS_AT + Integer.BYTES;
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) INT.get(array, at);
            at += 2 * Integer.BYTES;
        }
        return values;
    }

    /**
     * Of a {@code smallint[]} of one dimension.
     *
     * @param absent in place of NULL
     */
    static short[] shorts(byte[] array, short absent) {
        var values = new short[length(array)];
        int at = ELEMENTS_AT;
        for (int i = 0; i < values.length; i++) {
            int length = (int) INT.get(array, at);
            at += Integer.BYTES;
            if (length < 0) {
                values[i] = absent;
            } else {
                values[i] = (short) SHORT.get(array, at);
                at += length;
            }
        }
        return values;
    }

    private static int length(byte[] array) {
        int dimensions = (int) INT.get(array, 0);
        return dimensions == 0 ? 0 : (int) INT.get(array, LENGTH_AT);
    }
}
