package hrm.benchmarks.engine;

import com.sun.management.OperatingSystemMXBean;
import hrm.benchmarks.Bar;
import hrm.benchmarks.Failure;
import hrm.benchmarks.Progress;
import hrm.benchmarks.engine.LocalFlink.Backend;
import hrm.benchmarks.engine.Readings.Scenario;
import hrm.embedded.EmbeddedKafka;
import hrm.embedded.TemporaryFolder;
import hrm.jobs.MonitoringJob;
import hrm.model.Json;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.Topics;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The readings of one topic to alerts on another: region {@code detect} as it ships, a job from
 * stock parts, and a loop that only reads. Kafka is a process of its own; the rest runs in this
 * JVM, in turns.
 */
@Command(
        name = "pipeline",
        description =
                "Readings topic to alerts topic: as it ships, from stock parts, bare reading.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench pipeline --quick",
            "",
            "Measured from when all tasks run until the last alert is on its topic. Both jobs",
            "keep their state on the heap. Exit code 1 if an alert is missing or one too many,",
            "or a bar is not reached."
        })
public final class PipelineBenchmark implements Callable<Integer> {
    private static final int PATTERNS = 5;
    private static final int TICKS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Spec CommandSpec spec;

    @Option(names = "--quick", description = "Fewer readings and rounds.")
    boolean quick;

    @Option(
            names = "--people",
            paramLabel = "N",
            description = "How many, 100 readings each. Default: 10000; --quick: 3000")
    Integer people;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each, in turns. Default: 3; --quick: 2")
    Integer rounds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the readings. Default: 1")
    long seed;

    private enum Way {
        BARE("bare consumer loop"),
        OURS("region detect, as it ships"),
        STOCK("stock parts, stock Flink CEP");

        final String title;

        Way(String title) {
            this.title = title;
        }
    }

    private record Run(double cpuNs, double rate, long alerts) {
        Run best(Run other) {
            return new Run(Math.min(cpuNs, other.cpuNs), Math.max(rate, other.rate), other.alerts);
        }
    }

