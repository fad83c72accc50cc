package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonProperty;
import hrm.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What a machine must have for a stack. */
final class Doctor {
    private static final long MB = 1L << 20;

    /** Kafka 0.5, PostgreSQL 0.2, JobManager 0.6, TaskManager 1.3, supervisor and client 0.4 GB. */
    private static final long MEMORY_NEEDED = 3_000 * MB;

    private static final long MEMORY_TIGHT = 4_000 * MB;

    /**
     * Libraries 0.3, Kafka's and PostgreSQL's logs 0.2, checkpoints, and room for a first month.
     */
    private static final long DISK_NEEDED = 1_500 * MB;

    private static final long DISK_TIGHT = 5_000 * MB;

    /** Kafka, RocksDB and PostgreSQL keep many files open. */
    private static final long FILES_NEEDED = 4_096;

    private Doctor() {}

    /** How it is. */
    enum Verdict {
        FINE,
        /** It will run, but not for long, or not well. */
        DOUBTFUL,
        BROKEN
    }

    /**
     * @param advice what to do; empty when it is fine
     */
    record Finding(
            @JsonProperty("verdict") Verdict verdict,
            @JsonProperty("what") String what,
            @JsonProperty("advice") String advice) {
        static Finding fine(String what) {
            return new Finding(Verdict.FINE, what, "");
        }
    }

    static List<Finding> examine(StackFolder folder, StackProcesses.Ports ports, Clock clock) {
        var findings = new ArrayList<Finding>();
        findings.add(java(Runtime.version().feature(), System.getProperty("java.home")));
        findings.add(processors(Runtime.getRuntime().availableProcessors()));
        findings.add(memory(availableMemory()));
        findings.add(disk(folder.path()));
        findings.addAll(ports(folder, ports));
        findings.add(openFiles(openFilesLimit()));
        findings.add(clock(clock.instant(), builtAt()));
        findings.add(leftovers(folder));
        return findings;
    }

    static Finding java(int version, String home) {
        return version >= 17
                ? Finding.fine("Java " + version + " (" + home + ")")
                : new Finding(
                        Verdict.BROKEN,
                        "Java " + version + " (" + home + ")",
                        "Java 17 or newer is needed: set JAVA_HOME.");
    }

    static Finding processors(int processors) {
        var what = Words.count(processors, "processor", "processors");
        return processors >= 2
                ? Finding.fine(what)
                : new Finding(
                        Verdict.DOUBTFUL, what, "With one, starting takes minutes. Two or more.");
    }

    /**
     * @param available bytes; empty when this system does not say
     */
    static Finding memory(OptionalLong available) {
        if (available.isEmpty()) {
            return new Finding(
                    Verdict.DOUBTFUL,
                    "How much memory is free is not known here",
                    "A stack takes " + megabytes(MEMORY_NEEDED) + ".");
        }
        var what = megabytes(available.getAsLong()) + " of memory are free";
        if (available.getAsLong() < MEMORY_NEEDED) {
            return new Finding(
                    Verdict.BROKEN,
                    what,
                    "A stack takes "
                            + megabytes(MEMORY_NEEDED)
                            + ". Close something, or lower"
                            + " taskmanager.memory.process.size in flink-conf/config.yaml.");
        }
        return available.getAsLong() < MEMORY_TIGHT
                ? new Finding(
                        Verdict.DOUBTFUL,
                        what,
                        "A stack takes " + megabytes(MEMORY_NEEDED) + ": this is tight.")
                : Finding.fine(what);
    }

