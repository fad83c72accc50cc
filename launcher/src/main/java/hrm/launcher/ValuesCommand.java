package hrm.launcher;

import hrm.model.Reading;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What conditions saw. */
@Command(
        name = "values",
        description = "Shows what patterns could see of a person at a time.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm values --user anna --at 2026-01-31T08:15:00Z",
            "",
            "Every name a condition can use, with its value at the newest stored reading until then",
            "and where it comes from. Computed by the detection itself from the stored readings, late",
            "ones in their place. A minute is stored when it is over. Times are UTC."
        })
final class ValuesCommand implements Callable<Integer> {
    /** Beyond this nothing a device said before has a say, as for most features. */
    static final Duration NEAR = Duration.ofMinutes(5);

    /**
     * From so long before: the features look back 5 minutes, the sensor's 15, and who has slept
     * long has been still for hours.
     */
    static final Duration HISTORY = Duration.ofDays(1);

    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Option(names = "--user", required = true, paramLabel = "USER", description = "Whose.")
    String user;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Default: the one with the newest reading at that time")
    String device;

    @Option(
            names = "--at",
            required = true,
            paramLabel = "TIME",
            converter = Moment.class,
            description = Moment.FORMS + ", now")
    Instant at;

    @Mixin DatabaseOption database;

    /** The answer as JSON. */
    private record Report(
            String userId,
            String deviceId,
            Instant at,
            Instant reading,
            List<ValueReport.Row> values) {}

    @Override
    public Integer call() throws SQLException {
        try (var connection = database.connect()) {
            var person = new StoredPerson(connection, user);
            var near = person.readings(device, at.minus(NEAR), at);
            if (near.isEmpty()) {
                throw new Failure(nothingNear(person));
            }
            var last = near.get(near.size() - 1);
            var time = Instant.ofEpochMilli(last.timestampMs());
            var history = person.readings(last.deviceId(), time.minus(HISTORY), time);
            var rows = new ValueReport(person.reference(time), history).rows();
            if (output.json()) {
                OutputOption.print(
                        spec.commandLine().getOut(),
                        new Report(user, last.deviceId(), at, time, rows));
            } else {
                print(last, near, rows);
            }
            return 0;
        }
    }

    private void print(Reading last, List<Reading> near, List<ValueReport.Row> rows) {
        var out = spec.commandLine().getOut();
        var time = Instant.ofEpochMilli(last.timestampMs());
        var before = Duration.between(time, at);
        out.println(
                Style.BOLD.on(
                        Hrm.ansi(spec),
                        user
                                + ", device "
                                + last.deviceId()
                                + ", reading of "
                                + AlertLines.dated().format(time)
                                + (before.toSeconds() == 0
                                        ? ""
                                        : " (" + Words.duration(before) + " before)")));
        var others =
                near.stream()
                        .map(Reading::deviceId)
                        .distinct()
                        .filter(other -> !other.equals(last.deviceId()))
                        .toList();
        if (!others.isEmpty()) {
            out.println("Also there then: " + String.join(", ", others) + " (--device)");
        }
        var table = new ArrayList<List<String>>();
        table.add(List.of("NAME", "VALUE", "SOURCE, OR WHY UNKNOWN"));
        rows.forEach(row -> table.add(List.of(row.name(), row.text(), row.source())));
        new Table(table).print(out);
    }

    private String nothingNear(StoredPerson person) throws SQLException {
        var whose = "'" + user + "'" + (device == null ? "" : " on device '" + device + "'");
        var nearest = person.nearest(device, at);
        if (nearest.isEmpty()) {
            return "No reading of "
                    + whose
                    + " is stored. Is the id right? What was sent within the last minute is not"
                    + " stored yet.";
        }
        var text = new StringBuilder("No reading of ").append(whose);
        text.append(" is stored from the ").append(Words.duration(NEAR)).append(" before ");
        text.append(AlertLines.dated().format(at)).append(". The nearest:");
        for (var reading : nearest) {
            var time = Instant.ofEpochMilli(reading.timestampMs());
            boolean after = time.isAfter(at);
            text.append("\n  --at ").append(time);
            text.append(" --device ").append(reading.deviceId());
            text.append("   ").append(Words.duration(Duration.between(time, at).abs()));
            text.append(after ? " after" : " before");
        }
        return text.toString();
    }
}
