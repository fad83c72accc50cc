package hrm.launcher;

import hrm.patterns.check.PatternLoader;
import hrm.patterns.check.PatternLoader.Loaded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pattern file and what its check found.
 *
 * @param path as it was given
 */
record PatternFile(Path path, Loaded loaded) {

    /**
     * Reads and checks these files, and all {@code .yaml} and {@code .yml} files of folders.
     *
     * @throws Failure when there is no such file, or none in a folder
     */
    static List<PatternFile> read(Collection<Path> filesAndFolders) {
        var files = new ArrayList<PatternFile>();
        for (var path : filesAndFolders) {
            if (Files.isDirectory(path)) {
                var inside = inFolder(path);
                if (inside.isEmpty()) {
                    throw new Failure(path + ": no pattern files (*.yaml) in this folder");
                }
                inside.forEach(file -> files.add(read(file)));
            } else {
                files.add(read(path));
            }
        }
        return files;
    }

    private static List<Path> inFolder(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PatternFile read(Path file) {
        if (!Files.exists(file)) {
            throw new Failure(file + ": there is no such file");
        }
        try {
            return new PatternFile(
                    file, PatternLoader.load(file.toString(), Files.readString(file)));
        } catch (MalformedInputException e) {
            throw new Failure(file + ": not UTF-8 text. Save it as UTF-8.", e);
        } catch (IOException e) {
            throw new Failure(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** The folder of the patterns that ship. */
    static Path shipped() {
        var home = System.getProperty("hrm.home");
        if (home == null || home.isBlank()) {
            throw new Failure(
                    "The system property hrm.home is not set. Start through ./hrm, or add"
                            + " -Dhrm.home=<the project's root folder>.");
        }
        var here = Path.of("").toAbsolutePath();
        var folder = Path.of(home).toAbsolutePath().normalize().resolve("cep-patterns/catalogue");
        // Short names in findings for whoever stands in the project.
        return folder.startsWith(here) ? here.relativize(folder) : folder;
    }
}
