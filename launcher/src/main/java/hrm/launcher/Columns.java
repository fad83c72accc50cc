package hrm.launcher;

import hrm.patterns.check.Spelling;
import java.util.Collection;
import java.util.stream.Collectors;

/** Columns of a CSV file, as they are spoken of. */
final class Columns {
    private Columns() {}

    /** Which are ignored, each with what it may have been meant to be. */
    static String ignored(Collection<String> unknown, Collection<String> known) {
        return "Columns ignored: "
                + unknown.stream()
                        .map(column -> "'" + column + "'" + suggestion(column, known))
                        .collect(Collectors.joining(", "));
    }

    private static String suggestion(String column, Collection<String> known) {
        var near = Spelling.suggest(column, known);
        return near.isEmpty() ? "" : " (" + near + ")";
    }
}
