package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonProperty;
import hrm.sinks.history.BackfillLedger;
import hrm.sinks.history.BackfillLedger.Run;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which runs there are. */
@Command(
        name = "list",
        description = "Lists the runs, the newest first.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm backfill list"})
final class BackfillList implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin DatabaseOption database;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many at most. Default: 20")
    int limit;

    /** A run as JSON; without its patterns, which are long. */
    record Line(
            @JsonProperty("run_id") String runId,
            @JsonProperty("started_at") Instant startedAt,
            @JsonProperty("baselines") String baselines,
            @JsonProperty("published") boolean published,
            @JsonProperty("patterns") int patterns,
            @JsonProperty("parts") int parts,
            @JsonProperty("done") int done,
            @JsonProperty("people") long people,
            @JsonProperty("readings") long readings,
            @JsonProperty("alert_events") long alertEvents) {
        static Line of(Run run) {
            return new Line(
                    run.runId(),
                    run.startedAt(),
                    run.settings().baselines(),
                    run.settings().published(),
                    run.settings().patterns().size(),
                    run.chunks(),
                    run.done(),
                    run.people(),
                    run.readings(),
                    run.alerts());
        }
    }

    @Override
    public Integer call() throws SQLException {
        var out = spec.commandLine().getOut();
        try (var connection = database.connect()) {
            var runs = BackfillLedger.list(connection, limit);
            if (output.json()) {
                OutputOption.print(out, runs.stream().map(Line::of).toList());
            } else if (runs.isEmpty()) {
                out.println("No runs. hrm backfill starts one.");
            } else {
                var rows = new ArrayList<List<String>>();
                rows.add(
                        List.of(
                                "RUN",
                                "DONE",
                                "BASELINES",
                                "ALERTS TO",
                                "PEOPLE",
                                "READINGS",
                                "ALERT EVENTS"));
                runs.forEach(run -> rows.add(row(run)));
                new Table(rows).print(out);
            }
        }
        return 0;
    }

    private static List<String> row(Run run) {
        return List.of(
                run.runId(),
                run.isDone() ? "all" : run.done() + " of " + run.chunks(),
                run.settings().baselines(),
                run.settings().published() ? "topic" : "run",
                Words.number(run.people()),
                Words.number(run.readings()),
                Words.number(run.alerts()));
    }
}
