package hrm.launcher;

import hrm.model.Alert;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** All there is to know of one episode. */
@Command(
        name = "show",
        description = "Tells everything about one episode, and why.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm alerts show 6f1f5f1e", "", "hrm alerts list has the ids. Times are UTC."})
final class AlertsShow implements Callable<Integer> {
    private static final int MOST_CANDIDATES = 10;

    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin AlertSourceOption source;

    @Parameters(
            paramLabel = "ID",
            converter = AlertId.Converter.class,
            description = "Of an episode, an alert or an event; its first 8 characters or more.")
    AlertId id;

    @Override
    public Integer call() {
        var found = source.open(spec.commandLine().getErr()::println).find(id);
        var episodes = new TreeMap<UUID, List<Alert>>();
        found.stream()
                .map(Alert::episodeId)
                .distinct()
                .forEach(
                        episode ->
                                episodes.put(
                                        episode,
                                        found.stream()
                                                .filter(one -> one.episodeId().equals(episode))
                                                .toList()));
        if (episodes.isEmpty()) {
            throw new Failure(
                    "No episode, alert or event in the "
                            + source.name()
                            + " has an id that begins with "
                            + id
                            + ". All ids: hrm alerts list --limit 0"
                            + (source.name().equals("table")
                                    ? ". One of the last seconds may be on the topic only: --from"
                                            + " topic"
                                    : ""));
        }
        if (episodes.size() > 1) {
            throw new Failure(
                    id
                            + " begins the ids of "
                            + episodes.size()
                            + " episodes. Write more of it:\n  "
                            + String.join(
                                    "\n  ",
                                    episodes.keySet().stream()
                                            .limit(MOST_CANDIDATES)
                                            .map(UUID::toString)
                                            .toList()));
        }
        var episode = new EpisodeStory(found);
        if (output.json()) {
            OutputOption.print(spec.commandLine().getOut(), episode.events());
        } else {
            episode.print(spec.commandLine().getOut(), Hrm.ansi(spec));
        }
        return 0;
    }
}
