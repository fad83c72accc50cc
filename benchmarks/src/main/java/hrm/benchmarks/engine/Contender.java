package hrm.benchmarks.engine;

import hrm.benchmarks.engine.LocalFlink.Backend;
import java.util.List;

/** One way to find the patterns, or the limit of all. */
enum Contender {
    LIMIT("keyed step, one value (the limit)", 8) {
        @Override
        Meter.Reading run(
                LocalFlink flink, Backend backend, Readings readings, List<BenchPattern> patterns)
                throws InterruptedException {
            return inFlink(flink, backend, readings, laps, EngineJobs::limit);
        }
    },
    STOCK("stock Flink CEP", 1) {
        @Override
        Meter.Reading run(
                LocalFlink flink, Backend backend, Readings readings, List<BenchPattern> patterns)
                throws InterruptedException {
            return inFlink(
                    flink,
                    backend,
                    readings,
                    laps,
                    (env, feed, meter) -> EngineJobs.stock(env, feed, meter, patterns));
        }
    },
    ENGINE("this engine alone", 8) {
        @Override
        Meter.Reading run(
                LocalFlink flink, Backend backend, Readings readings, List<BenchPattern> patterns)
                throws InterruptedException {
            return inFlink(
                    flink,
                    backend,
                    readings,
                    laps,
                    (env, feed, meter) -> EngineJobs.engine(env, feed, meter, patterns));
        }
    },
    JUDGE("whole Judge, features, baselines", 2) {
        /** Learning everybody's baseline is no reading's cost: what it takes alone is taken off. */
        @Override
        Meter.Reading run(
                LocalFlink flink, Backend backend, Readings readings, List<BenchPattern> patterns)
                throws InterruptedException {
            var learning = judge(flink, backend, readings, 0, patterns);
            var whole = judge(flink, backend, readings, laps, patterns);
            return new Meter.Reading(
                    whole.cpuNs() - learning.cpuNs(),
                    whole.wallNs() - learning.wallNs(),
                    whole.found());
        }

        private Meter.Reading judge(
                LocalFlink flink,
                Backend backend,
                Readings readings,
                int laps,
                List<BenchPattern> patterns)
                throws InterruptedException {
            return inFlink(
                    flink,
                    backend,
                    readings,
                    laps,
                    (env, feed, meter) -> EngineJobs.judge(env, feed, meter, patterns));
        }
    },
    ALONE("this engine, plain threads", 8) {
        @Override
        Meter.Reading run(
                LocalFlink flink, Backend backend, Readings readings, List<BenchPattern> patterns)
                throws InterruptedException {
            return Alone.run(Alone.Ours::new, readings, laps, patterns);
        }
    },
    ESPER("Esper 9.0.0, plain threads", 8) {
        @Override
        Meter.Reading run(
                LocalFlink flink, Backend backend, Readings readings, List<BenchPattern> patterns)
                throws InterruptedException {
            return Alone.run(Esper::new, readings, laps, patterns);
        }
    },
    SIDDHI("Siddhi 5.1.21, plain threads", 1) {
        @Override
        Meter.Reading run(
                LocalFlink flink, Backend backend, Readings readings, List<BenchPattern> patterns)
                throws InterruptedException {
            return Alone.run(Siddhi::new, readings, laps, patterns);
        }
    };

    final String title;

    /** How often the readings are given in one run, so that what is fast runs long enough. */
    final int laps;

    Contender(String title, int laps) {
        this.title = title;
        this.laps = laps;
    }

    abstract Meter.Reading run(
            LocalFlink flink, Backend backend, Readings readings, List<BenchPattern> patterns)
            throws InterruptedException;

    /** Builds a job. */
    @FunctionalInterface
    private interface Job {
        void build(
                org.apache.flink.streaming.api.environment.StreamExecutionEnvironment env,
                Feed feed,
                Meter meter);
    }

    private static Meter.Reading inFlink(
            LocalFlink flink, Backend backend, Readings readings, int laps, Job job)
            throws InterruptedException {
        try (var feed = new Feed(readings, laps)) {
            var meter = Meter.start(readings);
            var env = LocalFlink.environment(backend);
            job.build(env, feed, meter);
            flink.run(env);
            return meter.stop(laps);
        }
    }
}
