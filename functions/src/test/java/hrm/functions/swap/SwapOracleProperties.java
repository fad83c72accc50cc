package hrm.functions.swap;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.Alert;
import hrm.model.PatternVersions;
import hrm.patterns.flink.Matchers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Patterns are swapped while people are in the middle of them, and the job is killed meanwhile.
 * What is told must equal what a naive model tells that judges each reading by the version of its
 * own time. {@code -Dswap.seeds=5000 -Dswap.seed=7} tries more or the same again.
 */
class SwapOracleProperties {
    private static final int SEEDS = Integer.getInteger("swap.seeds", 200);
    private static final long SEED = Long.getLong("swap.seed", System.nanoTime());

    @Test
    void aSwapWithAKillInTheMiddleTellsWhatAModelTells() throws IOException {
        int crossed = 0;
        long told = 0;
        for (int i = 0; i < SEEDS; i++) {
            long seed = SEED + i;
            var world = new SwapWorld(seed, 6);

            var alerts = judged(world, new Random(seed));

            world.assertTold(alerts, "-Dswap.seed=" + seed + " -Dswap.seeds=1");
            crossed += world.crosses() ? 1 : 0;
            told += world.expected().values().stream().mapToLong(List::size).sum();
        }
        System.out.printf(
                "swap.seed=%d: %d worlds, %d events; a match crossed the swap in %d%n",
                SEED, SEEDS, told, crossed);
        if (SEEDS >= 200) {
            assertThat(crossed).as("worlds in which a match crossed").isGreaterThan(SEEDS / 5);
        }
    }

    /** What the detection tells, killed once and begun again from the checkpoint before. */
    private static List<Alert> judged(SwapWorld world, Random random) throws IOException {
        var arrivals = world.arrivals();
        int kill = arrivals.size() / 4 + random.nextInt(arrivals.size() / 2);
        int checkpoint = kill - random.nextInt(Math.min(kill, 200));
        var run = new Run();
        Run.Kept kept = null;
        for (int i = 0; i < kill; i++) {
            if (i == checkpoint) {
                kept = run.keep();
            }
            run.take(arrivals.get(i));
        }
        var again = kept == null ? new Run() : new Run(kept);
        for (int i = kept == null ? 0 : checkpoint; i < arrivals.size(); i++) {
            again.take(arrivals.get(i));
        }
        run.alerts.addAll(again.alerts);
        return run.alerts;
    }

    /** One life of the job. */
    private static final class Run {
        /** What outlives it: people as bytes, patterns as they came. */
        private record Kept(Map<String, byte[]> people, Map<String, PatternVersions> patterns) {}

        final List<Alert> alerts = new ArrayList<>();
        private final Judgement judgement = new Judgement();
        private final Reference nobodyIsKnown = new Reference();
        private final Map<String, UserState> people = new HashMap<>();
        private final Map<String, PatternVersions> patterns = new TreeMap<>();
        private Catalogue catalogue = Catalogue.EMPTY;

        Run() {}

        Run(Kept kept) throws IOException {
            for (var versions : kept.patterns.values()) {
                publish(versions);
            }
            for (var person : kept.people.entrySet()) {
                var in = new DataInputStream(new ByteArrayInputStream(person.getValue()));
                people.put(person.getKey(), UserState.read(in, UserState.FORMAT));
            }
        }

        Kept keep() throws IOException {
            var bytes = new HashMap<String, byte[]>();
            for (var person : people.entrySet()) {
                var out = new ByteArrayOutputStream();
                person.getValue().write(new DataOutputStream(out));
                bytes.put(person.getKey(), out.toByteArray());
            }
            return new Kept(bytes, new TreeMap<>(patterns));
        }

        void take(SwapWorld.Arrival arrival) {
            if (arrival.versions() != null) {
                publish(arrival.versions());
                return;
            }
            var reading = arrival.reading();
            var state = people.computeIfAbsent(reading.userId(), user -> new UserState());
            alerts.addAll(judgement.judge(state, nobodyIsKnown, reading, catalogue).alerts());
        }

        private void publish(PatternVersions versions) {
            patterns.put(versions.patternId(), versions);
            var change = catalogue.with(versions, Matchers::of);
            assertThat(change.refused()).isEmpty();
            catalogue = change.catalogue();
        }
    }
}
