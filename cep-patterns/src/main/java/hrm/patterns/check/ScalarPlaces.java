package hrm.patterns.check;

import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Where each character of a YAML scalar's value stands in the file, so that a mistake inside a
 * condition is shown where its author wrote it, be it plain, quoted, folded or a block.
 */
final class ScalarPlaces {
    private final int[] places;

    /** Code point {@code i} of the value stands at {@code places[i]}; one more for its end. */
    ScalarPlaces(SourceText source, ScalarNode scalar) {
        int[] value = scalar.getValue().codePoints().toArray();
        int start = scalar.getStartMark().orElseThrow().getIndex();
        int end = Math.min(source.length(), scalar.getEndMark().orElseThrow().getIndex());
        ScalarStyle style = scalar.getScalarStyle();
        places = new int[value.length + 1];
        int at = start;
        if (style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED) {
            while (at < end && source.at(at) != '\n' && source.at(at) != '\r') {
                at++;
            }
        } else if (style != ScalarStyle.PLAIN) {
            at++;
        }
        int last = at;
        // YAML only drops or rewrites white space and escapes, so walking both side by side is
        // enough: the value's next visible character is the file's next visible one.
        for (int i = 0; i < value.length; i++) {
            if (isBlank(value[i])) {
                places[i] = Math.min(at, end);
                if (at < end && isBlank(source.at(at))) {
                    at++;
                }
                continue;
            }
            while (at < end && isSkipped(source, at, style)) {
                at++;
            }
            places[i] = Math.min(at, end);
            at = afterCharacter(source, at, end, style);
            last = at;
        }
        places[value.length] = Math.min(last, end);
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static boolean isSkipped(SourceText source, int at, ScalarStyle style) {
        if (isBlank(source.at(at))) {
            return true;
        }
        // A backslash at the end of a line joins it with the next.
        return style == ScalarStyle.DOUBLE_QUOTED
                && source.at(at) == '\\'
                && at + 1 < source.length()
                && (source.at(at + 1) == '\n' || source.at(at + 1) == '\r');
    }

    private static int afterCharacter(SourceText source, int at, int end, ScalarStyle style) {
        if (at + 1 < end && style == ScalarStyle.SINGLE_QUOTED && source.at(at) == '\'') {
            return at + 2;
        }
        if (at + 1 < end && style == ScalarStyle.DOUBLE_QUOTED && source.at(at) == '\\') {
            return at
                    + switch (source.at(at + 1)) {
                        case 'x' -> 4;
                        case 'u' -> 6;
                        case 'U' -> 10;
                        default -> 2;
                    };
        }
        return at + 1;
    }

    /** Place in the file of a place in the value. */
    int of(int offset) {
        return places[Math.max(0, Math.min(offset, places.length - 1))];
    }

    /** Length in the file of a stretch of the value. */
    int length(int offset, int length) {
        int to = Math.min(offset + length, places.length - 1);
        if (to <= offset) {
            return 1;
        }
        return Math.max(1, of(to - 1) + 1 - of(offset));
    }
}
