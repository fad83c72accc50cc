package hrm.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.postgresql.Driver;

/**
 * A real PostgreSQL server on the loopback address. What it holds stays in its folder over restarts
 * and kills: fsync and synchronous_commit are on.
 *
 * <p>Anyone on this machine may connect: it is for one person's trial and for tests.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    /** Owner of the database, and superuser. */
    public static final String USER = "hrm";

    public static final String DATABASE = "hrm";

    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Path dir;
    private final int port;
    private final Consumer<String> progress;
    private final Path binaries;
    private final UnprivilegedUser user;
    private ChildProcess server;

    private EmbeddedDatabase(Path dir, int port, Consumer<String> progress, UnprivilegedUser user) {
        this.dir = dir.toAbsolutePath();
        this.port = Ports.orFree(port, "PostgreSQL");
        this.progress = progress;
        this.binaries = PostgresBinaries.unpacked(this.dir);
        this.user = user.checked(binaries.resolve("bin/postgres"));
    }

    public static EmbeddedDatabase start(Path dir) {
        return start(dir, 0, line -> {});
    }

    /**
     * Starts a server and waits until it answers; the database {@value #DATABASE} is there then.
     *
     * @param dir its folder; one that an earlier server used is continued
     * @param port 0 for any free one
     * @param progress gets a line for people when it starts and when it is ready
     * @throws StartFailure with the end of the server's log
     */
    public static EmbeddedDatabase start(Path dir, int port, Consumer<String> progress) {
        return start(dir, port, progress, UnprivilegedUser.ofThisProcess());
    }

    static EmbeddedDatabase start(
            Path dir, int port, Consumer<String> progress, UnprivilegedUser user) {
        var database = new EmbeddedDatabase(dir, port, progress, user);
        database.start();
        return database;
    }

    public int port() {
        return port;
    }

    /** Complete with the user; no password is asked. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s?user=%s".formatted(Ports.LOOPBACK, port, database, USER);
    }

    public Connection connect() throws SQLException {
        return connect(DATABASE);
    }

    private Connection connect(String database) throws SQLException {
        // Not by DriverManager, which asks the class loader of its caller for drivers.
        return new Driver().connect(jdbcUrl(database), new Properties());
    }

    /** The server's process, to freeze it or to look at it. */
    public synchronized ChildProcess process() {
        return server;
    }

    /** Starts it again after {@link #stop} or {@link #kill}: same port, same data. */
    public synchronized void start() {
        if (server != null && server.isAlive()) {
            return;
        }
        var began = System.nanoTime();
        progress.accept("Starting PostgreSQL");
        var isNew = !Files.exists(data().resolve("PG_VERSION"));
        if (isNew) {
            initialise();
        }
        server =
                ChildProcess.start(
                        new ChildProcess.Plan(
                                "PostgreSQL", serverCommand(), Map.of(), logFile(), "INT"));
        server.awaitReady(() -> answers(), ChildProcess.START_LIMIT);
        if (isNew) {
            createDatabase();
        }
        progress.accept(
                "PostgreSQL is ready on %s:%d (%.1f s)"
                        .formatted(Ports.LOOPBACK, port, (System.nanoTime() - began) / 1e9));
    }

    /** Stops it in order, disconnecting its clients; the data stays. */
    public synchronized void stop() {
        if (server != null) {
            server.stop(GRACE);
        }
    }

    /** kill -9 of the server and all its processes. */
    public synchronized void kill() {
        server.kill();
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

    private void initialise() {
        try {
            // What an interrupted start has left is no database: initdb writes PG_VERSION early,
            // but into a folder that gets its name only when it is complete.
            var unfinished = dir.resolve("data-unfinished");
            TemporaryFolder.delete(unfinished);
            Files.createDirectories(unfinished);
            user.own(unfinished);
            ChildProcess.run(
                    new ChildProcess.Plan(
                            "PostgreSQL's initdb",
                            program(
                                    "initdb",
                                    "-D",
                                    unfinished.toString(),
                                    "-U",
                                    USER,
                                    "-A",
                                    "trust",
                                    "-E",
                                    "UTF8",
                                    "--locale=C"),
                            logFile()),
                    ChildProcess.START_LIMIT);
            Files.move(unfinished, data());
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot prepare PostgreSQL's folder " + dir, failure);
        }
    }

    private void createDatabase() {
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        } catch (SQLException failure) {
            throw new StartFailure("Cannot create the database " + DATABASE, failure);
        }
    }

    private boolean answers() {
        if (!Ports.isOpen(port)) {
            return false;
        }
        try (var connection = connect("postgres")) {
            return connection.isValid(5);
        } catch (SQLException starting) {
            return false;
        }
    }

    private List<String> serverCommand() {
        var settings = new TreeMap<String, String>();
        settings.put("listen_addresses", Ports.LOOPBACK);
        settings.put("port", Integer.toString(port));
        // No socket file in the system's temporary folder.
        settings.put("unix_socket_directories", "");
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        // Files in the data folder: /dev/shm is 64 MB in containers, and keeps what a kill leaves.
        settings.put("dynamic_shared_memory_type", "mmap");
        settings.put("shared_buffers", "64MB");
        // History is loaded in bulk: fewer checkpoints forced by volume.
        settings.put("max_wal_size", "2GB");
        var arguments = new ArrayList<String>(List.of("-D", data().toString()));
        settings.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        return program("postgres", arguments.toArray(String[]::new));
    }

    private List<String> program(String name, String... arguments) {
        var command = new ArrayList<>(user.prefix());
        command.add(binaries.resolve("bin").resolve(name).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private Path data() {
        return dir.resolve("data");
    }

    public Path logFile() {
        return dir.resolve("postgresql.log");
    }
}
