package hrm.launcher;

import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Help.Ansi;

/**
 * Lines that stay, and below them on a terminal one that changes. Where there is no terminal the
 * changing line is printed every ten seconds.
 */
final class Screen {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final int WIDTH = 78;

    private final PrintWriter out;
    private final boolean terminal;
    private final Ansi ansi;
    private String status = "";
    private long statusPrintedAt;

    Screen(PrintWriter out, boolean terminal, Ansi ansi) {
        this.out = out;
        this.terminal = terminal;
        this.ansi = ansi;
        this.statusPrintedAt = System.nanoTime();
    }

    Ansi ansi() {
        return ansi;
    }

    synchronized void line(String text) {
        if (terminal && !status.isEmpty()) {
            out.print("\r\u001b[K");
        }
        out.println(text);
        if (terminal && !status.isEmpty()) {
            out.print(status);
        }
        out.flush();
    }

    /** Replaces the changing line. */
    synchronized void status(String text) {
        var fitting = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
        if (terminal) {
            if (!fitting.equals(status)) {
                out.print("\r\u001b[K" + fitting);
                out.flush();
            }
            status = fitting;
        } else if (System.nanoTime() - statusPrintedAt >= EVERY.toNanos()) {
            statusPrintedAt = System.nanoTime();
            out.println(text);
            out.flush();
        }
    }

    /** Takes the changing line away. */
    synchronized void endStatus() {
        if (terminal && !status.isEmpty()) {
            out.print("\r\u001b[K");
            out.flush();
        }
        status = "";
    }
}
