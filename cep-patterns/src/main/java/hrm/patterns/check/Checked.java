package hrm.patterns.check;

import dev.cel.common.CelAbstractSyntaxTree;
import hrm.patterns.Name;
import java.util.List;
import java.util.Map;

/**
 * A checked expression.
 *
 * @param ast typed, with numbers as doubles and each {@link Reference} as one identifier; null when
 *     there are problems
 * @param type of the whole; null when there are problems
 * @param references by the identifier in the tree
 * @param uses where the text names them, in its order
 * @param problems all of them; empty when it can run
 */
public record Checked(
        CelAbstractSyntaxTree ast,
        Name.Type type,
        Map<String, Reference> references,
        List<Use> uses,
        List<Problem> problems) {

    /** A stretch of the text, in code points, that names something. */
    public record Use(int offset, int length, Reference reference) {}

    public Checked {
        references = Map.copyOf(references);
        uses = List.copyOf(uses);
        problems = List.copyOf(problems);
    }

    public boolean isFine() {
        return problems.isEmpty();
    }
}
