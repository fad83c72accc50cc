package hrm.functions.judgement;

import hrm.model.Alert.Mode;
import hrm.model.PatternVersions;
import hrm.patterns.Matcher;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.PatternCompiler;
import hrm.patterns.spec.PatternShape;
import hrm.patterns.spec.PatternSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The patterns that judge, each with the versions that may still be needed. Immutable. */
public final class Catalogue {
    public static final Catalogue EMPTY = new Catalogue(new TreeMap<>());

    private final Map<String, List<Rule>> rules;
    private final List<List<Rule>> inOrder;

    private Catalogue(TreeMap<String, List<Rule>> rules) {
        this.rules = rules;
        this.inOrder = List.copyOf(rules.values());
    }

    /**
     * A catalogue and what was wrong with the versions it was given.
     *
     * @param refused one text for each version that cannot be used; the others are in force
     */
    public record Change(Catalogue catalogue, List<String> refused) {}

    /**
     * With these versions in place of those the pattern had; a version that does not check is
     * refused.
     */
    public Change with(PatternVersions versions, Function<CompiledPattern, Matcher> matchers) {
        var usable = new ArrayList<Rule>();
        var refused = new ArrayList<String>();
        for (var version : versions.versions()) {
            var loaded = PatternLoader.load(versions.patternId() + ".yaml", version.yaml());
            if (loaded.spec() == null) {
                refused.add(loaded.report());
            } else {
                usable.add(rule(version, loaded.spec(), matchers));
            }
        }
        if (usable.isEmpty() && !versions.versions().isEmpty()) {
            return new Change(this, refused);
        }
        var changed = new TreeMap<>(rules);
        changed.put(versions.patternId(), List.copyOf(usable));
        return new Change(new Catalogue(changed), refused);
    }

    /** One pattern, in force always and live whatever its mode: for examples and recordings. */
    public static Catalogue of(PatternSpec spec, Function<CompiledPattern, Matcher> matchers) {
        var always =
                new Rule(
                        spec.id(),
                        spec.version(),
                        Long.MIN_VALUE,
                        PatternShape.of(spec).fingerprint(),
                        Mode.LIVE,
                        matchers.apply(PatternCompiler.compile(spec)));
        var rules = new TreeMap<String, List<Rule>>();
        rules.put(spec.id(), List.of(always));
        return new Catalogue(rules);
    }

    /** Without any version of a pattern: it leaves nothing behind. */
    public Catalogue without(String patternId) {
        var changed = new TreeMap<>(rules);
        changed.remove(patternId);
        return new Catalogue(changed);
    }

    private static Rule rule(
            PatternVersions.Version version,
            PatternSpec spec,
            Function<CompiledPattern, Matcher> matchers) {
        Mode mode =
                switch (spec.mode()) {
                    case LIVE -> Mode.LIVE;
                    case SHADOW -> Mode.SHADOW;
                    case OFF -> null;
                };
        return new Rule(
                spec.id(),
                spec.version(),
                version.effectiveFrom().toEpochMilli(),
                PatternShape.of(spec).fingerprint(),
                mode,
                mode == null ? null : matchers.apply(PatternCompiler.compile(spec)));
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** How many patterns. */
    public int size() {
        return inOrder.size();
    }

    /**
     * The version of the pattern at this place (by id) that is in force then; null when none is.
     */
    Rule inForce(int place, long timestampMs) {
        return newest(inOrder.get(place), timestampMs);
    }

    /** The version of a pattern that is in force then; null when none is. */
    public Rule inForce(String patternId, long timestampMs) {
        var versions = rules.get(patternId);
        return versions == null ? null : newest(versions, timestampMs);
    }

    private static Rule newest(List<Rule> versions, long timestampMs) {
        for (int i = versions.size() - 1; i >= 0; i--) {
            if (versions.get(i).effectiveFromMs() <= timestampMs) {
                return versions.get(i);
            }
        }
        return null;
    }
}
