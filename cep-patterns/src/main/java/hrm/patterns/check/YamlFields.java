package hrm.patterns.check;

import hrm.patterns.check.Finding.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads parts of a YAML tree and gathers what is wrong with them, each with its place. */
final class YamlFields {
    /** A key and its value. */
    record Entry(ScalarNode key, Node value) {}

    private final SourceText source;
    private final List<Finding> findings;

    /** By mapping: known keys that a misspelt one probably meant; those are not missing too. */
    private final Map<Map<String, Entry>, Set<String>> meant = new IdentityHashMap<>();

    YamlFields(SourceText source, List<Finding> findings) {
        this.source = source;
        this.findings = findings;
    }

    void error(Node node, String message, String suggestion) {
        findings.add(at(node, message, suggestion, Severity.ERROR));
    }

    void warning(Node node, String message, String suggestion) {
        findings.add(at(node, message, suggestion, Severity.WARNING));
    }

    private Finding at(Node node, String message, String suggestion, Severity severity) {
        int from = node.getStartMark().orElseThrow().getIndex();
        int length = node.getEndMark().orElseThrow().getIndex() - from;
        if (!(node instanceof ScalarNode)) {
            length = 1;
        }
        return source.finding(from, length, message, suggestion, severity);
    }

    /** A problem inside a scalar, at its place in the file. */
    void problem(ScalarNode scalar, Problem problem) {
        problem(scalar, problem, Severity.ERROR);
    }

    void problem(ScalarNode scalar, Problem problem, Severity severity) {
        var places = new ScalarPlaces(source, scalar);
        findings.add(
                source.finding(
                        places.of(problem.offset()),
                        places.length(problem.offset(), problem.length()),
                        problem.message(),
                        problem.suggestion(),
                        severity));
    }

    /**
     * The fields of a mapping; those with an unknown key or without a value are reported and left
     * out.
     *
     * @param where for messages: "in a step"; empty at the top
     * @param known keys; null when any name will do
     */
    Map<String, Entry> read(Node node, String where, Collection<String> known, Set<String> later) {
        var fields = new LinkedHashMap<String, Entry>();
        meant.put(fields, new HashSet<>());
        if (!(node instanceof MappingNode mapping)) {
            error(node, "expected keys with values" + where, "Write 'key: value'.");
            return fields;
        }
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                error(tuple.getKeyNode(), "a key is a word", quoteAdvice(mapping));
                continue;
            }
            String name = key.getValue();
            if (later.contains(name)) {
                error(key, "'" + name + "' is not built yet", "");
            } else if (known != null && !known.contains(name)) {
                meant.get(fields).add(Spelling.nearest(name, known));
                error(key, "unknown key '" + name + "'" + where, unknownKey(mapping, name, known));
            } else if (fields.containsKey(name)) {
                error(key, "'" + name + "' is written twice" + where, "");
            } else {
                fields.put(name, new Entry(key, tuple.getValueNode()));
            }
        }
        return fields;
    }

    private static String unknownKey(MappingNode mapping, String name, Collection<String> known) {
        if (!name.matches("\\w+")) {
            return quoteAdvice(mapping);
        }
        String near = Spelling.suggest(name, known);
        return near.isEmpty() ? "Keys: " + String.join(", ", known) : near;
    }

    private static String quoteAdvice(MappingNode mapping) {
        return mapping.getFlowStyle() == FlowStyle.FLOW
                ? "Inside { … } a ',' begins a new key: put the text before it in quotes."
                : "Put texts with special characters in quotes.";
    }

    /** The entry, or null after saying that it is missing. */
    Entry required(
            Map<String, Entry> fields, String key, Node owner, String where, String example) {
        var entry = fields.get(key);
        if (entry == null && !meant.getOrDefault(fields, Set.of()).contains(key)) {
            error(owner, "'" + key + "' is missing" + where, "Write for example: " + example);
        }
        return entry;
    }

    /** The scalar, or null after saying why it is none. */
    ScalarNode scalar(Entry entry) {
        if (entry == null) {
            return null;
        }
        String key = entry.key.getValue();
        if (!(entry.value instanceof ScalarNode scalar)) {
            error(
                    entry.value,
                    "'"
                            + key
                            + "' is one value, not "
                            + (entry.value instanceof SequenceNode ? "a list" : "keys with values"),
                    "If it is a text that begins with '[' or '{', put it in quotes.");
            return null;
        }
        String tag = scalar.getTag().getValue();
        if (tag.startsWith("!")) {
            error(
                    scalar,
                    "'!' at the beginning means something else in YAML",
                    "Put the text in quotes: " + key + ": \"" + tag + "\"");
            return null;
        }
        if (scalar.isPlain() && scalar.getValue().isEmpty()) {
            error(entry.key, "'" + key + "' has no value", "");
            return null;
        }
        return scalar;
    }

    List<Node> list(Entry entry, String example) {
        if (entry == null) {
            return List.of();
        }
        if (!(entry.value instanceof SequenceNode sequence)) {
            error(entry.value, "'" + entry.key.getValue() + "' is a list", example);
            return List.of();
        }
        return new ArrayList<>(sequence.getValue());
    }

    <E> E choice(Entry entry, Map<String, E> choices, Set<String> later, E otherwise) {
        var scalar = scalar(entry);
        if (scalar == null) {
            return otherwise;
        }
        String text = scalar.getValue();
        if (later.contains(text)) {
            error(scalar, "'" + entry.key.getValue() + ": " + text + "' is not built yet", "");
            return otherwise;
        }
        if (!choices.containsKey(text)) {
            String near = Spelling.suggest(text, choices.keySet());
            error(
                    scalar,
                    "'" + entry.key.getValue() + "' cannot be '" + text + "'",
                    (near + " One of: " + String.join(", ", choices.keySet())).strip());
            return otherwise;
        }
        return choices.get(text);
    }
}
