package hrm.functions.judgement;

import hrm.model.Alert.Mode;
import hrm.patterns.Matcher;
import hrm.patterns.compile.CompiledPattern;

/**
 * One version of a pattern, ready to judge.
 *
 * @param effectiveFromMs event time from which devices are judged by it
 * @param shape a hash of the {@link hrm.patterns.spec.PatternShape}: what a version of another
 *     shape has begun is never read by this one
 * @param mode of its alerts; null when the version switches the pattern off
 * @param matcher null when off
 */
public record Rule(
        String patternId,
        int version,
        long effectiveFromMs,
        long shape,
        Mode mode,
        Matcher matcher) {

    public boolean isOff() {
        return matcher == null;
    }

    public CompiledPattern pattern() {
        return matcher.pattern();
    }
}
