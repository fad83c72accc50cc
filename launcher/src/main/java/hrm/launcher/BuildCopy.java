package hrm.launcher;

import hrm.embedded.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was built, kept aside for a stack that runs for months: whoever builds or cleans the project
 * meanwhile must not pull jars from under its processes. Laid out as the project is, so that it
 * serves as {@code hrm.home}.
 */
final class BuildCopy {
    private static final List<String> TREES =
            List.of(
                    "launcher/target/lib",
                    "embedded/kafka-runtime/target/lib",
                    "embedded/flink-runtime/target/lib",
                    "flink-conf",
                    "cep-patterns/catalogue");
    private static final List<String> FILES =
            List.of(
                    "embedded/kafka-runtime/target/class-path",
                    "embedded/flink-runtime/target/class-path",
                    "jobs/target/hrm-jobs.jar");

    private final Path home;

    private BuildCopy(Path home) {
        this.home = home;
    }

    /** Replaces what an earlier call has left in the folder. */
    static BuildCopy make(Path projectHome, Path folder) {
        try {
            TemporaryFolder.delete(folder);
            for (var tree : TREES) {
                try (Stream<Path> files = Files.walk(projectHome.resolve(tree))) {
                    for (var file : files.filter(Files::isRegularFile).toList()) {
                        copy(file, folder.resolve(projectHome.relativize(file)));
                    }
                }
            }
            for (var file : FILES) {
                copy(projectHome.resolve(file), folder.resolve(file));
            }
            var jar = launcherJar(projectHome);
            copy(jar, folder.resolve(projectHome.relativize(jar)));
            return new BuildCopy(folder);
        } catch (IOException | UncheckedIOException e) {
            throw new Failure(
                    "Cannot copy what was built to "
                            + folder
                            + ": "
                            + e.getMessage()
                            + ". Is all built? In "
                            + projectHome
                            + ": mvn -q package -DskipTests",
                    e);
        }
    }

    Path home() {
        return home;
    }

    /** The launcher's class path. */
    String classPath() {
        try {
            return launcherJar(home) + ":" + home.resolve("launcher/target/lib") + "/*";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path launcherJar(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("launcher/target"))) {
            return files.filter(file -> file.getFileName().toString().matches("launcher-.*\\.jar"))
                    .filter(
                            file ->
                                    !file.getFileName()
                                            .toString()
                                            .matches(".*-(sources|tests)\\.jar"))
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow(() -> new IOException("no launcher jar in " + home));
        }
    }

    /** Libraries never change under their name, so a link will do; ours are built anew. */
    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        boolean library =
                from.getParent().endsWith("lib")
                        && !from.getFileName().toString().contains("-SNAPSHOT");
        if (library) {
            try {
                Files.createLink(to, from);
                return;
            } catch (IOException | UnsupportedOperationException e) {
                // Another file system, or one without links.
            }
        }
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
