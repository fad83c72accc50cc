package hrm.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done when this JVM ends (normal exit, Ctrl-C, SIGTERM): the newest action first, one
 * after the other, so that Flink stops before the Kafka it reads from.
 *
 * <p>Child processes and temporary folders register themselves. A launcher that wants to act before
 * they go (stop a job with a savepoint) registers with {@link #first}.
 */
public final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Deque<Runnable> FIRST = new ArrayDeque<>();
    private static final Deque<Runnable> ACTIONS = new ArrayDeque<>();
    private static Thread hook;
    private static boolean running;

    private Shutdown() {}

    /** Takes an action back: what it would have done is done. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Runs the action at shutdown unless it is taken back before.
     *
     * @param action must bear being run while its subject is being closed by another thread
     * @throws IllegalStateException if the JVM is already shutting down (and the caller is not one
     *     of the actions)
     */
    public static Registration before(Runnable action) {
        return register(ACTIONS, action);
    }

    /** As {@link #before}, but ahead of all that is registered there, however late. */
    public static Registration first(Runnable action) {
        return register(FIRST, action);
    }

    private static synchronized Registration register(Deque<Runnable> actions, Runnable action) {
        if (running && Thread.currentThread() != hook) {
            throw new IllegalStateException(
                    "This process is shutting down: nothing new is started");
        }
        if (hook == null) {
            hook = new Thread(Shutdown::run, "hrm-shutdown");
            Runtime.getRuntime().addShutdownHook(hook);
        }
        // A wrapper of its own: the same Runnable may be registered twice.
        Runnable entry = () -> action.run();
        actions.push(entry);
        return () -> remove(entry);
    }

    private static synchronized void remove(Runnable entry) {
        FIRST.remove(entry);
        ACTIONS.remove(entry);
    }

    private static synchronized Runnable newest() {
        running = true;
        return FIRST.isEmpty() ? ACTIONS.poll() : FIRST.poll();
    }

    private static void run() {
        for (var action = newest(); action != null; action = newest()) {
            try {
                action.run();
            } catch (RuntimeException failure) {
                LOG.warn("While shutting down", failure);
            }
        }
    }
}
