package hrm.functions.history;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.functions.judgement.Verdict;
import hrm.model.Alert;
import hrm.model.AlertIds;
import hrm.model.Baselines;
import hrm.model.Correction;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.UserProfiles;
import hrm.patterns.flink.Matchers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * The proof that stream = batch. A week of people comes in as badly as it can, is judged as the
 * stream judges it, and judged again by the late run whenever that happens to run. In the end every
 * episode stands as if all of it had come in its order: onset, end, severity, versions, evidence
 * and ids. {@code -Dproof.seeds=1000 -Dproof.seed=7} tries more or the same again.
 */
class StreamEqualsBatchProperties {
    private static final int SEEDS = Integer.getInteger("proof.seeds", 20);
    private static final long SEED = Long.getLong("proof.seed", System.nanoTime());
    private static final int PEOPLE = Integer.getInteger("proof.people", 2);

    /** Where the live path is broken, to see that it would be noticed. */
    private enum LiveFault {
        NONE,
        DROPS_A_MARK
    }

    @Test
    void afterTheLateRunEverythingStandsAsIfItHadComeInItsOrder() throws Exception {
        var seen = new Seen();
        for (int i = 0; i < SEEDS; i++) {
            long seed = SEED + i;
            var world = new LateWorld(seed, PEOPLE);

            var live = new Run(world, seed, LiveFault.NONE, LateRun.Fault.NONE).toItsEnd();

            var stands = LateWorld.standing(live.published.values());
            var should = LateWorld.standing(inOrder(world, live.store));
            assertThat(stands).as("-Dproof.seeds=1 -Dproof.seed=" + seed).isEqualTo(should);
            assertThat(hash(stands)).isEqualTo(hash(should));
            assertThat(live.marks.values())
                    .as("never evaluated, -Dproof.seed=" + seed)
                    .noneMatch(Reevaluation::isPending);
            assertEpisodesAreOnesOfOneCondition(live.published.values(), seed);
            seen.add(live, should.size());
        }
        System.out.printf(
                "proof.seed=%d: %d worlds of %d people and a week, %s%n",
                SEED, SEEDS, PEOPLE, seen);
        if (SEEDS >= 20) {
            assertThat(seen.amended).as("amended").isGreaterThan(SEEDS);
            assertThat(seen.moved).as("moved onsets").isGreaterThan(SEEDS / 2);
            assertThat(seen.retracted).as("retracted").isGreaterThan(SEEDS);
            assertThat(seen.merged).as("merged into another").isGreaterThan(0);
            assertThat(seen.detectedLate).as("detected late").isGreaterThan(SEEDS);
        }
    }

    @Test
    void aLateRunThatBeginsTooLateIsNoticed() throws Exception {
        assertThat(anyDiffers(LiveFault.NONE, LateRun.Fault.BEGINS_TOO_LATE)).isTrue();
    }

    @Test
    void aLateRunThatPairsWronglyIsNoticed() throws Exception {
        assertThat(anyDiffers(LiveFault.NONE, LateRun.Fault.PAIRS_WRONGLY)).isTrue();
    }

    @Test
    void aStreamThatDropsAMarkIsNoticed() throws Exception {
        assertThat(anyDiffers(LiveFault.DROPS_A_MARK, LateRun.Fault.NONE)).isTrue();
    }

    private static boolean anyDiffers(LiveFault liveFault, LateRun.Fault fault) throws Exception {
        for (int i = 0; i < 5; i++) {
            long seed = SEED + i;
            var world = new LateWorld(seed, 2);
            var live = new Run(world, seed, liveFault, fault).toItsEnd();
            try {
                assertThat(LateWorld.standing(live.published.values()))
                        .isEqualTo(LateWorld.standing(inOrder(world, live.store)));
                assertThat(live.marks.values()).noneMatch(Reevaluation::isPending);
                assertEpisodesAreOnesOfOneCondition(live.published.values(), seed);
            } catch (AssertionError noticed) {
                return true;
            }
        }
        return false;
    }

