package hrm.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * CPU time of Flink's operators in this JVM: the threads of their tasks, which are named after
 * them, of their readers and of their sorters. One that ends is counted as it was last seen, some
 * milliseconds before.
 */
final class OperatorThreads implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long LOOK_NANOS = 5_000_000;

    private final String prefix;
    private final Map<Long, Boolean> isOurs = new HashMap<>();
    private final Map<Long, Long> seen = new HashMap<>();
    private final Thread looker = new Thread(this::lookOn, "hrm-bench-cpu");
    private volatile boolean stopping;

    /**
     * @param prefix with which the operators' names begin
     */
    OperatorThreads(String prefix) {
        this.prefix = prefix;
        looker.setDaemon(true);
        looker.start();
    }

    private void lookOn() {
        while (!stopping) {
            look();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private synchronized void look() {
        for (long id : THREADS.getAllThreadIds()) {
            if (isOurs.computeIfAbsent(id, this::isOurs)) {
                long time = THREADS.getThreadCpuTime(id);
                if (time >= 0) {
                    seen.put(id, time);
                }
            }
        }
    }

    private boolean isOurs(long id) {
        var thread = THREADS.getThreadInfo(id);
        return thread != null
                && (thread.getThreadName().contains(prefix)
                        || thread.getThreadName().startsWith("Source Data Fetcher")
                        || thread.getThreadName().startsWith("SortMerger"));
    }

    /** Of those that have begun since this was made. */
    synchronized long cpuNanos() {
        look();
        return seen.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        looker.join();
    }
}
