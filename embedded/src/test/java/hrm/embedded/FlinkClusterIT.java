package hrm.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FlinkClusterIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String MAIN = CountJob.class.getName();

    private static TemporaryFolder folder;
    private static FlinkCluster cluster;
    private static Path jar;

    @BeforeAll
    static void start() throws IOException {
        folder = TemporaryFolder.create("hrm-flink-it-");
        jar = jarOf(folder.path().resolve("count.jar"));
        cluster =
                FlinkCluster.start(
                        folder.path().resolve("flink"),
                        Home.path().resolve("flink-conf"),
                        Map.of(
                                "execution.checkpointing.interval", "500ms",
                                "execution.checkpointing.min-pause", "0ms"),
                        System.out::println);
    }

    @AfterAll
    static void nothingRemains() {
        cluster.close();
        folder.close();

        assertThat(ProcessHandle.current().descendants()).isEmpty();
        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void newTaskManagerTakesOverFromAKilledOneAndCountsStayExact() throws IOException {
        var counts = Files.createDirectory(folder.path().resolve("counts"));
        var job = cluster.submit(jar, MAIN, List.of("3000", "500", counts.toString()));
        cluster.awaitRunning(job, LIMIT);
        await().atMost(LIMIT).until(() -> checkpoints(job, "completed") > 0);

        cluster.killTaskManager();
        cluster.startTaskManager();
        cluster.awaitFinished(job, LIMIT);

        var written = new TreeMap<String, String>();
        try (var files = Files.list(counts)) {
            for (var file : files.toList()) {
                written.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(written)
                .hasSize(10)
                .allSatisfy((key, count) -> assertThat(count).isEqualTo("300"));
        assertThat(checkpoints(job, "restored")).isPositive();
    }

    @Test
    void jobIsStoppedWithASavepointAndResumedFromIt() {
        var arguments = List.of("1000000", "100", folder.path().toString());
        var first = cluster.submit(jar, MAIN, arguments);
        cluster.awaitRunning(first, LIMIT);

        var savepoint = cluster.stopWithSavepoint(first, LIMIT);
        var second = cluster.submit(jar, MAIN, arguments, savepoint);
        cluster.awaitRunning(second, LIMIT);

        assertThat(cluster.state(first)).isEqualTo(JobState.FINISHED);
        assertThat(savepoint).startsWith(cluster.savepointFolder());
        assertThat(
                        cluster.get("/jobs/" + second + "/checkpoints")
                                .at("/latest/restored/external_path")
                                .asText())
                .contains(savepoint.getFileName().toString());
        cluster.cancel(second);
        assertThat(cluster.state(second)).isEqualTo(JobState.CANCELED);
    }

    @Test
    void refusedJobSaysWhatItsMainMethodSaid() {
        assertThatThrownBy(() -> cluster.submit(jar, MAIN, List.of()))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("Give COUNT, RATE and FOLDER");
    }

    @Test
    void jobThatFailsAgainAndAgainSaysWhy() {
        var job = cluster.submit(jar, MAIN, List.of("20", "100", "/no/such/folder"));
        await().atMost(LIMIT).until(() -> !cluster.failureCause(job).isEmpty());

        assertThatThrownBy(() -> cluster.awaitFinished(job, Duration.ofSeconds(1)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContainingAll(
                        "Waited 1 s for job " + job, "NoSuchFileException", "/no/such/folder");
        cluster.cancel(job);
    }

    @Test
    void eachProcessKeepsToLoopback() {
        assertThat(cluster.restAddress()).startsWith("http://127.0.0.1:");
        assertThat(cluster.get("/jobmanager/config").toString())
                .contains("rocksdb")
                .doesNotContain("metrics.reporter.prom");
    }

    private static int checkpoints(String job, String kind) {
        return cluster.get("/jobs/" + job + "/checkpoints").path("counts").path(kind).asInt();
    }

    private static Path jarOf(Path jar) throws IOException {
        var classes = Path.of("target/test-classes");
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.list(classes.resolve("hrm/embedded"))) {
            for (var file : files.toList()) {
                if (file.getFileName().toString().startsWith("CountJob")) {
                    out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                    out.write(Files.readAllBytes(file));
                    out.closeEntry();
                }
            }
        }
        return jar;
    }
}
