package hrm.launcher;

import hrm.patterns.spec.Parameter;
import hrm.patterns.spec.PatternShape;
import hrm.patterns.spec.PatternSpec;
import hrm.patterns.spec.Step;
import hrm.patterns.spec.Times;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What differs between two versions of a pattern, field by field. */
final class PatternDiff {
    private PatternDiff() {}

    /**
     * @param before null when the field is new
     * @param after null when it is gone
     */
    record Change(String field, String before, String after) {
        String line() {
            return field + ": " + shown(before) + " -> " + shown(after);
        }

        private static String shown(String value) {
            return value == null ? "(none)" : value;
        }
    }

    /** Whether half-finished matches of the one are gone on with by the other. */
    static boolean keepsMatches(PatternSpec before, PatternSpec after) {
        return after.mode() != PatternSpec.Mode.OFF
                && before.mode() != PatternSpec.Mode.OFF
                && PatternShape.of(before).equals(PatternShape.of(after));
    }

    static List<Change> between(PatternSpec before, PatternSpec after) {
        var one = fields(before);
        var other = fields(after);
        var changes = new ArrayList<Change>();
        one.forEach(
                (field, value) -> {
                    if (!Objects.equals(value, other.get(field))) {
                        changes.add(new Change(field, value, other.get(field)));
                    }
                });
        other.forEach(
                (field, value) -> {
                    if (!one.containsKey(field)) {
                        changes.add(new Change(field, null, value));
                    }
                });
        return changes;
    }

    private static Map<String, String> fields(PatternSpec spec) {
        var fields = new TreeMap<String, String>();
        put(fields, "version", spec.version());
        put(fields, "title", spec.title());
        put(fields, "condition", spec.condition());
        put(fields, "severity", word(spec.severity()));
        put(fields, "mode", word(spec.mode()));
        put(fields, "on", word(spec.on()));
        spec.parameters().forEach((name, value) -> put(fields, "parameters." + name, plain(value)));
        spec.let().forEach((name, value) -> put(fields, "let." + name, value));
        put(fields, "within", spec.within());
        put(fields, "overlap", word(spec.overlap()));
        put(
                fields,
                "skip",
                word(spec.skip().strategy())
                        + (spec.skip().strategy().namesAStep()
                                ? " " + spec.sequence().get(spec.skip().step()).name()
                                : ""));
        put(fields, "outcome", word(spec.outcome()));
        put(fields, "clear_after", spec.clearAfter());
        put(fields, "message", spec.message());
        put(fields, "source", spec.source());
        if (spec.resolve() != null) {
            put(fields, "resolve.where", spec.resolve().where());
            put(fields, "resolve.hold", spec.resolve().hold());
            put(fields, "resolve.max_gap", spec.resolve().maxGap());
        }
        int place = 0;
        for (Step step : spec.sequence()) {
            place++;
            var name = "step " + place;
            put(fields, name, word(step.relation()) + " " + step.name());
            put(fields, name + ".where", step.where());
            putTimes(fields, name, step.times());
            put(fields, name + ".within", step.within());
            put(fields, name + ".starts", step.onEdge() ? "edge" : null);
            var counting = step.counting();
            if (counting != null) {
                put(fields, name + ".at_least", counting.atLeast());
                put(fields, name + ".of", counting.of());
                put(fields, name + ".every", counting.every());
                put(fields, name + ".min_span", counting.minSpan());
                put(fields, name + ".among", counting.among());
            }
            put(fields, name + ".hold", step.hold());
            put(fields, name + ".max_gap", step.maxGap());
        }
        for (int i = 0; i < spec.groups().size(); i++) {
            var group = spec.groups().get(i);
            var name = "group " + (i + 1);
            put(
                    fields,
                    name,
                    "%s steps %d to %d"
                            .formatted(word(group.relation()), group.from() + 1, group.to()));
            putTimes(fields, name, group.times());
        }
        for (int i = 0; i < spec.examples().size(); i++) {
            var example = spec.examples().get(i);
            put(
                    fields,
                    "example " + (i + 1),
                    example.given()
                            + " expect "
                            + example.expect().stream().map(Words::duration).toList());
        }
        return fields;
    }

    private static Object plain(Parameter parameter) {
        if (parameter instanceof Parameter.Number number) {
            return BigDecimal.valueOf(number.value()).stripTrailingZeros().toPlainString();
        }
        return parameter instanceof Parameter.Span span
                ? span.value()
                : ((Parameter.Text) parameter).value();
    }

    private static void putTimes(Map<String, String> fields, String name, Times times) {
        put(
                fields,
                name + ".times",
                times.least() + ".." + (times.isUnbounded() ? "" : times.most()));
        put(fields, name + ".between", word(times.between()));
        put(fields, name + ".optional", times.optional() ? "true" : null);
        put(fields, name + ".greedy", times.greedy() ? "true" : null);
        put(fields, name + ".until", times.until());
    }

    private static void put(Map<String, String> fields, String name, Object value) {
        if (value != null) {
            fields.put(
                    name,
                    value instanceof Duration duration
                            ? Words.duration(duration)
                            : value.toString());
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
