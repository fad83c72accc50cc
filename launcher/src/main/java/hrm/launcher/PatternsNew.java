package hrm.launcher;

import hrm.patterns.check.PatternLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A file to begin with. */
@Command(
        name = "new",
        description = "Writes a commented pattern file to begin with.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  hrm patterns new high-after-coffee && hrm patterns test high-after-coffee.yaml")
final class PatternsNew implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Parameters(
            paramLabel = "ID",
            description = "The pattern's id: small letters, digits, hyphens.")
    String id;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            defaultValue = "",
            description = "Where to write ID.yaml. Default: the current folder")
    Path folder;

    @Override
    public Integer call() throws IOException {
        var yaml = template().replace("my-pattern", id);
        var checked = PatternLoader.load(id + ".yaml", yaml);
        if (!checked.isFine()) {
            // The template itself is fine, a test says so: it is the id.
            var finding = checked.findings().get(0);
            throw new ParameterException(
                    spec.commandLine(), finding.message() + ". " + finding.suggestion());
        }
        var file = folder.resolve(id + ".yaml");
        if (!folder.toString().isEmpty() && !Files.isDirectory(folder)) {
            throw new Failure(
                    folder + ": there is no such folder. Create it, or leave --folder out.");
        }
        try {
            Files.writeString(file, yaml, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    file + ": is there already and stays as it is. Choose another id.", e);
        }
        var out = spec.commandLine().getOut();
        out.println("Wrote " + file + ". Next:");
        out.println("  hrm patterns test " + file + "      # runs its examples");
        out.println("  hrm patterns run " + file + " --data FILE.csv   # tries it on recordings");
        return 0;
    }

    private static String template() throws IOException {
        try (var template = PatternsNew.class.getResourceAsStream("new-pattern.yaml")) {
            return new String(template.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
