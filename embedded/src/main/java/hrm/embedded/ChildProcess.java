package hrm.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * One process that we started and that must not outlive us: it is stopped on {@link #stop}, when
 * this JVM ends and when this JVM is killed ({@link Watchdog}). What it prints goes to a file.
 */
public final class ChildProcess {
    /**
     * One that ends is noticed at once; this is for one that hangs. A broker on a machine ten times
     * overloaded has taken 90 s.
     */
    static final Duration START_LIMIT = Duration.ofMinutes(4);

    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
    private static final int TAIL_BYTES = 6_000;
    private static final int TAIL_LINES = 30;

    /**
     * What to start.
     *
     * @param name for people: "Kafka"
     * @param command program and arguments
     * @param environment added to ours
     * @param log gets standard output and error, appended
     * @param stopSignal what ends it gracefully: TERM, or INT for PostgreSQL
     */
    record Plan(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path log,
            String stopSignal) {
        Plan(String name, List<String> command, Path log) {
            this(name, command, Map.of(), log, "TERM");
        }
    }

    private final Plan plan;
    private final Process process;
    private final long logStart;
    private final Shutdown.Registration atShutdown;

    private ChildProcess(Plan plan, Process process, long logStart) {
        this.plan = plan;
        this.process = process;
        this.logStart = logStart;
        try {
            this.atShutdown = Shutdown.before(() -> stop(Duration.ofSeconds(10)));
        } catch (IllegalStateException shuttingDown) {
            process.destroyForcibly();
            throw shuttingDown;
        }
        Watchdog.watch(process.pid(), plan.stopSignal);
        // At once when it ends, however it ends: its id may be given to another process.
        var unused = process.onExit().thenRun(this::forget);
    }

    static ChildProcess start(Plan plan) {
        try {
            Files.createDirectories(plan.log.getParent());
            var logStart = Files.exists(plan.log) ? Files.size(plan.log) : 0;
            var builder =
                    new ProcessBuilder(Session.own(plan.command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log.toFile()));
            builder.environment().putAll(plan.environment);
            var process = builder.start();
            process.getOutputStream().close();
            return new ChildProcess(plan, process, logStart);
        } catch (IOException failure) {
            throw new StartFailure(
                    "Cannot start %s: %s".formatted(plan.name, failure.getMessage()), failure);
        }
    }

    /** Starts it, waits for its end and fails if it did not end well. */
    static void run(Plan plan, Duration limit) {
        var child = start(plan);
        if (child.awaitExit(limit) != 0) {
            throw new StartFailure(
                    "%s failed with exit code %d. %s"
                            .formatted(plan.name, child.process.exitValue(), child.evidence()));
        }
    }

    private void forget() {
        atShutdown.close();
        Watchdog.forget(process.pid(), plan.stopSignal);
    }

    /** For people: "Kafka". */
    public String name() {
        return plan.name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until it is ready.
     *
     * @throws StartFailure if it ends before or the time is over, with the end of its log; it is
     *     killed then
     */
    void awaitReady(BooleanSupplier ready, Duration limit) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            if (!isAlive()) {
                throw new StartFailure(
                        "%s ended with exit code %d while starting. %s"
                                .formatted(plan.name, process.exitValue(), evidence()));
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw new StartFailure(
                        "%s was not ready after %d s. %s"
                                .formatted(plan.name, limit.toSeconds(), evidence()));
            }
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            kill();
            Thread.currentThread().interrupt();
            throw new StartFailure("Interrupted while waiting for " + plan.name, interrupted);
        }
    }

    /**
     * @return the exit code
     * @throws StartFailure if it has not ended within the limit; it is killed then
     */
    int awaitExit(Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException interrupted) {
            kill();
            Thread.currentThread().interrupt();
            throw new StartFailure("Interrupted while waiting for " + plan.name, interrupted);
        }
        kill();
        throw new StartFailure(
                "%s had not ended after %d s. %s"
                        .formatted(plan.name, limit.toSeconds(), evidence()));
    }

    /**
     * Asks it to end, and kills it if it has not within the grace. Does nothing if it has ended.
     */
    public void stop(Duration grace) {
        if (isAlive()) {
            signal(plan.stopSignal);
        }
        if (!endsWithin(grace)) {
            kill();
        }
        forget();
    }

    /** kill -9, of it and of its own children; returns when they have ended. */
    public void kill() {
        var family = process.descendants().toList();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(handle -> await(handle.onExit()));
        await(process.onExit());
        forget();
    }

    /**
     * Sends a signal: STOP and CONT freeze it and let it go on.
     *
     * @param name without SIG
     */
    public void signal(String name) {
        try {
            var unused =
                    // The shell's own kill: minimal images have no program of that name.
                    new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot signal " + plan.name, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean endsWithin(Duration grace) {
        try {
            return process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return !isAlive();
        }
    }

    private void await(CompletableFuture<?> end) {
        try {
            end.get(KILL_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException stuck) {
            throw new StartFailure(plan.name + " does not end, though killed", stuck);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What this run has written so far. */
    String output() {
        return read(logStart);
    }

    /** Where to look, and the last lines from there. */
    String evidence() {
        var lines = tail().lines().toList();
        var shown = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return shown.isEmpty()
                ? "It wrote nothing to " + plan.log
                : "The end of %s:\n  %s".formatted(plan.log, String.join("\n  ", shown));
    }

    private String tail() {
        try {
            var size = Files.size(plan.log);
            // Shorter than it was when we began: it was rotated, and what is in it came later.
            return read(Math.max(size < logStart ? 0 : logStart, size - TAIL_BYTES));
        } catch (IOException failure) {
            return "";
        }
    }

    private String read(long from) {
        try (var file = new RandomAccessFile(plan.log.toFile(), "r")) {
            file.seek(from);
            var bytes = new byte[Math.toIntExact(Math.max(0, file.length() - from))];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            return "";
        }
    }

    @Override
    public String toString() {
        return plan.name + " (process " + pid() + ")";
    }
}
