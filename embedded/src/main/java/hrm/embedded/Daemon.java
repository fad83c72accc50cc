package hrm.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts a process that outlives this one: in a session of its own, so that neither Ctrl-C nor a
 * closed terminal ends it, and not watched.
 */
public final class Daemon {
    private Daemon() {}

    /**
     * @param environment added to ours
     * @param log gets standard output and error, appended
     */
    public static ProcessHandle start(
            List<String> command, Map<String, String> environment, Path log) {
        try {
            Files.createDirectories(log.getParent());
            var builder =
                    new ProcessBuilder(Session.own(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            var process = builder.start();
            process.getOutputStream().close();
            return process.toHandle();
        } catch (IOException failure) {
            throw new StartFailure("Cannot start " + command.get(0), failure);
        }
    }
}
