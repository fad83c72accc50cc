package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonProperty;
import hrm.embedded.FlinkClient;
import hrm.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where {@code hrm up} keeps a stack: its data, logs and {@code stack.json}, which says where it
 * listens.
 *
 * @param path {@code .hrm} beside the project's files unless HRM_DIR or {@code --dir} says
 *     otherwise
 */
record StackFolder(Path path) {
    /** In the environment: another folder than {@code .hrm}. */
    static final String VARIABLE = "HRM_DIR";

    /** What a stack is about. */
    enum Phase {
        STARTING,
        RUNNING,
        STOPPING
    }

    /**
     * Where the parts of a stack listen.
     *
     * @param bootstrapServers Kafka's
     * @param jdbcUrl PostgreSQL's, complete with the user
     * @param flink the REST interface and web UI, http://host:port
     * @param supervisor process id of what keeps them running
     */
    record Running(
            @JsonProperty("bootstrap_servers") String bootstrapServers,
            @JsonProperty("jdbc_url") String jdbcUrl,
            @JsonProperty("flink") String flink,
            @JsonProperty("supervisor") long supervisor,
            @JsonProperty("phase") Phase phase) {
        /** For jobs on its cluster. */
        FlinkClient flinkClient(StackFolder folder) {
            var address = URI.create(flink);
            return FlinkClient.of(
                    folder.path.resolve("flink/client"),
                    Path.of(System.getProperty("hrm.home", "."), "flink-conf"),
                    address.getHost(),
                    address.getPort());
        }

        /** Whether the supervisor lives; what it watches may be starting again. */
        boolean isAlive() {
            return ProcessHandle.of(supervisor).filter(ProcessHandle::isAlive).isPresent();
        }
    }

    /** The folder in use, unless a command is told another. */
    static StackFolder usual() {
        var given = System.getenv(VARIABLE);
        return new StackFolder(
                given == null || given.isBlank()
                        ? Path.of(System.getProperty("hrm.home", "."), ".hrm")
                                .toAbsolutePath()
                                .normalize()
                        : Path.of(given).toAbsolutePath().normalize());
    }

    /** What listens now; empty when nothing is up. */
    Optional<Running> running() {
        try {
            return Optional.of(Json.read(Files.readAllBytes(file()), Running.class))
                    .filter(Running::isAlive);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file() + ": " + e.getMessage(), e);
        }
    }

    void write(Running running) {
        try {
            Files.createDirectories(path);
            // Never half a file for those who read it meanwhile.
            var next = path.resolve("stack.json.next");
            Files.write(next, Json.write(running));
            Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file() + ": " + e.getMessage(), e);
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + file() + ": " + e.getMessage(), e);
        }
    }

    /** What the supervisor says. */
    Path supervisorLog() {
        return path.resolve("supervisor.log");
    }

    /** What the supervisor measures, for Prometheus. */
    Path metrics() {
        return path.resolve("hrm.prom");
    }

    private Path file() {
        return path.resolve("stack.json");
    }
}
