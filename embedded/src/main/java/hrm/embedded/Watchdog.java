package hrm.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what is left when this JVM dies without a chance to do it itself (kill -9, out of memory).
 *
 * <p>A small shell process holds the reading end of a pipe. When the pipe closes, this JVM is gone:
 * the shell stops the processes it was told of, newest first, kills after ten seconds, and deletes
 * the temporary folders. It works alike for JVMs and for PostgreSQL, and for one that hangs. It
 * runs only while there is something to watch.
 */
final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    // Entries: "process PID:SIGNAL" or "folder PATH"; "forget" before an entry takes it back.
    private static final String SCRIPT =
            """
            trap '' HUP INT TERM
            processes=
            while IFS=' ' read -r verb rest; do
              case $verb in
                process) processes="$rest $processes" ;;
                folder) set -- "$rest" "$@" ;;
                forget-process)
                  kept=
                  for p in $processes; do [ "$p" = "$rest" ] || kept="$kept $p"; done
                  processes=$kept ;;
                forget-folder)
                  n=$#
                  while [ "$n" -gt 0 ]; do
                    f=$1; shift; n=$((n - 1))
                    [ "$f" = "$rest" ] || set -- "$@" "$f"
                  done ;;
              esac
            done
            alive() { for p in $processes; do kill -0 "${p%:*}" 2>/dev/null && return 0; done; return 1; }
            for p in $processes; do kill -s "${p#*:}" "${p%:*}" 2>/dev/null; done
            tries=0
            while alive && [ "$tries" -lt 50 ]; do sleep 0.2; tries=$((tries + 1)); done
            for p in $processes; do kill -s KILL "${p%:*}" 2>/dev/null; done
            while alive && [ "$tries" -lt 75 ]; do sleep 0.2; tries=$((tries + 1)); done
            [ "$#" -eq 0 ] || rm -rf -- "$@"
            """;

    private static final Set<String> WATCHED = new LinkedHashSet<>();
    private static Process shell;

    private Watchdog() {}

    static void watch(long pid, String signal) {
        add("process " + pid + ":" + signal);
    }

    static void forget(long pid, String signal) {
        remove("process " + pid + ":" + signal);
    }

    static void watch(Path folder) {
        add("folder " + folder);
    }

    static void forget(Path folder) {
        remove("folder " + folder);
    }

    private static synchronized void add(String entry) {
        if (WATCHED.add(entry)) {
            tell(entry);
        }
    }

    private static synchronized void remove(String entry) {
        if (!WATCHED.remove(entry)) {
            return;
        }
        if (!WATCHED.isEmpty()) {
            tell("forget-" + entry);
            return;
        }
        if (shell != null) {
            tell("forget-" + entry);
            try {
                shell.getOutputStream().close();
                shell.waitFor();
            } catch (IOException alreadyGone) {
                shell.destroyForcibly();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            shell = null;
        }
    }

    private static void tell(String line) {
        try {
            if (shell == null || !shell.isAlive()) {
                start();
            } else {
                send(shell.getOutputStream(), line);
            }
        } catch (IOException failure) {
            LOG.warn(
                    "No watchdog: should this process be killed with -9, its children stay running",
                    failure);
        }
    }

    /** A new one is told everything: it may replace one that somebody killed. */
    private static void start() throws IOException {
        shell =
                new ProcessBuilder(Session.own(List.of("sh", "-c", SCRIPT, "hrm-watchdog")))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        for (var entry : WATCHED) {
            send(shell.getOutputStream(), entry);
        }
    }

    private static void send(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
