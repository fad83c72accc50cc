package hrm.patterns.spec;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What of a pattern its half-finished matches depend on: the automaton, and not what it is asked.
 * Versions of one shape go on with each other's matches; a changed condition, threshold, duration,
 * severity or sentence keeps the shape, a step more, another relation or {@code times} does not.
 *
 * @param text one line, for people; equal for equal shapes, and in every release
 */
public record PatternShape(String text) {

    public static PatternShape of(PatternSpec spec) {
        var text = new StringBuilder();
        text.append("on ").append(spec.on()).append(" overlap ").append(spec.overlap());
        if (spec.within() != null) {
            text.append(" within");
        }
        for (var step : spec.sequence()) {
            text.append("; ").append(step.relation());
            text.append(" times ").append(step.timesMin()).append("..").append(step.timesMax());
            if (step.hold() != null) {
                text.append(" hold");
            }
            if (step.within() != null) {
                text.append(" within");
            }
        }
        return new PatternShape(text.toString());
    }

    /** A hash of it, to be kept beside matches. */
    public long fingerprint() {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                .getMostSignificantBits();
    }
}
