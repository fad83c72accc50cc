package hrm.launcher;

import hrm.model.PatternVersions;
import hrm.model.PatternVersions.Version;
import hrm.model.Topics;
import hrm.patterns.check.PatternLoader;
import hrm.patterns.spec.PatternSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The patterns that running jobs have been given, by id, as the topic has them now. */
final class PublishedPatterns {
    private final Map<String, PatternVersions> byId;

    PublishedPatterns(Map<String, PatternVersions> byId) {
        this.byId = new TreeMap<>(byId);
    }

    static PublishedPatterns of(Broker broker) {
        return new PublishedPatterns(broker.newest(Topics.PATTERNS, PatternVersions.class));
    }

    Map<String, PatternVersions> all() {
        return byId;
    }

    /**
     * @throws Failure when there is none of that name
     */
    PatternVersions of(String id) {
        var versions = byId.get(id);
        if (versions == null || versions.versions().isEmpty()) {
            throw new Failure(
                    "No pattern '"
                            + id
                            + "' is published. "
                            + (byId.isEmpty()
                                    ? "There is none at all: hrm patterns push"
                                    : "There are: " + String.join(", ", byId.keySet())));
        }
        return versions;
    }

    /** What readings of that time are judged by; null before the first takes effect. */
    static Version inForce(PatternVersions versions, Instant at) {
        Version found = null;
        for (var version : versions.versions()) {
            found = version.effectiveFrom().isAfter(at) ? found : version;
        }
        return found;
    }

    static Version newest(PatternVersions versions) {
        return versions.versions().get(versions.versions().size() - 1);
    }

    static int highestNumber(PatternVersions versions) {
        return versions.versions().stream()
                .max(Comparator.comparingInt(Version::version))
                .orElseThrow()
                .version();
    }

    /** Null when the text does not check, and so judges nobody. */
    static PatternSpec read(String id, Version version) {
        return PatternLoader.load(id + ".yaml", version.yaml()).spec();
    }

    /** The same text with another number and, unless null, another mode. */
    static PatternSpec again(String id, Version version, int number, PatternSpec.Mode mode) {
        var before = read(id, version);
        if (before == null) {
            throw new Failure(
                    "Version "
                            + version.version()
                            + " of '"
                            + id
                            + "' does not check, so it cannot be published again.");
        }
        var text = replaced(version.yaml(), "version", Integer.toString(number), "id");
        if (mode != null) {
            var word = mode.name().toLowerCase(java.util.Locale.ROOT);
            text =
                    replaced(
                            text,
                            "mode",
                            mode == PatternSpec.Mode.OFF ? "\"off\"" : word,
                            "version");
        }
        var loaded = PatternLoader.load(id + ".yaml", text);
        var after = loaded.spec();
        boolean asMeant =
                after != null
                        && after.version() == number
                        && (mode == null || after.mode() == mode)
                        && PatternDiff.between(before, after).stream()
                                .allMatch(
                                        change ->
                                                List.of("version", "mode")
                                                        .contains(change.field()));
        if (!asMeant) {
            throw new Failure(
                    "The text of '"
                            + id
                            + "' is not laid out so that its version and mode can be changed here."
                            + " Save it (hrm patterns show "
                            + id
                            + " > "
                            + id
                            + ".yaml), edit it, and push it.");
        }
        return after;
    }

    /** A line of the outermost level; behind another one where there is none yet. */
    private static String replaced(String yaml, String field, String value, String behind) {
        var line =
                java.util.regex.Pattern.compile(
                        "(?m)^" + field + "[ \\t]*:[^\\n#]*?([ \\t]*(#.*)?)$");
        var found = line.matcher(yaml);
        if (found.find()) {
            return yaml.substring(0, found.start())
                    + field
                    + ": "
                    + value
                    + found.group(1)
                    + yaml.substring(found.end());
        }
        return yaml.replaceFirst(
                "(?m)^(" + behind + "[ \\t]*:.*)$",
                "$1\n" + field + ": " + java.util.regex.Matcher.quoteReplacement(value));
    }

    /** Writes one pattern's new version. */
    static PatternPush.Outcome publish(
            Broker broker, PatternSpec pattern, PatternVersions published, Instant from) {
        var outcome = new PatternPush(Clock.systemUTC(), from).decide(pattern, published);
        if (outcome instanceof PatternPush.Outcome.Pushed pushed) {
            broker.write(Topics.PATTERNS, Map.of(pattern.id(), pushed.versions()));
        }
        return outcome;
    }
}
