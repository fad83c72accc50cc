package hrm.patterns;

import hrm.model.Alert.LimitSource;
import java.util.Arrays;

/**
 * What conditions see of one reading or minute: a value for each {@link Name}, unknown until set.
 * One instance is refilled for every reading; copy what must last.
 */
public final class Values {
    private static final int SIZE = Name.values().length;

    private final double[] numbers = new double[SIZE];
    private final String[] texts = new String[SIZE];
    private LimitSource highSource = LimitSource.DEFAULT;
    private LimitSource lowSource = LimitSource.DEFAULT;

    public Values() {
        clear();
    }

    /** Makes everything unknown. */
    public void clear() {
        Arrays.fill(numbers, Double.NaN);
        Arrays.fill(texts, null);
    }

    /** Makes everything as it is there. */
    public void copyFrom(Values other) {
        System.arraycopy(other.numbers, 0, numbers, 0, SIZE);
        System.arraycopy(other.texts, 0, texts, 0, SIZE);
        highSource = other.highSource;
        lowSource = other.lowSource;
    }

    /**
     * A number, a duration in seconds, a list's length, or 1 and 0 for true and false; {@code NaN}
     * when unknown.
     */
    public double get(Name name) {
        return numbers[name.ordinal()];
    }

    /** Null when unknown. */
    public String text(Name name) {
        return texts[name.ordinal()];
    }

    public Values set(Name name, double value) {
        numbers[name.ordinal()] = value;
        return this;
    }

    public Values set(Name name, boolean value) {
        return set(name, value ? 1 : 0);
    }

    public Values set(Name name, String value) {
        texts[name.ordinal()] = value;
        return this;
    }

    public boolean known(Name name) {
        return name.type() == Name.Type.TEXT
                ? texts[name.ordinal()] != null
                : !Double.isNaN(numbers[name.ordinal()]);
    }

    /** Where {@code limits.high} and {@code limits.low} come from. */
    public Values limitSources(LimitSource high, LimitSource low) {
        highSource = high;
        lowSource = low;
        return this;
    }

    public LimitSource highSource() {
        return highSource;
    }

    public LimitSource lowSource() {
        return lowSource;
    }
}
