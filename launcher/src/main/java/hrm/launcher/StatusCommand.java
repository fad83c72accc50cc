package hrm.launcher;

import hrm.sinks.corrections.LateRuns;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** How the stack is. */
@Command(
        name = "status",
        description = "Shows what runs, how far it is, and what is wrong.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm status",
            "  hrm status -o json",
            "",
            "Exit code 0 when all is well, 1 when something is not, or nothing is up."
        })
final class StatusCommand implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin FolderOption folder;
    @Mixin OutputOption output;

    @Override
    public Integer call() {
        var running = folder.folder().running();
        if (running.isEmpty()) {
            if (output.json()) {
                OutputOption.print(spec.commandLine().getOut(), Map.of("phase", "DOWN"));
            } else {
                spec.commandLine()
                        .getOut()
                        .println(
                                "Nothing is up in "
                                        + folder.folder().path()
                                        + ". hrm up starts it.");
            }
            return 1;
        }
        var now = Instant.now();
        var status = StackStatus.ask(folder.folder(), running.get(), now);
        if (output.json()) {
            OutputOption.print(spec.commandLine().getOut(), status);
        } else {
            print(status, now);
        }
        return status.troubles().isEmpty() ? 0 : 1;
    }

    private void print(StackStatus status, Instant now) {
        var out = spec.commandLine().getOut();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("PROCESS", "PID", "UP", "WHERE"));
        for (var process : status.processes()) {
            rows.add(
                    List.of(
                            process.name(),
                            process.alive() ? Long.toString(process.pid()) : "-",
                            process.alive() ? since(process.since(), now) : "ended",
                            where(process.name(), status)));
        }
        new Table(rows).print(out);
        out.println();
        line("Monitoring job", job(status.job(), now));
        line("Checkpoint", checkpoint(status.job(), now));
        line("Not reported yet", status.lag() == null ? "unknown" : lag(status.lag()));
        line(
                "Stored",
                status.readingsStored() == null
                        ? "unknown"
                        : Words.count(status.readingsStored(), "reading", "readings"));
        line(
                "Open episodes",
                status.openEpisodes() == null
                        ? "unknown"
                        : Words.number((long) status.openEpisodes()));
        line("Baselines", baseline(status.baseline(), now));
        if (status.nextBaseline() != null) {
            line("Next baselines", next(status.nextBaseline(), now));
        }
        line("Late run", lateRun(status.lateRun(), now));
        if (status.nextLateRun() != null) {
            line("Next late run", next(status.nextLateRun(), now) + ", if anything came late");
        }
        line("Folder", status.folder() + ", " + megabytes(status.bytes()));
        if (status.phase() != StackFolder.Phase.RUNNING) {
            line("Phase", status.phase().name().toLowerCase(Locale.ROOT));
        }
        out.println();
        if (status.troubles().isEmpty()) {
            out.println("All is well.");
        }
        var ansi = Hrm.ansi(spec);
        status.troubles().forEach(trouble -> out.println(Style.RED.on(ansi, trouble)));
    }

    private void line(String name, String value) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, "%-17s %s", name, value));
    }

    private static String where(String process, StackStatus status) {
        return switch (process) {
            case "Kafka" -> status.bootstrapServers();
            case "PostgreSQL" -> status.jdbcUrl();
            case "Flink's JobManager" -> status.flink();
            default -> "";
        };
    }

    private static String job(StackStatus.Job job, Instant now) {
        return job == null
                ? "unknown"
                : job.state().toLowerCase(Locale.ROOT)
                        + " for "
                        + since(job.since(), now)
                        + ", "
                        + Words.count(job.restarts(), "restart", "restarts")
                        + ", id "
                        + job.id();
    }

    private static String checkpoint(StackStatus.Job job, Instant now) {
        if (job == null || job.checkpoint() == null) {
            return job == null ? "unknown" : "none yet";
        }
        return since(job.checkpoint(), now)
                + " ago, took "
                + job.checkpointMs()
                + " ms, "
                + megabytes(job.checkpointBytes())
                + (job.failedCheckpoints() == 0 ? "" : ", " + job.failedCheckpoints() + " failed");
    }

    private static String lag(Map<String, Long> lag) {
        return lag.entrySet().stream()
                .map(group -> Words.number((long) group.getValue()) + " (" + group.getKey() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String baseline(StackStatus.Baseline run, Instant now) {
        if (run == null) {
            return "no run yet (hrm baseline run)";
        }
        var when = run.finished() == null ? run.started() : run.finished();
        return run.outcome().toLowerCase(Locale.ROOT)
                + " "
                + since(when, now)
                + " ago"
                + (run.users() == null
                        ? ""
                        : ", "
                                + Words.count(run.users(), "person", "people")
                                + ", "
                                + run.ready()
                                + " ready")
                + ", run "
                + run.runId();
    }

    private static String lateRun(LateRuns.Run run, Instant now) {
        return run == null
                ? "no run yet"
                : (run.trouble() == null ? "succeeded " : "failed ")
                        + since(run.finishedAt(), now)
                        + " ago, "
                        + run.counts().inWords();
    }

    private static String next(Instant next, Instant now) {
        return next.isAfter(now) ? "in " + since(now, next) : "now";
    }

    private static String since(Instant then, Instant now) {
        var age = Duration.between(then, now).truncatedTo(ChronoUnit.SECONDS);
        return Words.duration(age.isNegative() ? Duration.ZERO : age);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
