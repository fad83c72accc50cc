package hrm.launcher;

import hrm.launcher.PatternPush.Outcome;
import hrm.patterns.spec.PatternSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What a push would do; nothing is written. */
record PushPreview(Broker broker, PatternPush push, HalfFinished halfFinished) {
    private record Preview(
            String pattern,
            int version,
            String outcome,
            String why,
            Instant effectiveFrom,
            List<PatternDiff.Change> changes,
            Boolean matchesGoOn,
            Long halfFinished,
            String halfFinishedUnknown) {}

    int print(CommandSpec spec, OutputOption output, List<PatternFile> files) {
        var published = PublishedPatterns.of(broker);
        var previews = new ArrayList<Preview>();
        for (var file : files) {
            previews.add(of(file.loaded().spec(), published));
        }
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, previews);
        } else {
            previews.forEach(preview -> lines(preview).forEach(out::println));
            out.println("Nothing was published: --dry-run");
        }
        return previews.stream().anyMatch(one -> one.outcome.equals("refused")) ? 1 : 0;
    }

    private Preview of(PatternSpec pattern, PublishedPatterns published) {
        var versions = published.all().get(pattern.id());
        var outcome = push.decide(pattern, versions);
        if (outcome instanceof Outcome.Refused refused) {
            return new Preview(
                    pattern.id(),
                    pattern.version(),
                    "refused",
                    refused.why(),
                    null,
                    List.of(),
                    null,
                    null,
                    null);
        }
        if (outcome instanceof Outcome.Unchanged unchanged) {
            return new Preview(
                    pattern.id(),
                    pattern.version(),
                    "unchanged",
                    null,
                    unchanged.from(),
                    List.of(),
                    true,
                    null,
                    null);
        }
        var from = ((Outcome.Pushed) outcome).from();
        var before =
                versions == null || versions.versions().isEmpty()
                        ? null
                        : PublishedPatterns.read(pattern.id(), PublishedPatterns.newest(versions));
        if (before == null) {
            return new Preview(
                    pattern.id(),
                    pattern.version(),
                    "new",
                    null,
                    from,
                    List.of(),
                    null,
                    null,
                    null);
        }
        var count = halfFinished.of(pattern.id());
        return new Preview(
                pattern.id(),
                pattern.version(),
                "changed",
                null,
                from,
                PatternDiff.between(before, pattern),
                PatternDiff.keepsMatches(before, pattern),
                count.count(),
                count.why());
    }

    private static List<String> lines(Preview preview) {
        var lines = new ArrayList<String>();
        var name = preview.pattern + " version " + preview.version;
        switch (preview.outcome) {
            case "refused" -> lines.add(name + " would be refused: " + preview.why);
            case "unchanged" -> lines.add(name + " is published with this text already");
            case "new" ->
                    lines.add(name + " is new and would judge " + since(preview.effectiveFrom));
            default -> {
                lines.add(name + " would judge " + since(preview.effectiveFrom));
                preview.changes.forEach(change -> lines.add("  " + change.line()));
                var fate = preview.matchesGoOn ? "go on (the shape is kept)" : "are lost";
                lines.add(
                        preview.halfFinished == null
                                ? "  Half-finished matches "
                                        + fate
                                        + "; how many there are is not known: "
                                        + preview.halfFinishedUnknown
                                : "  "
                                        + Words.count(
                                                preview.halfFinished,
                                                "half-finished match",
                                                "half-finished matches")
                                        + " now, which "
                                        + fate);
            }
        }
        return lines;
    }

    private static String since(Instant from) {
        return from.equals(Instant.EPOCH) ? "all readings" : "readings from " + from + " on";
    }
}
