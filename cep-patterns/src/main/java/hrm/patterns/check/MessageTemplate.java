package hrm.patterns.check;

import java.util.ArrayList;
import java.util.List;

/** A sentence with {@code ${expression}} in it. */
public final class MessageTemplate {
    private MessageTemplate() {}

    /**
     * @param offset code points from the sentence's start
     * @param text as it stands, or the expression inside the braces
     */
    public record Part(int offset, String text, boolean isExpression) {}

    /** The sentence's parts in order; an opened and never closed expression becomes a problem. */
    public static List<Part> parts(String sentence, List<Problem> problems) {
        int[] text = sentence.codePoints().toArray();
        var parts = new ArrayList<Part>();
        int literal = 0;
        int at = 0;
        while (at < text.length) {
            if (text[at] != '$' || at + 1 >= text.length || text[at + 1] != '{') {
                at++;
                continue;
            }
            int close = at;
            while (close < text.length && text[close] != '}') {
                close++;
            }
            if (close == text.length) {
                problems.add(new Problem(at, 2, "'${' without its '}'", ""));
                break;
            }
            add(parts, text, literal, at, false);
            add(parts, text, at + 2, close, true);
            at = close + 1;
            literal = at;
        }
        add(parts, text, literal, text.length, false);
        return parts;
    }

    private static void add(List<Part> parts, int[] text, int from, int to, boolean isExpression) {
        if (to > from || isExpression) {
            parts.add(new Part(from, new String(text, from, to - from), isExpression));
        }
    }
}
