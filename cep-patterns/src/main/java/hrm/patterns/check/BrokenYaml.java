package hrm.patterns.check;

import hrm.patterns.check.Finding.Severity;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Says in plain words why a text is not YAML. */
final class BrokenYaml {
    private BrokenYaml() {}

    static Finding explain(YamlEngineException e, SourceText source) {
        if (e instanceof MarkedYamlEngineException marked) {
            return explain(marked, source);
        }
        int at = e instanceof ReaderException reader ? reader.getPosition() : 0;
        return source.finding(
                at, 1, "a character that YAML does not allow", "Remove it.", Severity.ERROR);
    }

    private static Finding explain(MarkedYamlEngineException e, SourceText source) {
        String problem = e.getProblem() == null ? "" : e.getProblem();
        String context = e.getContext() == null ? "" : e.getContext();
        int at = e.getProblemMark().map(Mark::getIndex).orElse(0);
        int begun = e.getContextMark().map(Mark::getIndex).orElse(at);
        if (problem.contains("\\t(TAB)")) {
            return error(source, at, "a tab at the beginning of a line", "Indent with blanks.");
        }
        if (problem.contains("mapping values are not allowed")) {
            return error(
                    source,
                    at,
                    "a second ':' on this line",
                    "Put a text that contains ': ' in quotes, or check the indentation.");
        }
        if (context.contains("quoted scalar") && problem.contains("end of stream")) {
            return error(source, begun, "this quote is never closed", "Close it.");
        }
        if (context.contains("flow")) {
            String bracket = source.slice(begun, begun + 1);
            if (at > 0
                    && at < source.length()
                    && source.at(at) == '{'
                    && source.at(at - 1) == '$') {
                return error(
                        source,
                        at - 1,
                        "'${…}' inside { … } needs quotes",
                        "Write \"${name}\", or one key a line.");
            }
            return error(
                    source,
                    begun,
                    "this '" + bracket + "' is not closed where it should be",
                    "Close it, or put the text in quotes if it begins with '" + bracket + "'.");
        }
        if (problem.contains("cannot start any token")) {
            String character = source.slice(at, Math.min(source.length(), at + 1));
            return error(
                    source,
                    at,
                    "a text cannot begin with '" + character + "'",
                    "Put it in quotes.");
        }
        if (context.contains("block scalar")) {
            return error(
                    source,
                    at,
                    "after '|' or '>' the text begins on the next line",
                    "If it is a condition, put it in quotes.");
        }
        if (problem.contains("found another document")) {
            return error(source, at, "a second document", "Write one pattern a file.");
        }
        if (problem.contains("undefined alias")) {
            return error(
                    source,
                    at,
                    "'*' at the beginning means something else in YAML",
                    "Put the text in quotes.");
        }
        if (problem.contains("found '<scalar>'")) {
            return error(
                    source,
                    at,
                    "text after a closing quote",
                    "Put the whole text in quotes of the other kind: '\"run\" == activity'");
        }
        if (problem.contains("<block end>") || problem.contains("block mapping start")) {
            return error(
                    source,
                    at,
                    "this line does not fit the lines before it",
                    "Keys of one level are indented alike.");
        }
        return error(source, at, "this is not YAML: " + problem, "");
    }

    private static Finding error(SourceText source, int offset, String message, String advice) {
        int at = Math.min(offset, source.length());
        // At the end of the file show its last line, not the empty one after it.
        while (at == source.length()
                && at > 0
                && (source.at(at - 1) == '\n' || source.at(at - 1) == '\r')) {
            at--;
        }
        return source.finding(at, 1, message, advice, Severity.ERROR);
    }
}
