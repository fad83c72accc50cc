package hrm.functions.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.judgement.UserEvent;
import hrm.functions.swap.SwapWorld;
import hrm.model.Alert;
import hrm.model.PatternVersions;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.junit.jupiter.api.Test;

/**
 * The operator itself, cut in tasks: swaps, savepoints and other parallelisms must tell what a
 * naive model tells. {@code -Dswap.rescale.seeds=100 -Dswap.seed=7} tries more or the same again.
 */
class SwapRescaleProperties {
    private static final int MAX_PARALLELISM = 720;
    private static final int SEEDS = Integer.getInteger("swap.rescale.seeds", 6);
    private static final long SEED = Long.getLong("swap.seed", System.nanoTime());

    /** All tasks of the operator between two restarts. */
    private static final class Tasks implements AutoCloseable {
        private final List<
                        KeyedBroadcastOperatorTestHarness<
                                String, UserEvent, PatternVersions, Alert>>
                tasks = new ArrayList<>();

        Tasks(int parallelism, OperatorSubtaskState savepoint, int before) throws Exception {
            for (int i = 0; i < parallelism; i++) {
                var task =
                        new KeyedBroadcastOperatorTestHarness<
                                String, UserEvent, PatternVersions, Alert>(
                                new CoBroadcastWithKeyedOperator<>(
                                        new Judge(), List.of(Judge.CATALOGUE, Judge.CHANGES)),
                                UserEvent::userId,
                                Types.STRING,
                                MAX_PARALLELISM,
                                parallelism,
                                i);
                task.setup();
                if (savepoint != null) {
                    task.initializeState(
                            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                    savepoint, MAX_PARALLELISM, before, parallelism, i));
                }
                task.open();
                task.processWatermark(ControlGate.OPEN.getTimestamp());
                task.processBroadcastWatermark(ControlGate.OPEN.getTimestamp());
                tasks.add(task);
            }
        }

        void take(SwapWorld.Arrival arrival) throws Exception {
            if (arrival.versions() != null) {
                for (var task : tasks) {
                    task.processBroadcastElement(arrival.versions(), 0);
                }
                return;
            }
            int task =
                    KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            arrival.reading().userId(), MAX_PARALLELISM, tasks.size());
            tasks.get(task).processElement(new UserEvent.Measured(arrival.reading()), 0);
        }

        OperatorSubtaskState savepoint() throws Exception {
            var states = new OperatorSubtaskState[tasks.size()];
            for (int i = 0; i < states.length; i++) {
                states[i] = tasks.get(i).snapshot(1, 1);
            }
            return AbstractStreamOperatorTestHarness.repackageState(states);
        }

        List<Alert> told() {
            return tasks.stream().flatMap(task -> task.extractOutputValues().stream()).toList();
        }

        @Override
        public void close() throws Exception {
            for (var task : tasks) {
                task.close();
            }
        }
    }

    /** Parallelism after parallelism, with a savepoint between, from readings taken evenly. */
    private static List<Alert> judged(SwapWorld world, int... parallelisms) throws Exception {
        var alerts = new ArrayList<Alert>();
        var arrivals = world.arrivals();
        OperatorSubtaskState savepoint = null;
        int before = 0;
        for (int i = 0; i < parallelisms.length; i++) {
            try (var tasks = new Tasks(parallelisms[i], savepoint, before)) {
                int from = arrivals.size() * i / parallelisms.length;
                int until = arrivals.size() * (i + 1) / parallelisms.length;
                for (var arrival : arrivals.subList(from, until)) {
                    tasks.take(arrival);
                }
                savepoint = tasks.savepoint();
                before = parallelisms[i];
                alerts.addAll(tasks.told());
            }
        }
        return alerts;
    }

    @Test
    void swapsTellTheSameAtEachParallelismAndAcrossRescaling() throws Exception {
        for (int i = 0; i < SEEDS; i++) {
            var world = new SwapWorld(SEED + i, 12);
            for (var parallelisms : new int[][] {{1}, {2}, {4}, {2, 2, 2}, {2, 3, 1}, {4, 1, 2}}) {
                world.assertTold(
                        judged(world, parallelisms),
                        "-Dswap.rescale.seeds=1 -Dswap.seed=" + (SEED + i));
            }
        }
    }

    @Test
    void aThousandPushesLoadNoClasses() throws Exception {
        var yaml =
                """
                id: pushed
                version: %d
                title: Pushed again and again
                condition: high
                severity: low
                let: { limit: limits.high + %d }
                sequence:
                  - step: up
                    where: bpm > limit
                  - followed_by: down
                    where: bpm < first(up).bpm - 20 && steps == 0
                within: 10m
                message: "Above ${limit}"
                source: test
                """;
        var loading = ManagementFactory.getClassLoadingMXBean();
        try (var tasks = new Tasks(1, null, 0)) {
            long afterWarmUp = 0;
            for (int i = 1; i <= 1_100; i++) {
                if (i == 101) {
                    afterWarmUp = loading.getTotalLoadedClassCount();
                }
                tasks.take(
                        new SwapWorld.Arrival(
                                0,
                                null,
                                new PatternVersions(
                                        "pushed",
                                        List.of(
                                                new PatternVersions.Version(
                                                        i,
                                                        Instant.EPOCH,
                                                        yaml.formatted(i, i % 90))))));
                tasks.take(
                        new SwapWorld.Arrival(
                                0, hrm.model.Reading.of("u1", "watch", i * 1_000L, 150, 0), null));
            }

            // What the test's own machinery loads meanwhile is a handful; a class a push is 1,000.
            assertThat(loading.getTotalLoadedClassCount() - afterWarmUp).isLessThan(100);
        }
    }
}
