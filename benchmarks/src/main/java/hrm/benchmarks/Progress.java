package hrm.benchmarks;

import java.io.PrintWriter;
import java.util.Locale;

/** Lines that say what is going on, each with the seconds since the start. */
public final class Progress {
    private final PrintWriter err;
    private final long began = System.nanoTime();

    public Progress(PrintWriter err) {
        this.err = err;
    }

    public void line(String text) {
        err.printf(Locale.ROOT, "%5.0f s  %s%n", (System.nanoTime() - began) / 1e9, text);
        err.flush();
    }
}
