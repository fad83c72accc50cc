package hrm.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP", "KILL"})
    void nothingRemainsWhenTheParentIsEndedBy(String signal) throws Exception {
        assumeTrue(
                !isIgnored(signal),
                "SIG%s is ignored here, as nohup and & do, and children inherit that"
                        .formatted(signal));
        var parent =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Dhrm.home=" + Home.path(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Parent.class.getName())
                        .redirectError(dir.resolve("error").toFile())
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            var folder = Path.of(out.readLine());
            var server = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            var all = Stream.concat(parent.descendants(), server.descendants()).toList();
            // Not all: a server process of a connection that was just closed may be ending.
            assertThat(all).contains(server).hasSizeGreaterThan(3);
            assertThat(server.isAlive()).isTrue();

            kill(signal, parent.pid());

            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> {
                                assertThat(parent.isAlive()).isFalse();
                                assertThat(all).noneMatch(ProcessHandle::isAlive);
                                assertThat(folder).doesNotExist();
                            });
        } finally {
            parent.destroyForcibly();
        }
    }

    private static boolean isIgnored(String signal) throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false; // not Linux
        }
        int number = Map.of("HUP", 1, "INT", 2).getOrDefault(signal, 0);
        return number > 0
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> Long.parseUnsignedLong(line.split("\\s+")[1], 16))
                        .anyMatch(ignored -> (ignored >> (number - 1) & 1) == 1);
    }

    @Test
    void watchdogThatSomebodyKilledIsReplacedAtTheNextStart() throws Exception {
        var first = sleeper();
        var watchdog =
                ProcessHandle.current()
                        .children()
                        .filter(child -> child.pid() != first.pid())
                        .findFirst()
                        .orElseThrow();
        watchdog.destroyForcibly();
        watchdog.onExit().get(20, TimeUnit.SECONDS);

        var second = sleeper();

        assertThat(ProcessHandle.current().children().count()).isEqualTo(3);
        first.kill();
        second.kill();
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void killEndsTheChildrenOfTheChildToo() {
        var child = start("sleep 300 & echo started; wait");
        child.awaitReady(() -> child.output().contains("started"), LIMIT);
        var family = ProcessHandle.current().descendants().toList();

        child.kill();

        assertThat(family).hasSize(3).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void childThatIgnoresItsStopSignalIsKilledAfterTheGrace() {
        var child = start("trap '' TERM; echo started; while :; do sleep 0.1; done");
        child.awaitReady(() -> child.output().contains("started"), LIMIT);

        child.stop(Duration.ofMillis(500));

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void childThatEndsWhileStartingIsReportedWithTheEndOfItsLog() throws IOException {
        Files.writeString(dir.resolve("log"), "of an earlier run\n");
        var child = start("echo Out of luck; exit 3");

        assertThatThrownBy(() -> child.awaitReady(() -> false, LIMIT))
                .isInstanceOf(StartFailure.class)
                .hasMessageContainingAll(
                        "Test child ended with exit code 3",
                        "Out of luck",
                        dir.resolve("log").toString())
                .message()
                .doesNotContain("earlier run");
    }

    @Test
    void childThatIsNotReadyInTimeIsKilledAndReported() {
        var child = sleeper();

        assertThatThrownBy(() -> child.awaitReady(() -> false, Duration.ofSeconds(1)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("Test child was not ready after 1 s");
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void missingProgramIsReported() {
        assertThatThrownBy(
                        () ->
                                ChildProcess.run(
                                        new ChildProcess.Plan(
                                                "Test child",
                                                List.of("no-such-program"),
                                                dir.resolve("log")),
                                        LIMIT))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("no-such-program");
    }

    private ChildProcess sleeper() {
        return start("exec sleep 300");
    }

    private ChildProcess start(String script) {
        return ChildProcess.start(
                new ChildProcess.Plan(
                        "Test child",
                        List.of("sh", "-c", script),
                        Map.of(),
                        dir.resolve("log"),
                        "TERM"));
    }

    private static void kill(String signal, long pid) throws Exception {
        new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + pid).start().waitFor();
    }
}
