package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonProperty;
import hrm.model.Reevaluation;
import hrm.model.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What came late and was never judged. */
@Command(
        name = "gaps",
        description = {
            "Lists stretches that came late and were not judged again yet.",
            "None after a late run that had them all.",
            "Stretches that were judged again and wait for their device to go on, before they are"
                    + " settled for good, are listed with --all."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm gaps --user u1"})
final class GapsCommand implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin KafkaOption kafka;

    @Option(names = "--user", paramLabel = "USER", description = "Only this person's")
    String user;

    @Option(names = "--all", description = "Also those that were judged and are not settled")
    boolean all;

    /** A stretch as JSON. */
    record Line(
            @JsonProperty("user_id") String userId,
            @JsonProperty("device_id") String deviceId,
            @JsonProperty("from") Instant from,
            @JsonProperty("until") Instant until,
            @JsonProperty("reason") Reevaluation.Reason reason,
            @JsonProperty("judged_until") Instant judgedUntil) {
        static Line of(Reevaluation mark) {
            return new Line(
                    mark.userId(),
                    mark.deviceId(),
                    mark.from(),
                    mark.clock(),
                    mark.reason(),
                    mark.judgedUntil());
        }
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var broker = kafka.broker();
        broker.requireTopic(Topics.REEVALUATIONS);
        var lines =
                broker.newest(Topics.REEVALUATIONS, Reevaluation.class).values().stream()
                        .filter(mark -> all || mark.isPending())
                        .filter(mark -> user == null || user.equals(mark.userId()))
                        .sorted(
                                Comparator.comparing(Reevaluation::userId)
                                        .thenComparing(Reevaluation::deviceId)
                                        .thenComparing(Reevaluation::from))
                        .map(Line::of)
                        .toList();
        if (output.json()) {
            OutputOption.print(out, lines);
        } else if (lines.isEmpty()) {
            out.println("No gaps: everything that came was judged.");
        } else {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("USER", "DEVICE", "FROM", "UNTIL", "REASON", "JUDGED UNTIL"));
            lines.forEach(
                    line ->
                            rows.add(
                                    List.of(
                                            line.userId(),
                                            line.deviceId(),
                                            line.from().toString(),
                                            String.valueOf(line.until()),
                                            line.reason().toString(),
                                            line.judgedUntil() == null
                                                    ? "-"
                                                    : line.judgedUntil().toString())));
            new Table(rows).print(out);
        }
        return 0;
    }
}
