package hrm.launcher;

import hrm.patterns.spec.PatternShape;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a file would change. */
@Command(
        name = "diff",
        description = "Compares a pattern file with the published version.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm patterns diff my-pattern.yaml",
            "",
            "Says which fields differ, and whether half-finished matches go on with the new one."
        })
final class PatternsDiff implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin KafkaOption kafka;

    @Parameters(paramLabel = "FILE", description = "The pattern file.")
    Path file;

    private record Report(
            String pattern,
            int published,
            List<PatternDiff.Change> changes,
            boolean matchesGoOn,
            String shapeBefore,
            String shapeAfter) {}

    @Override
    public Integer call() {
        var checked = PatternFile.read(List.of(file)).get(0).loaded();
        if (!checked.isFine()) {
            spec.commandLine().getErr().println(checked.report());
            return 1;
        }
        var after = checked.spec();
        var published = PublishedPatterns.of(kafka.broker()).of(after.id());
        var newest = PublishedPatterns.newest(published);
        var before = PublishedPatterns.read(after.id(), newest);
        if (before == null) {
            throw new Failure(
                    "Version "
                            + newest.version()
                            + " of '"
                            + after.id()
                            + "' on the topic does not check, so there is nothing to compare with.");
        }
        var report =
                new Report(
                        after.id(),
                        before.version(),
                        PatternDiff.between(before, after),
                        PatternDiff.keepsMatches(before, after),
                        PatternShape.of(before).text(),
                        PatternShape.of(after).text());
        if (output.json()) {
            OutputOption.print(spec.commandLine().getOut(), report);
        } else {
            print(report);
        }
        return 0;
    }

    private void print(Report report) {
        var out = spec.commandLine().getOut();
        if (report.changes.isEmpty()) {
            out.println("As version " + report.published + ", which is published.");
            return;
        }
        out.println("Against version " + report.published + ", which is published:");
        report.changes.forEach(change -> out.println("  " + change.line()));
        if (report.matchesGoOn) {
            out.println("The shape is kept: half-finished matches go on.");
        } else {
            out.println("Half-finished matches are lost.");
            if (!report.shapeBefore.equals(report.shapeAfter)) {
                out.println("  shape before: " + report.shapeBefore);
                out.println("  shape after:  " + report.shapeAfter);
            }
        }
    }
}
