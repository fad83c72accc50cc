package hrm.patterns.check;

import hrm.model.Reading;
import hrm.patterns.Name;
import hrm.patterns.Values;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * One reading of an example.
 *
 * @param at since day zero
 * @param reading what the device sends, at {@link ExampleNotation#DAY_ZERO} plus {@code at}
 * @param overrides values that the example sets instead of what features, detectors, baseline and
 *     limits would give: a {@code Double} (a duration in seconds, 1 and 0 for true and false) or,
 *     of a text, a {@code String}
 */
public record ExampleReading(Duration at, Reading reading, Map<Name, Object> overrides) {
    public ExampleReading {
        var copy = new EnumMap<Name, Object>(Name.class);
        copy.putAll(overrides);
        overrides = Collections.unmodifiableMap(copy);
    }

    /** Puts the overrides over what has been computed. */
    public void override(Values values) {
        overrides.forEach(
                (name, value) -> {
                    if (value instanceof String text) {
                        values.set(name, text);
                    } else {
                        values.set(name, (Double) value);
                    }
                });
    }
}
