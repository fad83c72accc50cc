package hrm.patterns.spec;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What of a pattern its half-finished matches depend on: the automaton, and not what it is asked.
 * Versions of one shape go on with each other's matches; a changed condition ({@code where}, {@code
 * until}, {@code among}), threshold, duration, count ({@code at_least}, {@code of}), severity or
 * sentence keeps the shape, a step more, another relation or {@code times} does not.
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
        if (!spec.skip().equals(Skip.NO_SKIP)) {
            text.append(" skip ").append(spec.skip().strategy());
            if (spec.skip().strategy().namesAStep()) {
                text.append(' ').append(spec.skip().step());
            }
        }
        for (int i = 0; i < spec.sequence().size(); i++) {
            for (var group : spec.groups()) {
                if (group.from() == i) {
                    text.append("; ").append(group.relation()).append(" (");
                }
            }
            step(spec.sequence().get(i), text);
            for (int g = spec.groups().size() - 1; g >= 0; g--) {
                var group = spec.groups().get(g);
                if (group.to() == i + 1) {
                    text.append(" )");
                    times(group.times(), text);
                }
            }
        }
        return new PatternShape(text.toString());
    }

    private static void step(Step step, StringBuilder text) {
        text.append("; ").append(step.relation());
        times(step.times(), text);
        if (step.hold() != null) {
            text.append(" hold");
        }
        if (step.counting() != null) {
            text.append(" counting");
        }
        if (step.within() != null) {
            text.append(" within");
        }
    }

    private static void times(Times times, StringBuilder text) {
        text.append(" times ").append(times.least()).append("..");
        text.append(times.isUnbounded() ? "" : times.most());
        if (times.between() != Times.Between.OTHERS) {
            text.append(" between ").append(times.between());
        }
        if (times.optional()) {
            text.append(" optional");
        }
        if (times.greedy()) {
            text.append(" greedy");
        }
        if (times.until() != null) {
            text.append(" until");
        }
    }

    /** A hash of it, to be kept beside matches. */
    public long fingerprint() {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                .getMostSignificantBits();
    }
}