    private static List<Alert> inOrder(LateWorld world, Map<String, TreeMap<Long, Reading>> store) {
        var catalogue = Catalogue.EMPTY;
        for (var pattern : world.patterns) {
            catalogue = catalogue.with(pattern, Matchers::of).catalogue();
        }
        var alerts = new ArrayList<Alert>();
        var judge = new HistoryJudge(catalogue, alerts::add);
        for (var person : world.people) {
            judge.begin(person.profiles, person.baselines);
            store.forEach(
                    (key, readings) -> {
                        if (key.startsWith(person.userId + "/")) {
                            readings.values().forEach(judge::judge);
                        }
                    });
        }
        return alerts;
    }

    /** An acknowledgement survives whatever is found out: an episode stays what it was. */
    private static void assertEpisodesAreOnesOfOneCondition(Iterable<Alert> events, long seed) {
        var first = new HashMap<UUID, Alert>();
        for (var event : events) {
            var opened = first.computeIfAbsent(event.episodeId(), id -> event);
            assertThat(event.patternId() + event.deviceId() + event.userId() + event.mode())
                    .as("of one episode, -Dproof.seed=" + seed)
                    .isEqualTo(
                            opened.patternId()
                                    + opened.deviceId()
                                    + opened.userId()
                                    + opened.mode());
            assertThat(AlertIds.eventId(event)).isEqualTo(event.eventId());
        }
    }

