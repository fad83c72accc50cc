package hrm.launcher;

import hrm.model.PatternVersions;
import hrm.model.PatternVersions.Version;
import hrm.patterns.spec.PatternSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides what becomes of a pattern that is pushed, given the versions that are published. A
 * pattern's first version holds from the epoch, a later one from a second after the push.
 */
final class PatternPush {
    /** A version superseded for longer than this is needed by nothing late. */
    static final Duration KEPT = Duration.ofDays(35);

    private static final Duration DELAY = Duration.ofSeconds(1);

    private final Instant now;
    private final Instant effectiveFrom;

    /**
     * @param effectiveFrom when a new version takes effect; null for the default
     */
    PatternPush(Clock clock, Instant effectiveFrom) {
        this.now = clock.instant();
        this.effectiveFrom = effectiveFrom;
    }

    /** What becomes of one pattern. */
    sealed interface Outcome {
        PatternSpec pattern();

        /**
         * @param versions to be published
         * @param from when the new one takes effect
         */
        record Pushed(PatternSpec pattern, PatternVersions versions, Instant from)
                implements Outcome {}

        /** The newest version has this text. */
        record Unchanged(PatternSpec pattern, Instant from) implements Outcome {}

        /**
         * @param why and what to do
         */
        record Refused(PatternSpec pattern, String why) implements Outcome {}
    }

    /**
     * @param published null when there is nothing of this pattern
     */
    Outcome decide(PatternSpec pattern, PatternVersions published) {
        if (published == null || published.versions().isEmpty()) {
            var from = effectiveFrom == null ? Instant.EPOCH : effectiveFrom;
            return pushed(pattern, List.of(), from);
        }
        var newest =
                published.versions().stream()
                        .max(Comparator.comparingInt(Version::version))
                        .orElseThrow();
        if (newest.yaml().equals(pattern.yaml())) {
            return new Outcome.Unchanged(pattern, newest.effectiveFrom());
        }
        if (pattern.version() <= newest.version()) {
            return new Outcome.Refused(
                    pattern,
                    "version "
                            + newest.version()
                            + " is published with another text. Write 'version: "
                            + (newest.version() + 1)
                            + "' and push again.");
        }
        var from = effectiveFrom == null ? now.plus(DELAY) : effectiveFrom;
        var last = published.versions().get(published.versions().size() - 1);
        if (!from.isAfter(last.effectiveFrom())) {
            return new Outcome.Refused(
                    pattern,
                    "version "
                            + last.version()
                            + " takes effect at "
                            + last.effectiveFrom()
                            + ", so this one must take effect later: --effective-from");
        }
        return pushed(pattern, published.versions(), from);
    }

    private Outcome pushed(PatternSpec pattern, List<Version> before, Instant from) {
        var versions = new ArrayList<Version>(before);
        versions.add(new Version(pattern.version(), from, pattern.yaml()));
        return new Outcome.Pushed(
                pattern, new PatternVersions(pattern.id(), stillNeeded(versions)), from);
    }

    /** Those of the last 35 days, and the one that was in force when they began. */
    private List<Version> stillNeeded(List<Version> versions) {
        var begin = now.minus(KEPT);
        int first = 0;
        for (int i = 1; i < versions.size(); i++) {
            if (!versions.get(i).effectiveFrom().isAfter(begin)) {
                first = i;
            }
        }
        return List.copyOf(versions.subList(first, versions.size()));
    }
}
