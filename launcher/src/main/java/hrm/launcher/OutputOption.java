package hrm.launcher;

import hrm.model.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** {@code --output}: for people, or for programs. */
final class OutputOption {
    /** Forms of an answer. */
    enum Form {
        text,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "text",
            description = "text or json. Default: ${DEFAULT-VALUE}")
    private Form form;

    boolean json() {
        return form == Form.json;
    }

    /** One JSON document on one line. */
    static void print(PrintWriter out, Object value) {
        out.println(new String(Json.write(value), StandardCharsets.UTF_8));
    }
}
