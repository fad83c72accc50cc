package hrm.patterns.check;

import hrm.model.Alert.Severity;
import hrm.patterns.Name;
import hrm.patterns.check.YamlFields.Entry;
import hrm.patterns.spec.Counting;
import hrm.patterns.spec.Durations;
import hrm.patterns.spec.Example;
import hrm.patterns.spec.Group;
import hrm.patterns.spec.Parameter;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.Mode;
import hrm.patterns.spec.PatternSpec.On;
import hrm.patterns.spec.PatternSpec.Outcome;
import hrm.patterns.spec.PatternSpec.Overlap;
import hrm.patterns.spec.Resolve;
import hrm.patterns.spec.Skip;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Step.Relation;
import hrm.patterns.spec.Times;
import hrm.patterns.spec.Times.Between;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Reads a pattern file and says everything that is wrong with it at once, each with its place and
 * what to do. A pattern that loads also compiles.
 */
public final class PatternLoader {
    static final int MOST_CHARACTERS = 64 * 1024;
    static final int MOST_STEPS = 20;
    static final int MOST_TIMES = 1_000;
    static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration LONGEST_CLEAR = Duration.ofDays(7);
    private static final Duration DEFAULT_CLEAR_AFTER = Duration.ofMinutes(10);

    private static final List<String> KEYS =
            List.of(
                    "id",
                    "version",
                    "title",
                    "condition",
                    "severity",
                    "mode",
                    "on",
                    "parameters",
                    "let",
                    "sequence",
                    "within",
                    "overlap",
                    "skip",
                    "outcome",
                    "resolve",
                    "clear_after",
                    "message",
                    "source",
                    "examples");
    private static final Map<String, Relation> RELATIONS = relations();
    private static final List<String> TIMES_KEYS =
            List.of(
                    "times",
                    "one_or_more",
                    "consecutive",
                    "combinations",
                    "greedy",
                    "optional",
                    "until");
    private static final List<String> COUNTING_KEYS =
            List.of("at_least", "of", "every", "min_span", "among");
    private static final List<String> STEP_KEYS =
            Stream.of(
                            RELATIONS.keySet(),
                            List.of("where", "starts"),
                            TIMES_KEYS,
                            List.of("within", "hold", "max_gap"),
                            COUNTING_KEYS)
                    .flatMap(Collection::stream)
                    .toList();
    private static final Map<String, Boolean> FLAGS =
            new TreeMap<>(Map.of("true", true, "false", false));
    private static final int MOST_COUNTED = 100;

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern WORD = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern NUMBER =
            Pattern.compile("-?(\\d+(\\.\\d*)?|\\.\\d+)([eE]-?\\d+)?");
    private static final Pattern PARAMETER = Pattern.compile("\\$\\{\\s*(\\w+)\\s*}");
    private static final Pattern TIMES = Pattern.compile("(\\d{1,6})(?:\\s*\\.\\.\\s*(\\d{0,6}))?");
    private static final Set<String> RESERVED =
            Set.of(
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "false",
                    "for",
                    "function",
                    "if",
                    "import",
                    "in",
                    "let",
                    "loop",
                    "namespace",
                    "null",
                    "package",
                    "return",
                    "true",
                    "var",
                    "void",
                    "while",
                    "and",
                    "or",
                    "not");

    /**
     * @param spec null when there is an error
     * @param findings in the file's order; warnings among them
     */
    public record Loaded(PatternSpec spec, List<Finding> findings) {
        public Loaded {
            findings = List.copyOf(findings);
        }

        public boolean isFine() {
            return spec != null;
        }

        /**
         * @throws IllegalArgumentException with everything that is wrong, when there is an error
         */
        public PatternSpec orThrow() {
            if (spec == null) {
                throw new IllegalArgumentException(report());
            }
            return spec;
        }

        /** All findings as a person reads them; empty when there is none. */
        public String report() {
            var text = new StringBuilder();
            findings.forEach(finding -> text.append(finding).append('\n'));
            return text.toString();
        }
    }

    private final String fileName;
    private final String yaml;
    private final SourceText source;
    private final List<Finding> findings = new ArrayList<>();
    private final YamlFields fields;

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, ScalarNode> parameterKeys = new LinkedHashMap<>();
    private final Map<String, ScalarNode> letKeys = new LinkedHashMap<>();
    private final Map<String, String> lets = new LinkedHashMap<>();
    private final Map<String, Set<Integer>> letSteps = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private Scope scope = Scope.EMPTY;

    private PatternLoader(String fileName, String yaml) {
        this.fileName = fileName;
        this.yaml = yaml;
        this.source = new SourceText(fileName, yaml);
        this.fields = new YamlFields(source, findings);
    }

    /**
     * Reads one pattern. When {@code fileName} ends in {@code .yaml} or {@code .yml}, the pattern's
     * id must be its name.
     *
     * @param fileName as findings show it
     */
    public static Loaded load(String fileName, String yaml) {
        String text = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml;
        return new PatternLoader(fileName, text).load();
    }

    private static Map<String, Relation> relations() {
        var relations = new LinkedHashMap<String, Relation>();
        for (var relation : Relation.values()) {
            relations.put(relation.name().toLowerCase(Locale.ROOT), relation);
        }
        return relations;
    }

