package hrm.patterns.check;

import hrm.patterns.check.Finding.Severity;

/** A file's text, addressed by code points as YAML and CEL count them. */
final class SourceText {
    private final String file;
    private final int[] text;

    SourceText(String file, String text) {
        this.file = file;
        this.text = text.codePoints().toArray();
    }

    int length() {
        return text.length;
    }

    int at(int offset) {
        return text[offset];
    }

    String slice(int from, int to) {
        return new String(text, from, to - from);
    }

    Finding finding(int offset, int length, String message, String suggestion, Severity severity) {
        int at = Math.max(0, Math.min(offset, text.length));
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            // \r\n is one break: its \r does not count.
            if (text[i] == '\n'
                    || text[i] == '\r' && (i + 1 == text.length || text[i + 1] != '\n')) {
                line++;
                lineStart = i + 1;
            }
        }
        int lineEnd = lineStart;
        while (lineEnd < text.length && text[lineEnd] != '\n' && text[lineEnd] != '\r') {
            lineEnd++;
        }
        int inLine = Math.max(1, Math.min(length, lineEnd - at));
        return new Finding(
                file,
                line,
                at - lineStart + 1,
                inLine,
                message,
                suggestion,
                severity,
                slice(lineStart, lineEnd));
    }
}
