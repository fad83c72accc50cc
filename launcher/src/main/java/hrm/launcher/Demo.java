package hrm.launcher;

import hrm.model.Topics;
import hrm.patterns.Catalogue;
import hrm.patterns.spec.PatternSpec;
import hrm.simulator.Arrival;
import hrm.sinks.profiles.ProfileRelay;
import hrm.sinks.profiles.ProfileStore;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Plays a scenario through a whole stack.
 *
 * <pre>
 *  start ▸ history and profiles ▸ baselines ▸ patterns ▸ monitoring job ▸ the live day ▸ summary
 * </pre>
 */
final class Demo {
    private static final Duration BASELINES_TAKE = Duration.ofMinutes(5);

    /** How long the job may need for what is left when everything is sent. */
    private static final Duration SETTLES = Duration.ofMinutes(3);

    /** Flink gathers its metrics every ten seconds. */
    private static final Duration METRICS_TAKE = Duration.ofSeconds(25);

    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

    private final Scenario scenario;
    private final double speed;
    private final boolean once;
    private final Stack kept;
    private final StackProcesses.Ports ports;
    private final Screen screen;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * @param once end when the day is over
     * @param stack that of {@code hrm up}, which stays; null: one of its own, which goes
     * @param ports of a stack of its own
     */
    Demo(
            Scenario scenario,
            double speed,
            boolean once,
            Stack stack,
            StackProcesses.Ports ports,
            Screen screen) {
        this.scenario = scenario;
        this.speed = speed;
        this.once = once || stack != null;
        this.kept = stack;
        this.ports = ports;
        this.screen = screen;
    }

