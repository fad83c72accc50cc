package hrm.launcher;

import hrm.launcher.PatternPush.Outcome;
import hrm.model.PatternVersions;
import hrm.model.Topics;
import hrm.patterns.spec.PatternSpec.Mode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Publishes patterns to running jobs: no restart, no rebuild. */
@Command(
        name = "push",
        description = "Publishes patterns to running jobs.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns push my-pattern.yaml --bootstrap-servers localhost:9092",
            "",
            "A changed text needs a higher version. When one file is refused, none is published.",
            "How many matches --dry-run shows as half-finished is what the job's metrics say."
        })
final class PatternsPush implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Pattern files, or folders of them.")
    List<Path> files;

    @Option(names = "--all", description = "The patterns that ship.")
    boolean all;

    @Mixin KafkaOption kafka;

    @Option(
            names = "--effective-from",
            paramLabel = "TIME",
            converter = Time.class,
            description =
                    "Readings from this time on are judged by it, 2026-01-31T08:00:00Z. Default:"
                            + " always for a pattern's first version, else a second from now")
    Instant effectiveFrom;

    @Option(
            names = "--dry-run",
            description =
                    "Publishes nothing: says what would change, from when, and what becomes of"
                            + " half-finished matches")
    boolean dryRun;

    @Override
    public Integer call() {
        if (all == (files != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    all ? "Give files or --all, not both." : "Give pattern files, or --all.");
        }
        var checked = PatternFile.read(all ? List.of(PatternFile.shipped()) : files);
        var broken = checked.stream().filter(file -> !file.loaded().isFine()).toList();
        if (!broken.isEmpty()) {
            var err = spec.commandLine().getErr();
            broken.forEach(file -> err.println(file.loaded().report()));
            err.println("Nothing was published.");
            return 1;
        }
        var broker = kafka.broker();
        var push = new PatternPush(Clock.systemUTC(), effectiveFrom);
        if (dryRun) {
            return new PushPreview(broker, push, HalfFinished.ofUsualStack())
                    .print(spec, output, checked);
        }
        var outcomes = publish(broker, checked, push);
        if (output.json()) {
            OutputOption.print(
                    spec.commandLine().getOut(), outcomes.stream().map(Report::of).toList());
        } else {
            print(spec, outcomes);
        }
        return outcomes.stream().anyMatch(one -> one instanceof Outcome.Refused) ? 1 : 0;
    }

    /** Publishes all, or nothing when one is refused. */
    static List<Outcome> publish(Broker broker, List<PatternFile> checked, PatternPush push) {
        var published = broker.newest(Topics.PATTERNS, PatternVersions.class);
        var outcomes = new ArrayList<Outcome>();
        var changed = new LinkedHashMap<String, PatternVersions>();
        for (var file : checked) {
            var pattern = file.loaded().spec();
            var outcome = push.decide(pattern, published.get(pattern.id()));
            if (outcome instanceof Outcome.Pushed pushed) {
                changed.put(pattern.id(), pushed.versions());
                // So that a second file of the same id is held against this one.
                published.put(pattern.id(), pushed.versions());
            }
            outcomes.add(outcome);
        }
        if (outcomes.stream().noneMatch(one -> one instanceof Outcome.Refused)) {
            broker.write(Topics.PATTERNS, changed);
        }
        return outcomes;
    }

    /** The same text in another mode, as a new version. */
    static int changeMode(
            CommandSpec spec, OutputOption output, Broker broker, String id, Mode mode) {
        var versions = PublishedPatterns.of(broker).of(id);
        var newest = PublishedPatterns.newest(versions);
        var now = PublishedPatterns.read(id, newest);
        if (now != null && now.mode() == mode) {
            return tell(spec, output, new Outcome.Unchanged(now, newest.effectiveFrom()));
        }
        var pattern =
                PublishedPatterns.again(
                        id, newest, PublishedPatterns.highestNumber(versions) + 1, mode);
        return tell(spec, output, PublishedPatterns.publish(broker, pattern, versions, null));
    }

    /** What became of one pattern. */
    static int tell(CommandSpec spec, OutputOption output, Outcome outcome) {
        if (output.json()) {
            OutputOption.print(spec.commandLine().getOut(), List.of(Report.of(outcome)));
        } else {
            print(spec, List.of(outcome));
        }
        return outcome instanceof Outcome.Refused ? 1 : 0;
    }

    private static void print(CommandSpec spec, List<Outcome> outcomes) {
        var out = spec.commandLine().getOut();
        var ansi = Hrm.ansi(spec);
        boolean refused = outcomes.stream().anyMatch(one -> one instanceof Outcome.Refused);
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("ID", "VERSION", "WHAT"));
        for (var outcome : outcomes) {
            String what = Report.of(outcome).text(refused);
            rows.add(
                    List.of(
                            outcome.pattern().id(),
                            Integer.toString(outcome.pattern().version()),
                            outcome instanceof Outcome.Refused ? Style.RED.on(ansi, what) : what));
        }
        new Table(rows).print(out);
        if (refused) {
            spec.commandLine().getErr().println("Nothing was published.");
        }
    }

    private record Report(
            String pattern, int version, String outcome, Instant effectiveFrom, String why) {
        static Report of(Outcome outcome) {
            var pattern = outcome.pattern();
            if (outcome instanceof Outcome.Pushed pushed) {
                return new Report(pattern.id(), pattern.version(), "pushed", pushed.from(), null);
            }
            if (outcome instanceof Outcome.Unchanged unchanged) {
                return new Report(
                        pattern.id(), pattern.version(), "unchanged", unchanged.from(), null);
            }
            return new Report(
                    pattern.id(),
                    pattern.version(),
                    "refused",
                    null,
                    ((Outcome.Refused) outcome).why());
        }

        String text(boolean nothingIsPublished) {
            return switch (outcome) {
                case "pushed" ->
                        nothingIsPublished ? "not published" : "published, judges " + since();
                case "unchanged" -> "unchanged, judges " + since();
                default -> "refused: " + why;
            };
        }

        private String since() {
            return effectiveFrom.equals(Instant.EPOCH)
                    ? "all readings"
                    : "readings from " + effectiveFrom + " on";
        }
    }

    /** ISO-8601 with a zone. */
    static final class Time implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return java.time.OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no time. Write 2026-01-31T08:00:00Z.");
            }
        }
    }
}