    private static String hash(List<String> lines) throws Exception {
        var sha = MessageDigest.getInstance("SHA-256");
        lines.forEach(line -> sha.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(sha.digest());
    }

    /** What the worlds had in them, so that a proof of nothing is noticed. */
    private static final class Seen {
        private int episodes;
        private int amended;
        private int moved;
        private int retracted;
        private int merged;
        private int detectedLate;
        private int crashes;
        private int passes;
        private int late;

        void add(Run run, int standing) {
            episodes += standing;
            crashes += run.crashes;
            passes += run.passes;
            late += run.late;
            for (var event : run.published.values()) {
                amended += event.state() == Alert.State.AMENDED ? 1 : 0;
                moved += event.previousOnset() != null ? 1 : 0;
                retracted += event.state() == Alert.State.RETRACTED ? 1 : 0;
                merged += event.mergedInto() != null ? 1 : 0;
                detectedLate += event.detectedLate() && event.state() == Alert.State.OPENED ? 1 : 0;
            }
        }

        @Override
        public String toString() {
            return "%d episodes; %d late readings, %d crashes, %d devices judged again; %d amended (%d moved), %d retracted (%d merged), %d detected late"
                    .formatted(
                            episodes,
                            late,
                            crashes,
                            passes,
                            amended,
                            moved,
                            retracted,
                            merged,
                            detectedLate);
        }
    }

    /** What reaches the job, in the order in which it does: also after a crash. */
    private sealed interface Input {
        record Came(LateWorld.Arrival arrival) implements Input {}

        record Corrected(Correction correction, long atMs) implements Input {}

        record Looked(String userId, long atMs) implements Input {}
    }

    /** The job, its topics, its store, and the late run beside it. */
    private static final class Run {
        final Map<UUID, Alert> published = new LinkedHashMap<>();
        final Map<String, TreeMap<Long, Reading>> store = new TreeMap<>();

        /** The compacted topic. */
        final Map<String, Reevaluation> marks = new TreeMap<>();

        int crashes;
        int passes;
        int late;

        private final LateWorld world;
        private final Random random;
        private final LiveFault liveFault;
        private final LateRun.Fault fault;
        private final List<Input> log = new ArrayList<>();
        private final List<Input.Corrected> onTheirWay = new ArrayList<>();
        private final Map<String, Baselines> baselines = new HashMap<>();
        private final Map<String, UserProfiles> profiles = new HashMap<>();
        private long nowMs;

        // What a crash loses.
        private final Judgement judgement = new Judgement();
        private Map<String, UserState> people = new HashMap<>();
        private Map<String, Reference> references = new HashMap<>();
        private Map<String, PatternVersions> patterns = new TreeMap<>();
        private Catalogue catalogue = Catalogue.EMPTY;

        // What outlives it.
        private Map<String, byte[]> kept = Map.of();
        private Map<String, Reference> keptReferences = Map.of();
        private Map<String, PatternVersions> keptPatterns = Map.of();
        private Catalogue keptCatalogue = Catalogue.EMPTY;
        private int keptAt;

        Run(LateWorld world, long seed, LiveFault liveFault, LateRun.Fault fault) {
            this.world = world;
            this.random = new Random(seed);
            this.liveFault = liveFault;
            this.fault = fault;
        }

        Run toItsEnd() throws IOException {
            long nextRunMs = PersonInHistory.START.toEpochMilli();
            long lastDayMs = LateWorld.ALL_IN.plus(Duration.ofDays(1)).toEpochMilli();
            for (var arrival : world.arrivals) {
                if (arrival.atMs() > lastDayMs && nowMs < lastDayMs) {
                    lateRuns();
                }
                nowMs = Math.max(nowMs, arrival.atMs());
                if (arrival.atMs() > nextRunMs) {
                    nextRunMs = arrival.atMs() + 600_000L * (1 + random.nextInt(200));
                    lateRun();
                }
                while (!onTheirWay.isEmpty() && random.nextInt(3) == 0) {
                    happen(onTheirWay.remove(0));
                }
                if (random.nextInt(200) == 0) {
                    var user = world.people.get(random.nextInt(world.people.size())).userId;
                    happen(new Input.Looked(user, nowMs));
                }
                happen(new Input.Came(arrival));
                if (random.nextInt(4_000) == 0) {
                    keep();
                } else if (random.nextInt(6_000) == 0) {
                    crash();
                }
            }
            lateRuns();
            return this;
        }

        /** Until nothing is left to be judged again. */
        private void lateRuns() {
            for (int i = 0; i < 20 && hasPending(); i++) {
                lateRun();
                while (!onTheirWay.isEmpty()) {
                    happen(onTheirWay.remove(0));
                }
            }
        }

        private boolean hasPending() {
            return marks.values().stream().anyMatch(Reevaluation::isPending)
                    || !onTheirWay.isEmpty();
        }

        private void happen(Input input) {
            log.add(input);
            take(input);
        }

        private void take(Input input) {
            if (input instanceof Input.Came came) {
                take(came.arrival());
            } else if (input instanceof Input.Corrected corrected) {
                var correction = corrected.correction();
                var state = person(correction.userId());
                var result = judgement.correct(state, correction, catalogue, corrected.atMs());
                result.alerts().forEach(this::publish);
                result.marks().forEach(this::mark);
            } else if (input instanceof Input.Looked looked) {
                var known = reference(looked.userId());
                judgement
                        .silence(
                                person(looked.userId()),
                                looked.userId(),
                                known,
                                looked.atMs(),
                                catalogue)
                        .forEach(this::publish);
            }
        }

        private void take(LateWorld.Arrival arrival) {
            if (arrival.patterns() != null) {
                patterns.put(arrival.patterns().patternId(), arrival.patterns());
                var change = catalogue.with(arrival.patterns(), Matchers::of);
                assertThat(change.refused()).isEmpty();
                catalogue = change.catalogue();
            } else if (arrival.baselines() != null) {
                var user = arrival.baselines().userId();
                baselines.put(user, arrival.baselines());
                judgement
                        .learn(person(user), reference(user), arrival.baselines())
                        .forEach(this::mark);
            } else if (arrival.profiles() != null) {
                var user = arrival.profiles().userId();
                profiles.put(user, arrival.profiles());
                judgement
                        .learn(person(user), reference(user), arrival.profiles())
                        .forEach(this::mark);
            } else {
                var reading = arrival.reading();
                store.computeIfAbsent(
                                reading.userId() + "/" + reading.deviceId(),
                                device -> new TreeMap<>())
                        .putIfAbsent(reading.timestampMs(), reading);
                var state = person(reading.userId());
                var verdict =
                        judgement.judge(state, reference(reading.userId()), reading, catalogue);
                if (verdict.outcome() == Verdict.Outcome.JUDGED) {
                    judgement.arrived(state, reading.deviceId(), arrival.atMs());
                }
                late += verdict.outcome() == Verdict.Outcome.LATE ? 1 : 0;
                verdict.alerts().forEach(this::publish);
                if (verdict.mark() != null) {
                    mark(verdict.mark());
                }
            }
        }

        private void publish(Alert alert) {
            published.putIfAbsent(alert.eventId(), alert);
        }

        private void mark(Reevaluation mark) {
            var key =
                    mark.userId()
                            + "/"
                            + mark.deviceId()
                            + "/"
                            + mark.from().toEpochMilli() / 86_400_000L;
            if (mark.isSettled()) {
                marks.remove(key);
            } else if (liveFault == LiveFault.NONE || mark.from().getEpochSecond() / 60 % 3 > 0) {
                marks.put(key, mark);
            }
        }

        private UserState person(String userId) {
            return people.computeIfAbsent(userId, user -> new UserState());
        }

        private Reference reference(String userId) {
            return references.computeIfAbsent(userId, user -> new Reference());
        }

        private void lateRun() {
            var pending = new TreeMap<String, List<Reevaluation>>();
            for (var mark : marks.values()) {
                if (mark.isPending()) {
                    pending.computeIfAbsent(
                                    mark.userId() + "/" + mark.deviceId(),
                                    device -> new ArrayList<>())
                            .add(mark);
                }
            }
            var run = new LateRun(catalogue, fault);
            pending.forEach(
                    (device, some) -> {
                        passes++;
                        onTheirWay.add(new Input.Corrected(judgeAgain(run, device, some), nowMs));
                    });
        }

        private Correction judgeAgain(LateRun run, String device, List<Reevaluation> some) {
            var userId = some.get(0).userId();
            var deviceId = some.get(0).deviceId();
            var from = some.stream().map(Reevaluation::from).min(Instant::compareTo).orElseThrow();
            var stored = store.get(device);
            var readings =
                    new ArrayList<>(
                            stored.tailMap(from.minus(Duration.ofDays(1)).toEpochMilli()).values());
            if (!run.reachesBack(readings, from)) {
                readings = new ArrayList<>(stored.values());
            }
            var newest = new LinkedHashMap<UUID, Alert>();
            for (var alert : published.values()) {
                if (alert.userId().equals(userId) && alert.deviceId().equals(deviceId)) {
                    newest.merge(
                            alert.episodeId(),
                            alert,
                            (one, other) -> other.revision() > one.revision() ? other : one);
                }
            }
            return run.judge(
                    some,
                    profiles.getOrDefault(userId, new UserProfiles(userId, List.of())),
                    baselines.getOrDefault(userId, new Baselines(userId, List.of())),
                    readings,
                    List.copyOf(newest.values()));
        }

        private void keep() throws IOException {
            var bytes = new HashMap<String, byte[]>();
            for (var person : people.entrySet()) {
                var out = new ByteArrayOutputStream();
                person.getValue().write(new DataOutputStream(out));
                bytes.put(person.getKey(), out.toByteArray());
            }
            kept = bytes;
            keptReferences = new HashMap<>();
            references.forEach((user, known) -> keptReferences.put(user, known.copy()));
            keptPatterns = new TreeMap<>(patterns);
            keptCatalogue = catalogue;
            keptAt = log.size();
        }

        /** All since the checkpoint happens again, and is told again. */
        private void crash() throws IOException {
            crashes++;
            people = new HashMap<>();
            for (var person : kept.entrySet()) {
                var in = new DataInputStream(new ByteArrayInputStream(person.getValue()));
                people.put(person.getKey(), UserState.read(in, UserState.FORMAT));
            }
            references = new HashMap<>();
            keptReferences.forEach((user, known) -> references.put(user, known.copy()));
            patterns = new TreeMap<>(keptPatterns);
            catalogue = keptCatalogue;
            for (var input : List.copyOf(log.subList(keptAt, log.size()))) {
                take(input);
            }
        }
    }
}
