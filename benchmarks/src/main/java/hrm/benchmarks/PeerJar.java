package hrm.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The job jar that ships and the classes of this room: what a peer's job is submitted in. */
final class PeerJar {
    private PeerJar() {}

    /**
     * @return a jar in the folder
     */
    static Path build(Path jobJar, Path folder) {
        var jar = folder.resolve("peer-jobs.jar");
        var name = PeerJar.class.getPackageName().replace('.', '/');
        try {
            var classes =
                    Path.of(
                                    PeerJar.class
                                            .getProtectionDomain()
                                            .getCodeSource()
                                            .getLocation()
                                            .toURI())
                            .resolve(name);
            Files.copy(jobJar, jar);
            try (var inside = FileSystems.newFileSystem(jar, Map.of());
                    var files = Files.list(classes)) {
                var to = Files.createDirectories(inside.getPath(name));
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, to.resolve(file.getFileName().toString()));
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + jar, e);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
