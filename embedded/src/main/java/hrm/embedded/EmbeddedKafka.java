package hrm.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A real Kafka broker (KRaft, one node) on the loopback address, in a JVM of its own that is
 * started by Kafka's own entry points. What it holds stays in its folder over restarts.
 *
 * <p>Topics are never created by being used: {@link #createTopics}. It keeps records whatever their
 * age (replayed days are old); give a topic its own {@code retention.ms} to test retention.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final long ADMIN_SECONDS = 30;

    private final Path dir;
    private final int port;
    private final int controllerPort;
    private final Consumer<String> progress;
    private ChildProcess broker;

    private EmbeddedKafka(Path dir, int port, Consumer<String> progress) {
        this.dir = dir.toAbsolutePath();
        this.port = Ports.orFree(port, "Kafka");
        this.controllerPort = Ports.free();
        this.progress = progress;
    }

    public static EmbeddedKafka start(Path dir) {
        return start(dir, 0, line -> {});
    }

    /**
     * Starts a broker and waits until it answers.
     *
     * @param dir its folder; one that an earlier broker used is continued
     * @param port for clients, 0 for any free one
     * @param progress gets a line for people when it starts and when it is ready
     * @throws StartFailure with the end of the broker's log
     */
    public static EmbeddedKafka start(Path dir, int port, Consumer<String> progress) {
        var kafka = new EmbeddedKafka(dir, port, progress);
        kafka.start();
        return kafka;
    }

    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    public int port() {
        return port;
    }

    /** The broker's process, to freeze it or to look at it. */
    public synchronized ChildProcess process() {
        return broker;
    }

    /** Starts it again after {@link #stop} or {@link #kill}: same port, same data. */
    public synchronized void start() {
        if (broker != null && broker.isAlive()) {
            return;
        }
        var began = System.nanoTime();
        progress.accept("Starting Kafka");
        format();
        broker =
                ChildProcess.start(
                        new ChildProcess.Plan(
                                "Kafka",
                                java(
                                        List.of(
                                                "-Xms128m",
                                                "-Xmx384m",
                                                "-XX:+UseSerialGC",
                                                // Start-up took 9 s of CPU without it, 4.6 s with.
                                                "-XX:TieredStopAtLevel=1"),
                                        "kafka.Kafka",
                                        properties().toString()),
                                logFile()));
        broker.awaitReady(() -> Ports.isOpen(port), ChildProcess.START_LIMIT);
        try (var admin = admin()) {
            // An open port comes before the broker has registered and can be given topics.
            broker.awaitReady(() -> answers(admin), ChildProcess.START_LIMIT);
        }
        progress.accept(
                "Kafka is ready on %s (%.1f s)"
                        .formatted(bootstrapServers(), (System.nanoTime() - began) / 1e9));
    }

    /** Stops it in order; the data stays. */
    public synchronized void stop() {
        if (broker != null) {
            broker.stop(GRACE);
        }
    }

    /** kill -9. */
    public synchronized void kill() {
        broker.kill();
    }

    public synchronized void restart() {
        stop();
        start();
    }

    /** Stops it; the folder stays. */
    @Override
    public void close() {
        stop();
    }

    /** Creates the topics and waits for them; one that is there already is left as it is. */
    public void createTopics(Collection<NewTopic> topics) {
        try (var admin = admin()) {
            for (var created : admin.createTopics(topics).values().entrySet()) {
                try {
                    created.getValue().get(ADMIN_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException failure) {
                    if (!(failure.getCause() instanceof TopicExistsException)) {
                        throw new StartFailure(
                                "Kafka cannot create topic %s: %s"
                                        .formatted(
                                                created.getKey(), failure.getCause().getMessage()),
                                failure.getCause());
                    }
                } catch (TimeoutException failure) {
                    throw new StartFailure(
                            "Kafka did not create topic %s within %d s"
                                    .formatted(created.getKey(), ADMIN_SECONDS),
                            failure);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailure("Interrupted while creating topics", interrupted);
        }
    }

    private Admin admin() {
        return Admin.create(
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                        AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200,
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000));
    }

    private static boolean answers(Admin admin) {
        try {
            return !admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void format() {
        try {
            Files.createDirectories(dir);
            Files.writeString(properties(), serverProperties());
            try (var log4j = EmbeddedKafka.class.getResourceAsStream("kafka-log4j2.properties")) {
                Files.write(log4jFile(), log4j.readAllBytes());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot prepare Kafka's folder " + dir, failure);
        }
        if (Files.exists(data().resolve("meta.properties"))) {
            return;
        }
        ChildProcess.run(
                new ChildProcess.Plan(
                        "Kafka's storage tool",
                        java(
                                Home.brief("128m"),
                                "kafka.tools.StorageTool",
                                "format",
                                "-t",
                                Uuid.randomUuid().toString(),
                                "-c",
                                properties().toString()),
                        logFile()),
                ChildProcess.START_LIMIT);
    }

    private String serverProperties() {
        var settings = new TreeMap<String, Object>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", 1);
        settings.put(
                "controller.quorum.voters", "1@%s:%d".formatted(Ports.LOOPBACK, controllerPort));
        settings.put(
                "listeners",
                "PLAINTEXT://%s,CONTROLLER://%s:%d"
                        .formatted(bootstrapServers(), Ports.LOOPBACK, controllerPort));
        settings.put("advertised.listeners", "PLAINTEXT://" + bootstrapServers());
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", data());
        // One broker: nothing to replicate to.
        settings.put("offsets.topic.replication.factor", 1);
        settings.put("transaction.state.log.replication.factor", 1);
        settings.put("transaction.state.log.min.isr", 1);
        settings.put("share.coordinator.state.topic.replication.factor", 1);
        settings.put("share.coordinator.state.topic.min.isr", 1);
        // 50 by default; each costs files and start-up time, and one broker gains nothing.
        settings.put("offsets.topic.num.partitions", 4);
        settings.put("transaction.state.log.num.partitions", 4);
        settings.put("group.initial.rebalance.delay.ms", 0);
        // A misspelt topic must fail, as it does on a production cluster.
        settings.put("auto.create.topics.enable", false);
        // Replayed days are older than any retention.
        settings.put("log.retention.ms", -1);
        // A killed broker is let in again only when its old session is over: 9 s by default.
        settings.put("broker.session.timeout.ms", 5_000);
        settings.put("broker.heartbeat.interval.ms", 1_000);
        // 128 MB by default, a third of this heap.
        settings.put("log.cleaner.dedupe.buffer.size", 16 * 1024 * 1024);
        settings.put("num.network.threads", 2);
        settings.put("num.io.threads", 4);
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private List<String> java(List<String> options, String mainClass, String... arguments) {
        var all = new ArrayList<>(options);
        all.add("-Dlog4j2.configurationFile=" + log4jFile());
        var command = new ArrayList<>(Home.java("kafka-runtime", dir.resolve("tmp"), all));
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    private Path data() {
        return dir.resolve("data");
    }

    private Path properties() {
        return dir.resolve("server.properties");
    }

    private Path log4jFile() {
        return dir.resolve("log4j2.properties");
    }

    public Path logFile() {
        return dir.resolve("kafka.log");
    }
}
