package hrm.patterns.check;

/**
 * Something wrong in a pattern file, and where.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param length characters that it concerns; at least 1
 * @param message what is wrong, lower case and without a full stop
 * @param suggestion what to do; empty when there is nothing to add
 * @param text the line of the file
 */
public record Finding(
        String file,
        int line,
        int column,
        int length,
        String message,
        String suggestion,
        Severity severity,
        String text) {

    private static final int WIDEST = 160;

    public enum Severity {
        /** The pattern cannot run. */
        ERROR,
        /** It can, but its author probably meant something else. */
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** As a person reads it: place and message, the line with a caret, the suggestion. */
    @Override
    public String toString() {
        // A tab is as wide as a blank here, so that the caret stands where it should.
        String shown = text.replace('\t', ' ');
        int first = column - 1 + Math.min(length, 40) <= WIDEST ? 0 : column - 1 - WIDEST / 2;
        shown = shown.substring(Math.min(shown.length(), shown.offsetByCodePoints(0, first)));
        if (shown.length() > WIDEST) {
            shown = shown.substring(0, WIDEST);
        }
        int carets = Math.max(1, Math.min(length, shown.length() - (column - 1 - first)));
        String number = String.format("%3d", line);
        return file
                + ":"
                + line
                + ":"
                + column
                + ": "
                + (isError() ? "" : "warning: ")
                + message
                + "\n"
                + (number + " | " + shown).stripTrailing()
                + "\n"
                + " ".repeat(number.length())
                + " | "
                + " ".repeat(column - 1 - first)
                + "^".repeat(carets)
                + (suggestion.isEmpty() ? "" : "\n" + suggestion);
    }
}
