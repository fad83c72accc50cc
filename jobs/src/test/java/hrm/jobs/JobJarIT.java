package hrm.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Opens the jar that is submitted to a cluster, and looks. */
class JobJarIT {
    private static final Path JAR =
            Path.of(System.getProperty("hrm.home"), "jobs", "target", "hrm-jobs.jar");

    private static List<String> entries;

    @BeforeAll
    static void open() throws IOException {
        try (var jar = new JarFile(JAR.toFile())) {
            entries = jar.stream().map(entry -> entry.getName()).toList();
        }
    }

    @Test
    void itHoldsOurJobsAndTheConnectors() {
        assertThat(entries)
                .contains(
                        "hrm/jobs/MonitoringJob.class",
                        "hrm/jobs/BaselineJob.class",
                        "hrm/functions/flink/Judge.class",
                        "hrm/patterns/catalogue/resting-tachycardia.yaml",
                        "org/apache/flink/connector/kafka/source/KafkaSource.class",
                        "org/apache/flink/connector/base/source/reader/SourceReaderBase.class",
                        "org/apache/flink/connector/jdbc/core/datastream/sink/JdbcSink.class",
                        "org/postgresql/Driver.class",
                        "META-INF/services/java.sql.Driver");
    }

    @Test
    void itHoldsFlinkCepUnderAnotherName() {
        assertThat(entries).contains("hrm/shaded/flink/cep/nfa/NFA.class");
        assertThat(entries).noneMatch(name -> name.startsWith("org/apache/flink/cep/"));
    }

    @Test
    void itHoldsNothingThatAClusterBrings() {
        assertThat(entries)
                .noneMatch(
                        name ->
                                name.startsWith("org/apache/flink/runtime/")
                                        || name.startsWith("org/apache/flink/client/")
                                        || name.startsWith("org/apache/flink/streaming/runtime/")
                                        || name.startsWith("org/apache/flink/configuration/")
                                        || name.startsWith("org/apache/flink/core/")
                                        || name.startsWith("org/slf4j/")
                                        || name.startsWith("org/apache/logging/"));
    }

    @Test
    void itHoldsNoSignaturesOfOtherJarsAndNoModules() {
        assertThat(entries)
                .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"))
                .noneMatch(name -> name.endsWith("module-info.class"));
    }

    @Test
    void itSaysItsMainClass() throws IOException {
        try (var jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("hrm.jobs.MonitoringJob");
        }
    }
}
