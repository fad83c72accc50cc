package hrm.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command that has run in this process.
 *
 * @param code the exit code
 */
record Cli(int code, String out, String err) {
    static Cli hrm(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Hrm.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Cli(code, out.toString(), err.toString());
    }
}
