package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.messages.webmonitor.JobDetails;
import org.apache.flink.runtime.messages.webmonitor.MultipleJobsDetails;
import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * The compose stack agrees with the code, and the check notices where it would not. No container
 * engine is needed, and none has run it.
 */
class ComposeStackTest {
    private static final Path HOME = Path.of(System.getProperty("hrm.home"));
    private static final Path SH = Path.of("/bin/sh");

    /** What the check looks at. */
    private static final List<String> FILES =
            List.of(
                    "docker-compose.yml",
                    ".dockerignore",
                    ".gitignore",
                    "pom.xml",
                    "deployment",
                    "flink-conf",
                    "docs/options.md",
                    "jobs/pom.xml",
                    "launcher/pom.xml",
                    "cep-patterns/catalogue",
                    "embedded/src/main/java/hrm/embedded/EmbeddedKafka.java",
                    "jobs/src/main/java/hrm/jobs/MonitoringJob.java",
                    "jobs/src/main/java/hrm/jobs/BaselineJob.java",
                    "jobs/src/main/java/hrm/jobs/LateRunJob.java",
                    "launcher/src/main/java/hrm/launcher/Hrm.java");

    @TempDir Path folder;

    private static Set<String> variables;
    private static Set<String> flinkKeys;

    @BeforeAll
    static void askTheCode() throws IOException {
        variables = variables();
        flinkKeys = flinkKeys();
    }

    private static List<String> findings(Path root) throws IOException {
        return ComposeStack.findings(root, variables, flinkKeys);
    }

    /** Those of the jobs, from their page, which their own test keeps true, and those of hrm. */
    private static Set<String> variables() throws IOException {
        var names = new TreeSet<String>();
        gather("`(HRM_[A-Z_]+)`", Files.readString(HOME.resolve("docs/options.md")), names);
        gather(Hrm.commandLine(), names);
        return names;
    }

    private static void gather(CommandLine command, Set<String> names) {
        command.getCommandSpec()
                .options()
                .forEach(
                        option -> {
                            gather("\\$\\{env:(\\w+)", option.defaultValue() + "", names);
                            // A default behind a variable hides it.
                            gather("(HRM_[A-Z_]+)", String.join(" ", option.description()), names);
                        });
        command.getSubcommands().values().forEach(sub -> gather(sub, names));
    }

    private static void gather(String pattern, String text, Set<String> names) {
        var found = Pattern.compile(pattern).matcher(text);
        while (found.find()) {
            names.add(found.group(1));
        }
    }

