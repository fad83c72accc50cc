package hrm.patterns.check;

import hrm.patterns.Name;
import hrm.patterns.spec.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an expression of a pattern can use, besides every {@link Name}.
 *
 * @param parameters by name
 * @param lets types by name
 * @param steps all of the sequence, in order
 */
public record Scope(
        Map<String, Parameter> parameters, Map<String, Name.Type> lets, List<StepName> steps) {

    /**
     * @param negative a {@code not_followed_by}, which has no readings to refer to
     */
    public record StepName(String name, boolean negative) {}

    public Scope {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        lets = Collections.unmodifiableMap(new LinkedHashMap<>(lets));
        steps = List.copyOf(steps);
    }

    public static final Scope EMPTY = new Scope(Map.of(), Map.of(), List.of());

    public Scope withLet(String name, Name.Type type) {
        var more = new LinkedHashMap<>(lets);
        more.put(name, type);
        return new Scope(parameters, more, steps);
    }

    Reference variable(String text) {
        if (Name.byText().containsKey(text)) {
            return new Reference.Value(Name.byText().get(text));
        }
        if (parameters.containsKey(text)) {
            return new Reference.OfParameter(text, parameters.get(text));
        }
        return lets.containsKey(text) ? new Reference.Let(text, lets.get(text)) : null;
    }

    /** Every name there is, the pattern's own first. */
    List<String> names() {
        var names = new ArrayList<String>(lets.keySet());
        names.addAll(parameters.keySet());
        names.addAll(Name.byText().keySet());
        return names;
    }

    List<String> stepNames() {
        return steps.stream().map(StepName::name).toList();
    }
}
