package hrm.launcher;

import hrm.launcher.AlertFilter.Shown;
import hrm.model.Alert;
import hrm.model.AlertHash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which alerts there are. */
@Command(
        name = "list",
        description = "Lists alerts, or one hash of them all.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm alerts list --state open --severity critical,high",
            "  hrm alerts list --hash --from topic",
            "",
            "A line is an episode: one condition of one person on one device, from its onset on.",
            "Times are UTC. The hash is of all events; it is the same for table and topic, and for",
            "two runs that told the same, whenever they were published."
        })
final class AlertsList implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin AlertSourceOption source;

    @Mixin AlertFilter which;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            defaultValue = "all",
            description =
                    "open, resolved or all; or what the newest event says: opened, updated,"
                            + " amended, retracted. Default: all")
    Shown shown;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Only those with an onset from then on: " + Moment.FORMS)
    Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Only those with an onset before.")
    Instant until;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most, the newest first; 0 for all. Default: 50")
    int limit;

    @Option(
            names = "--events",
            description =
                    "Every event of each episode, in the order of time, not the newest alone.")
    boolean events;

    @Option(
            names = "--hash",
            description = "Only one SHA-256 over all events, and how many they are.")
    boolean hash;

    /** What {@code --hash} prints as JSON. */
    private record Hash(String hash, int events, int episodes) {}

    @Override
    public Integer call() {
        var err = spec.commandLine().getErr();
        var alerts = source.open(err::println);
        if (hash) {
            printHash(alerts);
            return 0;
        }
        if (limit < 0) {
            throw new ParameterException(spec.commandLine(), "--limit is 0 (all) or more.");
        }
        int most = limit == 0 ? Integer.MAX_VALUE : limit;
        var filter = new AlertFilter.Episodes(which, shown, since, until);
        // One more than asked for, to know whether there are more.
        int ask = most == Integer.MAX_VALUE ? most : most + 1;
        var found = events ? events(alerts, filter, ask) : alerts.episodes(filter, ask);
        boolean more = found.size() > most;
        if (more) {
            found = events ? found.subList(1, found.size()) : found.subList(0, most);
        }
        print(found);
        if (more) {
            err.println("There are more than " + most + ": --limit, --since or --user.");
        }
        return 0;
    }

    private void printHash(AlertSource alerts) {
        var given = spec.commandLine().getParseResult();
        for (var option : List.of("--state", "--limit", "--events")) {
            if (given.hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(), "--hash is of whole episodes: no " + option + ".");
            }
        }
        var filter = new AlertFilter.Episodes(which, Shown.ALL, since, until);
        var hash = new AlertHash();
        alerts.events(
                alert -> {
                    if (which.accepts(alert) && filter.inTime(alert)) {
                        hash.add(alert);
                    }
                });
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, new Hash(hash.digest(), hash.events(), hash.episodes()));
        } else {
            out.println(
                    hash.digest()
                            + "  "
                            + Words.count(hash.events(), "event", "events")
                            + " of "
                            + Words.count(hash.episodes(), "episode", "episodes"));
        }
    }

    /** Of the events of time the last. */
    private List<Alert> events(AlertSource alerts, AlertFilter.Episodes filter, int most) {
        if (shown == Shown.OPEN) {
            throw new ParameterException(
                    spec.commandLine(), "An event is not open: --state opened, or no --events.");
        }
        var byId = new LinkedHashMap<UUID, Alert>();
        alerts.events(
                alert -> {
                    if (filter.which().accepts(alert)
                            && filter.inTime(alert)
                            && shown.acceptsEvent(alert)) {
                        byId.putIfAbsent(alert.eventId(), alert);
                    }
                });
        var inOrder =
                byId.values().stream()
                        .sorted(
                                Comparator.comparing(AlertLines::at)
                                        .thenComparing(Alert::userId)
                                        .thenComparingLong(Alert::sequence)
                                        .thenComparingInt(Alert::revision))
                        .toList();
        return inOrder.subList(Math.max(0, inOrder.size() - most), inOrder.size());
    }

    private void print(List<Alert> found) {
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, found);
        } else if (found.isEmpty()) {
            out.println("No alerts.");
        } else if (events) {
            var lines = new AlertLines(AlertLines.dated(), Hrm.ansi(spec));
            found.forEach(alert -> out.println(lines.of(alert)));
        } else {
            var rows = new ArrayList<List<String>>();
            rows.add(
                    List.of(
                            "ONSET",
                            "USER",
                            "DEVICE",
                            "SEVERITY",
                            "STATE",
                            "LASTED",
                            "PATTERN",
                            "ID",
                            "MESSAGE"));
            found.forEach(alert -> rows.add(row(alert)));
            new Table(rows).print(out);
        }
    }

    private static List<String> row(Alert alert) {
        var mode = alert.mode() == Alert.Mode.LIVE ? "" : " (" + word(alert.mode()) + ")";
        return List.of(
                AlertLines.dated().format(alert.onset()),
                alert.userId(),
                alert.deviceId(),
                word(alert.severity()) + mode,
                state(alert),
                alert.resolvedAt() == null
                        ? "-"
                        : Words.duration(Duration.between(alert.onset(), alert.resolvedAt())),
                alert.patternId(),
                AlertId.brief(alert.episodeId()),
                alert.message());
    }

    /** What has become of an episode, by its newest event. */
    static String state(Alert newest) {
        if (newest.state() == Alert.State.RETRACTED) {
            return "taken back";
        }
        if (newest.resolvedAt() == null) {
            return "open";
        }
        return newest.reason() == null
                ? "over"
                : newest.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
