package hrm.launcher;

import hrm.patterns.spec.PatternSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which patterns there are. */
@Command(
        name = "list",
        description = "Lists the patterns that ship, or those of a folder.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  hrm patterns list")
final class PatternsList implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Pattern files or folders. Default: the patterns that ship")
    List<Path> files;

    @Override
    public Integer call() {
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
