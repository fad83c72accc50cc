package hrm.functions;

import hrm.patterns.Name;
import hrm.patterns.Values;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of values, as a map that compares and prints. */
public final class Seen {
    private Seen() {}

    public static Map<String, Object> of(Values values) {
        var seen = new LinkedHashMap<String, Object>();
        for (Name name : Name.values()) {
            if (values.known(name)) {
                seen.put(
                        name.text(),
                        name.type() == Name.Type.TEXT ? values.text(name) : values.get(name));
            }
        }
        seen.put("high from", values.highSource());
        seen.put("low from", values.lowSource());
        return seen;
    }
}
