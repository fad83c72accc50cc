package hrm.patterns.spec;

/**
 * How many inputs a step takes, or how often a group is gone through: Flink CEP's quantifier.
 *
 * @param least at least this many; 1 when not said
 * @param most at most; {@link #UNBOUNDED} when there is no end
 * @param between what may lie between two of them
 * @param optional whether there may also be none
 * @param greedy whether it takes what it can before the next step may have it
 * @param until a condition that ends the taking, parameters still in it; null when there is none
 */
public record Times(
        int least, int most, Between between, boolean optional, boolean greedy, String until) {

    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** Exactly one, which must be there. */
    public static final Times ONCE = of(1, 1);

    public static Times of(int least, int most) {
        return new Times(least, most, Between.OTHERS, false, false, null);
    }

    /** Whether it may take more than one. */
    public boolean repeats() {
        return most > 1;
    }

    public boolean isUnbounded() {
        return most == UNBOUNDED;
    }

    /** What may lie between two inputs of one step. */
    public enum Between {
        /** Inputs that are not true: Flink CEP's relaxed contiguity. */
        OTHERS,
        /** Nothing: Flink CEP's {@code consecutive}. */
        NOTHING,
        /** Any input, true ones too: Flink CEP's {@code allowCombinations}. */
        ANY
    }
}