    private static Finding disk(Path folder) {
        var there = folder;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.isWritable(there)) {
            return new Finding(
                    Verdict.BROKEN,
                    there + " cannot be written to",
                    "Choose another folder: --dir, or HRM_DIR in the environment.");
        }
        try {
            return disk(folder, Files.getFileStore(there).getUsableSpace());
        } catch (IOException e) {
            return new Finding(
                    Verdict.DOUBTFUL,
                    "How much disk is free at " + there + " is not known",
                    e.getMessage());
        }
    }

    static Finding disk(Path folder, long usable) {
        var what = megabytes(usable) + " of disk are free for " + folder;
        if (usable < DISK_NEEDED) {
            return new Finding(
                    Verdict.BROKEN,
                    what,
                    "A new stack takes "
                            + megabytes(DISK_NEEDED)
                            + ". Make room, or --dir elsewhere.");
        }
        return usable < DISK_TIGHT
                ? new Finding(
                        Verdict.DOUBTFUL,
                        what,
                        "It starts, but Kafka alone keeps up to 2 GB a partition.")
                : Finding.fine(what);
    }

    private static List<Finding> ports(StackFolder folder, StackProcesses.Ports ports) {
        if (folder.running().isPresent()) {
            return List.of(Finding.fine("It is up, so its ports are its own"));
        }
        return List.of(
                port("Kafka", "--kafka-port", ports.kafka()),
                port("PostgreSQL", "--postgres-port", ports.postgres()),
                port("Flink", "--flink-port", ports.flink()));
    }

    private static Finding port(String what, String flag, int port) {
        if (port == 0 || !Ports.isOpen(port)) {
            return Finding.fine("Port " + port + " is free for " + what);
        }
        return new Finding(
                Verdict.BROKEN,
                "Port " + port + " is taken, so " + what + " cannot have it",
                "Stop what uses it (ss -ltnp 'sport = :" + port + "'), or choose another: " + flag);
    }

    static Finding openFiles(OptionalLong limit) {
        if (limit.isEmpty() || limit.getAsLong() >= FILES_NEEDED) {
            return Finding.fine(
                    limit.isEmpty()
                            ? "Open files are not limited"
                            : Words.number(limit.getAsLong()) + " files may be open");
        }
        return new Finding(
                Verdict.DOUBTFUL,
                "Only " + Words.number(limit.getAsLong()) + " files may be open",
                "ulimit -n " + FILES_NEEDED + " before hrm up, or in /etc/security/limits.conf.");
    }

    /**
     * Readings are judged against Kafka's clock, so a wrong one makes live readings "future".
     *
     * @param built when the launcher was built
     */
    static Finding clock(Instant now, Instant built) {
        if (now.isBefore(built.minus(Duration.ofMinutes(1)))) {
            return new Finding(
                    Verdict.BROKEN,
                    "The clock says " + now + ", which is before this was built",
                    "Set it (timedatectl set-ntp true): readings from the future are rejected.");
        }
        return Finding.fine("The clock says " + now);
    }

    private static Finding leftovers(StackFolder folder) {
        if (folder.running().isPresent()) {
            return Finding.fine("A supervisor watches");
        }
        long left =
                ProcessList.read(folder).processes().stream()
                        .filter(entry -> entry.alive().isPresent())
                        .count();
        return left == 0
                ? Finding.fine("Nothing of an earlier stack still runs")
                : new Finding(
                        Verdict.DOUBTFUL,
                        Words.count(left, "process", "processes")
                                + " of an earlier stack still runs",
                        "Its supervisor was killed; hrm up ends what it has left and goes on.");
    }

    private static OptionalLong availableMemory() {
        try {
            for (var line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D+", "")) * 1024);
                }
            }
        } catch (IOException e) {
            // Not Linux.
        }
        return OptionalLong.empty();
    }

    private static OptionalLong openFilesLimit() {
        try {
            for (var line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    var soft = line.substring("Max open files".length()).strip().split("\\s+")[0];
                    return soft.equals("unlimited")
                            ? OptionalLong.empty()
                            : OptionalLong.of(Long.parseLong(soft));
                }
            }
        } catch (IOException e) {
            // Not Linux.
        }
        return OptionalLong.empty();
    }

    private static Instant builtAt() {
        var home = Path.of(System.getProperty("hrm.home", "."));
        try {
            return Files.getLastModifiedTime(home.resolve("jobs/target/hrm-jobs.jar")).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    private static String megabytes(long bytes) {
        return Words.number(bytes / MB) + " MB";
    }
}
