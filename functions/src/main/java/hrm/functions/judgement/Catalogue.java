package hrm.functions.judgement;

import hrm.functions.episodes.Episode;
import hrm.model.Alert.Mode;
import hrm.model.PatternVersions;
import hrm.patterns.Matcher;
import hrm.patterns.check.Finding;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.compile.CompiledPattern;
import hrm.patterns.compile.PatternCompiler;
import hrm.patterns.spec.PatternShape;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.On;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The patterns that judge, each with the versions that may still be needed. Immutable. */
public final class Catalogue {
    public static final Catalogue EMPTY = new Catalogue(new TreeMap<>(), Changes.NONE);

    private final Map<String, List<Rule>> rules;
    private final List<List<Rule>> inOrder;
    private final Changes changes;
    private final boolean switchesOff;
    private final long quietMs;

    private Catalogue(TreeMap<String, List<Rule>> rules, Changes changes) {
        this.rules = rules;
        this.inOrder = List.copyOf(rules.values());
        this.changes = changes;
        this.switchesOff = rules.values().stream().flatMap(List::stream).anyMatch(Rule::isOff);
        this.quietMs = quietMs(rules.values().stream().flatMap(List::stream));
    }

    /**
     * A catalogue and what was wrong with the versions it was given.
     *
     * @param refused the versions that cannot be used; the others are in force
     */
    public record Change(Catalogue catalogue, List<Refused> refused) {}

    /**
     * A version that cannot be used.
     *
     * @param findings why, each as a person reads it
     */
    public record Refused(PatternVersions.Version version, List<String> findings) {}

    /**
     * With these versions in place of those the pattern had; a version that does not check is
     * refused. Versions that were there before keep their matcher.
     */
    public Change with(PatternVersions versions, Function<CompiledPattern, Matcher> matchers) {
        var before = versions(versions.patternId());
        var usable = new ArrayList<Rule>();
        var refused = new ArrayList<Refused>();
        for (var version : versions.versions()) {
            var known = before.stream().filter(rule -> rule.is(version)).findFirst();
            if (known.isPresent()) {
                usable.add(known.get());
                continue;
            }
            try {
                usable.add(rule(versions.patternId(), version, matchers));
            } catch (Unusable e) {
                refused.add(new Refused(version, e.findings));
            }
        }
        if (usable.isEmpty() && !versions.versions().isEmpty()) {
            return new Change(this, refused);
        }
        if (usable.equals(before)) {
            return new Change(this, refused);
        }
        var changed = new TreeMap<>(rules);
        changed.put(versions.patternId(), List.copyOf(usable));
        return new Change(
                new Catalogue(changed, changes.and(firstDifferenceMs(before, usable))), refused);
    }

    /**
     * The earliest event time at which another text is in force. What was in force before the first
     * version that is still listed is not: it was left out because nothing needs it any more.
     */
    private static long firstDifferenceMs(List<Rule> before, List<Rule> after) {
        return Stream.concat(before.stream(), after.stream())
                .mapToLong(Rule::effectiveFromMs)
                .filter(fromMs -> !after.isEmpty() && fromMs >= after.get(0).effectiveFromMs())
                .filter(fromMs -> !haveOneText(newest(before, fromMs), newest(after, fromMs)))
                .min()
                .orElse(Changes.NOTHING);
    }

    private static boolean haveOneText(Rule one, Rule other) {
        return one != null && other != null && one.text().equals(other.text());
    }

    /** The same patterns, with the changes that devices have met. */
    public Catalogue with(Changes changes) {
        return new Catalogue(new TreeMap<>(rules), changes);
    }

    public Changes changes() {
        return changes;
    }

    /** One pattern, in force always and live whatever its mode: for examples and recordings. */
    public static Catalogue of(PatternSpec spec, Function<CompiledPattern, Matcher> matchers) {
        var always =
                new Rule(
                        spec.id(),
                        spec.version(),
                        spec.yaml(),
                        Long.MIN_VALUE,
                        PatternShape.of(spec).fingerprint(),
                        Mode.LIVE,
                        matchers.apply(PatternCompiler.compile(spec)));
        var rules = new TreeMap<String, List<Rule>>();
        rules.put(spec.id(), List.of(always));
        return new Catalogue(rules, Changes.NONE);
    }

    /** Without any version of a pattern: it leaves nothing behind. */
    public Catalogue without(String patternId) {
        if (!has(patternId)) {
            return this;
        }
        var changed = new TreeMap<>(rules);
        changed.remove(patternId);
        return new Catalogue(changed, changes.and(Changes.NOTHING));
    }