    private Loaded load() {
        if (yaml.length() > MOST_CHARACTERS) {
            findings.add(
                    source.finding(
                            0,
                            1,
                            "longer than " + MOST_CHARACTERS / 1024 + " KiB",
                            "A pattern is a page of text: split it.",
                            Finding.Severity.ERROR));
            return new Loaded(null, findings);
        }
        PatternSpec spec = null;
        try {
            // Failsafe: every scalar is a text, and ${hold} no environment variable.
            var settings =
                    LoadSettings.builder()
                            .setLabel(fileName)
                            .setSchema(new FailsafeSchema())
                            .build();
            var root = new Compose(settings).composeString(yaml);
            if (root.isEmpty() || !(root.get() instanceof MappingNode mapping)) {
                findings.add(
                        source.finding(
                                root.map(node -> node.getStartMark().orElseThrow().getIndex())
                                        .orElse(0),
                                1,
                                root.isEmpty() ? "an empty file" : "this is not a pattern",
                                "A pattern begins with 'id:'. See docs/patterns.md",
                                Finding.Severity.ERROR));
                return new Loaded(null, findings);
            }
            spec = pattern(mapping);
        } catch (YamlEngineException e) {
            findings.add(BrokenYaml.explain(e, source));
        }
        findings.sort(Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column));
        boolean broken = findings.stream().anyMatch(Finding::isError);
        return new Loaded(broken ? null : spec, findings);
    }

    private PatternSpec pattern(MappingNode root) {
        var entries = fields.read(root, "", KEYS, Set.of());
        parameters(entries.get("parameters"));

        String id = id(fields.required(entries, "id", root, "", "id: resting-tachycardia"));
        int version = version(fields.required(entries, "version", root, "", "version: 1"));
        String title =
                text(fields.required(entries, "title", root, "", "title: High while inactive"));
        String condition = condition(entries, root);
        Severity severity =
                fields.choice(
                        fields.required(entries, "severity", root, "", "severity: high"),
                        names(Severity.values()),
                        Set.of(),
                        Severity.INFO);
        Mode mode = choice(entries, "mode", Mode.values(), Set.of(), Mode.LIVE);
        On on = choice(entries, "on", On.values(), Set.of("rhythm", "night"), On.READING);
        Overlap overlap = choice(entries, "overlap", Overlap.values(), Set.of(), Overlap.NONE);
        Duration within = duration(entries.get("within"), false, LONGEST);

        Outcome outcome = choice(entries, "outcome", Outcome.values(), Set.of(), Outcome.MATCH);
        var parts = items(fields.required(entries, "sequence", root, "", "sequence: [...]"));
        scope =
                new Scope(
                        parameters,
                        Map.of(),
                        items.stream()
                                .map(item -> new Scope.StepName(item.name, item.isNegative()))
                                .toList());
        lets(entries.get("let"));
        var sequence = new ArrayList<Step>();
        for (int i = 0; i < items.size(); i++) {
            sequence.add(step(items, i));
        }
        var groups = new ArrayList<Group>();
        groups(parts, groups);
        inOrder(parts, 0);
        var skip = skip(entries.get("skip"), overlap, parts);
        bounded(sequence, groups, within);
        outcome(entries.get("outcome"), outcome, sequence, within);
        if (findings.stream().noneMatch(Finding::isError)) {
            Costs.warn(fields, items, sequence, groups, overlap);
        }
        Resolve resolve = resolve(entries.get("resolve"));
        Duration clearAfter = clearAfter(entries, resolve);
        String message =
                message(
                        fields.required(
                                entries, "message", root, "", "message: \"Above ${limit}\""));
        if (!entries.containsKey("source")) {
            fields.warning(
                    root,
                    "'source' is missing",
                    "Say where the numbers of this pattern come from.");
        }
        String from = entries.containsKey("source") ? text(entries.get("source")) : null;
        var examples = examples(entries, root);
        unused();
        return new PatternSpec(
                id,
                version,
                title,
                condition,
                severity,
                mode,
                on,
                parameters,
                lets,
                sequence,
                groups,
                within,
                overlap,
                skip,
                outcome,
                resolve,
                clearAfter,
                message,
                from,
                examples,
                yaml);
    }

    private static <E extends Enum<E>> Map<String, E> names(E[] values) {
        var names = new LinkedHashMap<String, E>();
        for (E value : values) {
            names.put(value.name().toLowerCase(Locale.ROOT), value);
        }
        return names;
    }

    private <E extends Enum<E>> E choice(
            Map<String, Entry> entries, String key, E[] values, Set<String> later, E otherwise) {
        return entries.containsKey(key)
                ? fields.choice(entries.get(key), names(values), later, otherwise)
                : otherwise;
    }

    // ---- heads

    private String id(Entry entry) {
        var scalar = fields.scalar(entry);
        if (scalar == null) {
            return "";
        }
        String id = scalar.getValue();
        if (!ID.matcher(id).matches() || id.length() > 64) {
            String better =
                    id.replaceAll("([a-z])([A-Z])", "$1-$2")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^a-z0-9]+", "-")
                            .replaceAll("^[-0-9]+|-+$", "");
            fields.error(
                    scalar,
                    "bad id '" + id + "'",
                    "At most 64 small letters, digits and single hyphens"
                            + (better.isEmpty() ? "." : ": " + better));
            return id;
        }
        String file =
                fileName.substring(
                        Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
        if (file.matches(".*\\.ya?ml") && !file.replaceAll("\\.ya?ml$", "").equals(id)) {
            fields.error(
                    scalar,
                    "id '" + id + "' in the file '" + file + "'",
                    "The file of this pattern is " + id + ".yaml: rename one of them.");
        }
        return id;
    }

    private int version(Entry entry) {
        var scalar = fields.scalar(entry);
        if (scalar == null) {
            return 0;
        }
        if (!scalar.getValue().matches("[1-9]\\d{0,8}")) {
            fields.error(
                    scalar,
                    "'" + scalar.getValue() + "' is not a version",
                    "Versions are whole numbers: 1, 2, 3 …");
            return 0;
        }
        return Integer.parseInt(scalar.getValue());
    }

    private String condition(Map<String, Entry> entries, Node root) {
        var scalar =
                fields.scalar(fields.required(entries, "condition", root, "", "condition: high"));
        if (scalar == null) {
            return "";
        }
        if (!ID.matcher(scalar.getValue()).matches() || scalar.getValue().length() > 64) {
            fields.error(
                    scalar,
                    "'condition' is one word, not '" + scalar.getValue() + "'",
                    "It is what notices are grouped by: high, low, signal …"
                            + " The expression belongs in 'where' of a step.");
        }
        return scalar.getValue();
    }

    /** A text, with the values of parameters filled in. */
    private String text(Entry entry) {
        var scalar = fields.scalar(entry);
        if (scalar == null) {
            return "";
        }
        return PARAMETER
                .matcher(scalar.getValue())
                .replaceAll(
                        found -> {
                            var parameter = parameters.get(found.group(1));
                            if (parameter == null) {
                                unknownParameter(scalar, found.group(1), found.start());
                                return "";
                            }
                            used.add(found.group(1));
                            return Matcher.quoteReplacement(show(parameter));
                        });
    }

    private static String show(Parameter parameter) {
        if (parameter instanceof Parameter.Number number) {
            return String.valueOf(number.value()).replaceAll("\\.0$", "");
        }
        return parameter instanceof Parameter.Span span
                ? Durations.format(span.value())
                : ((Parameter.Text) parameter).value();
    }

    private void unknownParameter(ScalarNode scalar, String name, int offset) {
        String near = Spelling.suggest(name, parameters.keySet());
        fields.problem(
                scalar,
                new Problem(
                        offset,
                        name.length() + 3,
                        "unknown parameter '" + name + "'",
                        near.isEmpty()
                                ? "Name it in 'parameters', or write its value here."
                                : near));
    }

    private Duration duration(Entry entry, boolean zero, Duration longest) {
        var scalar = entry == null ? null : fields.scalar(entry);
        if (scalar == null) {
            return null;
        }
        String key = entry.key().getValue();
        Duration duration;
        var named = PARAMETER.matcher(scalar.getValue());
        if (named.matches()) {
            var parameter = parameters.get(named.group(1));
            if (parameter == null) {
                if (!parameterKeys.containsKey(named.group(1))) {
                    unknownParameter(scalar, named.group(1), 0);
                }
                return null;
            }
            used.add(named.group(1));
            if (!(parameter instanceof Parameter.Span span)) {
                fields.error(
                        scalar,
                        "'" + key + "' is a duration, parameter '" + named.group(1) + "' is not",
                        "Write a duration with its unit there: 10s, 5m.");
                return null;
            }
            duration = span.value();
        } else {
            try {
                duration = Durations.parse(scalar.getValue());
            } catch (Durations.Unreadable e) {
                fields.error(scalar, e.what(), e.advice());
                return null;
            }
        }
        if (duration.isZero() && !zero) {
            fields.error(
                    scalar, "'" + key + "' cannot be zero", "Leave it out, or write how long.");
            return null;
        }
        if (duration.compareTo(longest) > 0) {
            fields.error(
                    scalar,
                    "'" + key + "' is longer than " + Durations.format(longest),
                    "What a pattern remembers is bounded.");
            return null;
        }
        return duration;
    }

    // ---- parameters and lets

    private void parameters(Entry entry) {
        if (entry == null) {
            return;
        }
        var all = fields.read(entry.value(), " in 'parameters'", null, Set.of());
        all.forEach(
                (name, parameter) -> {
                    boolean good = goodName(parameter.key(), name, "parameter");
                    parameterKeys.put(name, parameter.key());
                    Parameter value = parameter(parameter);
                    if (good && value != null) {
                        parameters.put(name, value);
                    }
                });
    }

    private Parameter parameter(Entry entry) {
        var scalar = fields.scalar(entry);
        if (scalar == null) {
            return null;
        }
        String text = scalar.getValue();
        if (!scalar.isPlain()) {
            return new Parameter.Text(text);
        }
        if (NUMBER.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            if (Double.isInfinite(value)) {
                fields.error(scalar, "'" + text + "' is too large", "");
                return null;
            }
            return new Parameter.Number(value);
        }
        if (text.matches("[-+.]?\\s*\\d.*")) {
            try {
                return new Parameter.Span(Durations.parse(text));
            } catch (Durations.Unreadable e) {
                fields.error(
                        scalar,
                        e.what(),
                        e.what().endsWith("negative")
                                ? e.advice()
                                : "A parameter is a number, a duration such as 10m, or a text"
                                        + " (in quotes if it begins with a digit).");
                return null;
            }
        }
        if (text.equals("true") || text.equals("false")) {
            fields.error(
                    scalar,
                    "a parameter is a number, a duration or a text",
                    "Write the condition itself where it is used.");
            return null;
        }
        return new Parameter.Text(text);
    }

    private boolean goodName(ScalarNode key, String name, String what) {
        if (!WORD.matcher(name).matches()) {
            fields.error(
                    key,
                    "bad name '" + name + "' of a " + what,
                    "Small letters, digits and '_': "
                            + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_"));
            return false;
        }
        boolean isValue =
                Name.byText().keySet().stream()
                        .anyMatch(value -> value.equals(name) || value.startsWith(name + "."));
        // Steps are named only inside first(), last() and count(): no other name clashes.
        boolean isFunction =
                !what.equals("step") && ExpressionChecker.functionNames().contains(name);
        if (!what.equals("step") && isValue) {
            fields.error(
                    key,
                    "'" + name + "' is already the name of a value",
                    "Choose another name. " + ExpressionChecker.ALL_NAMES);
            return false;
        }
        if (RESERVED.contains(name) || isFunction) {
            fields.error(key, "'" + name + "' is a word of the language", "Choose another name.");
            return false;
        }
        if (what.equals("let") && parameterKeys.containsKey(name)) {
            fields.error(key, "'" + name + "' is already a parameter", "Choose another name.");
            return false;
        }
        return true;
    }

    private void lets(Entry entry) {
        if (entry == null) {
            return;
        }
        var all = fields.read(entry.value(), " in 'let'", null, Set.of());
        all.forEach(
                (name, let) -> {
                    boolean good = goodName(let.key(), name, "let");
                    var scalar = fields.scalar(let);
                    if (scalar == null) {
                        return;
                    }
                    var checked = ExpressionChecker.expression(scalar.getValue(), scope);
                    report(scalar, checked);
                    // A broken let keeps its name, so that its uses are not reported as well.
                    Name.Type type = checked.isFine() ? checked.type() : Name.Type.NUMBER;
                    if (type == Name.Type.TEXT) {
                        fields.error(
                                scalar,
                                "a 'let' is a number, a duration or true or false, not a text",
                                "Use the text itself in the condition.");
                    }
                    if (good) {
                        letKeys.put(name, let.key());
                        lets.put(name, scalar.getValue());
                        letSteps.put(name, steps(checked.uses()));
                        scope = scope.withLet(name, type);
                    }
                });
    }

    private void report(ScalarNode scalar, Checked checked) {
        checked.problems().forEach(problem -> fields.problem(scalar, problem));
        noteUses(checked);
    }

    private void noteUses(Checked checked) {
        for (var use : checked.uses()) {
            if (use.reference() instanceof Reference.OfParameter
                    || use.reference() instanceof Reference.Let) {
                used.add(use.reference().text());
            }
        }
    }

    /** The steps that some uses read, directly or through a let. */
    private Set<Integer> steps(List<Checked.Use> uses) {
        var steps = new TreeSet<Integer>();
        uses.forEach(use -> steps.addAll(steps(use)));
        return steps;
    }

    private Set<Integer> steps(Checked.Use use) {
        if (use.reference() instanceof Reference.OfStep step) {
            return Set.of(step.step());
        }
        if (use.reference() instanceof Reference.Count count) {
            return Set.of(count.step());
        }
        return use.reference() instanceof Reference.Let let
                ? letSteps.getOrDefault(let.text(), Set.of())
                : Set.of();
    }

    // ---- the sequence

    /** A step of the sequence, read but not yet checked. */
    record Item(
            Node node,
            Relation relation,
            ScalarNode key,
            String name,
            Map<String, Entry> entries,
            boolean inGroup) {
        boolean isNegative() {
            return relation != null && relation.isNegative();
        }

        boolean has(String entry) {
            return entries.containsKey(entry);
        }

        Node place() {
            return key == null ? node : key;
        }
    }

    /**
     * A step, or a group of them, in its list.
     *
     * @param item of a group, its relation and what is said beside
     * @param inside null of a step
     */
    private record Part(Item item, int from, int to, List<Part> inside) {
        boolean isGroup() {
            return inside != null;
        }

        private boolean isSet(String key) {
            return item.has(key)
                    && item.entries.get(key).value() instanceof ScalarNode flag
                    && flag.getValue().equals("true");
        }

        boolean isGreedy() {
            return isSet("greedy");
        }

        boolean isOptional() {
            return isSet("optional");
        }
    }

    private final List<Item> items = new ArrayList<>();
    private final Map<String, ScalarNode> stepNames = new HashMap<>();

    private List<Part> items(Entry entry) {
        if (entry == null) {
            return List.of();
        }
        var nodes = fields.list(entry, "Begin each step with '- step: name'.");
        if (nodes.isEmpty() && entry.value() instanceof SequenceNode) {
            fields.error(entry.key(), "'sequence' has no steps", "Begin with '- step: name'.");
        }
        return parts(nodes, false);
    }

    private List<Part> parts(List<Node> nodes, boolean inGroup) {
        var parts = new ArrayList<Part>();
        for (var node : nodes) {
            if (items.size() == MOST_STEPS) {
                fields.error(node, "more than " + MOST_STEPS + " steps", "Split the pattern.");
                break;
            }
            var item = item(node, parts.isEmpty(), inGroup);
            int from = items.size();
            List<Part> inside = null;
            if (item.key != null
                    && item.entries.get(item.key.getValue()).value()
                            instanceof SequenceNode group) {
                inside = parts(group.getValue(), true);
                if (inside.isEmpty()) {
                    fields.error(item.key, "a group without steps", "Write its steps below it.");
                    continue;
                }
            } else {
                if (!item.name.isEmpty() && stepNames.putIfAbsent(item.name, item.key) != null) {
                    fields.error(
                            item.entries.get(item.key.getValue()).value(),
                            "a second step '" + item.name + "'",
                            "Give each step its own name.");
                }
                items.add(item);
            }
            parts.add(new Part(item, from, items.size(), inside));
        }
        return parts;
    }

    private Item item(Node node, boolean isFirst, boolean inGroup) {
        var entries = fields.read(node, " in a step", STEP_KEYS, Set.of());
        ScalarNode key = null;
        Relation relation = null;
        String name = "";
        for (var relationName : RELATIONS.keySet()) {
            var entry = entries.get(relationName);
            if (entry == null) {
                continue;
            }
            if (relation != null) {
                fields.error(
                        entry.key(),
                        "'" + key.getValue() + "' and '" + relationName + "' in one step",
                        "Begin a new item with '- " + relationName + ": …'.");
                continue;
            }
            key = entry.key();
            relation = RELATIONS.get(relationName);
            if (entry.value() instanceof SequenceNode) {
                if (relation.isNegative()) {
                    fields.error(
                            key,
                            "a group cannot be forbidden",
                            "Write '" + key.getValue() + "' with one step.");
                }
                continue;
            }
            var scalar = fields.scalar(entry);
            if (scalar != null && goodName(scalar, scalar.getValue(), "step")) {
                name = scalar.getValue();
            }
        }
        if (relation == null) {
            if (node instanceof MappingNode mapping && !saidAlready(mapping)) {
                fields.error(
                        node,
                        "a step without its relation",
                        "Begin it with '- " + (isFirst ? "step" : "followed_by") + ": name'.");
            }
        } else if (isFirst && relation != Relation.STEP) {
            fields.error(
                    key,
                    "the first item is a 'step', not a '" + key.getValue() + "'",
                    "Write '- step: " + (name.isEmpty() ? "name" : name) + "'.");
        } else if (!isFirst && relation == Relation.STEP) {
            fields.error(
                    key,
                    "only the first item is a 'step'",
                    "Write 'followed_by', or 'next' for directly after.");
        }
        return new Item(node, relation, key, name, entries, inGroup);
    }

    /** Whether the item's relation is a misspelt or later one, which has been reported. */
    private static boolean saidAlready(MappingNode item) {
        return item.getValue().stream()
                .map(tuple -> tuple.getKeyNode())
                .filter(ScalarNode.class::isInstance)
                .map(key -> ((ScalarNode) key).getValue())
                .anyMatch(key -> !STEP_KEYS.contains(key));
    }

    private Step step(List<Item> items, int index) {
        var item = items.get(index);
        var entries = item.entries;
        Node owner = item.key == null ? item.node : item.key;
        String where = "";
        Checked checked = null;
        var scalar =
                item.node instanceof MappingNode
                        ? fields.scalar(
                                fields.required(
                                        entries, "where", owner, " in a step", "where: bpm > 120"))
                        : null;
        if (scalar != null) {
            where = scalar.getValue();
            checked = ExpressionChecker.condition(where, scope);
            report(scalar, checked);
        }
        Duration within = duration(entries.get("within"), false, LONGEST);
        Duration hold = duration(entries.get("hold"), false, LONGEST);
        Duration maxGap = duration(entries.get("max_gap"), false, LONGEST);
        var counting = counting(item);
        if (checked != null) {
            stepReferences(items, index, scalar, checked);
        }
        var times = Times.ONCE;
        if (item.isNegative()) {
            forbidden(item, index == items.size() - 1 && !item.inGroup);
        } else {
            times = times(item, false);
            if (index == 0 && entries.containsKey("within")) {
                fields.error(
                        entries.get("within").key(),
                        "'within' of a step counts from the step before; the first has none",
                        "Write 'within' beside 'sequence' for the whole pattern.");
            }
            within(item, times);
            tracked(item, hold != null ? "hold" : counting != null ? "at_least" : null);
            if (times.until() != null) {
                ofEarlierSteps(entries.get("until"), index);
            }
        }
        if (entries.containsKey("max_gap") && !entries.containsKey("hold") && !item.isNegative()) {
            fields.warning(
                    entries.get("max_gap").key(),
                    "'max_gap' without 'hold' means nothing",
                    "Add 'hold', or remove it.");
        }
        afterHold(items, index);
        return new Step(
                item.relation == null ? Relation.FOLLOWED_BY : item.relation,
                item.name,
                where,
                onEdge(item, index, times),
                times,
                within,
                hold,
                maxGap == null ? Step.DEFAULT_MAX_GAP : maxGap,
                counting);
    }

    private void forbidden(Item item, boolean last) {
        for (var entry : item.entries.values()) {
            String key = entry.key().getValue();
            boolean fine =
                    RELATIONS.containsKey(key)
                            || key.equals("where")
                            || key.equals("within")
                                    && last
                                    && item.relation == Relation.NOT_FOLLOWED_BY;
            if (!fine) {
                fields.error(
                        entry.key(),
                        "'"
                                + key
                                + "' in a '"
                                + item.key.getValue()
                                + "' "
                                + (key.equals("hold") ? "is not built yet" : "means nothing"),
                        "It ends where the next step matches: write only its 'where'.");
            }
        }
    }

    private void within(Item item, Times times) {
        var entry = item.entries.get("within");
        if (entry == null) {
            return;
        }
        if (times.optional()) {
            fields.error(
                    entry.key(),
                    "'within' of an optional step: it may be left out, so nothing waits for it",
                    "Write 'within' in the step after it, or beside 'sequence'.");
        } else if (item.inGroup && times.repeats()) {
            fields.error(
                    entry.key(),
                    "'within' of a step that repeats inside a group is not built yet",
                    "Write 'within' beside 'sequence'.");
        }
    }

    /** A step that the automaton sees as one event takes no other key about how many. */
    private void tracked(Item item, String key) {
        if (key == null) {
            return;
        }
        for (String other : TIMES_KEYS) {
            if (item.has(other)) {
                fields.error(
                        item.entries.get(other).key(),
                        "'" + other + "' together with '" + key + "' is not built yet",
                        "");
            }
        }
        if (key.equals("at_least") && item.has("hold")) {
            fields.error(
                    item.entries.get("hold").key(),
                    "'hold' together with 'at_least' is not built yet",
                    "");
        }
        if (item.inGroup) {
            fields.error(
                    item.entries.get(key).key(),
                    "'" + key + "' inside a group is not built yet",
                    "Write the step outside the group.");
        }
        if (item.relation == Relation.FOLLOWED_BY_ANY
                || item.relation == Relation.NEXT && key.equals("at_least")) {
            fields.error(
                    item.key,
                    "'" + item.key.getValue() + "' with '" + key + "' is not built yet",
                    "Use 'followed_by'.");
        }
    }

    private boolean onEdge(Item item, int index, Times times) {
        var entry = item.entries.get("starts");
        if (entry == null) {
            return false;
        }
        boolean edge = fields.choice(entry, Map.of("edge", true), Set.of(), false);
        if (index > 0) {
            fields.error(
                    entry.key(), "'starts' belongs to the first step", "Remove it, or move it.");
        } else if (item.has("hold") || item.has("at_least")) {
            fields.error(
                    entry.key(),
                    "'starts' beside a 'hold' or 'at_least': it starts one match anyway",
                    "Remove it.");
        } else if (times.optional()) {
            fields.error(
                    entry.key(), "'starts' of an optional step", "Remove 'optional', or 'starts'.");
        }
        return edge;
    }

    private Counting counting(Item item) {
        if (!item.has("at_least")) {
            for (String key : COUNTING_KEYS) {
                if (item.has(key) && !item.isNegative()) {
                    fields.error(
                            item.entries.get(key).key(),
                            "'" + key + "' without 'at_least'",
                            "Write for example at_least: 5, of: 6, every: 15m.");
                }
            }
            return null;
        }
        int least = whole(item.entries.get("at_least"));
        int of = item.has("of") ? whole(item.entries.get("of")) : least;
        if (of < least) {
            fields.error(
                    item.entries.get("of").key(),
                    "'of' is less than 'at_least'",
                    "at_least: 5, of: 6 is five of the last six.");
        }
        Duration every = duration(item.entries.get("every"), true, LONGEST);
        Duration span = duration(item.entries.get("min_span"), true, LONGEST);
        var among = fields.scalar(item.entries.get("among"));
        if (among != null) {
            var checked = ExpressionChecker.condition(among.getValue(), scope);
            report(among, checked);
            noSteps(among, checked, "an 'among' that reads steps is not built yet");
        }
        return new Counting(
                least,
                of,
                every == null ? Duration.ZERO : every,
                span == null ? Duration.ZERO : span,
                among == null ? null : among.getValue());
    }

    /** A whole number from 1 to {@link #MOST_COUNTED}, or the parameter that is one. */
    private int whole(Entry entry) {
        var scalar = fields.scalar(entry);
        if (scalar == null) {
            return 1;
        }
        String text = numberText(scalar);
        if (!text.matches("[1-9]\\d{0,2}") || Integer.parseInt(text) > MOST_COUNTED) {
            fields.error(
                    scalar,
                    "'" + entry.key().getValue() + "' cannot be '" + scalar.getValue() + "'",
                    "A whole number from 1 to " + MOST_COUNTED + ".");
            return 1;
        }
        return Integer.parseInt(text);
    }

    private void ofEarlierSteps(Entry entry, int index) {
        var scalar = fields.scalar(entry);
        var checked = ExpressionChecker.condition(scalar.getValue(), scope);
        report(scalar, checked);
        stepReferences(items, index, scalar, checked);
    }

    private void groups(List<Part> parts, List<Group> groups) {
        for (var part : parts) {
            if (!part.isGroup()) {
                continue;
            }
            for (var entry : part.item.entries.values()) {
                String key = entry.key().getValue();
                if (!RELATIONS.containsKey(key) && !TIMES_KEYS.contains(key)) {
                    fields.error(
                            entry.key(),
                            "'" + key + "' of a group is not built yet",
                            "Write it in a step of the group.");
                }
            }
            var times = times(part.item, true);
            if (times.until() != null) {
                ofEarlierSteps(part.item.entries.get("until"), part.from);
            }
            groups.add(
                    new Group(
                            part.item.relation == null ? Relation.FOLLOWED_BY : part.item.relation,
                            part.from,
                            part.to,
                            times));
            groups(part.inside, groups);
        }
    }

    /** What may stand beside what: a pattern that passes is one that Flink CEP can run. */
    private void inOrder(List<Part> parts, int depth) {
        boolean required = false;
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            var before = i == 0 ? null : parts.get(i - 1);
            boolean last = i == parts.size() - 1;
            required |= !part.item.isNegative() && !part.isOptional();
            if (part.isGroup()) {
                inOrder(part.inside, depth + 1);
            }
            if (part.item.isNegative() && last && depth > 0) {
                fields.error(
                        part.item.key,
                        "a group cannot end in '" + part.item.key.getValue() + "'",
                        "Write it after the group.");
            }
            if (before == null || part.item.key == null) {
                continue;
            }
            String key = part.item.key.getValue();
            boolean afterNot = before.item.relation == Relation.NOT_FOLLOWED_BY;
            if (part.item.isNegative() && before.isOptional()) {
                fields.error(
                        part.item.key,
                        "'" + key + "' after an optional step: Flink CEP cannot run it",
                        "Write two patterns, one with the optional step and one without.");
            } else if (part.item.relation == Relation.NEXT
                    && part.item.has("hold")
                    && before.isOptional()) {
                fields.error(
                        part.item.key,
                        "'next' with a 'hold' after an optional step: Flink CEP cannot run it",
                        "Use 'followed_by', or write two patterns, one without the optional step.");
            } else if (part.item.relation == Relation.NOT_NEXT && afterNot) {
                fields.error(
                        part.item.key,
                        "'not_next' after 'not_followed_by': Flink CEP would forget the first",
                        "Write 'not_next' first.");
            } else if (part.item.isNegative() && last && before.item.isNegative()) {
                fields.error(
                        part.item.key,
                        "'"
                                + key
                                + "' at the end, after another that forbids: only one would count",
                        "Join their conditions with ||.");
            } else if (part.isOptional() && before.isGreedy()) {
                fields.error(
                        part.item.entries.get("optional").key(),
                        "an optional step after a greedy one: Flink CEP cannot run it",
                        "Remove 'greedy' of the step before, or 'optional'.");
            } else if (part.isGroup() && part.isOptional() && afterNot) {
                fields.error(
                        part.item.entries.get("optional").key(),
                        "an optional group after 'not_followed_by': Flink CEP would forget that",
                        "Write two patterns, one with the group and one without.");
            }
        }
        if (!required && !parts.isEmpty() && parts.get(0).item.key != null) {
            fields.error(
                    parts.get(0).item.key,
                    "every step" + (depth > 0 ? " of the group" : "") + " is optional",
                    "One of them must be there.");
        }
        for (var part : parts) {
            int place = part.from;
            if (!part.isGroup() && isTracked(part.item) && place > 0 && depth == 0) {
                boolean optional =
                        parts.stream()
                                .filter(other -> other.from < place && !other.item.isNegative())
                                .allMatch(Part::isOptional);
                if (optional) {
                    fields.error(
                            part.item.place(),
                            "a 'hold' or 'at_least' with only optional steps before is not built yet",
                            "Let one of the steps before it be required.");
                }
            }
        }
    }

    private static boolean isTracked(Item item) {
        return item.has("hold") || item.has("at_least");
    }

    private Skip skip(Entry entry, Overlap overlap, List<Part> parts) {
        if (entry == null) {
            return Skip.NO_SKIP;
        }
        if (overlap == Overlap.NONE) {
            fields.error(
                    entry.key(),
                    "'skip' without 'overlap: all': the first match ends all others anyway",
                    "Write 'overlap: all', or remove 'skip'.");
        }
        var strategies = names(Skip.Strategy.values());
        if (!(entry.value() instanceof MappingNode)) {
            var strategy = fields.choice(entry, strategies, Set.of(), Skip.Strategy.NO_SKIP);
            if (strategy.namesAStep()) {
                fields.error(
                        entry.value(),
                        "'" + strategy.name().toLowerCase(Locale.ROOT) + "' needs a step",
                        "Write skip: { " + strategy.name().toLowerCase(Locale.ROOT) + ": name }.");
                return Skip.NO_SKIP;
            }
            return new Skip(strategy, -1);
        }
        var named =
                fields.read(entry.value(), " in 'skip'", List.of("to_first", "to_last"), Set.of());
        if (named.size() != 1) {
            fields.error(entry.key(), "'skip' is one strategy", "Write skip: { to_last: name }.");
            return Skip.NO_SKIP;
        }
        var one = named.values().iterator().next();
        var step = fields.scalar(one);
        if (step == null) {
            return Skip.NO_SKIP;
        }
        for (var part : parts) {
            if (!part.isGroup()
                    && !part.item.isNegative()
                    && part.item.name.equals(step.getValue())) {
                return new Skip(strategies.get(one.key().getValue()), part.from);
            }
        }
        fields.error(
                step,
                "'" + step.getValue() + "' is no step to skip to",
                "Name one that is not inside a group, and not forbidden: "
                        + String.join(
                                ", ",
                                parts.stream()
                                        .filter(p -> !p.isGroup() && !p.item.isNegative())
                                        .map(p -> p.item.name)
                                        .toList()));
        return Skip.NO_SKIP;
    }

    private void outcome(Entry entry, Outcome outcome, List<Step> sequence, Duration within) {
        if (outcome == Outcome.MATCH || sequence.isEmpty()) {
            return;
        }
        if (sequence.get(sequence.size() - 1).relation() == Relation.NOT_FOLLOWED_BY) {
            fields.error(
                    entry.value(),
                    "'outcome: timed_out' with a 'not_followed_by' at the end",
                    "Its match is that nothing came in time: remove 'outcome'.");
        } else if (within == null && sequence.stream().allMatch(step -> step.within() == null)) {
            fields.error(
                    entry.value(),
                    "'outcome: timed_out' without a 'within': nothing can time out",
                    "Write 'within' in a step, or beside 'sequence'.");
        }
    }

    private void afterHold(List<Item> items, int index) {
        var item = items.get(index);
        if (index == 0 || item.relation == null) {
            return;
        }
        boolean afterHold = isTracked(items.get(index - 1));
        if (afterHold && (item.isNegative() || item.relation == Relation.NEXT)) {
            fields.error(
                    item.key,
                    "'"
                            + item.key.getValue()
                            + "' directly after a '"
                            + (items.get(index - 1).has("hold") ? "hold" : "at_least")
                            + "' is not built yet",
                    "Use 'followed_by'.");
        } else if (item.relation == Relation.NEXT && items.get(index - 1).isNegative()) {
            fields.error(
                    item.key,
                    "'next' after 'not_followed_by': nothing can lie between",
                    "Use 'followed_by', or remove the 'not_followed_by'.");
        }
    }

    private void stepReferences(List<Item> items, int index, ScalarNode scalar, Checked checked) {
        boolean holds = index < items.size() && isTracked(items.get(index));
        for (var use : checked.uses()) {
            for (int step : steps(use)) {
                String text = use.reference().text();
                String what =
                        use.reference() instanceof Reference.Let
                                ? "'" + text + "' reads step '" + items.get(step).name + "', which"
                                : "'" + text + "' refers to a step that";
                String message;
                if (step == index) {
                    message = what + " is this one: it has no reading yet";
                } else if (step > index) {
                    message = what + " comes later";
                } else if (holds) {
                    message =
                            "a '"
                                    + (items.get(index).has("hold") ? "hold" : "at_least")
                                    + "' whose condition reads earlier steps is not built yet";
                } else {
                    continue;
                }
                String suggestion =
                        step < index ? "" : "A condition reads this input and earlier steps.";
                fields.problem(
                        scalar, new Problem(use.offset(), use.length(), message, suggestion));
            }
        }
    }

    private Times times(Item item, boolean group) {
        var entries = item.entries;
        int[] range = times(entries.get("times"));
        if (flag(entries.get("one_or_more"))) {
            range = new int[] {1, Times.UNBOUNDED};
            if (entries.containsKey("times")) {
                fields.error(
                        entries.get("times").key(),
                        "'times' together with 'one_or_more'",
                        "Write times: 2.. for two or more.");
            }
        }
        boolean repeats = range[1] > 1;
        boolean consecutive = flag(entries.get("consecutive"));
        boolean combinations = flag(entries.get("combinations"));
        boolean greedy = flag(entries.get("greedy"));
        for (String key : List.of("consecutive", "combinations", "greedy")) {
            if (!repeats && entries.containsKey(key)) {
                fields.error(
                        entries.get(key).key(),
                        "'" + key + "' of a step that does not repeat means nothing",
                        "Add 'times' or 'one_or_more', or remove it.");
            }
        }
        if (consecutive && combinations) {
            fields.error(
                    entries.get("combinations").key(),
                    "'consecutive' together with 'combinations'",
                    "Nothing may lie between, or anything: remove one of them.");
        } else if (greedy && (combinations || group)) {
            fields.error(
                    entries.get("greedy").key(),
                    group
                            ? "'greedy' of a group: Flink CEP cannot run it"
                            : "'greedy' together with 'combinations': Flink CEP cannot run it",
                    "Remove it.");
        }
        if (entries.containsKey("until") && range[1] != Times.UNBOUNDED) {
            fields.error(
                    entries.get("until").key(),
                    "'until' of a step that ends by itself",
                    "It ends 'one_or_more' and times: 2.. only.");
        }
        boolean optional = flag(entries.get("optional"));
        if (greedy && optional && entries.containsKey("until")) {
            fields.error(
                    entries.get("until").key(),
                    "'until' of a step that is greedy and optional: Flink CEP fails on it",
                    "Remove one of the three.");
        }
        var until = fields.scalar(entries.get("until"));
        return new Times(
                range[0],
                range[1],
                consecutive ? Between.NOTHING : combinations ? Between.ANY : Between.OTHERS,
                optional,
                greedy,
                until == null ? null : until.getValue());
    }

    private boolean flag(Entry entry) {
        return entry != null && fields.choice(entry, FLAGS, Set.of(), false);
    }

    /** What a scalar says, or the number that the parameter it names has. */
    private String numberText(ScalarNode scalar) {
        var named = PARAMETER.matcher(scalar.getValue());
        if (named.matches() && parameters.get(named.group(1)) instanceof Parameter.Number number) {
            used.add(named.group(1));
            return show(number);
        }
        return scalar.getValue();
    }

    private int[] times(Entry entry) {
        var scalar = entry == null ? null : fields.scalar(entry);
        if (scalar == null) {
            return new int[] {1, 1};
        }
        String text = numberText(scalar);
        var named = PARAMETER.matcher(text);
        if (named.matches() && !parameterKeys.containsKey(named.group(1))) {
            unknownParameter(scalar, named.group(1), 0);
            return new int[] {1, 1};
        }
        var found = TIMES.matcher(text);
        if (!found.matches()) {
            fields.error(
                    scalar,
                    "'times' cannot be '" + text + "'",
                    "Write how often: 3, or 2..4, or 2.. for two or more");
            return new int[] {1, 1};
        }
        int least = Integer.parseInt(found.group(1));
        boolean open = found.group(2) != null && found.group(2).isEmpty();
        int most = found.group(2) == null ? least : open ? least : Integer.parseInt(found.group(2));
        if (least < 1 || most < least || most > MOST_TIMES) {
            fields.error(
                    scalar,
                    "'times' cannot be '" + text + "'",
                    "From 1 to " + MOST_TIMES + ", the smaller number first.");
            return new int[] {1, 1};
        }
        return new int[] {least, open ? Times.UNBOUNDED : most};
    }

    private void bounded(List<Step> steps, List<Group> groups, Duration within) {
        for (int i = 0; i < steps.size() && within != null; i++) {
            var own = steps.get(i).within();
            if (own != null && own.compareTo(within) > 0) {
                fields.error(
                        items.get(i).entries.get("within").key(),
                        "'within' of a step is longer than the pattern's",
                        "Shorten it, or remove it: the pattern's ends it anyway.");
            }
            var counting = steps.get(i).counting();
            if (counting != null && counting.minSpan().compareTo(within) >= 0) {
                fields.error(
                        items.get(i).entries.get("min_span").key(),
                        "'min_span' does not fit into the pattern's 'within'",
                        "Lengthen 'within': older samples are forgotten.");
            }
        }
        if (within != null || steps.isEmpty()) {
            return;
        }
        for (int i = 0; i < steps.size(); i++) {
            int place = i;
            var step = steps.get(i);
            boolean repeats =
                    step.times().repeats()
                            || groups.stream()
                                    .anyMatch(g -> g.from() == place && g.times().repeats());
            if (!repeats && !PatternSpec.isUnbounded(steps, i)) {
                continue;
            }
            boolean first = i == 0 && !step.relation().isNegative();
            fields.error(
                    items.get(i).place(),
                    step.counting() != null
                            ? "nothing says how far '" + step.name() + "' looks back"
                            : first
                                    ? "nothing ends a half-finished match: it would be remembered for ever"
                                    : "nothing ends the wait for '"
                                            + step.name()
                                            + "': half-finished matches would be remembered for ever",
                    first || repeats || step.counting() != null
                            ? "Write 'within: 30m' beside 'sequence'."
                            : "Write 'within: 30m' beside 'sequence', or in each step after the"
                                    + " first.");
            return;
        }
    }

    // ---- the rest

    private Resolve resolve(Entry entry) {
        if (entry == null) {
            return null;
        }
        var entries =
                fields.read(
                        entry.value(),
                        " in 'resolve'",
                        List.of("where", "hold", "max_gap"),
                        Set.of("times", "until", "at_least", "of", "every", "min_span", "among"));
        var scalar =
                fields.scalar(
                        fields.required(
                                entries,
                                "where",
                                entry.key(),
                                " in 'resolve'",
                                "where: bpm < limit - 5"));
        Duration hold = duration(entries.get("hold"), true, LONGEST);
        Duration maxGap = duration(entries.get("max_gap"), false, LONGEST);
        if (scalar == null) {
            return null;
        }
        var checked = ExpressionChecker.condition(scalar.getValue(), scope);
        report(scalar, checked);
        noSteps(scalar, checked, "a 'resolve' that reads steps is not built yet");
        return new Resolve(
                scalar.getValue(),
                hold == null ? Duration.ZERO : hold,
                maxGap == null ? Step.DEFAULT_MAX_GAP : maxGap);
    }

    private void noSteps(ScalarNode scalar, Checked checked, String message) {
        for (var use : checked.uses()) {
            if (!steps(use).isEmpty()) {
                fields.problem(
                        scalar,
                        new Problem(
                                use.offset(),
                                use.length(),
                                message,
                                "Use values of the input, such as bpm and limits.high."));
            }
        }
    }

    private Duration clearAfter(Map<String, Entry> entries, Resolve resolve) {
        var entry = entries.get("clear_after");
        Duration clearAfter = duration(entry, true, LONGEST_CLEAR);
        if (entry != null && resolve != null) {
            fields.warning(
                    entry.key(),
                    "'clear_after' beside 'resolve' means nothing",
                    "It is for alerts without a 'resolve'. Remove one of them.");
        }
        return clearAfter == null ? DEFAULT_CLEAR_AFTER : clearAfter;
    }

    private String message(Entry entry) {
        var scalar = fields.scalar(entry);
        if (scalar == null) {
            return "";
        }
        var problems = new ArrayList<Problem>();
        for (var part : MessageTemplate.parts(scalar.getValue(), problems)) {
            if (!part.isExpression()) {
                continue;
            }
            var checked = ExpressionChecker.expression(part.text(), scope);
            noteUses(checked);
            for (var problem : checked.problems()) {
                problems.add(
                        new Problem(
                                part.offset() + problem.offset(),
                                problem.length(),
                                problem.message(),
                                problem.suggestion()));
            }
        }
        problems.forEach(problem -> fields.problem(scalar, problem));
        return scalar.getValue();
    }

    private List<Example> examples(Map<String, Entry> entries, Node root) {
        var entry = entries.get("examples");
        if (entry == null) {
            fields.warning(
                    root, "'examples' is missing", "Show when it tells, and when it must not.");
            return List.of();
        }
        var examples = new ArrayList<Example>();
        for (var node : fields.list(entry, "Begin each with '- given: …'.")) {
            var example = fields.read(node, " in an example", List.of("given", "expect"), Set.of());
            var given =
                    fields.scalar(
                            fields.required(
                                    example,
                                    "given",
                                    node,
                                    " in an example",
                                    "given: \"0m..12m/30s bpm=130 steps=0\""));
            var expect =
                    fields.required(example, "expect", node, " in an example", "expect: [10m]");
            if (given != null) {
                ExampleNotation.parse(given.getValue())
                        .problems()
                        .forEach(problem -> fields.problem(given, problem));
            }
            var times = new ArrayList<Duration>();
            for (var time : fields.list(expect, "Write [10m], or [] for no alert.")) {
                // As an entry, so that its findings name the key it belongs to.
                Duration at = duration(new Entry(expect.key(), time), true, LONGEST_CLEAR);
                if (at != null) {
                    times.add(at);
                }
            }
            if (given != null) {
                examples.add(new Example(given.getValue(), times));
            }
        }
        return examples;
    }

    private void unused() {
        parameterKeys.forEach(
                (name, key) -> {
                    if (parameters.containsKey(name) && !used.contains(name)) {
                        fields.warning(key, "parameter '" + name + "' is not used", "Remove it.");
                    }
                });
        letKeys.forEach(
                (name, key) -> {
                    // Alerts show the let 'limit' whether or not a condition uses it.
                    if (!used.contains(name) && !name.equals("limit")) {
                        fields.warning(key, "let '" + name + "' is not used", "Remove it.");
                    }
                });
    }
}
