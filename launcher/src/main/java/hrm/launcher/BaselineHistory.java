package hrm.launcher;

import hrm.sinks.RunLock;
import hrm.sinks.baselines.BaselineRuns;
import hrm.sinks.baselines.BaselineRuns.Run;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The runs so far. */
@Command(
        name = "history",
        description = "Lists the baseline runs, newest first: what each read and found.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm baseline history", "  hrm baseline history --user anna -o json"})
final class BaselineHistory implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin DatabaseOption database;
    @Mixin OutputOption output;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Only runs that made a baseline of this person.")
    String user;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many. Default: ${DEFAULT-VALUE}")
    int limit;

    @Override
    public Integer call() throws SQLException {
        var out = spec.commandLine().getOut();
        try (var connection = database.connect()) {
            var runs = BaselineRuns.newest(connection, user, limit);
            var holder = RunLock.BASELINES.holder(connection);
            if (output.json()) {
                runs.forEach(run -> OutputOption.print(out, run));
                return 0;
            }
            if (runs.isEmpty()) {
                out.println(
                        user == null
                                ? "No run yet. hrm baseline run"
                                : "No run has made a baseline of '" + user + "'.");
                return 0;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(
                    List.of(
                            "RUN",
                            "BY",
                            "STARTED (UTC)",
                            "TOOK",
                            "READ",
                            "PEOPLE",
                            "READY",
                            "OUTCOME"));
            runs.forEach(run -> rows.add(row(run, holder.isPresent())));
            new Table(rows).print(out);
            holder.ifPresent(who -> out.println("Going on now: " + who));
        }
        return 0;
    }

    private static List<String> row(Run run, boolean goesOn) {
        return List.of(
                run.runId(),
                run.startedBy() == null ? "-" : run.startedBy(),
                AlertLines.dated().format(run.startedAt()),
                run.finishedAt() == null ? "-" : BaselineLines.took(run),
                run.counts() == null ? "-" : Words.count(run.counts().minutes(), "row", "rows"),
                run.users() == null ? "-" : Words.number((long) run.users()),
                run.ready() == null ? "-" : Words.number((long) run.ready()),
                outcome(run, goesOn));
    }

    private static String outcome(Run run, boolean goesOn) {
        var outcome =
                run.outcome().equals("RUNNING") && !goesOn
                        ? "broken off"
                        : run.outcome().toLowerCase(Locale.ROOT);
        if (run.undoes() != null) {
            outcome += ", undoes " + run.undoes();
        }
        if (run.trouble() != null) {
            outcome += ": " + run.trouble().lines().findFirst().orElse("");
        }
        return run.outcome().equals("SUCCEEDED") && run.publishedAt() == null
                ? outcome + ", not on the topic yet"
                : outcome;
    }
}