    private static Rule rule(
            String patternId,
            PatternVersions.Version version,
            Function<CompiledPattern, Matcher> matchers)
            throws Unusable {
        var loaded = PatternLoader.load(patternId + ".yaml", version.yaml());
        var spec = loaded.spec();
        if (spec == null) {
            throw new Unusable(
                    loaded.findings().stream()
                            .filter(Finding::isError)
                            .map(Finding::toString)
                            .toList());
        }
        Mode mode =
                switch (spec.mode()) {
                    case LIVE -> Mode.LIVE;
                    case SHADOW -> Mode.SHADOW;
                    case OFF -> null;
                };
        try {
            return new Rule(
                    spec.id(),
                    spec.version(),
                    version.yaml(),
                    milliseconds(version.effectiveFrom()),
                    PatternShape.of(spec).fingerprint(),
                    mode,
                    mode == null ? null : matchers.apply(PatternCompiler.compile(spec)));
        } catch (RuntimeException e) {
            // The check should have found it. One pattern must not stop all others.
            throw new Unusable(List.of("It cannot be run: " + e.getMessage()));
        }
    }

    /** Times that do not fit mean always or never. */
    static long milliseconds(Instant instant) {
        try {
            return instant.toEpochMilli();
        } catch (ArithmeticException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient List<String> findings;

        Unusable(List<String> findings) {
            this.findings = findings;
        }
    }

    /**
     * How long before a reading another one can lie that still counts for what the patterns make of
     * it: the longest of their windows, holds and counts, one after the other.
     */
    public Duration memory() {
        return rules.values().stream()
                .flatMap(List::stream)
                .filter(rule -> !rule.isOff())
                .map(rule -> memory(rule.pattern().spec()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static Duration memory(PatternSpec spec) {
        var memory = spec.within() == null ? Duration.ZERO : spec.within();
        for (var step : spec.sequence()) {
            memory = memory.plus(step.within() == null ? Duration.ZERO : step.within());
            memory = memory.plus(step.hold() == null ? Duration.ZERO : step.hold());
            var counting = step.counting();
            if (counting != null) {
                memory = memory.plus(counting.every().multipliedBy(counting.of()));
                memory = memory.plus(counting.minSpan());
            }
        }
        if (spec.resolve() != null) {
            memory = memory.plus(spec.resolve().hold());
        }
        return memory.plus(spec.clearAfter());
    }

    /**
     * A device that was silent for so long begins anew: no match in progress, no open episode, no
     * repeat, no feature and no detector knows what was before. {@code Long.MAX_VALUE} when some
     * pattern never forgets.
     */
    public long quietMs() {
        return quietMs;
    }

    private static long quietMs(Stream<Rule> rules) {
        return rules.filter(rule -> !rule.isOff())
                .mapToLong(
                        rule ->
                                Math.max(
                                        rule.pattern().longestMemoryMs(),
                                        rule.pattern().spec().clearAfter().toMillis()))
                .reduce(Episode.SIGNAL_LOST_AFTER.toMillis(), Math::max);
    }

    /** The versions of a pattern, oldest first; none when it is not there. */
    public List<Rule> versions(String patternId) {
        return rules.getOrDefault(patternId, List.of());
    }

    /** Whether any version switches its pattern off. */
    boolean switchesOff() {
        return switchesOff;
    }

    boolean has(String patternId) {
        return rules.containsKey(patternId);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** How many patterns. */
    public int size() {
        return inOrder.size();
    }

    /** The versions that judge such inputs then, by id. */
    InForce inForce(On on, long timestampMs) {
        var judging = new ArrayList<Rule>(inOrder.size());
        long fromMs = Long.MIN_VALUE;
        long untilMs = Long.MAX_VALUE;
        for (var versions : inOrder) {
            for (var version : versions) {
                if (version.effectiveFromMs() <= timestampMs) {
                    fromMs = Math.max(fromMs, version.effectiveFromMs());
                } else {
                    untilMs = Math.min(untilMs, version.effectiveFromMs());
                }
            }
            var rule = newest(versions, timestampMs);
            if (rule != null && !rule.isOff() && rule.pattern().spec().on() == on) {
                judging.add(rule);
            }
        }
        return new InForce(judging.toArray(Rule[]::new), fromMs, untilMs);
    }

    /**
     * @param untilMs exclusive
     */
    record InForce(Rule[] rules, long fromMs, long untilMs) {}

    /** The version of a pattern that is in force then; null when none is. */
    public Rule inForce(String patternId, long timestampMs) {
        var versions = rules.get(patternId);
        return versions == null ? null : newest(versions, timestampMs);
    }

    /**
     * Whether a pattern that is off then was fed with that when it last ran, as far as is known.
     */
    boolean ran(String patternId, On on, long timestampMs) {
        boolean ran = true;
        for (var rule : versions(patternId)) {
            if (rule.effectiveFromMs() <= timestampMs && !rule.isOff()) {
                ran = rule.pattern().spec().on() == on;
            }
        }
        return ran;
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
