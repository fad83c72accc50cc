package hrm.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import hrm.embedded.FlinkClient;
import hrm.sinks.JdbcOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * Kafka, PostgreSQL and a Flink cluster that belong together, and our jobs on it.
 *
 * @param jdbcUrl complete with the user
 * @param jobJar what is submitted
 */
record Stack(String bootstrapServers, String jdbcUrl, FlinkClient flink, Path jobJar) {
    private static final Duration JOB_STARTS = Duration.ofMinutes(2);
    private static final Duration SUBMISSION_TAKES = Duration.ofMinutes(4);

    /** That of {@code hrm up}. */
    static Stack of(StackFolder folder, StackFolder.Running running) {
        return new Stack(
                running.bootstrapServers(),
                running.jdbcUrl(),
                running.flinkClient(folder),
                builtJar());
    }

    /** The jar that a build has left. */
    static Path builtJar() {
        var home = Path.of(System.getProperty("hrm.home", "")).toAbsolutePath().normalize();
        var jar = home.resolve("jobs/target/hrm-jobs.jar");
        if (!Files.isRegularFile(jar)) {
            throw new Failure(
                    jar
                            + " is not built. In "
                            + home
                            + ": mvn -q package -DskipTests -pl jobs -am");
        }
        return jar;
    }

    Broker broker() {
        return new Broker(bootstrapServers, new Properties());
    }

    JdbcOptions database() {
        return JdbcOptions.of(jdbcUrl, null, null);
    }

    Connection connect() throws SQLException {
        return database().connect();
    }

    /** Runs a bounded job to its end. */
    void run(String mainClass, Duration limit, String... arguments) {
        flink.awaitFinished(submit(mainClass, arguments), limit);
    }

    /**
     * Starts a job that runs until it is stopped.
     *
     * @return its id, when all its parts run
     */
    String launch(String mainClass, String... arguments) {
        var id = submit(mainClass, arguments);
        flink.awaitRunning(id, JOB_STARTS);
        return id;
    }

    private String submit(String mainClass, String... arguments) {
        return submit(mainClass, null, SUBMISSION_TAKES, arguments);
    }

    /**
     * Submits a job and does not wait for it.
     *
     * @param restore a savepoint or retained checkpoint, or null
     * @param limit for its main method
     */
    String submit(String mainClass, Path restore, Duration limit, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", bootstrapServers, "--jdbc-url", jdbcUrl));
        return flink.submit(
                new FlinkClient.Submission(
                        jobJar, mainClass, all, restore == null ? null : restore.toString()),
                limit);
    }

    /** Why a job is not well; empty when it runs and has not failed. */
    Optional<String> trouble(String jobId) {
        var cause = flink.failureCause(jobId);
        return cause.isEmpty()
                ? Optional.empty()
                : Optional.of(cause.lines().findFirst().orElse(""));
    }

    /**
     * A counter of an operator, over all its subtasks.
     *
     * @return empty while Flink has not gathered it
     */
    OptionalLong counter(String jobId, String operator, String name) {
        for (JsonNode vertex : flink.get("/jobs/" + jobId).path("vertices")) {
            var path =
                    "/jobs/"
                            + jobId
                            + "/vertices/"
                            + vertex.path("id").asText()
                            + "/subtasks/metrics";
            for (JsonNode metric : flink.get(path)) {
                var id = metric.path("id").asText();
                // Flink writes some characters of names as underscores.
                if (id.replaceAll("\\W", "_")
                        .equals((operator + "." + name).replaceAll("\\W", "_"))) {
                    var sum = flink.get(path + "?agg=sum&get=" + id).path(0).path("sum");
                    return sum.isNumber() ? OptionalLong.of(sum.asLong()) : OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }
}
