package hrm.launcher;

import hrm.model.PatternVersions.Version;
import hrm.patterns.spec.PatternSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which patterns there are. */
@Command(
        name = "list",
        description = "Lists the patterns that ship, those of a folder, or those that run.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm patterns list", "  hrm patterns list --published"})
final class PatternsList implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Pattern files or folders. Default: the patterns that ship")
    List<Path> files;

    @Option(
            names = "--published",
            description = "What running jobs have been given, with each version still needed")
    boolean published;

    @Mixin KafkaOption kafka;

    @Override
    public Integer call() {
        if (published) {
            return listPublished();
        }
        var read = PatternFile.read(files == null ? List.of(PatternFile.shipped()) : files);
        var out = spec.commandLine().getOut();
        var fine = read.stream().filter(file -> file.loaded().isFine()).toList();
        if (output.json()) {
            OutputOption.print(out, fine.stream().map(Item::of).toList());
        } else {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("ID", "VERSION", "MODE", "SEVERITY", "CONDITION", "TITLE"));
            fine.forEach(file -> rows.add(Item.of(file).row()));
            new Table(rows).print(out);
        }
        var err = spec.commandLine().getErr();
        read.stream()
                .filter(file -> !file.loaded().isFine())
                .forEach(
                        file ->
                                err.println(
                                        file.path()
                                                + ": has errors. See: hrm patterns validate "
                                                + file.path()));
        return fine.size() == read.size() ? 0 : 1;
    }

    private int listPublished() {
        if (files != null) {
            throw new ParameterException(
                    spec.commandLine(), "Give files or --published, not both.");
        }
        var rows = new ArrayList<Published>();
        var now = Instant.now();
        PublishedPatterns.of(kafka.broker())
                .all()
                .forEach(
                        (id, versions) -> {
                            var inForce = PublishedPatterns.inForce(versions, now);
                            versions.versions()
                                    .forEach(
                                            version ->
                                                    rows.add(
                                                            Published.of(
                                                                    id,
                                                                    version,
                                                                    version.equals(inForce))));
                        });
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, rows);
        } else {
            var table = new ArrayList<List<String>>();
            table.add(List.of("ID", "VERSION", "MODE", "IN FORCE", "EFFECTIVE FROM"));
            rows.forEach(row -> table.add(row.row()));
            new Table(table).print(out);
        }
        return 0;
    }

    private record Published(
            String id, int version, String mode, boolean inForce, Instant effectiveFrom) {
        static Published of(String id, Version version, boolean inForce) {
            var pattern = PublishedPatterns.read(id, version);
            return new Published(
                    id,
                    version.version(),
                    pattern == null ? "refused" : pattern.mode().name().toLowerCase(Locale.ROOT),
                    inForce,
                    version.effectiveFrom());
        }

        List<String> row() {
            return List.of(
                    id,
                    Integer.toString(version),
                    mode,
                    inForce ? "yes" : "",
                    effectiveFrom.equals(Instant.EPOCH) ? "always" : effectiveFrom.toString());
        }
    }

    private record Item(
            String id,
            int version,
            String mode,
            String severity,
            String condition,
            String title,
            String file) {
        static Item of(PatternFile file) {
            PatternSpec spec = file.loaded().spec();
            return new Item(
                    spec.id(),
                    spec.version(),
                    spec.mode().name().toLowerCase(Locale.ROOT),
                    spec.severity().name().toLowerCase(Locale.ROOT),
                    spec.condition(),
                    spec.title(),
                    file.path().toString());
        }

        List<String> row() {
            return List.of(id, Integer.toString(version), mode, severity, condition, title);
        }
    }
}
