package hrm.benchmarks;

import hrm.model.ReadingCodec;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The same readings from the same topic through the same job, kept by minutes and kept by rows, one
 * after the other and then the other way round.
 */
@Command(
        name = "store",
        description = "Readings into PostgreSQL: a row per minute against a row per reading.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench store --readings 5000000",
            "",
            "Measured from when the warm-up is in the table until 99 %% of the readings are.",
            "Exit code 1 if minute rows are not fast enough."
        })
final class StoreBenchmark implements Callable<Integer> {
    private static final long QUICK = 250_000;

    @Spec CommandSpec spec;

    @Option(
            names = "--readings",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "How many. Default: 5000000")
    long readings;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "1000000",
            description = {
                "Readings that come before them, unmeasured: both jobs run for months, and",
                "their first seconds go to compiling. Default: 1000000"
            })
    long warmUp;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "2",
            description = "How often each, in turns. Default: 2")
    int rounds;

    @Option(
            names = "--bar",
            paramLabel = "RATIO",
            defaultValue = "5",
            description = "How many times as fast minute rows must be. Default: 5")
    double bar;

    @Option(
            names = "--row-batch",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Rows a batch of the row-per-reading sink. Default: 1000")
    int rowBatch;

    @Option(names = "--quick", description = "250,000 readings, one round, no bar: does it run?")
    boolean quick;

    @Override
    public Integer call() throws Exception {
        if (quick) {
            readings = QUICK;
            warmUp = QUICK / 5;
            rounds = 1;
            bar = 0;
        }
        if (readings < 1 || warmUp < 1 || rounds < 1 || rowBatch < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--readings, --warm-up, --rounds and --row-batch are at least 1.");
        }
        var progress = new Progress(spec.commandLine().getErr());
        var runs = new ArrayList<StoreSide.Run>();
        try (var stand = Stand.start(Map.of(), progress::line)) {
            produce(stand);
            progress.line("%,d readings are in Kafka".formatted(warmUp + readings));
            var peers = PeerJar.build(stand.jobJar(), stand.folder());
            for (int round = 0; round < rounds; round++) {
                for (var side : order(round)) {
                    var run =
                            side.run(
                                    stand,
                                    peers,
                                    "round-" + round + "-" + side,
                                    rowBatch,
                                    warmUp,
                                    readings);
                    runs.add(run);
                    progress.line(
                            String.format(
                                    Locale.ROOT,
                                    "%s: 99 %% after %.1f s; CPU: PostgreSQL %d s, Flink %d s",
                                    side.title,
                                    run.took().toMillis() / 1e3,
                                    run.cpu().postgres().toSeconds(),
                                    run.cpu().flink().toSeconds()));
                }
            }
        }
        var report = new StoreReport(warmUp + readings, bar, runs);
        report.lines().forEach(spec.commandLine().getOut()::println);
        return report.isMet() ? 0 : 1;
    }

    /** A B, B A, A B …: what warms up or wears out does so for both. */
    private static List<StoreSide> order(int round) {
        return round % 2 == 0
                ? List.of(StoreSide.MINUTES, StoreSide.ROWS)
                : List.of(StoreSide.ROWS, StoreSide.MINUTES);
    }

    private void produce(Stand stand) {
        var failure = new AtomicReference<Exception>();
        try (var producer =
                stand.producer(
                        Map.of(
                                "linger.ms",
                                50,
                                "batch.size",
                                256 * 1024,
                                "compression.type",
                                "lz4"))) {
            new LiveReadings(1, warmUp + readings)
                    .forEach(
                            reading ->
                                    producer.send(
                                            new ProducerRecord<>(
                                                    Topics.READINGS,
                                                    null,
                                                    reading.timestampMs(),
                                                    reading.userId()
                                                            .getBytes(StandardCharsets.UTF_8),
                                                    ReadingCodec.encode(reading)),
                                            (metadata, e) -> {
                                                if (e != null) {
                                                    failure.compareAndSet(null, e);
                                                }
                                            }));
        }
        if (failure.get() != null) {
            throw new Failure(
                    "Kafka did not take a reading: " + failure.get().getMessage(), failure.get());
        }
    }
}
