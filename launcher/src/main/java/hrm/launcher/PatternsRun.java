package hrm.launcher;

import hrm.functions.judgement.Verdict.Outcome;
import hrm.importers.BadLine;
import hrm.importers.CsvReadings;
import hrm.launcher.Trial.UserMiss;
import hrm.model.Alert;
import hrm.patterns.spec.PatternSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries a pattern on recordings. */
@Command(
        name = "run",
        description = "Judges recordings by a pattern; shows near misses, too.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns run my-pattern.yaml --data recordings --user u3",
            "",
            "CSV columns: timestamp,bpm and, where known, steps, activity, user_id, device_id.",
            "Times without a zone are taken as UTC. There is no baseline: general limits apply."
        })
final class PatternsRun implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The pattern file.")
    Path file;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "CSV",
            description = "A CSV file, may be .gz, or a folder with one per person: USER.hr.csv")
    Path data;

    @Option(names = "--user", paramLabel = "USER", description = "Only this person's readings.")
    String user;

    @Option(
            names = "--misses",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many near misses to show. Default: ${DEFAULT-VALUE}")
    int most;

    private final List<BadLine> badLines = new ArrayList<>();
    private long readings;

    @Override
    public Integer call() {
        var checked = PatternFile.read(List.of(file)).get(0).loaded();
        if (!checked.isFine()) {
            spec.commandLine().getErr().println(checked.report());
            return 1;
        }
        var trial = new Trial(checked.spec());
        for (var csv : files()) {
            judge(csv, trial);
        }
        if (readings == 0) {
            throw new Failure(
                    data
                            + ": no readings"
                            + (user == null ? "" : " of '" + user + "'")
                            + (badLines.isEmpty() ? "" : ". First bad line: " + badLines.get(0)));
        }
        var misses = trial.misses(most);
        if (output.json()) {
            OutputOption.print(
                    spec.commandLine().getOut(),
                    new Report(
                            checked.spec().id(),
                            readings,
                            trial.rejected(),
                            trial.count(Outcome.LATE),
                            trial.alerts(),
                            misses.stream().map(MissReport::of).toList()));
        } else {
            print(checked.spec(), trial, misses);
        }
        return 0;
    }

    private List<Path> files() {
        if (!Files.isDirectory(data)) {
            if (!Files.exists(data)) {
                throw new Failure("--data " + data + ": there is no such file");
            }
            return List.of(data);
        }
        try (Stream<Path> inside = Files.list(data)) {
            var files =
                    inside.filter(csv -> csv.toString().matches(".*\\.hr\\.csv(\\.gz)?"))
                            .filter(csv -> user == null || userOf(csv).equals(user))
                            .sorted()
                            .toList();
            if (files.isEmpty()) {
                throw new Failure(
                        "--data "
                                + data
                                + ": no file "
                                + (user == null ? "USER" : user)
                                + ".hr.csv or .hr.csv.gz in this folder");
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String userOf(Path csv) {
        return csv.getFileName().toString().replaceAll("(\\.hr)?\\.csv(\\.gz)?$", "");
    }

    private void judge(Path csv, Trial trial) {
        try (var lines = CsvReadings.read(csv, userOf(csv), badLines::add)) {
            lines.filter(reading -> user == null || reading.userId().equals(user))
                    .forEach(
                            reading -> {
                                readings++;
                                trial.judge(reading);
                            });
        }
    }

    private void print(PatternSpec pattern, Trial trial, List<UserMiss> misses) {
        var out = spec.commandLine().getOut();
        var ansi = Hrm.ansi(spec);
        long opened =
                trial.alerts().stream().filter(one -> one.state() == Alert.State.OPENED).count();
        out.println(
                Style.BOLD.on(ansi, pattern.id())
                        + " on "
                        + Words.count(readings, "reading", "readings")
                        + ": "
                        + Words.count(opened, "alert", "alerts"));
        var lines = new AlertLines(AlertLines.dated(), ansi);
        trial.alerts().forEach(alert -> out.println("  " + lines.of(alert)));
        if (!misses.isEmpty()) {
            out.println(opened == 0 ? "Nearest to one:" : "Nearest misses:");
            for (var miss : misses) {
                out.println(
                        "  "
                                + miss.userId()
                                + " "
                                + time(miss.miss().at())
                                + ": "
                                + miss.miss().what());
            }
        }
        if (trial.rejected() > 0) {
            out.println(
                    Words.count(trial.rejected(), "reading", "readings")
                            + " outside 20 to 300 bpm left out, as the stream rejects them");
        }
        long late = trial.count(Outcome.LATE);
        if (late > 0) {
            out.println(
                    Words.count(late, "reading", "readings") + " out of order: late, not judged");
        }
        if (!badLines.isEmpty()) {
            out.println(
                    Words.count(badLines.size(), "line", "lines")
                            + " could not be read, the first: "
                            + badLines.get(0));
        }
    }

    private static String time(Instant at) {
        return TIME.format(at);
    }

    private record Report(
            String pattern,
            long readings,
            long rejected,
            long late,
            List<Alert> alerts,
            List<MissReport> misses) {}

    private record MissReport(
            String user, String device, Instant at, double closeness, String what) {
        static MissReport of(UserMiss miss) {
            return new MissReport(
                    miss.userId(),
                    miss.deviceId(),
                    miss.miss().at(),
                    miss.miss().closeness(),
                    miss.miss().what());
        }
    }
}
