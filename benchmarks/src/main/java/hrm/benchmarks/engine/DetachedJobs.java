package hrm.benchmarks.engine;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * What a job's own {@code main} finds as its environment: its job is submitted to a cluster in this
 * JVM, and {@code execute} does not wait for its end.
 */
final class DetachedJobs extends StreamExecutionEnvironment {
    private final MiniCluster cluster;
    private final AtomicReference<JobID> submitted;

    private DetachedJobs(
            Configuration configuration, MiniCluster cluster, AtomicReference<JobID> submitted) {
        super(configuration);
        this.cluster = cluster;
        this.submitted = submitted;
        setParallelism(LocalFlink.PARALLELISM);
    }

    /** A {@code main}. */
    @FunctionalInterface
    interface Main {
        void run() throws Exception;
    }

    /** Runs a {@code main} and waits until all tasks of its job run. */
    static JobID start(Configuration configuration, MiniCluster cluster, Main main)
            throws Exception {
        var submitted = new AtomicReference<JobID>();
        initializeContextEnvironment(
                more -> {
                    var all = new Configuration(configuration);
                    all.addAll(more);
                    return new DetachedJobs(all, cluster, submitted);
                });
        try {
            main.run();
        } finally {
            resetContextEnvironment();
        }
        var job = submitted.get();
        while (!runs(cluster, job)) {
            Thread.sleep(20);
        }
        return job;
    }

    private static boolean runs(MiniCluster cluster, JobID job) throws Exception {
        if (cluster.getJobStatus(job).get() != JobStatus.RUNNING) {
            return false;
        }
        for (var vertex : cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
            if (vertex.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return true;
    }

    @Override
    public JobExecutionResult execute(StreamGraph graph) throws Exception {
        var job = graph.getJobGraph();
        submitted.set(job.getJobID());
        cluster.runDetached(job);
        return null; // nobody asks a job that does not end
    }
}
