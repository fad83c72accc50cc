package hrm.launcher;

import static org.awaitility.Awaitility.await;

import hrm.embedded.Ports;
import hrm.embedded.TemporaryFolder;
import hrm.launcher.StackFolder.Running;
import hrm.model.Alert;
import hrm.model.Json;
import hrm.model.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A stack of {@code ./hrm up}, started and broken as people and machines do. */
final class KeptStack implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final TemporaryFolder temporary = TemporaryFolder.create("hrm-up-it-");
    final StackFolder folder = new StackFolder(temporary.path().resolve("stack"));
    private final String kafkaPort = Integer.toString(Ports.free());
    private final String postgresPort = Integer.toString(Ports.free());
    private final String flinkPort = Integer.toString(Ports.free());

    void up() throws Exception {
        hrm(
                "up",
                "--kafka-port",
                kafkaPort,
                "--postgres-port",
                postgresPort,
                "--flink-port",
                flinkPort);
    }

    void down() throws Exception {
        hrm("down");
    }

    /** The command as a person runs it; fails when it does. */
    String hrm(String... arguments) throws IOException, InterruptedException {
        var home = Path.of(System.getProperty("hrm.home"));
        var command =
                Stream.concat(Stream.of(home.resolve("hrm").toString()), Stream.of(arguments))
                        .toList();
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HRM_SKIP_BUILD", "1");
        builder.environment().put("HRM_DIR", folder.path().toString());
        // What is waited for most here is a checkpoint and the last minute's row. The usual 10 s
        // and a minute prove nothing more.
        builder.environment().put("HRM_CHECKPOINT_INTERVAL", "2s");
        builder.environment().put("HRM_MINUTE_SILENCE", "10s");
        builder.environment().put("HRM_LATE_RUN_CRON", "*/2 * * * * *");
        builder.environment().put("HRM_SETTLE_FOR", "0s");
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("hrm " + String.join(" ", arguments) + ":\n" + output);
        }
        return output;
    }

    Running running() {
        return folder.running().orElseThrow();
    }

    Broker broker() {
        return new Broker(running().bootstrapServers(), new Properties());
    }

    StackStatus status() {
        return StackStatus.ask(folder, running(), Instant.now());
    }

    /** kill -9 of one part. */
    void kill(String name) {
        var process = process(name);
        process.destroyForcibly();
        process.onExit().join();
    }

    private ProcessHandle process(String name) {
        return ProcessList.read(folder).processes().stream()
                .filter(entry -> entry.name().equals(name))
                .map(entry -> ProcessHandle.of(entry.pid()))
                .findFirst()
                .orElseThrow()
                .orElseThrow();
    }

    /** kill -9 of the supervisor, its watchdog and all its processes, at once. */
    void killEverything() {
        var supervisor = ProcessHandle.of(running().supervisor()).orElseThrow();
        var all = new ArrayList<>(List.of(supervisor));
        all.addAll(supervisor.descendants().toList());
        all.forEach(ProcessHandle::destroyForcibly);
        await("all have ended")
                .atMost(LIMIT)
                .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** A part that is there and does not answer, until it is thawed. */
    void signal(String name, String signal) throws IOException, InterruptedException {
        var process = process(name);
        var pids = new ArrayList<>(List.of(Long.toString(process.pid())));
        process.descendants().forEach(one -> pids.add(Long.toString(one.pid())));
        new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + String.join(" ", pids))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Waits until all processes are there, the job runs and has completed a checkpoint since. */
    void awaitWell(Instant since) {
        await("all is well again")
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> {
                            var status = status();
                            return status.troubles().isEmpty()
                                    && status.job().checkpoint() != null
                                    && status.job().checkpoint().isAfter(since);
                        });
    }

    /** All alert events of the topic, each once. */
    List<Alert> alerts() {
        var alerts = new java.util.LinkedHashMap<java.util.UUID, Alert>();
        try (var consumer = broker().consumer()) {
            var partitions = Broker.partitions(consumer, Topics.ALERTS);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var alert = Json.read(record.value(), Alert.class);
                    alerts.putIfAbsent(alert.eventId(), alert);
                }
            }
        }
        return List.copyOf(alerts.values());
    }

    /** Waits until both regions have reported all readings and alerts as done. */
    void awaitDone() {
        await("all is judged and stored")
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> {
                            var lag = status().lag();
                            return lag != null
                                    && lag.values().stream().allMatch(records -> records == 0);
                        });
    }

    @Override
    public void close() throws Exception {
        if (folder.running().isPresent()) {
            down();
        }
        temporary.close();
    }
}
