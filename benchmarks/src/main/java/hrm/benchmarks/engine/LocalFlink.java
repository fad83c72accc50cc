package hrm.benchmarks.engine;

import hrm.benchmarks.Failure;
import hrm.embedded.TemporaryFolder;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Flink in this JVM, where its threads' CPU time can be read: two slots, object reuse, no
 * checkpoints. The same for all jobs.
 */
public final class LocalFlink implements AutoCloseable {
    /** Tasks of each operator. */
    public static final int PARALLELISM = 2;

    /** Where keyed state is. */
    public enum Backend {
        HEAP("hashmap"),
        ROCKSDB("rocksdb");

        private final String name;

        Backend(String name) {
            this.name = name;
        }
    }

    private final TemporaryFolder folder = TemporaryFolder.create("hrm-bench-flink-");
    private final MiniCluster cluster;

    public LocalFlink() throws Exception {
        var configuration = new Configuration();
        configuration.setString("rest.bind-port", "0");
        configuration.setString("io.tmp.dirs", folder.path().toString());
        configuration.setString("taskmanager.memory.managed.size", "256m");
        // An exchange for each of 50 operators.
        configuration.setString("taskmanager.memory.network.min", "256m");
        configuration.setString("taskmanager.memory.network.max", "256m");
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(2 * PARALLELISM)
                                .build());
        cluster.start();
    }

    /** What jobs are built in. */
    public static StreamExecutionEnvironment environment(Backend backend) {
        var configuration = new Configuration();
        configuration.setString("state.backend.type", backend.name);
        configuration.setString("pipeline.generic-types", "false");
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(PARALLELISM);
        env.getConfig().enableObjectReuse();
        return env;
    }

    /** Runs a job to its end. */
    public void run(StreamExecutionEnvironment env) throws InterruptedException {
        try {
            cluster.executeJobBlocking(env.getStreamGraph().getJobGraph());
        } catch (JobExecutionException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new Failure("A job failed, so there is nothing to compare: " + cause, e);
        }
    }

    /**
     * Runs a job's own {@code main} until it is stopped.
     *
     * @return its id, when all its tasks run
     */
    JobID start(Backend backend, DetachedJobs.Main main) throws Exception {
        var configuration = new Configuration();
        configuration.setString("state.backend.type", backend.name);
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("pipeline.object-reuse", "true");
        configuration.setString("execution.buffer-timeout.interval", "10ms");
        return DetachedJobs.start(configuration, cluster, main);
    }

    /** Ends a job that would not end by itself. */
    void stop(JobID job) throws Exception {
        cluster.cancelJob(job).get();
        while (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
            Thread.sleep(20);
        }
    }

    /** Fails when a job does not run as it should, and says why. */
    void requireRunning(JobID job) throws Exception {
        var status = cluster.getJobStatus(job).get();
        if (status != JobStatus.RUNNING) {
            var failure = cluster.getExecutionGraph(job).get().getFailureInfo();
            throw new Failure(
                    "A job failed, so there is nothing to compare: "
                            + (failure == null ? status : failure.getExceptionAsString()));
        }
    }

    @Override
    public void close() throws Exception {
        cluster.close();
        folder.close();
    }
}
