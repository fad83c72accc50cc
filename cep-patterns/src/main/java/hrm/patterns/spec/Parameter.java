package hrm.patterns.spec;

import java.time.Duration;

/** A value a pattern file names once. */
public sealed interface Parameter {
    record Number(double value) implements Parameter {}

    record Span(Duration value) implements Parameter {}

    record Text(String value) implements Parameter {}
}