    private static Set<String> flinkKeys() {
        var keys = new TreeSet<String>();
        Stream.of(
                        CheckpointingOptions.class,
                        JobManagerOptions.class,
                        RestOptions.class,
                        TaskManagerOptions.class)
                .flatMap(options -> Stream.of(options.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> field.getType() == ConfigOption.class)
                .forEach(
                        field -> {
                            try {
                                keys.add(((ConfigOption<?>) field.get(null)).key());
                            } catch (IllegalAccessException impossible) {
                                throw new AssertionError(impossible);
                            }
                        });
        return keys;
    }

    private Path copy() throws IOException {
        var copy = folder.resolve("copy");
        for (var file : FILES) {
            try (var all = Files.walk(HOME.resolve(file))) {
                for (var one : all.filter(Files::isRegularFile).toList()) {
                    var target = copy.resolve(HOME.relativize(one).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(one, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return copy;
    }

    @Test
    void theStackAgreesWithTheCode() throws IOException {
        assertThat(findings(HOME)).isEmpty();
    }

    @Test
    void aCopyOfTheStackAgreesToo() throws IOException {
        assertThat(findings(copy())).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "docker-compose.yml | apache/kafka:4.2.2 | apache/kafka:3.9.0 | kafka: image",
                "docker-compose.yml | postgres:18.6 | postgres:17.2 | postgresql: image",
                "docker-compose.yml | postgres:18.6 | postgres | postgresql: image",
                "docker-compose.yml | hrm:0.1.0-SNAPSHOT | hrm:latest | setup: image",
                "docker-compose.yml | 127.0.0.1:9092:9092 | 127.0.0.1:9093:9092 | publishes",
                "docker-compose.yml | 127.0.0.1:5432:5432 | 5432:5432 | postgresql: port",
                "docker-compose.yml | OUTSIDE://localhost:9092 | OUTSIDE://kafka:9092 | kafka: this machine",
                "docker-compose.yml | INSIDE://kafka:19092 | INSIDE://kafka:9094 | kafka: listener INSIDE",
                "docker-compose.yml | ,OUTSIDE:PLAINTEXT | '' | kafka: listener OUTSIDE has no protocol",
                "docker-compose.yml | kafka:19092\\n  HRM_JDBC | kafka:9092\\n  HRM_JDBC | setup: HRM_BOOTSTRAP",
                "docker-compose.yml | HRM_JDBC_URL | HRM_JDBC_URI | setup: HRM_JDBC_URI is no option",
                "docker-compose.yml | HRM_JDBC_USER: hrm | HRM_JDBC_USER: root | HRM_JDBC_USER is not",
                "docker-compose.yml | KAFKA_AUTO_CREATE_TOPICS_ENABLE | KAFKA_AUTO_CREATE_TOPIC_ENABLE | no setting",
                "docker-compose.yml | POSTGRES_DB: hrm | POSTGRES_DB: heart | HRM_JDBC_URL is",
                "docker-compose.yml | POSTGRES_PASSWORD: ${HRM_JDBC_PASSWORD:?There is no password for the database. Run deployment/make-env first.} | POSTGRES_PASSWORD: hunter22 | secret",
                "docker-compose.yml | jdbc:postgresql://postgresql | jdbc:postgresql://hrm:hunter22@postgresql | secret",
                "docker-compose.yml | /var/lib/postgresql\\n | /var/lib/postgresql/data\\n | postgresql: its volume",
                "docker-compose.yml | kafka-data:/var/lib/kafka/data | kafka-data:/tmp/kafka | KAFKA_LOG_DIRS",
                "docker-compose.yml | flink-state:/var/lib/flink | flink-state:/opt/state | on no volume",
                "docker-compose.yml | user: postgres | user: root | postgresql: runs as root",
                "docker-compose.yml | target: hrm | target: launcher | setup: the Dockerfile has no stage",
                "docker-compose.yml | dockerfile: deployment/images/Dockerfile | dockerfile: deployment/Dockerfile | there is no",
                "docker-compose.yml | \"setup\", \"--wait\" | \"setup\", \"--await\" | setup: hrm setup --await",
                "docker-compose.yml | /opt/hrm/keep-monitoring | /opt/hrm/keep | monitoring: the image has no",
                "docker-compose.yml | condition: service_completed_successfully | condition: service_healthy | setup",
                "docker-compose.yml | JOB_MANAGER_RPC_ADDRESS: jobmanager | JOB_MANAGER_RPC_ADDRESS: master | is no JobManager",
                "docker-compose.yml | rest.bind-address:0.0.0.0 | rest.bind-adress:0.0.0.0 | Flink knows no",
                "docker-compose.yml | rest.address:jobmanager | rest.address: jobmanager | no spaces",
                "docker-compose.yml | '    taskmanager.bind-host:0.0.0.0\\n' | '' | taskmanager.bind-host stays 127.0.0.1",
                "docker-compose.yml | mem_limit: 1536m | mem_limit: 1g | taskmanager: mem_limit",
                "docker-compose.yml | localhost:8081/overview | localhost:8082/overview | jobmanager: the health check",
                "docker-compose.yml | '  flink-state:\\n' | '' | is no volume of this file",
                "docker-compose.yml | services: | services: [ | is no YAML",
                "deployment/images/Dockerfile | flink:2.2.1-java17 | flink:1.20.0-java17 | stage flink",
                "deployment/images/Dockerfile | flink:2.2.1-java17 | flink:latest | not pinned",
                "deployment/images/Dockerfile | USER hrm | USER root | stage hrm runs as root",
                "deployment/images/Dockerfile | target/hrm-jobs.jar | target/jobs.jar | jobs/pom.xml builds no such",
                "deployment/images/Dockerfile | COPY cep-patterns/catalogue/ | COPY cep-patterns/patterns/ | is not there",
                "deployment/images/Dockerfile | --chown=flink:flink flink-conf | flink-conf | --chown",
                "deployment/images/Dockerfile | taskmanager.host=127.0.0.1 | taskmanager.host=localhost | to remove",
                "deployment/images/Dockerfile | install -d -o flink | install -d -o root | does not make",
                "deployment/images/Dockerfile | hrm.launcher.Hrm | hrm.launcher.Main | no class hrm.launcher.Main",
                "deployment/images/keep-monitoring | hrm.jobs.MonitoringJob | hrm.jobs.Monitoring | keep-monitoring:",
                "deployment/images/run-schedule | /opt/hrm/hrm-jobs.jar | /opt/hrm/jobs.jar | run-schedule:",
                "deployment/images/run-schedule | hrm.jobs.LateRunJob | hrm.jobs.LateRun | run-schedule:",
                "docker-compose.yml | HRM_LATE_RUN_CRON: 0 */5 * * * * | HRM_LATE_RUN_CRON: 5 * * * * | is no cron expression",
                "docker-compose.yml | HRM_BASELINE_CRON: 0 30 8 * * * | HRM_BASELINE_CRON: at 8:30 | is no cron expression",
                "pom.xml | <kafka.version>4.2.2 | <kafka.version>4.3.0 | kafka: image",
                "flink-conf/config.yaml | rest.port: 8081 | rest.port: 8082 | jobmanager: the health check",
                ".dockerignore | docs | flink-conf | .dockerignore leaves it out",
                ".gitignore | .env | env | .gitignore: does not leave .env out",
            })
    void aBrokenCopyIsNoticed(String file, String sound, String broken, String finding)
            throws IOException {
        var copy = copy();
        var path = copy.resolve(file);
        var text = Files.readString(path);
        var from = sound.replace("\\n", "\n");
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, broken.replace("\\n", "\n")));

        assertThat(findings(copy)).anyMatch(one -> one.contains(finding));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deployment/images/Dockerfile",
                "deployment/images/keep-monitoring",
                "deployment/make-env"
            })
    void aMissingFileIsNoticed(String file) throws IOException {
        var copy = copy();
        Files.delete(copy.resolve(file));

        assertThat(findings(copy)).anyMatch(one -> one.contains(file));
    }

    @Test
    void aServiceWithoutHealthCheckIsNoticed() throws IOException {
        var copy = copy();
        var path = copy.resolve("docker-compose.yml");
        var text = Files.readString(path);
        int from = text.indexOf("    healthcheck:", text.indexOf("  schedule:"));
        int to = text.indexOf("    mem_limit:", from);
        Files.writeString(path, text.substring(0, from) + text.substring(to));

        assertThat(findings(copy))
                .containsExactly("docker-compose.yml: schedule: has no health check");
    }

    // ---- the scripts

    @Test
    void everyScriptIsValidForSh() throws Exception {
        assumeTrue(Files.isExecutable(SH), "no sh here");
        for (var script : ComposeStack.SCRIPTS) {
            assertThat(sh(Map.of(), "-n", HOME.resolve(script).toString()))
                    .isEqualTo(new Ended(0, ""));
        }
    }

    @Test
    void thePasswordIsRandomForOneReaderAndNeverOverwritten() throws Exception {
        assumeTrue(Files.isExecutable(SH), "no sh here");
        var file = folder.resolve(".env");
        var other = folder.resolve("other.env");

        assertThat(makeEnv(file).code()).isZero();
        assertThat(makeEnv(other).code()).isZero();
        var written = Files.readString(file);

        assertThat(written).containsPattern("\nHRM_JDBC_PASSWORD=[0-9a-f]{48}\n");
        assertThat(written).isNotEqualTo(Files.readString(other));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var again = makeEnv(file);
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.output()).contains(file + " is there already");
        assertThat(Files.readString(file)).isEqualTo(written);
    }

    private Ended makeEnv(Path file) throws Exception {
        return sh(Map.of(), HOME.resolve("deployment/make-env").toString(), file.toString());
    }

    @Test
    void theMonitoringJobIsSubmittedWhenItDoesNotRun() throws Exception {
        assumeTrue(Files.isExecutable(SH), "no sh here");
        rest(job("monitoring", JobStatus.CANCELED), job("baseline 7", JobStatus.RUNNING));

        assertThat(keepMonitoring().code()).isZero();

        assertThat(submitted())
                .isEqualTo("run -d -c hrm.jobs.MonitoringJob /opt/hrm/hrm-jobs.jar\n");
    }

    @Test
    void nothingIsSubmittedWhileItRunsOrStartsAgain() throws Exception {
        assumeTrue(Files.isExecutable(SH), "no sh here");
        for (var state : JobStatus.values()) {
            if (state.isGloballyTerminalState()) {
                continue;
            }
            rest(job("monitoring", JobStatus.FAILED), job("monitoring", state));

            assertThat(keepMonitoring().code()).isZero();

            assertThat(submitted()).as(state.name()).isEmpty();
        }
    }

    @Test
    void itGoesOnFromTheNewestOfSavepointsAndCheckpoints() throws Exception {
        assumeTrue(Files.isExecutable(SH), "no sh here");
        rest();
        state("checkpoints/a1/chk-7", 7);
        state("checkpoints/b2/chk-3", 9);
        state("savepoints/savepoint-1", 8);
        // Not complete: without _metadata.
        Files.createDirectories(folder.resolve("checkpoints/b2/chk-4"));

        assertThat(keepMonitoring().code()).isZero();
        assertThat(submitted()).contains(" -s " + folder.resolve("checkpoints/b2/chk-3") + " -c");

        state("savepoints/savepoint-2", 10);
        assertThat(keepMonitoring().code()).isZero();
        assertThat(submitted()).contains(" -s " + folder.resolve("savepoints/savepoint-2") + " -c");
    }

    @Test
    void anAbsentJobManagerIsWaitedFor() throws Exception {
        assumeTrue(Files.isExecutable(SH), "no sh here");
        program("wget", "exit 4");
        program("flink", "touch '" + folder.resolve("submitted") + "'");

        var look = keepMonitoring();

        assertThat(look.code()).isEqualTo(1);
        assertThat(look.output()).contains("does not answer yet");
        assertThat(submitted()).isEmpty();
    }

    @Test
    void baselinesAndTheLateRunGoByTheClockOfTheHrmCommand() throws Exception {
        assumeTrue(Files.isExecutable(SH), "no sh here");
        program("java", "for word; do echo \"$word\"; done");

        var said = script("run-schedule", Map.of()).output().lines().toList();

        int hrm = said.indexOf("hrm.launcher.Hrm");
        assertThat(said.get(hrm - 1)).isEqualTo("/opt/hrm/lib/*");
        var arguments = said.subList(hrm + 1, said.size());
        assertThat(arguments)
                .startsWith("schedule")
                .contains(
                        "flink run -c hrm.jobs.BaselineJob /opt/hrm/hrm-jobs.jar",
                        "flink run -c hrm.jobs.LateRunJob /opt/hrm/hrm-jobs.jar");
        Hrm.commandLine().parseArgs(arguments.toArray(String[]::new));
    }

    private static JobDetails job(String name, JobStatus state) {
        int[] tasksPerState = new int[ExecutionState.values().length];
        tasksPerState[ExecutionState.RUNNING.ordinal()] = 3;
        return new JobDetails(new JobID(), name, 1, -1, 5, state, 1, tasksPerState, 3);
    }

    /** A JobManager that answers as Flink does, and a client that notes what it is told. */
    private void rest(JobDetails... jobs) throws IOException {
        var answer =
                RestMapperUtils.getStrictObjectMapper()
                        .writeValueAsString(new MultipleJobsDetails(List.of(jobs)));
        program("wget", "printf '%s' '" + answer + "'");
        program("flink", "echo \"$@\" >'" + folder.resolve("submitted") + "'");
    }

    /** A program that the script finds before any of its name. */
    private void program(String name, String body) throws IOException {
        var file = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void state(String name, long second) throws IOException {
        var file = Files.createDirectories(folder.resolve(name)).resolve("_metadata");
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000));
    }

    private String submitted() {
        try {
            var file = folder.resolve("submitted");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ended keepMonitoring() throws Exception {
        return script("keep-monitoring", Map.of(), "--once");
    }

    private Ended script(String name, Map<String, String> more, String... arguments)
            throws Exception {
        var environment = new HashMap<String, String>(more);
        environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        environment.put("STATE_FOLDER", folder.toString());
        environment.put("LOOKED", folder.resolve("looked").toString());
        var script = HOME.resolve("deployment/images").resolve(name).toString();
        return sh(
                environment,
                Stream.concat(Stream.of(script), Stream.of(arguments)).toArray(String[]::new));
    }

    private record Ended(int code, String output) {}

    private static Ended sh(Map<String, String> environment, String... arguments) throws Exception {
        var command = new ArrayList<String>(List.of(SH.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }
}
