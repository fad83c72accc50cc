package hrm.benchmarks.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** An engine without Flink: one thread's, with its share of the people. */
interface Alone extends AutoCloseable {
    /** Time moves on to that of the next readings. */
    default void advance(long timestampMs) {}

    void judge(String user, long timestampMs, int bpm, int steps);

    Matches matches();

    @Override
    default void close() {}

    /** Makes one. */
    @FunctionalInterface
    interface Maker {
        Alone make(List<BenchPattern> patterns, Matches matches, int thread);
    }

    /** As many threads as Flink has tasks, each with an engine of its own and the same share. */
    static Meter.Reading run(Maker maker, Readings readings, int laps, List<BenchPattern> patterns)
            throws InterruptedException {
        var meter = Meter.start(readings);
        var failure = new AtomicReference<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < LocalFlink.PARALLELISM; i++) {
            int share = i;
            var thread =
                    new Thread(
                            () -> {
                                try (var engine = maker.make(patterns, meter.matches(), share)) {
                                    meter.begin();
                                    feed(engine, readings, laps, share);
                                    meter.end(engine.matches());
                                } catch (Exception | LinkageError e) {
                                    failure.set(e);
                                }
                            },
                            "bench-" + i);
            thread.start();
            threads.add(thread);
        }
        for (var thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
        return meter.stop(laps);
    }

    private static void feed(Alone engine, Readings readings, int laps, int share) {
        for (int lap = 0; lap < laps; lap++) {
            for (int tick = 0; tick < readings.ticks(); tick++) {
                long timestampMs = readings.timestampMs(lap, tick);
                engine.advance(timestampMs);
                for (int person = share;
                        person < readings.people();
                        person += LocalFlink.PARALLELISM) {
                    engine.judge(
                            readings.user(person),
                            timestampMs,
                            readings.bpm(tick, person),
                            readings.steps(tick, person));
                }
            }
        }
    }

    /** This engine. */
    final class Ours implements Alone {
        private final Map<String, PatternHost.Kept> people = new HashMap<>();
        private final PatternHost host;
        private final Matches matches;

        Ours(List<BenchPattern> patterns, Matches matches, int thread) {
            this.host = new PatternHost(patterns.stream().map(BenchPattern::compiled).toList());
            this.matches = matches;
        }

        @Override
        public void judge(String user, long timestampMs, int bpm, int steps) {
            var kept = people.get(user);
            if (kept == null) {
                kept = new PatternHost.Kept();
                people.put(user, kept);
            }
            host.judge(kept, user, timestampMs, bpm, steps, matches);
        }

        @Override
        public Matches matches() {
            return matches;
        }
    }
}
