package hrm.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * CPU time of all Java threads of this JVM but the one that made this, and its own; those that end
 * meanwhile are counted as they were last seen, some milliseconds before. The JVM's compiler and
 * garbage collector are no Java threads.
 */
final class OtherThreads implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long LOOK_NANOS = 5_000_000;

    private final long caller = Thread.currentThread().getId();
    private final Map<Long, Long> begun = new HashMap<>();
    private final Map<Long, Long> seen = new HashMap<>();
    private final Thread looker = new Thread(this::lookOn, "hrm-bench-cpu");
    private volatile boolean stopping;

    OtherThreads() {
        look(begun);
        looker.setDaemon(true);
        looker.start();
    }

    private void lookOn() {
        while (!stopping) {
            look(seen);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private synchronized void look(Map<Long, Long> times) {
        for (long id : THREADS.getAllThreadIds()) {
            if (id != caller && id != looker.getId()) {
                long time = THREADS.getThreadCpuTime(id);
                if (time >= 0) {
                    times.put(id, time);
                }
            }
        }
    }

    /** Since this was made. */
    synchronized long cpuNanos() {
        look(seen);
        return seen.entrySet().stream()
                .mapToLong(one -> one.getValue() - begun.getOrDefault(one.getKey(), 0L))
                .sum();
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        looker.join();
    }
}
