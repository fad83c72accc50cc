package hrm.patterns;

import hrm.model.Alert.LimitSource;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * What conditions see of one reading or minute: a value for each {@link Name}, unknown until set.
 * One instance is refilled for every reading; copy what must last.
 */
public final class Values {
    private static final Name[] NAMES = Name.values();
    private static final int SIZE = NAMES.length;

    /** Stands for a value that is computed when it is asked for: the number next to -0. */
    private static final double LATER = -Double.MIN_VALUE;

    private final double[] numbers = new double[SIZE];
    private final String[] texts = new String[SIZE];
    private ToDoubleFunction<Name> source;
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
        other.settle();
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
        double number = numbers[name.ordinal()];
        // Without a source it is a number like others, whoever has set it.
        return number == LATER && source != null ? source.applyAsDouble(name) : number;
    }

    /** Null when unknown. */
    public String text(Name name) {
        return texts[name.ordinal()];
    }

    public Values set(Name name, double value) {
        numbers[name.ordinal()] = value;
        return this;
    }

    /**
     * A number that is dear and seldom asked for.
     *
     * @param source asked at each {@link #get}, until {@link #settle}; one for all such names
     */
    public Values setLater(Name name, ToDoubleFunction<Name> source) {
        this.source = source;
        return set(name, LATER);
    }

    /** Computes what is left to be: from now on its sources may change. */
    public void settle() {
        if (source == null) {
            return;
        }
        for (int i = 0; i < SIZE; i++) {
            if (numbers[i] == LATER) {
                numbers[i] = source.applyAsDouble(NAMES[i]);
            }
        }
        source = null;
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
                : !Double.isNaN(get(name));
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
