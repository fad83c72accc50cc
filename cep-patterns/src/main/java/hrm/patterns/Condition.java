package hrm.patterns;

/** A compiled condition. Pure; safe to share between threads. */
@FunctionalInterface
public interface Condition {
    /**
     * @return a {@link Truth}
     */
    int test(Values values, MatchedSteps steps);
}
