package hrm.importers;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is read, and ends the reading when somebody asks for it; from any thread. */
final class Meter {
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean cancelled;

    /**
     * @throws CancellationException when the reading is to end
     */
    void add(int count) {
        if (cancelled) {
            throw new CancellationException();
        }
        bytes.addAndGet(count);
    }

    long bytes() {
        return bytes.get();
    }

    void cancel() {
        cancelled = true;
    }
}
