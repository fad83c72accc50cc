package hrm.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts a command in a session of its own, under the same process id. Ctrl-C in a terminal goes to
 * every process of the session's group: without this, Kafka would be gone before its parent has
 * stopped the job that needs it.
 */
final class Session {
    /** setsid is util-linux (and busybox); macOS has Perl instead. */
    private static final List<String> PREFIX =
            onPath("setsid")
                    ? List.of("setsid")
                    : onPath("perl")
                            ? List.of(
                                    "perl",
                                    "-MPOSIX=setsid",
                                    "-e",
                                    "setsid(); exec @ARGV or die $!",
                                    "--")
                            : List.of();

    private Session() {}

    static List<String> own(List<String> command) {
        return Stream.concat(PREFIX.stream(), command.stream()).toList();
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
