package hrm.patterns.compile;

import hrm.model.Alert.LimitSource;
import hrm.patterns.Condition;
import hrm.patterns.Expression;
import hrm.patterns.Name;
import hrm.patterns.Values;
import hrm.patterns.check.Checked;
import hrm.patterns.check.ExpressionChecker;
import hrm.patterns.check.MessageTemplate;
import hrm.patterns.check.Reference;
import hrm.patterns.check.Scope;
import hrm.patterns.compile.CompiledPattern.Asked;
import hrm.patterns.compile.CompiledPattern.CompiledStep;
import hrm.patterns.compile.CompiledPattern.Message;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.PatternSpec.On;
import hrm.patterns.spec.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Makes a pattern ready to run: its expressions become closures without CEL. */
public final class PatternCompiler {
    private final PatternSpec spec;
    private Scope scope;
    private final Map<String, Code> lets = new LinkedHashMap<>();
    private final Map<String, Set<Reference>> letReads = new LinkedHashMap<>();

    private PatternCompiler(PatternSpec spec) {
        this.spec = spec;
        this.scope =
                new Scope(
                        spec.parameters(),
                        Map.of(),
                        spec.sequence().stream()
                                .map(
                                        step ->
                                                new Scope.StepName(
                                                        step.name(), step.relation().isNegative()))
                                .toList());
    }

    /**
     * @throws IllegalArgumentException for a pattern that {@code PatternLoader} would refuse
     */
    public static CompiledPattern compile(PatternSpec spec) {
        return new PatternCompiler(spec).compile();
    }

    private CompiledPattern compile() {
        var reads = new HashSet<Reference>();
        var shown = new LinkedHashMap<String, Expression>();
        spec.let()
                .forEach(
                        (name, text) -> {
                            var checked = fine(text, ExpressionChecker.expression(text, scope));
                            var code = Translator.translate(checked, lets);
                            lets.put(name, code);
                            letReads.put(name, reads(checked));
                            reads.addAll(letReads.get(name));
                            shown.put(name, code.asExpression());
                            scope = scope.withLet(name, checked.type());
                        });
        var steps = new ArrayList<CompiledStep>();
        var guard = Guard.NONE;
        for (Step step : spec.sequence()) {
            var checked = fine(step.where(), ExpressionChecker.condition(step.where(), scope));
            var counting = step.counting();
            if (steps.isEmpty()) {
                guard = Guard.of(spec, checked);
            }
            steps.add(
                    new CompiledStep(
                            Translator.translate(checked, lets).condition(),
                            refersToSteps(checked, reads),
                            filled(step.where(), checked),
                            asked(step.times().until(), reads),
                            counting == null || counting.among() == null
                                    ? null
                                    : asked(counting.among(), reads).condition()));
        }
        var groupUntils = new HashMap<Integer, Asked>();
        for (int i = 0; i < spec.groups().size(); i++) {
            var until = asked(spec.groups().get(i).times().until(), reads);
            if (until != null) {
                groupUntils.put(i, until);
            }
        }
        // First: what it reads of earlier steps must be captured too.
        Message message = message(reads);
        return new CompiledPattern(
                spec,
                guard,
                steps,
                groupUntils,
                resolve(),
                shown,
                captured(reads),
                shown.get("limit"),
                limitSource(),
                message,
                longestMemoryMs(spec));
    }

    private static Checked fine(String text, Checked checked) {
        if (!checked.isFine()) {
            throw new IllegalArgumentException(
                    checked.problems().get(0).message() + " in '" + text + "'");
        }
        return checked;
    }

    private Asked asked(String where, Set<Reference> reads) {
        if (where == null) {
            return null;
        }
        var checked = fine(where, ExpressionChecker.condition(where, scope));
        return new Asked(
                Translator.translate(checked, lets).condition(), refersToSteps(checked, reads));
    }

    private boolean refersToSteps(Checked checked, Set<Reference> reads) {
        var own = reads(checked);
        reads.addAll(own);
        return own.stream().anyMatch(PatternCompiler::isOfSteps);
    }

    /** Everything that an expression reads, lets resolved. */
    private Set<Reference> reads(Checked checked) {
        var reads = new HashSet<Reference>();
        for (Reference reference : checked.references().values()) {
            if (reference instanceof Reference.Let let) {
                reads.addAll(letReads.get(let.text()));
            } else {
                reads.add(reference);
            }
        }
        return reads;
    }

