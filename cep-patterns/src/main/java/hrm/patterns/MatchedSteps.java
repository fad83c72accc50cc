package hrm.patterns;

/**
 * What a condition sees of the steps that a partial match has taken. Steps by their place in the
 * sequence, from 0.
 */
public interface MatchedSteps {
    /**
     * {@code first(step).name}; {@code NaN} when the step has not matched or the value is unknown.
     */
    double first(int step, Name name);

    /**
     * {@code last(step).name}; {@code NaN} when the step has not matched or the value is unknown.
     */
    double last(int step, Name name);

    /** {@code count(step)}; 0 when the step has not matched. */
    int count(int step);

    /** For conditions that refer to no earlier step. */
    MatchedSteps NONE =
            new MatchedSteps() {
                @Override
                public double first(int step, Name name) {
                    return Double.NaN;
                }

                @Override
                public double last(int step, Name name) {
                    return Double.NaN;
                }

                @Override
                public int count(int step) {
                    return 0;
                }
            };
}
