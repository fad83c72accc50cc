package hrm.benchmarks;

import hrm.model.Json;
import hrm.model.PatternVersions;
import hrm.model.Topics;
import hrm.patterns.check.PatternLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Alerts under a steady load while PostgreSQL is stopped, against the same while it runs, in turns.
 * The whole monitoring job runs, both regions; latency is from the deciding reading's append to the
 * alert's append, by the broker's clock.
 */
@Command(
        name = "outage",
        description = "Alert latency while PostgreSQL is stopped against while it runs.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench outage --seconds 60",
            "",
            "Latency is from the append of the deciding reading to the append of the",
            "alert, by Kafka's clock. Exit code 1 if alerts suffer, or if anything is",
            "lost or doubled."
        })
final class OutageBenchmark implements Callable<Integer> {
    /** Until the first attacks have been noticed and the code on the way is compiled. */
    private static final Duration WARM_UP = Duration.ofSeconds(90);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String GROUP = "outage";

    @Spec CommandSpec spec;

    @Option(
            names = "--people",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Each sends a reading a second. Default: 1000")
    int people;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long PostgreSQL runs, and is stopped. Default: 60")
    int seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "2",
            description = "How often each, in turns. Default: 2")
    int rounds;

    @Option(
            names = "--bar",
            paramLabel = "RATIO",
            defaultValue = "1.5",
            description = "How many times as long p99 may be without PostgreSQL. Default: 1.5")
    double bar;

    @Option(names = "--quick", description = "20 s each, one round, no bar: does it run?")
    boolean quick;

    private Progress progress;

    @Override
    public Integer call() throws Exception {
        if (quick) {
            seconds = 20;
            rounds = 1;
            bar = 0;
        }
        if (people < 1 || seconds < 1 || rounds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--people, --seconds and --rounds are at least 1.");
        }
        progress = new Progress(spec.commandLine().getErr());
        var byBroker = Map.of("message.timestamp.type", "LogAppendTime");
        var clocks = Map.of(Topics.READINGS, byBroker, Topics.ALERTS, byBroker);
        try (var stand = Stand.start(clocks, progress::line)) {
            publishPatterns(stand);
            var job =
                    stand.launch(
                            stand.jobJar(),
                            "hrm.jobs.MonitoringJob",
                            "",
                            "--consumer-group",
                            GROUP,
                            "--minute-silence",
                            "10s");
            var report = measure(stand, job);
            report.lines().forEach(spec.commandLine().getOut()::println);
            return report.isMet() ? 0 : 1;
        }
    }

    private static void publishPatterns(Stand stand) throws IOException {
        try (var producer = stand.producer(Map.of());
                var files = Files.list(stand.catalogue())) {
            for (var file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                var yaml = Files.readString(file);
                var pattern = PatternLoader.load(file.toString(), yaml).spec();
                var versions = PatternVersions.always(pattern.id(), pattern.version(), yaml);
                producer.send(
                        new ProducerRecord<>(
                                Topics.PATTERNS,
                                pattern.id().getBytes(StandardCharsets.UTF_8),
                                Json.write(versions)));
            }
        }
    }

    private OutageReport measure(Stand stand, String job) throws Exception {
        var plan = new AttackPlan(people, System.currentTimeMillis());
        var phases = new ArrayList<Phase>();
        var caughtUpAfterS = new ArrayList<Double>();
        try (var admin = stand.admin();
                var ear = new AlertEar(stand.consumer(Topics.ALERTS))) {
            var load = new SteadyLoad(plan, stand.producer(Map.of("linger.ms", 0)));
            try (load) {
                progress.line("%,d readings a second; warming up".formatted(people));
                Thread.sleep(WARM_UP.toMillis());
                for (int round = 0; round < rounds; round++) {
                    progress.line("PostgreSQL runs");
                    phases.add(phase(true));
                    stand.database().stop();
                    progress.line("PostgreSQL is stopped");
                    phases.add(phase(false));
                    stand.database().start();
                    caughtUpAfterS.add(catchUp(stand, job, admin));
                }
            }
            progress.line(
                    "All is sent, at worst %d ms late; waiting for the rest"
                            .formatted(load.mostBehindMs()));
            return settle(stand, admin, load, ear, phases, caughtUpAfterS);
        }
    }

    private Phase phase(boolean databaseIsUp) throws InterruptedException {
        long from = System.currentTimeMillis();
        Thread.sleep(seconds * 1_000L);
        return new Phase(databaseIsUp, from, System.currentTimeMillis());
    }

    private double catchUp(Stand stand, String job, Admin admin) throws InterruptedException {
        long back = System.nanoTime();
        var ends = stand.ends(admin, Topics.READINGS);
        var alertEnds = stand.ends(admin, Topics.ALERTS);
        if (!tryAwait(
                () ->
                        stand.behind(admin, GROUP + "-store", ends) == 0
                                && stand.behind(admin, GROUP + "-store-alerts", alertEnds) == 0)) {
            throw new Failure(
                    "After %d s the store has not caught up: %,d readings and %,d alerts to go. The job last failed with: %s"
                            .formatted(
                                    PATIENCE.toSeconds(),
                                    stand.behind(admin, GROUP + "-store", ends),
                                    stand.behind(admin, GROUP + "-store-alerts", alertEnds),
                                    stand.trouble(job)));
        }
        double took = (System.nanoTime() - back) / 1e9;
        progress.line("The store has caught up after %.0f s".formatted(took));
        return took;
    }

    private OutageReport settle(
            Stand stand,
            Admin admin,
            SteadyLoad load,
            AlertEar ear,
            List<Phase> phases,
            List<Double> caughtUpAfterS)
            throws Exception {
        var expected = load.appendedMs().keySet();
        tryAwait(() -> ear.appendedMs().keySet().containsAll(expected));
        tryAwait(
                () ->
                        stand.behind(
                                        admin,
                                        GROUP + "-store-alerts",
                                        stand.ends(admin, Topics.ALERTS))
                                == 0);
        tryAwait(() -> stand.number("SELECT sum(n) FROM reading_minutes") >= load.sent());
        return new OutageReport(
                bar,
                phases,
                load.appendedMs(),
                ear.appendedMs(),
                caughtUpAfterS,
                new OutageReport.Counts(
                        load.sent(),
                        stand.number("SELECT count(*) FROM readings"),
                        new HashSet<>(expected),
                        new HashSet<>(ear.appendedMs().keySet()),
                        ear.records(),
                        ear.events().size(),
                        stand.number("SELECT count(*) FROM alert_events"),
                        ear.episodes().size(),
                        stand.number("SELECT count(*) FROM alerts")));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** The report says what is missing. */
    private static boolean tryAwait(Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                Thread.sleep(250);
            }
            return true;
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new Failure("While waiting: " + e.getMessage(), e);
        }
    }
}
