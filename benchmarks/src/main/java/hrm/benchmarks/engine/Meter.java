package hrm.benchmarks.engine;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the threads of one run: each says when it begins and ends to work. Shared by all tasks
 * of this JVM that hold the same name; what they take before and after, to be deployed and undone,
 * is not counted, and neither is what the JVM's compiler takes.
 */
final class Meter implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final AtomicLong NAMES = new AtomicLong();
    private static final Map<Long, Measured> RUNNING = new ConcurrentHashMap<>();

    private final long name;
    private final long lapMs;

    private Meter(long name, long lapMs) {
        this.name = name;
        this.lapMs = lapMs;
    }

    private static final class Measured {
        private final Map<Thread, Long> begun = new ConcurrentHashMap<>();
        private final Map<Thread, Long> ended = new ConcurrentHashMap<>();
        private final AtomicLong firstNs = new AtomicLong(Long.MAX_VALUE);
        private final AtomicLong lastNs = new AtomicLong(Long.MIN_VALUE);
        private final Matches matches;

        Measured(long lapMs) {
            matches = new Matches(lapMs);
        }
    }

    /** What a run took and found. */
    record Reading(long cpuNs, long wallNs, Matches.Found found) {}

    static Meter start(Readings readings) {
        long name = NAMES.incrementAndGet();
        RUNNING.put(name, new Measured(readings.lapMs()));
        return new Meter(name, readings.lapMs());
    }

    /** To be filled by one thread and given to {@link #end}. */
    Matches matches() {
        return new Matches(lapMs);
    }

    /** The calling thread works from now on; only the first call counts. */
    void begin() {
        RUNNING.get(name)
                .begun
                .putIfAbsent(Thread.currentThread(), THREADS.getCurrentThreadCpuTime());
        RUNNING.get(name).firstNs.accumulateAndGet(System.nanoTime(), Math::min);
    }

    /** The calling thread has worked until now; the last call counts. */
    void end(Matches found) {
        var measured = RUNNING.get(name);
        measured.ended.put(Thread.currentThread(), THREADS.getCurrentThreadCpuTime());
        measured.lastNs.accumulateAndGet(System.nanoTime(), Math::max);
        if (found != null) {
            synchronized (measured.matches) {
                measured.matches.add(found);
            }
        }
    }

    Reading stop(int laps) {
        var measured = RUNNING.remove(name);
        long cpu = 0;
        for (var end : measured.ended.entrySet()) {
            cpu += end.getValue() - measured.begun.get(end.getKey());
        }
        return new Reading(
                cpu, measured.lastNs.get() - measured.firstNs.get(), measured.matches.found(laps));
    }
}
