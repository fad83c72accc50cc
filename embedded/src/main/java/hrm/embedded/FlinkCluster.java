package hrm.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A real Flink cluster on the loopback address: JobManager and TaskManager in JVMs of their own,
 * with the class path of a distribution, started by Flink's own entry points. Jobs are submitted by
 * Flink's own client in a third JVM, as with {@code flink run}.
 *
 * <p>There is no high availability: jobs end with the JobManager, and are resumed by submitting
 * them again with a savepoint or a retained checkpoint, which stay in the cluster's folder.
 */
public final class FlinkCluster implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final String RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:";
    private static final String PROMETHEUS = "metrics.reporter.prom.";

    private final Path dir;
    private final Path confDir;
    private final FlinkConfiguration configuration;
    private final Consumer<String> progress;
    private final String restAddress;
    private final FlinkClient client;
    private final Deque<TaskManager> taskManagers = new ArrayDeque<>();
    private List<String> jobManagerResources = List.of();
    private List<String> taskManagerResources = List.of();
    private ChildProcess jobManager;
    private int started;

    private record TaskManager(String id, ChildProcess process) {}

    private FlinkCluster(
            Path dir, Path confDir, Map<String, String> overrides, Consumer<String> progress) {
        this.dir = dir.toAbsolutePath();
        this.confDir = confDir;
        this.progress = progress;
        this.configuration = configuration(overrides);
        this.restAddress =
                "http://%s:%s".formatted(Ports.LOOPBACK, configuration.settings().get("rest.port"));
        this.client = new FlinkClient(this.dir, configuration, null, restAddress);
    }

    public static FlinkCluster start(Path dir, Map<String, String> overrides) {
        return start(dir, Home.path().resolve("flink-conf"), overrides, line -> {});
    }

    /**
     * Starts a JobManager, then a TaskManager, and waits until it is registered.
     *
     * @param dir its folder: configuration, logs, checkpoints, savepoints
     * @param confDir has config.yaml and the log4j files; not changed
     * @param overrides settings that come before config.yaml; {@code rest.port} 0 or absent is any
     *     free port
     * @param progress gets a line for people when it starts and when it is ready
     * @throws StartFailure with the end of the log of what did not start
     */
    public static FlinkCluster start(
            Path dir, Path confDir, Map<String, String> overrides, Consumer<String> progress) {
        var cluster = new FlinkCluster(dir, confDir, overrides, progress);
        try {
            cluster.start();
            return cluster;
        } catch (RuntimeException failure) {
            cluster.close();
            throw failure;
        }
    }

    private void start() {
        var began = System.nanoTime();
        progress.accept("Starting Flink");
        prepareFolders();
        computeResources();
        startJobManager();
        startTaskManager();
        progress.accept(
                "Flink is ready on %s (%.1f s)"
                        .formatted(restAddress, (System.nanoTime() - began) / 1e9));
    }

    /** Of the REST interface and the web UI: http://host:port. */
    public String restAddress() {
        return restAddress;
    }

    public Path logFolder() {
        return dir.resolve("logs");
    }

    /** Where retained checkpoints are: a folder a job id. */
    public Path checkpointFolder() {
        return dir.resolve("checkpoints");
    }

    public Path savepointFolder() {
        return dir.resolve("savepoints");
    }

    // ---- Jobs --------------------------------------------------------------------------------

    /** What submits and watches jobs here. */
    public FlinkClient client() {
        return client;
    }

    /** {@link #submit(Path, String, List, Path)} without state. */
    public String submit(Path jar, String mainClass, List<String> arguments) {
        return submit(jar, mainClass, arguments, null);
    }

    /**
     * Submits a job; its main method runs in the client's JVM. Does not wait for the job.
     *
     * @param savepoint a savepoint or retained checkpoint to resume from, or null
     * @return the job id
     * @throws StartFailure if the client fails, with the cause that the job's main method named
     */
    public String submit(Path jar, String mainClass, List<String> arguments, Path savepoint) {
        return client.submit(
                new FlinkClient.Submission(
                        jar,
                        mainClass,
                        arguments,
                        savepoint == null ? null : savepoint.toAbsolutePath().toString()),
                ChildProcess.START_LIMIT);
    }

    /** {@link FlinkClient#state}. */
    public JobState state(String jobId) {
        return client.state(jobId);
    }

    /** {@link FlinkClient#awaitRunning}. */
    public void awaitRunning(String jobId, Duration limit) {
        client.awaitRunning(jobId, limit);
    }

    /** {@link FlinkClient#awaitFinished}. */
    public void awaitFinished(String jobId, Duration limit) {
        client.awaitFinished(jobId, limit);
    }

    /** {@link FlinkClient#failureCause}. */
    public String failureCause(String jobId) {
        return client.failureCause(jobId);
    }

    /** {@link FlinkClient#cancel}. */
    public void cancel(String jobId) {
        client.cancel(jobId);
    }

    /**
     * Stops the job with a savepoint.
     *
     * @return the savepoint's folder
     * @throws StartFailure if it cannot be written within the limit; the job goes on then
     */
    public Path stopWithSavepoint(String jobId, Duration limit) {
        return Path.of(URI.create(client.stopWithSavepoint(jobId, null, limit)).getPath());
    }

    /** {@link FlinkClient#get}. */
    public JsonNode get(String path) {
        return client.get(path);
    }

    // ---- Processes ---------------------------------------------------------------------------

    /** Starts the JobManager, also after {@link #killJobManager}; returns when it answers. */
    public synchronized void startJobManager() {
        var command =
                new ArrayList<>(
                        java(
                                "jobmanager",
                                "jobmanager",
                                Stream.concat(
                                                jvm(jobManagerResources).stream(),
                                                // It coordinates: compiling little starts faster.
                                                Stream.of(
                                                        "-XX:+UseSerialGC",
                                                        "-XX:TieredStopAtLevel=1"))
                                        .toList(),
                                "log4j"));
        command.add("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
        command.addAll(List.of("-c", conf().toString()));
        command.addAll(dynamic(jobManagerResources));
        jobManager = ChildProcess.start(plan("Flink's JobManager", command, "jobmanager.out"));
        ready(jobManager, "/overview", answer -> true, "jobmanager.log");
    }

    public synchronized boolean jobManagerIsAlive() {
        return jobManager.isAlive();
    }

    /** Whether at least one is. */
    public synchronized boolean taskManagerIsAlive() {
        return taskManagers.stream().anyMatch(taskManager -> taskManager.process.isAlive());
    }

    /** kill -9. Its jobs end. */
    public synchronized void killJobManager() {
        jobManager.kill();
    }

    /** Starts one more TaskManager; returns when it is registered. */
    public synchronized void startTaskManager() {
        taskManagers.removeIf(taskManager -> !taskManager.process.isAlive());
        var id = "taskmanager-" + ++started;
        var command = new ArrayList<>(java(id, "taskmanager", jvm(taskManagerResources), "log4j"));
        command.add("org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
        command.addAll(List.of("-c", conf().toString()));
        command.addAll(dynamic(taskManagerResources));
        command.addAll(List.of("-D", "taskmanager.resource-id=" + id));
        var process = ChildProcess.start(plan("Flink's TaskManager", command, id + ".out"));
        taskManagers.add(new TaskManager(id, process));
        ready(
                process,
                "/taskmanagers",
                answer -> answer.path("taskmanagers").findValuesAsText("id").contains(id),
                id + ".log");
    }

    /** kill -9 of the TaskManager that was started first. */
    public synchronized void killTaskManager() {
        taskManagers.remove().process.kill();
    }

    /** The processes that run now: JobManager, TaskManagers. */
    public synchronized List<ChildProcess> processes() {
        return Stream.concat(
                        Stream.ofNullable(jobManager),
                        taskManagers.stream().map(TaskManager::process))
                .filter(ChildProcess::isAlive)
                .toList();
    }

    /** Stops all processes, the jobs with them; the folder stays. */
    @Override
    public synchronized void close() {
        while (!taskManagers.isEmpty()) {
            taskManagers.removeLast().process.stop(GRACE);
        }
        if (jobManager != null) {
            jobManager.stop(GRACE);
        }
    }

    private void ready(ChildProcess process, String path, Predicate<JsonNode> isReady, String log) {
        try {
            process.awaitReady(
                    () -> client.tryGet(path).filter(isReady).isPresent(),
                    ChildProcess.START_LIMIT);
        } catch (StartFailure failure) {
            throw new StartFailure(
                    "%s\nIts own log is %s"
                            .formatted(failure.getMessage(), logFolder().resolve(log)),
                    failure);
        }
    }

    // ---- Configuration -----------------------------------------------------------------------

    private FlinkConfiguration configuration(Map<String, String> overrides) {
        var base = FlinkConfiguration.read(confDir);
        if (overrides.keySet().stream().noneMatch(key -> key.startsWith(PROMETHEUS))) {
            // It would listen on all addresses: see config.yaml.
            base = base.without(PROMETHEUS);
        }
        var ports = Ports.free(3);
        var own = new HashMap<String, String>();
        own.put("jobmanager.rpc.address", Ports.LOOPBACK);
        own.put("jobmanager.bind-host", Ports.LOOPBACK);
        own.put("jobmanager.rpc.port", ports.get(0).toString());
        own.put("blob.server.port", ports.get(1).toString());
        own.put("rest.address", Ports.LOOPBACK);
        own.put("rest.bind-address", Ports.LOOPBACK);
        own.put("taskmanager.host", Ports.LOOPBACK);
        own.put("taskmanager.bind-host", Ports.LOOPBACK);
        own.put("io.tmp.dirs", temporary().toString());
        own.put("execution.checkpointing.dir", checkpointFolder().toUri().toString());
        own.put("execution.checkpointing.savepoint-dir", savepointFolder().toUri().toString());
        own.putAll(overrides);
        var restPort = Integer.parseInt(own.getOrDefault("rest.port", "0"));
        own.put(
                "rest.port",
                restPort == 0
                        ? ports.get(2).toString()
                        : Integer.toString(Ports.orFree(restPort, "Flink")));
        return base.with(own);
    }

    private void prepareFolders() {
        configuration.write(conf());
        // What killed processes have left: working copies of state, unpacked jars.
        TemporaryFolder.delete(temporary());
        try {
            for (var folder : List.of(logFolder(), checkpointFolder(), savepointFolder())) {
                Files.createDirectories(folder);
            }
            for (var log4j : List.of("log4j", "log4j-cli")) {
                Files.copy(
                        confDir.resolve(log4j + ".properties"),
                        conf().resolve(log4j + ".properties"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot prepare Flink's folder " + dir, failure);
        }
    }

    /**
     * Memory sizes as the distribution's scripts compute them, and both at once as each takes a
     * second.
     */
    private void computeResources() {
        var jobManagerTool = resourceTool("GET_JM_RESOURCE_PARAMS", "jobmanager-memory.out");
        var taskManagerTool = resourceTool("GET_TM_RESOURCE_PARAMS", "taskmanager-memory.out");
        jobManagerResources = resources(jobManagerTool);
        taskManagerResources = resources(taskManagerTool);
    }

    private ChildProcess resourceTool(String request, String output) {
        var command = new ArrayList<>(Home.java("flink-runtime", temporary(), Home.brief("64m")));
        command.add("org.apache.flink.runtime.util.bash.BashJavaUtils");
        command.addAll(List.of(request, "--configDir", conf().toString()));
        return ChildProcess.start(plan("Flink's memory calculation", command, output));
    }

    /** JVM options, then options of the entry point: one line each. */
    private static List<String> resources(ChildProcess tool) {
        var exitCode = tool.awaitExit(ChildProcess.START_LIMIT);
        var lines =
                tool.output()
                        .lines()
                        .filter(line -> line.startsWith(RESULT))
                        .map(line -> line.substring(RESULT.length()))
                        .toList();
        if (exitCode != 0 || lines.size() != 2) {
            throw new StartFailure(
                    "Flink cannot work with the memory settings of config.yaml. "
                            + tool.evidence());
        }
        return lines;
    }

    private static List<String> jvm(List<String> resources) {
        return List.of(resources.get(0).split(" "));
    }

    private static List<String> dynamic(List<String> resources) {
        return List.of(resources.get(1).split(" "));
    }

    /**
     * @param role as in env.java.opts.ROLE
     */
    private List<String> java(String name, String role, List<String> options, String log4j) {
        var all = new ArrayList<>(options);
        all.addAll(configuration.words("env.java.opts.all"));
        all.addAll(configuration.words("env.java.opts." + role));
        all.addAll(environment("FLINK_ENV_JAVA_OPTS"));
        if (role.equals("taskmanager")) {
            all.addAll(environment("FLINK_ENV_JAVA_OPTS_TM"));
        }
        all.add("-Dlog.file=" + logFolder().resolve(name + ".log"));
        all.add("-Dlog4j2.configurationFile=" + conf().resolve(log4j + ".properties"));
        return Home.java("flink-runtime", temporary(), all);
    }

    /** What Flink's own scripts add to the configuration's options. */
    private static List<String> environment(String name) {
        var options = System.getenv(name);
        return options == null || options.isBlank()
                ? List.of()
                : List.of(options.strip().split("\\s+"));
    }

    private ChildProcess.Plan plan(String name, List<String> command, String output) {
        return new ChildProcess.Plan(
                name,
                command,
                Map.of(
                        "FLINK_CONF_DIR",
                        conf().toString(),
                        "FLINK_LOG_DIR",
                        logFolder().toString()),
                logFolder().resolve(output),
                "TERM");
    }

    private Path conf() {
        return dir.resolve("conf");
    }

    private Path temporary() {
        return dir.resolve("tmp");
    }
}
