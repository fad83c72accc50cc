package hrm.patterns.spec;

import hrm.model.Alert.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pattern file as its authors wrote it, checked. Semantics are Flink CEP's where it has the
 * construct; the language is in {@code docs/patterns.md}.
 *
 * @param condition what snooze and grouping speak of: high, low, signal …
 * @param parameters numbers, durations and texts by name, in the file's order
 * @param let expressions by name, in the file's order; each may use the ones before
 * @param within first to last; null when unbounded
 * @param resolve null: a momentary alert
 * @param clearAfter repeats of a momentary alert within it are only counted
 * @param message with {@code ${name}} filled in at the match
 * @param source where the numbers come from
 * @param yaml the text it was read from
 */
public record PatternSpec(
        String id,
        int version,
        String title,
        String condition,
        Severity severity,
        Mode mode,
        On on,
        Map<String, Parameter> parameters,
        Map<String, String> let,
        List<Step> sequence,
        Duration within,
        Overlap overlap,
        Resolve resolve,
        Duration clearAfter,
        String message,
        String source,
        List<Example> examples,
        String yaml) {

    public PatternSpec {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        let = Collections.unmodifiableMap(new LinkedHashMap<>(let));
        sequence = List.copyOf(sequence);
        examples = List.copyOf(examples);
    }

    /** Names of the steps, in order. */
    public List<String> stepNames() {
        var names = new ArrayList<String>();
        sequence.forEach(step -> names.add(step.name()));
        return names;
    }

    public enum Mode {
        LIVE,
        /** Recorded and counted, never notified. */
        SHADOW,
        OFF
    }

    /** What a pattern is fed with. */
    public enum On {
        READING,
        MINUTE
    }

    public enum Overlap {
        /** No new start while a match of this pattern is in progress on this device. */
        NONE,
        /** Flink CEP's meaning: every input may start a match. */
        ALL
    }
}
