package hrm.patterns;

/** A compiled numeric expression, such as a {@code let}. Pure; safe to share between threads. */
@FunctionalInterface
public interface Expression {
    /**
     * @return the number, a duration in seconds, or 1 and 0 for true and false; {@code NaN} when
     *     unknown
     */
    double evaluate(Values values, MatchedSteps steps);
}
