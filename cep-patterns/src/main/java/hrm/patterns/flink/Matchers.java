package hrm.patterns.flink;

import hrm.patterns.Matcher;
import hrm.patterns.Tally;
import hrm.patterns.compile.CompiledPattern;

/** The matcher for a pattern: what runs it fastest and finds the same. */
public final class Matchers {
    private Matchers() {}

    public static Matcher of(CompiledPattern pattern) {
        return of(pattern, new Tally());
    }

    /**
     * Which one depends on the pattern's {@link hrm.patterns.spec.PatternShape} alone, so that all
     * versions of a shape read each other's state.
     *
     * @param tally counts what it does
     */
    public static Matcher of(CompiledPattern pattern, Tally tally) {
        return LinearMatcher.canRun(pattern.spec())
                ? new LinearMatcher(pattern, tally)
                : new NfaMatcher(pattern, tally);
    }
}
