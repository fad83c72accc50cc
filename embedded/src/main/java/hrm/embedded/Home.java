package hrm.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's root, by the system property {@code hrm.home}: where the child JVMs' jars are. */
final class Home {
    static final String PROPERTY = "hrm.home";

    private Home() {}

    static Path path() {
        var value = System.getProperty(PROPERTY);
        if (value == null || value.isBlank()) {
            throw new StartFailure(
                    "The system property hrm.home is not set. Start through ./hrm, or add -Dhrm.home=<the project's root folder>.");
        }
        return Path.of(value).toAbsolutePath().normalize();
    }

    /**
     * The class path that Maven wrote for a runtime.
     *
     * @param runtime kafka-runtime or flink-runtime
     */
    static String classPath(String runtime) {
        var target = path().resolve("embedded").resolve(runtime).resolve("target");
        try {
            return Stream.of(Files.readString(target.resolve("class-path")).strip().split(":"))
                    .map(jar -> target.resolve(jar).toString())
                    .collect(Collectors.joining(":"));
        } catch (IOException missing) {
            throw new StartFailure(
                    "%s is not built (no class-path file there). In %s: mvn -q package -DskipTests -pl embedded/kafka-runtime,embedded/flink-runtime"
                            .formatted(target, path()),
                    missing);
        }
    }

    /**
     * A Java command line without its main class.
     *
     * @param temporary the child's own temporary folder: what it leaves there goes with its base
     */
    static List<String> java(String runtime, Path temporary, List<String> options) {
        try {
            Files.createDirectories(temporary);
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot create " + temporary, failure);
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-Djava.awt.headless=true");
        // Else a killed JVM leaves its counters in the system's temporary folder.
        command.add("-XX:-UsePerfData");
        command.add("-cp");
        command.add(classPath(runtime));
        return command;
    }

    /** For JVMs that run a second: compiling little is faster. */
    static List<String> brief(String heap) {
        return List.of(
                "-Xmx" + heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");
    }
}
