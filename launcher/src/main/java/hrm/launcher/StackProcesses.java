package hrm.launcher;

import hrm.embedded.ChildProcess;
import hrm.embedded.EmbeddedDatabase;
import hrm.embedded.EmbeddedKafka;
import hrm.embedded.FlinkCluster;
import hrm.embedded.TemporaryFolder;
import hrm.sinks.JdbcOptions;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Kafka, PostgreSQL and Flink on the loopback address, with topics and tables. Started one after
 * the other, which is faster on few cores than all at once; stopped in the opposite order.
 *
 * <pre>
 *  FOLDER/kafka        data, log
 *        /postgresql   data, log
 *        /flink        logs, checkpoints, savepoints
 * </pre>
 */
final class StackProcesses implements AutoCloseable {
    /** Where they listen; 0 is any free port. */
    record Ports(int kafka, int postgres, int flink) {}

    /** Per partition of a topic that is not compacted: weeks of some hundred people. */
    private static final long KEPT_BYTES = 2L << 30;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Path jobJar = Stack.builtJar();
    private EmbeddedKafka kafka;
    private EmbeddedDatabase database;
    private FlinkCluster flink;
    private Stack stack;

    private StackProcesses() {}

    /**
     * One whose folder goes with it.
     *
     * @param progress gets a line when something is ready
     * @throws RuntimeException whose message says what did not start; nothing is left running
     */
    static StackProcesses temporary(Ports ports, Consumer<String> progress) {
        var processes = new StackProcesses();
        return processes.started(
                () -> {
                    // First in, last out: the processes that work in it stop before it goes.
                    var folder = processes.opened(TemporaryFolder.create("hrm-demo-"));
                    processes.startAll(folder.path(), ports, Setup.Layout.USUAL, progress);
                });
    }

    /**
     * One whose folder stays, and is continued.
     *
     * @param progress gets a line when something is ready
     * @throws RuntimeException whose message says what did not start; nothing is left running
     */
    static StackProcesses in(Path folder, Ports ports, Consumer<String> progress) {
        var processes = new StackProcesses();
        return processes.started(
                () ->
                        processes.startAll(
                                folder,
                                ports,
                                // By size, not by age: what is replayed is old when it is sent.
                                new Setup.Layout(0, (short) 1, KEPT_BYTES),
                                progress));
    }

    private StackProcesses started(Runnable start) {
        try {
            start.run();
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void startAll(
            Path folder, Ports ports, Setup.Layout topics, Consumer<String> progress) {
        Consumer<String> ready =
                line -> {
                    if (!line.startsWith("Starting")) {
                        progress.accept(line);
                    }
                };
        kafka = opened(EmbeddedKafka.start(folder.resolve("kafka"), ports.kafka(), ready));
        database =
                opened(
                        EmbeddedDatabase.start(
                                folder.resolve("postgresql"), ports.postgres(), ready));
        var done =
                new Setup(
                                new Broker(kafka.bootstrapServers(), new Properties()),
                                JdbcOptions.of(database.jdbcUrl(), null, null),
                                topics)
                        .run();
        long published =
                done.patterns().stream()
                        .filter(pattern -> pattern.what() == Setup.What.PUBLISHED)
                        .count();
        if (published > 0) {
            progress.accept(Words.count(published, "pattern", "patterns") + " published");
        }
        flink =
                opened(
                        FlinkCluster.start(
                                folder.resolve("flink"),
                                jobJar.getParent().getParent().resolveSibling("flink-conf"),
                                Map.of("rest.port", Integer.toString(ports.flink())),
                                ready));
        stack = new Stack(kafka.bootstrapServers(), database.jdbcUrl(), flink.client(), jobJar);
    }

    private <T extends AutoCloseable> T opened(T part) {
        running.push(part);
        return part;
    }

    /** A process that can be started again when it has ended. */
    record Part(String name, BooleanSupplier isAlive, Runnable start) {}

    /** In the order in which they need each other. */
    List<Part> parts() {
        return List.of(
                new Part("Kafka", () -> kafka.process().isAlive(), kafka::start),
                new Part("PostgreSQL", () -> database.process().isAlive(), database::start),
                new Part("Flink's JobManager", flink::jobManagerIsAlive, flink::startJobManager),
                new Part(
                        "Flink's TaskManager", flink::taskManagerIsAlive, flink::startTaskManager));
    }

    /** The processes that run now. */
    List<ChildProcess> processes() {
        var processes = new ArrayList<ChildProcess>();
        processes.add(kafka.process());
        processes.add(database.process());
        processes.addAll(flink.processes());
        processes.removeIf(process -> !process.isAlive());
        return processes;
    }

    /** Of those that do not rotate them themselves, as Flink does. */
    List<Path> logs() {
        return List.of(kafka.logFile(), database.logFile());
    }

    Stack stack() {
        return stack;
    }

    /** Stops everything and deletes what it wrote. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                // The rest must still stop.
                System.err.println("While stopping: " + e.getMessage());
            }
        }
    }
}
