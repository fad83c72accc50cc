package hrm.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedProperties {
    @Test
    void everyWholeNumberComesBack() {
        Generated.cases(
                2_000,
                random -> {
                    long value = random.nextLong() >> random.nextInt(64);
                    assertThat(
                                    Bytes.<Long>roundTrip(
                                            o -> Packed.writeLong(o, value), Packed::readLong))
                            .isEqualTo(value);
                    assertThat(
                                    Bytes.<Integer>roundTrip(
                                            o -> Packed.writeInt(o, (int) value), Packed::readInt))
                            .isEqualTo((int) value);
                });
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE})
    void theEndsComeBack(long value) {
        assertThat(Bytes.<Long>roundTrip(o -> Packed.writeLong(o, value), Packed::readLong))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(longs = {Packed.NONE, -1, 0, 1, 1_767_225_600_000L, Long.MAX_VALUE / 2})
    void everyTimeAndTheUnknownOneComesBack(long value) {
        assertThat(Bytes.<Long>roundTrip(o -> Packed.writeTime(o, value), Packed::readTime))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                1,
                -1,
                0.5,
                72,
                Double.NaN,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                -1e9,
                1 << 28,
                (1 << 28) - 1,
                Double.NEGATIVE_INFINITY
            })
    void everyNumberComesBackToTheBit(double value) {
        double back =
                Bytes.<Double>roundTrip(o -> Packed.writeNumber(o, value), Packed::readNumber);
        assertThat(Double.doubleToLongBits(back)).isEqualTo(Double.doubleToLongBits(value));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "63,1", "-64,1", "64,2", "-65,2", "8191,2", "8192,3"})
    void smallNumbersAreShort(long value, int length) {
        assertThat(Bytes.of(o -> Packed.writeLong(o, value))).hasSize(length);
    }

    @Test
    void damagedStateIsSaidToBeDamaged() {
        var endless = new byte[20];
        java.util.Arrays.fill(endless, (byte) 0xFF);
        assertThatThrownBy(
                        () ->
                                Packed.readLong(
                                        new DataInputStream(new ByteArrayInputStream(endless))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }
}
