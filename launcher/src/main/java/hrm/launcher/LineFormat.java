package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

/** How a file of one record a line is written. */
enum LineFormat {
    /** A JSON object a line. */
    json,
    /** A header line, then fields separated by commas. */
    csv;

    /**
     * By its first line that is not blank.
     *
     * @throws Failure when it can be neither
     */
    static LineFormat of(byte[] firstLine) {
        var text = new String(firstLine, UTF_8).strip();
        if (text.startsWith("{")) {
            return json;
        }
        if (text.startsWith("[")) {
            throw new Failure(
                    "The first line begins a JSON array; one object a line is needed: jq -c '.[]'"
                            + " makes that of it.");
        }
        if (text.indexOf(',') > 0 && Character.isLetter(text.replace("\"", "").charAt(0))) {
            return csv;
        }
        throw new Failure(
                "The first line is neither a JSON object nor a CSV header with commas. If it is one"
                        + " of them, say which: --format json or csv.");
    }
}
