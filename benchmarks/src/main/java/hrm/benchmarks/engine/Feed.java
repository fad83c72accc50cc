package hrm.benchmarks.engine;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Readings that tasks of this JVM find by a number, so that they need not travel with the job. */
final class Feed implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Map<Long, Readings> ALL = new ConcurrentHashMap<>();

    private final long number = NUMBERS.incrementAndGet();
    private final int laps;

    Feed(Readings readings, int laps) {
        this.laps = laps;
        ALL.put(number, readings);
    }

    Readings readings() {
        return ALL.get(number);
    }

    int laps() {
        return laps;
    }

    @Override
    public void close() {
        ALL.remove(number);
    }
}