    private static boolean isOfSteps(Reference reference) {
        return reference instanceof Reference.OfStep || reference instanceof Reference.Count;
    }

    private Condition resolve() {
        if (spec.resolve() == null) {
            return null;
        }
        String where = spec.resolve().where();
        return Translator.translate(fine(where, ExpressionChecker.condition(where, scope)), lets)
                .condition();
    }

    private static List<Name> captured(Collection<Reference> reads) {
        var names = new TreeSet<Name>();
        for (Reference reference : reads) {
            if (reference instanceof Reference.OfStep step) {
                names.add(step.name());
            }
        }
        names.remove(Name.BPM);
        var captured = new ArrayList<Name>(List.of(Name.BPM));
        captured.addAll(names);
        return captured;
    }

    private Function<Values, LimitSource> limitSource() {
        if (!spec.let().containsKey("limit")) {
            return null;
        }
        var names = new HashSet<Name>();
        for (Reference reference : letReads.get("limit")) {
            if (reference instanceof Reference.Value value) {
                names.add(value.name());
            }
        }
        if (names.contains(Name.LIMITS_HIGH)) {
            return Values::highSource;
        }
        if (names.contains(Name.LIMITS_LOW)) {
            return Values::lowSource;
        }
        boolean baseline = names.stream().anyMatch(name -> name.text().startsWith("baseline."));
        return values -> baseline ? LimitSource.BASELINE : LimitSource.PATTERN;
    }

    /** The condition as it is written, each variable followed by its value. */
    private Message filled(String text, Checked checked) {
        int[] source = text.codePoints().toArray();
        var parts = new ArrayList<Message>();
        int from = 0;
        for (var use : checked.uses()) {
            parts.add(literal(source, from, use.offset()));
            String name = use.reference().text() + " ";
            Message value = Translator.code(use.reference(), lets).shown(false);
            parts.add((values, steps) -> name + value.fill(values, steps));
            from = use.offset() + use.length();
        }
        parts.add(literal(source, from, source.length));
        return joined(parts);
    }

    private static Message literal(int[] source, int from, int to) {
        String literal = new String(source, from, to - from).replaceAll("\\s+", " ");
        return (values, steps) -> literal;
    }

    private static Message joined(List<Message> parts) {
        var all = parts.toArray(Message[]::new);
        return (values, steps) -> {
            var text = new StringBuilder();
            for (Message part : all) {
                text.append(part.fill(values, steps));
            }
            return text.toString().strip();
        };
    }

    private Message message(Set<Reference> reads) {
        var parts = new ArrayList<Message>();
        for (var part : MessageTemplate.parts(spec.message(), new ArrayList<>())) {
            if (part.isExpression()) {
                var checked = fine(part.text(), ExpressionChecker.expression(part.text(), scope));
                reads.addAll(reads(checked));
                parts.add(Translator.translate(checked, lets).shown(true));
            } else {
                String text = part.text();
                parts.add((values, steps) -> text);
            }
        }
        return joined(parts);
    }

    /**
     * How far back a match in progress can reach: from first to last, and before each hold counts
     * it has run for its length, with one gap more. A hold that stays true reaches back as long as
     * it lasts, but nothing before its last {@code hold} decides anything. A step that counts looks
     * back from its first sample as far again, to know whether it was satisfied before.
     */
    private static long longestMemoryMs(PatternSpec spec) {
        Duration memory = Duration.ZERO;
        boolean bounded = spec.within() != null || spec.isBoundedByItsSteps();
        for (Step step : spec.sequence()) {
            if (step.hold() != null) {
                memory = memory.plus(step.hold()).plus(step.maxGap());
            }
            if (step.counting() != null && bounded) {
                memory = memory.plus(spec.within()).plus(step.counting().every());
            }
            if (spec.within() == null && step.within() != null) {
                memory = memory.plus(step.within());
            }
        }
        if (!bounded) {
            return Long.MAX_VALUE;
        }
        memory = spec.within() == null ? memory : memory.plus(spec.within());
        if (spec.resolve() != null) {
            var resolve = spec.resolve().hold().plus(spec.resolve().maxGap());
            memory = memory.compareTo(resolve) < 0 ? resolve : memory;
        }
        return memory.toMillis() + (spec.on() == On.MINUTE ? 60_000 : 0);
    }
}