    /**
     * @return the exit code
     */
    int run() throws Exception {
        screen.line(Style.BOLD.on(screen.ansi(), scenario.title()));
        screen.line("Not a medical device.");
        screen.line("");
        // Beside the hook that stops the processes, so that a person hears of it at once.
        var atCtrlC = new Thread(this::interrupted, "hrm-demo-stopping");
        Runtime.getRuntime().addShutdownHook(atCtrlC);
        try (var processes = kept == null ? StackProcesses.temporary(ports, this::step) : null) {
            return play(kept == null ? processes.stack() : kept);
        } catch (Exception e) {
            if (stopping.get()) {
                // What is being stopped under our hands fails; that is no news.
                new CountDownLatch(1).await();
            }
            screen.endStatus();
            throw e;
        } finally {
            forget(atCtrlC);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    private void interrupted() {
        stopping.set(true);
        screen.endStatus();
        screen.line("Stopping …");
    }

    private int play(Stack stack) throws Exception {
        long before = stored(stack);
        long history = prepare(stack);
        var patterns = Catalogue.shipped().stream().map(PatternSpec::id).toList();
        var job = timed(id -> "Monitoring job is running", () -> monitoring(stack));
        awaitLearnt(stack);
        var counted = Counters.of(stack, job);
        screen.line("");
        screen.line(
                Double.isInfinite(speed)
                        ? "The live day, as fast as it goes. Times are UTC:"
                        : "The live day at "
                                + Words.number(speed)
                                + " times its speed. Times are UTC:");

        var broker = stack.broker();
        var sent = new Sent();
        var lines =
                new AlertLines(
                        scenario.isOneDay() ? AlertLines.clock() : AlertLines.dated(),
                        screen.ansi());
        try (var listener = new Listener(broker, sent, alert -> tell(lines.of(alert)))) {
            replay(broker, sent, listener);
            boolean stored =
                    settle(stack, job, sent, listener)
                            && awaitRows(stack, before + history + sent.distinct());
            var summary = summary(stack, job, counted, sent, listener, patterns);
            screen.endStatus();
            summary.lines(screen.ansi()).forEach(screen::line);
            return finish(stack, stored);
        }
    }

    private String monitoring(Stack stack) {
        var running =
                stack.flink().jobs().stream()
                        .filter(job -> job.name().equals(Supervisor.JOB_NAME))
                        .filter(job -> !job.state().isFinal())
                        .findFirst();
        return running.isPresent()
                ? running.get().id()
                // A replayed minute is over in an instant, so its row need not wait for a real
                // minute of silence.
                : stack.launch(Supervisor.MONITORING, "--minute-silence", "5s");
    }

    /** A job that runs already reads what was just published beside the readings. */
    private void awaitLearnt(Stack stack) throws InterruptedException {
        if (kept == null) {
            return;
        }
        var broker = stack.broker();
        long deadline = System.nanoTime() + SETTLES.toNanos();
        try (var admin = broker.admin()) {
            for (var topic : List.of(Topics.PATTERNS, Topics.PROFILES, Topics.BASELINES)) {
                while (broker.remaining(admin, "hrm-detect-" + topic, topic) > 0) {
                    if (System.nanoTime() > deadline) {
                        throw new Failure(
                                "The monitoring job has not read "
                                        + topic
                                        + " after "
                                        + Words.duration(SETTLES)
                                        + ". hrm status says how it is.");
                    }
                    screen.status("Waiting until the job has read " + topic);
                    Thread.sleep(300);
                }
            }
        }
        screen.endStatus();
    }

    private void tell(String alert) {
        if (!stopping.get()) {
            screen.line(alert);
        }
    }

    // ---- before

    private long prepare(Stack stack) throws Exception {
        writeProfiles(stack);
        long history =
                timed(
                        readings ->
                                readings == 0
                                        ? "No history: everybody's limits are the general ones"
                                        : Words.number(readings) + " readings of history stored",
                        () -> {
                            try (var minutes = scenario.history()) {
                                return History.write(stack::connect, minutes.iterator());
                            }
                        });
        if (history > 0) {
            timed(
                    "Baselines learnt from them by a Flink job",
                    () -> {
                        stack.run(
                                "hrm.jobs.BaselineJob",
                                BASELINES_TAKE,
                                "--as-of",
                                scenario.learnUntil().toString(),
                                "--effective-from",
                                scenario.liveFrom().toString(),
                                "--run-id",
                                scenario.baselineRun());
                        return null;
                    });
        }
        return history;
    }

    private void writeProfiles(Stack stack) throws Exception {
        try (var connection = stack.connect()) {
            ProfileStore.put(connection, scenario.profiles());
            var outcome = new ProfileRelay(stack.broker()::producer).publish(connection);
            if (outcome.trouble() != null) {
                throw outcome.trouble();
            }
        }
    }

    // ---- the live day

    private void replay(Broker broker, Sent sent, Listener listener) throws InterruptedException {
        var failure = new AtomicReference<Exception>();
        try (var producer = broker.producer();
                var arrivals = scenario.arrivals()) {
            var progress = new Progress();
            new Replay(speed, Replay.Pace.REAL)
                    .run(
                            arrivals.iterator(),
                            arrival -> {
                                sent.add(arrival, System.nanoTime());
                                send(producer, arrival, failure);
                                progress.show(arrival, sent, listener);
                            });
            producer.flush();
        }
        if (failure.get() != null) {
            throw new Failure(
                    "Kafka did not take a message: " + failure.get().getMessage(), failure.get());
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            Arrival arrival,
            AtomicReference<Exception> failure) {
        producer.send(
                new ProducerRecord<>(
                        Topics.READINGS,
                        null,
                        arrival.recordTimestampMs(),
                        arrival.userId().getBytes(StandardCharsets.UTF_8),
                        arrival.value()),
                (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    /** At most a few times a second: drawing is not free. */
    private final class Progress {
        private static final long EVERY_NANOS = 200_000_000;
        private static final int WIDTH = 20;
        private long shownAt = System.nanoTime() - EVERY_NANOS;

        void show(Arrival arrival, Sent sent, Listener listener) {
            long now = System.nanoTime();
            if (now - shownAt < EVERY_NANOS || stopping.get()) {
                return;
            }
            shownAt = now;
            double share = Math.min(1, arrival.afterMs() * 1.0 / DAY_MS);
            int filled = (int) (share * WIDTH);
            screen.status(
                    String.format(
                            Locale.ROOT,
                            "[%s%s] %3.0f%%  %s  %s, %s rejected, %s",
                            "#".repeat(filled),
                            "-".repeat(WIDTH - filled),
                            share * 100,
                            scenario.isOneDay()
                                    ? CLOCK.format(
                                            Instant.ofEpochMilli(arrival.recordTimestampMs()))
                                    : "+" + CLOCK.format(Instant.ofEpochMilli(arrival.afterMs())),
                            Words.count(sent.messages(), "reading", "readings"),
                            Words.number(listener.rejectedCount()),
                            Words.count(listener.episodes(), "alert", "alerts")));
        }
    }

    // ---- after

    /**
     * Waits until both regions have reported all readings as done, which they do when what came of
     * them is written, and until all alerts are stored and were received here.
     *
     * @return whether all that came about in time
     */
    private boolean settle(Stack stack, String job, Sent sent, Listener listener)
            throws InterruptedException {
        var broker = stack.broker();
        try (var admin = broker.admin()) {
            long deadline = System.nanoTime() + SETTLES.toNanos();
            boolean judged = false;
            while (System.nanoTime() < deadline) {
                if (!judged) {
                    long left =
                            Math.max(
                                    broker.remaining(admin, "hrm-detect", Topics.READINGS),
                                    broker.remaining(admin, "hrm-store", Topics.READINGS));
                    judged = left == 0;
                    if (!judged) {
                        screen.status(
                                "All is sent; the job has not reported "
                                        + Words.count(left, "reading", "readings")
                                        + " as done yet");
                    }
                } else if (broker.remaining(admin, "hrm-store-alerts", Topics.ALERTS) == 0
                        && listener.hasRead(broker.ends(admin, Topics.ALERTS))
                        && listener.hasRead(broker.ends(admin, Topics.REJECTED))) {
                    return true;
                } else {
                    screen.status("All readings are judged; waiting until all alerts are stored");
                }
                Thread.sleep(300);
            }
        }
        screen.endStatus();
        screen.line(
                "After "
                        + Words.duration(SETTLES)
                        + " the job has not taken in all of "
                        + Words.number(sent.messages())
                        + " messages."
                        + stack.trouble(job).map(why -> " It says: " + why).orElse(""));
        return false;
    }

    /** What the job counts; empty while Flink has not gathered it. */
    private record Counters(OptionalLong judged, OptionalLong late, OptionalLong duplicates) {
        static Counters of(Stack stack, String job) {
            return new Counters(
                    stack.counter(job, "detect.judge", "judged"),
                    stack.counter(job, "detect.judge", "late"),
                    stack.counter(job, "detect.judge", "duplicate"));
        }

        Counters since(Counters before) {
            return new Counters(
                    minus(judged, before.judged),
                    minus(late, before.late),
                    minus(duplicates, before.duplicates));
        }

        private static OptionalLong minus(OptionalLong now, OptionalLong before) {
            return now.isEmpty() ? now : OptionalLong.of(now.getAsLong() - before.orElse(0));
        }

        long sum() {
            return judged.orElse(0) + late.orElse(0) + duplicates.orElse(0);
        }
    }

    private DemoSummary summary(
            Stack stack,
            String job,
            Counters before,
            Sent sent,
            Listener listener,
            List<String> patterns)
            throws InterruptedException {
        var counters = Counters.of(stack, job).since(before);
        long deadline = System.nanoTime() + METRICS_TAKE.toNanos();
        // Complete when they add up to what was sent.
        while (counters.sum() != sent.valid() && System.nanoTime() < deadline) {
            screen.status("Waiting for the job's counters");
            Thread.sleep(1_000);
            counters = Counters.of(stack, job).since(before);
        }
        Map<String, Integer> opened = new TreeMap<>();
        patterns.forEach(pattern -> opened.put(pattern, 0));
        opened.putAll(listener.openedByPattern());
        return new DemoSummary(
                sent.messages(),
                listener.rejected(),
                counters.late(),
                counters.duplicates(),
                opened,
                listener.latencyUs(),
                listener.hash(),
                stack.flink().restAddress() + (once && kept == null ? " (stops now)" : ""),
                tryNext(stack));
    }

    private List<String> tryNext(Stack stack) {
        return once
                ? List.of(
                        "./hrm demo                       the same, and the stack stays up to look at",
                        "./hrm patterns list              what it looks for",
                        "./hrm patterns new my-pattern    a pattern of your own")
                : List.of(
                        "./hrm patterns new my-pattern    a pattern of your own",
                        "./hrm patterns test my-pattern.yaml",
                        "./hrm patterns push my-pattern.yaml --bootstrap-servers "
                                + stack.bootstrapServers());
    }

    private int finish(Stack stack, boolean stored) throws Exception {
        if (!once) {
            screen.line("");
            screen.line("Flink:      " + stack.flink().restAddress());
            screen.line("Kafka:      " + stack.bootstrapServers());
            screen.line("PostgreSQL: " + stack.jdbcUrl());
            screen.line("Everything stays up. Ctrl-C stops it.");
            new CountDownLatch(1).await();
        }
        return stored ? 0 : 1;
    }

    /** A device's last minute is written when it has been silent for some seconds. */
    private boolean awaitRows(Stack stack, long expected) throws Exception {
        long deadline = System.nanoTime() + SETTLES.toNanos();
        long stored = stored(stack);
        while (stored < expected && System.nanoTime() < deadline) {
            screen.status(
                    "Each device's last minute is stored after some seconds of silence: "
                            + Words.count(expected - stored, "reading", "readings")
                            + " to go");
            Thread.sleep(1_000);
            stored = stored(stack);
        }
        screen.endStatus();
        screen.line("");
        screen.line(
                stored == expected
                        ? "PostgreSQL holds all " + Words.number(stored) + " readings."
                        : "PostgreSQL holds "
                                + Words.number(stored)
                                + " readings where "
                                + Words.number(expected)
                                + " were sent and accepted.");
        return stored == expected;
    }

    private static long stored(Stack stack) throws SQLException {
        try (var connection = stack.connect();
                var query = connection.prepareStatement("SELECT sum(n) FROM reading_minutes");
                var result = query.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    // ---- progress

    private interface Work<T> {
        T run() throws Exception;
    }

    private void timed(String done, Work<Void> work) throws Exception {
        timed((Void nothing) -> done, work);
    }

    private <T> T timed(java.util.function.Function<T, String> done, Work<T> work)
            throws Exception {
        long began = System.nanoTime();
        T result = work.run();
        step("%s (%.1f s)".formatted(done.apply(result), (System.nanoTime() - began) / 1e9));
        return result;
    }

    private void step(String text) {
        screen.line("  " + text);
    }
}
