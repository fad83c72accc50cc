package hrm.launcher;

import hrm.model.Alert;
import hrm.model.AlertHash;
import hrm.sinks.history.BackfillLedger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a run has told. */
@Command(
        name = "show",
        description = "Says what a run has told: by pattern, all of it, or one hash.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm backfill show backfill-2026-02-01T10:00:00Z-3f2a91c4",
            "",
            "With -o json every alert event, by person and in their order."
        })
final class BackfillShow implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin DatabaseOption database;

    @Parameters(paramLabel = "RUN", description = "Its name.")
    String runId;

    @Option(
            names = "--hash",
            description = "Only one SHA-256 over all events, and how many they are.")
    boolean hash;

    @Override
    public Integer call() throws SQLException {
        var alerts = new ArrayList<Alert>();
        try (var connection = database.connect()) {
            var run =
                    BackfillLedger.find(connection, runId)
                            .orElseThrow(() -> BackfillCommand.unknown(runId));
            BackfillLedger.alerts(connection, runId, alerts::add);
            if (!run.isDone()) {
                spec.commandLine()
                        .getErr()
                        .println(
                                run.done()
                                        + " of "
                                        + Words.count(run.chunks(), "part is", "parts are")
                                        + " done: hrm backfill --resume "
                                        + runId);
            }
        }
        alerts.sort(
                Comparator.comparing(Alert::userId)
                        .thenComparingLong(Alert::sequence)
                        .thenComparingInt(Alert::revision));
        print(alerts);
        return 0;
    }

    private void print(List<Alert> alerts) {
        var out = spec.commandLine().getOut();
        if (hash) {
            var all = new AlertHash();
            alerts.forEach(all::add);
            out.println(
                    all.digest()
                            + "  "
                            + Words.count(all.events(), "event", "events")
                            + " of "
                            + Words.count(all.episodes(), "episode", "episodes"));
        } else if (output.json()) {
            OutputOption.print(out, alerts);
        } else if (alerts.isEmpty()) {
            out.println("No alerts.");
        } else {
            var byPattern = new TreeMap<String, List<Alert>>();
            alerts.forEach(
                    alert ->
                            byPattern
                                    .computeIfAbsent(alert.patternId(), id -> new ArrayList<>())
                                    .add(alert));
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("PATTERN", "EPISODES", "PEOPLE", "EVENTS"));
            byPattern.forEach((id, told) -> rows.add(row(id, told)));
            new Table(rows).print(out);
        }
    }

    private static List<String> row(String id, List<Alert> told) {
        var episodes = new HashSet<Object>();
        var people = new HashSet<String>();
        told.forEach(
                alert -> {
                    episodes.add(alert.episodeId());
                    people.add(alert.userId());
                });
        return List.of(
                id,
                Words.number(episodes.size()),
                Words.number(people.size()),
                Words.number(told.size()));
    }
}