    private final List<String> wrong = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        people = people == null ? Integer.valueOf(quick ? 3_000 : 10_000) : people;
        rounds = rounds == null ? Integer.valueOf(quick ? 2 : 3) : rounds;
        if (people < 1 || rounds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--people and --rounds are at least 1.");
        }
        var progress = new Progress(spec.commandLine().getErr());
        var readings = Readings.generate(Scenario.SCATTERED, people, TICKS, seed).withFinale();
        var patterns = BenchPattern.first(PATTERNS);
        var best = new EnumMap<Way, Run>(Way.class);
        var expected = expected(readings, patterns);
        try (var folder = TemporaryFolder.create("hrm-bench-pipeline-");
                var kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0, progress::line);
                var flink = new LocalFlink()) {
            kafka.createTopics(
                    Topics.ALL.stream()
                            .map(topic -> new NewTopic(topic.name(), topic.partitions(), (short) 1))
                            .toList());
            produce(kafka, readings, patterns);
            progress.line("%,d readings are in Kafka".formatted(readings.size()));
            for (int round = 0; round < rounds; round++) {
                for (var way : Way.values()) {
                    var run =
                            way == Way.BARE
                                    ? read(kafka, readings)
                                    : run(way, kafka, flink, readings, patterns, expected.get(way));
                    best.merge(way, run, Run::best);
                    progress.line(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %,.0f readings/s, load %.1f",
                                    way.title,
                                    run.rate,
                                    load()));
                }
            }
        }
        return report(readings, best, expected);
    }

    private int report(Readings readings, Map<Way, Run> best, Map<Way, Long> expected) {
        var out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d readings, %d patterns, seed %d, best of %d rounds, load %.1f%n%n",
                readings.size(),
                PATTERNS,
                seed,
                rounds,
                load());
        out.printf(
                "  %-34s %10s %12s %10s %10s %9s%n",
                "", "CPU us", "readings/s", "alerts", "x stock", "x bare");
        best.forEach(
                (way, run) ->
                        out.printf(
                                Locale.ROOT,
                                "  %-34s %10.3f %,12.0f %10s %10.2f %9.2f%n",
                                way.title,
                                run.cpuNs / 1e3,
                                run.rate,
                                way == Way.BARE
                                        ? "-"
                                        : String.format(Locale.ROOT, "%,d", run.alerts),
                                run.rate / best.get(Way.STOCK).rate,
                                run.rate / best.get(Way.BARE).rate));
        out.println();
        out.println("Alerts of ours are one a pattern and reading, of stock parts one a match.");
        var bars =
                List.of(
                        Bar.atLeast(
                                "pipeline / bare consumer, readings/s",
                                best.get(Way.OURS).rate / best.get(Way.BARE).rate,
                                0.5),
                        Bar.atLeast(
                                "pipeline / stock parts, readings/s",
                                best.get(Way.OURS).rate / best.get(Way.STOCK).rate,
                                4));
        Bar.lines(bars).forEach(out::println);
        wrong.forEach(out::println);
        if (wrong.isEmpty()) {
            out.println("Each told all that it had to: " + expected.values() + " alerts.");
        }
        return wrong.isEmpty() && bars.stream().allMatch(Bar::isReached) ? 0 : 1;
    }

    private static Map<Way, Long> expected(Readings readings, List<BenchPattern> patterns) {
        var host = new PatternHost(patterns.stream().map(BenchPattern::compiled).toList());
        var decisions = new Matches(readings.lapMs());
        var matches = new Matches(readings.lapMs());
        host.countDecisions(decisions);
        host.judgeAll(readings, matches);
        var expected = new EnumMap<Way, Long>(Way.class);
        expected.put(Way.OURS, decisions.found(1).count());
        expected.put(Way.STOCK, matches.found(1).count());
        return expected;
    }

    private static Properties client(EmbeddedKafka kafka) {
        var properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return properties;
    }

    private static void produce(
            EmbeddedKafka kafka, Readings readings, List<BenchPattern> patterns) {
        var properties = client(kafka);
        properties.put("linger.ms", "50");
        properties.put("batch.size", "262144");
        var bytes = new ByteArraySerializer();
        try (var producer = new KafkaProducer<>(properties, bytes, bytes)) {
            for (var pattern : patterns) {
                var versions = PatternVersions.always(pattern.id(), 1, pattern.yaml());
                producer.send(
                        new ProducerRecord<>(
                                Topics.PATTERNS, utf8(pattern.id()), Json.write(versions)));
            }
            for (int tick = 0; tick < readings.ticks(); tick++) {
                for (int person = 0; person < readings.people(); person++) {
                    send(producer, readings.reading(0, tick, person));
                }
            }
            // Calm and later: only moves the watermark that stock parts wait for.
            for (int person = 0; person < readings.people(); person++) {
                send(
                        producer,
                        Reading.of(
                                readings.user(person),
                                Reading.DEFAULT_DEVICE,
                                readings.timestampMs(0, readings.ticks()) + 3_600_000,
                                60,
                                0));
            }
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, Reading reading) {
        producer.send(
                new ProducerRecord<>(
                        Topics.READINGS,
                        null,
                        reading.timestampMs(),
                        utf8(reading.userId()),
                        ReadingCodec.encode(reading)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(EmbeddedKafka kafka) {
        var bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(client(kafka), bytes, bytes);
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private static long size(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.endOffsets(partitions(consumer, topic)).values().stream()
                .mapToLong(end -> end)
                .sum();
    }

    /** Two threads, each with half of the partitions, as the jobs' sources are. */
    private static Run read(EmbeddedKafka kafka, Readings readings) throws InterruptedException {
        long cpu = cpuNs();
        long began = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < LocalFlink.PARALLELISM; i++) {
            int share = i;
            var thread = new Thread(() -> readShare(kafka, share), "bench-consumer-" + i);
            thread.start();
            threads.add(thread);
        }
        for (var thread : threads) {
            thread.join();
        }
        return run(readings, cpu, began, 0);
    }

    private static void readShare(EmbeddedKafka kafka, int share) {
        try (var consumer = consumer(kafka)) {
            var mine =
                    partitions(consumer, Topics.READINGS).stream()
                            .filter(one -> one.partition() % LocalFlink.PARALLELISM == share)
                            .toList();
            consumer.assign(mine);
            consumer.seekToBeginning(mine);
            long left = consumer.endOffsets(mine).values().stream().mapToLong(end -> end).sum();
            while (left > 0) {
                left -= consumer.poll(Duration.ofMillis(100)).count();
            }
        }
    }

    private Run run(
            Way way,
            EmbeddedKafka kafka,
            LocalFlink flink,
            Readings readings,
            List<BenchPattern> patterns,
            long expected)
            throws Exception {
        try (var consumer = consumer(kafka)) {
            long before = size(consumer, Topics.ALERTS);
            var job =
                    flink.start(
                            Backend.HEAP,
                            () -> {
                                if (way == Way.OURS) {
                                    MonitoringJob.main(
                                            new String[] {
                                                "--bootstrap-servers",
                                                kafka.bootstrapServers(),
                                                "--regions",
                                                "detect",
                                                "--consumer-group",
                                                "bench-" + System.nanoTime()
                                            });
                                } else {
                                    StockPipeline.main(kafka.bootstrapServers(), patterns);
                                }
                            });
            long cpu = cpuNs();
            long began = System.nanoTime();
            long told = 0;
            while (told < expected) {
                flink.requireRunning(job);
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw new Failure(
                            "%s told %d alerts of %d and no more: nothing to compare"
                                    .formatted(way.title, told, expected));
                }
                Thread.sleep(20);
                told = size(consumer, Topics.ALERTS) - before;
            }
            var run = run(readings, cpu, began, told);
            // One too many would come now.
            Thread.sleep(1_000);
            told = size(consumer, Topics.ALERTS) - before;
            flink.stop(job);
            if (told != expected) {
                wrong.add(
                        "NOT THE SAME: %s told %d alerts, %d were due"
                                .formatted(way.title, told, expected));
            }
            return run;
        }
    }

    private static Run run(Readings readings, long cpuBefore, long began, long alerts) {
        return new Run(
                (double) (cpuNs() - cpuBefore) / readings.size(),
                readings.size() * 1e9 / (System.nanoTime() - began),
                alerts);
    }

    /** Of this JVM. */
    private static long cpuNs() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
