package hrm.importers;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The text of an XML document for a parser that stops at the first mistake: whoever reads it may go
 * on with a new parser at the next record after the line in which one stopped.
 *
 * <p>The document type, which real exports have broken, is left out before any parser sees it, and
 * with it every entity that it declares.
 */
final class ResumableText extends Reader {
    /** What a parser may have taken beyond where it stopped, and the line before. */
    private static final int KEPT = 1 << 16;

    /** Within so much the document type must end. */
    private static final int PROLOGUE = 1 << 18;

    private static final String DOCTYPE = "<!DOCTYPE";

    private final Reader text;
    private final String element;
    private final String root;

    /** What comes before the rest of {@link #text}. */
    private String ahead = "";

    private int aheadAt;

    /** The last that was given out. */
    private final StringBuilder given = new StringBuilder();

    /** Lines that ended before {@link #given} begins, in the whole document. */
    private long linesBefore;

    /** Lines of the document before what the present parser has got. */
    private long firstLine;

    /**
     * @param root the document's outermost element, which a later parser gets before the rest
     * @param element what a record begins with
     */
    ResumableText(InputStream bytes, String root, String element) throws IOException {
        this.text = new InputStreamReader(bytes, StandardCharsets.UTF_8);
        this.root = "<" + root + ">";
        this.element = "<" + element + " ";
        ahead = withoutDocumentType();
    }

    private String withoutDocumentType() throws IOException {
        var start = new StringBuilder();
        while (start.length() < 1 << 12 && fill(start, 1 << 12)) {
            // A stream may give little at a time.
        }
        if (start.length() > 0 && start.charAt(0) == '\uFEFF') {
            start.deleteCharAt(0);
        }
        int from = start.indexOf(DOCTYPE);
        if (from < 0) {
            return start.toString();
        }
        int end = end(start, from);
        while (end < 0 && start.length() < PROLOGUE && fill(start, 1 << 12)) {
            end = end(start, from);
        }
        if (end < 0) {
            return start.toString();
        }
        // Lines keep their numbers.
        var lines = start.substring(from, end).replaceAll("[^\n]", "");
        return start.replace(from, end, lines).toString();
    }

    private boolean fill(StringBuilder buffer, int more) throws IOException {
        var chars = new char[more];
        int n = text.read(chars);
        if (n > 0) {
            buffer.append(chars, 0, n);
        }
        return n > 0;
    }

    /** Where the document type ends; -1 while that is not seen. */
    private static int end(StringBuilder text, int from) {
        int bracket = text.indexOf("[", from);
        int close = text.indexOf(">", from);
        if (close >= 0 && (bracket < 0 || close < bracket)) {
            return close + 1;
        }
        for (int at = bracket; at >= 0 && (at = text.indexOf("]", at)) >= 0; at++) {
            int next = at + 1;
            while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            if (next < text.length() && text.charAt(next) == '>') {
                return next + 1;
            }
        }
        return -1;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int n;
        if (aheadAt < ahead.length()) {
            n = Math.min(length, ahead.length() - aheadAt);
            ahead.getChars(aheadAt, aheadAt + n, buffer, offset);
            aheadAt += n;
        } else {
            n = text.read(buffer, offset, length);
        }
        if (n > 0) {
            if (given.length() > 2 * KEPT) {
                forget(given.length() - KEPT);
            }
            given.append(buffer, offset, n);
        }
        return n;
    }

    private void forget(int chars) {
        linesBefore += lines(given, chars);
        given.delete(0, chars);
    }

    private static long lines(CharSequence text, int until) {
        long lines = 0;
        for (int i = 0; i < until; i++) {
            lines += text.charAt(i) == '\n' ? 1 : 0;
        }
        return lines;
    }

    /** The line of the document that a parser's line is, both from 1. */
    long line(int ofParser) {
        return firstLine + ofParser;
    }

    /** A line of the document, as far as it is still known. */
    String lineText(long line) {
        int from = indexOfLine(line);
        int to = given.indexOf("\n", from);
        return given.substring(from, to < 0 ? given.length() : to);
    }

    private int indexOfLine(long line) {
        int at = 0;
        for (long l = linesBefore + 1; l < line; l++) {
            int end = given.indexOf("\n", at);
            if (end < 0) {
                return given.length();
            }
            at = end + 1;
        }
        return at;
    }

    /**
     * Goes on at the first record that begins after a line.
     *
     * @return whether there is one
     */
    boolean resumeAfter(long line) throws IOException {
        int from = indexOfLine(line + 1);
        var rest = new StringBuilder(given.substring(from)).append(ahead, aheadAt, ahead.length());
        long passed = linesBefore + lines(given, from);
        boolean wholeLineKnown = from < given.length() || passed >= line;
        if (!wholeLineKnown) {
            // The rest of the broken line is still to come.
            int end;
            while ((end = rest.indexOf("\n")) < 0) {
                rest.setLength(0);
                if (!fill(rest, 1 << 12)) {
                    return false;
                }
            }
            rest.delete(0, end + 1);
            passed++;
        }
        int at;
        while ((at = rest.indexOf(element)) < 0) {
            int keep = Math.min(rest.length(), element.length());
            int drop = rest.length() - keep;
            passed += lines(rest, drop);
            rest.delete(0, drop);
            if (!fill(rest, 1 << 12)) {
                return false;
            }
        }
        passed += lines(rest, at);
        rest.delete(0, at);
        given.setLength(0);
        linesBefore = passed;
        firstLine = passed;
        // On the same line: numbers of lines stay.
        ahead = root + rest;
        aheadAt = 0;
        return true;
    }

    /** The parser closes what it reads; the document is closed by whoever opened it. */
    @Override
    public void close() {}
}
