package hrm.launcher;

import hrm.embedded.Daemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A stack that stays. */
@Command(
        name = "up",
        description = "Starts a stack in the background and keeps it running.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm up",
            "  hrm up --kafka-port 19092 --dir ~/hrm-trial",
            "",
            "Returns when all runs; a supervisor in the background restarts what dies. hrm status",
            "shows it, hrm down stops it, and the next hrm up goes on where it stopped. All listens",
            "on this machine only, and to everybody who is logged in on it."
        })
final class UpCommand implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin FolderOption folder;
    @Mixin PortOptions ports;
    @Mixin CronOptions cron;

    @Option(
            names = "--foreground",
            description =
                    "Stay, and stop everything at Ctrl-C or SIGTERM: for systemd and the like.")
    boolean foreground;

    @Option(
            names = "--without-state",
            description =
                    "When no savepoint or checkpoint can be read: start without open episodes and"
                            + " half-finished matches, from where Kafka says the job had read.")
    boolean withoutState;

    @Override
    public Integer call() throws Exception {
        cron.check();
        var up = folder.folder().running();
        if (up.isPresent()) {
            spec.commandLine().getOut().println("It is up already (hrm status shows more).");
            printAddresses(up.get());
            return 0;
        }
        return foreground ? supervise() : startSupervisor();
    }

    /** Does not return while the stack runs. */
    private int supervise() throws InterruptedException {
        var out = spec.commandLine().getOut();
        new Supervisor(
                        folder.folder(),
                        ports.ports(),
                        withoutState,
                        cron,
                        Clock.systemUTC(),
                        line -> out.println(now() + " " + line))
                .run();
        return 1;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private int startSupervisor() throws InterruptedException {
        var stack = folder.folder();
        var home = Path.of(System.getProperty("hrm.home", "")).toAbsolutePath().normalize();
        var build = BuildCopy.make(home, stack.path().resolve("build"));
        var log = new LogFollower(stack.supervisorLog());
        var supervisor = Daemon.start(command(build, stack), Map.of(), stack.supervisorLog());
        var cancel =
                new Thread(
                        () -> {
                            spec.commandLine().getErr().println("Stopping what has started …");
                            supervisor.destroy();
                            supervisor.onExit().join();
                        });
        Runtime.getRuntime().addShutdownHook(cancel);
        var out = spec.commandLine().getOut();
        while (true) {
            // Asked before the log is read: what it says last is then read too.
            boolean alive = supervisor.isAlive();
            var running = stack.running().filter(one -> one.phase() == StackFolder.Phase.RUNNING);
            for (var line : log.newLines()) {
                out.println("  " + line.replaceFirst("^\\d{4}-\\S+Z ", ""));
            }
            if (running.isPresent()) {
                Runtime.getRuntime().removeShutdownHook(cancel);
                printAddresses(running.get());
                out.println("Next: hrm status, hrm alerts tail, hrm send readings.csv, hrm down");
                return 0;
            }
            if (!alive) {
                Runtime.getRuntime().removeShutdownHook(cancel);
                spec.commandLine()
                        .getErr()
                        .println("It did not start. All it said: " + stack.supervisorLog());
                return 1;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private List<String> command(BuildCopy build, StackFolder stack) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var temporary = stack.path().resolve("tmp");
        try {
            Files.createDirectories(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + temporary, e);
        }
        var command =
                new ArrayList<>(
                        List.of(
                                java,
                                "-Dhrm.home=" + build.home(),
                                "-Djava.io.tmpdir=" + temporary,
                                "-Xmx192m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-UsePerfData",
                                "-cp",
                                build.classPath(),
                                Hrm.class.getName(),
                                "up",
                                "--foreground",
                                "--dir",
                                stack.path().toString(),
                                "--kafka-port",
                                Integer.toString(ports.ports().kafka()),
                                "--postgres-port",
                                Integer.toString(ports.ports().postgres()),
                                "--flink-port",
                                Integer.toString(ports.ports().flink())));
        command.addAll(cron.arguments());
        if (withoutState) {
            command.add("--without-state");
        }
        return command;
    }

    private void printAddresses(StackFolder.Running running) {
        var out = spec.commandLine().getOut();
        out.println("Kafka:      " + running.bootstrapServers());
        out.println("PostgreSQL: " + running.jdbcUrl());
        out.println("Flink:      " + running.flink());
    }
}
