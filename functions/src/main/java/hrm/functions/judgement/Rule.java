package hrm.functions.judgement;

import hrm.model.Alert.Mode;
import hrm.model.PatternVersions;
import hrm.patterns.Matcher;
import hrm.patterns.compile.CompiledPattern;

/**
 * One version of a pattern, ready to judge.
 *
 * @param text the pattern file
 * @param effectiveFromMs event time from which devices are judged by it
 * @param shape a hash of the {@link hrm.patterns.spec.PatternShape}: what a version of another
 *     shape has begun is never read by this one
 * @param mode of its alerts; null when the version switches the pattern off
 * @param matcher null when off
 */
public record Rule(
        String patternId,
        int version,
        String text,
        long effectiveFromMs,
        long shape,
        Mode mode,
        Matcher matcher) {

    /** Whether it was made of that one. */
    boolean is(PatternVersions.Version version) {
        return effectiveFromMs == Catalogue.milliseconds(version.effectiveFrom())
                && text.equals(version.yaml());
    }

    public boolean isOff() {
        return matcher == null;
    }

    public CompiledPattern pattern() {
        return matcher.pattern();
    }
}
