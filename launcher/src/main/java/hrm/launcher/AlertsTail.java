package hrm.launcher;

import hrm.model.Alert;
import hrm.model.Topics;
import hrm.patterns.spec.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Alerts as they come. */
@Command(
        name = "tail",
        description = "Prints alerts as they come, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm alerts tail --severity critical,high",
            "  hrm alerts tail --since 1h -o json",
            "",
            "Each event once. Times are UTC. While Kafka is away it waits. Ctrl-C ends it with exit",
            "code 130, as it ends every program that would not end by itself."
        })
final class AlertsTail implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);

    /** So long without an alert, it is time to ask whether Kafka is there at all. */
    private static final Duration SUSPICIOUS = Duration.ofSeconds(5);

    /** Repetitions follow a failure of the job closely: so many events back is far enough. */
    private static final int REMEMBERED = 100_000;

    private static final int INTERRUPTED = 130;

    @Spec CommandSpec spec;

    @Mixin OutputOption output;

    @Mixin AlertFilter which;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            converter = Ago.class,
            description = "Begin with what was published so long ago: 10m, 2h. Default: now")
    Duration since;

    @Option(names = "--from-beginning", description = "Begin with all that the topic still has.")
    boolean fromBeginning;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "End after so many events, with exit code 0.")
    Long count;

    @Mixin KafkaOption kafka;

    private final Set<UUID> seen =
            Collections.newSetFromMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
                            return size() > REMEMBERED;
                        }
                    });

    private Broker broker;
    private AlertLines lines;
    private boolean away;
    private long told;

    @Override
    public Integer call() {
        if (since != null && fromBeginning) {
            throw new ParameterException(
                    spec.commandLine(), "Give --since or --from-beginning, not both.");
        }
        if (count != null && count < 1) {
            throw new ParameterException(spec.commandLine(), "--count is 1 or more.");
        }
        broker = kafka.broker();
        lines = new AlertLines(AlertLines.dated(), Hrm.ansi(spec));
        var begin = Instant.now();
        try (var consumer = broker.consumer()) {
            var atCtrlC = new Thread(consumer::wakeup, "hrm-alerts-stopping");
            Runtime.getRuntime().addShutdownHook(atCtrlC);
            try {
                follow(consumer, begin);
                return 0;
            } catch (WakeupException e) {
                return INTERRUPTED;
            } finally {
                forget(atCtrlC);
            }
        } catch (KafkaException e) {
            throw broker.doesNotAnswer(e);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer, Instant begin) {
        List<TopicPartition> partitions;
        do {
            partitions = begin(consumer, begin);
        } while (partitions == null);
        var err = spec.commandLine().getErr();
        long heard = System.nanoTime();
        while (count == null || told < count) {
            var records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                isBack();
                heard = System.nanoTime();
            }
            for (var record : records) {
                var alert = AlertsInTopic.read(record, err::println);
                if (alert.isPresent() && !tell(alert.get())) {
                    return;
                }
            }
            if (records.isEmpty() && System.nanoTime() - heard > SUSPICIOUS.toNanos()) {
                // poll() says nothing of a broker that is gone: it tries again for ever.
                if (answers(consumer, partitions)) {
                    isBack();
                }
                heard = System.nanoTime();
            }
        }
    }

    /** Null when Kafka does not answer yet. */
    private List<TopicPartition> begin(KafkaConsumer<byte[], byte[]> consumer, Instant begin) {
        try {
            var partitions =
                    consumer.partitionsFor(Topics.ALERTS, ANSWERS_WITHIN).stream()
                            .map(info -> new TopicPartition(Topics.ALERTS, info.partition()))
                            .toList();
            if (partitions.isEmpty()) {
                broker.requireTopic(Topics.ALERTS);
                return null;
            }
            consumer.assign(partitions);
            if (fromBeginning) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
                if (since != null) {
                    seek(consumer, partitions, begin.minus(since));
                }
            }
            for (var partition : partitions) {
                // Now, and not at the first poll: "from now on" begins here.
                consumer.position(partition, ANSWERS_WITHIN);
            }
            isBack();
            return partitions;
        } catch (TimeoutException e) {
            isAway();
            return null;
        }
    }

    /** By the time of publication, which is the record's; what is older stays at the end. */
    private static void seek(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Instant from) {
        var times =
                partitions.stream()
                        .collect(Collectors.toMap(one -> one, one -> from.toEpochMilli()));
        consumer.offsetsForTimes(times, ANSWERS_WITHIN)
                .forEach(
                        (partition, found) -> {
                            if (found != null) {
                                consumer.seek(partition, found.offset());
                            }
                        });
    }

    private boolean answers(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        try {
            consumer.endOffsets(partitions, ANSWERS_WITHIN);
            return true;
        } catch (TimeoutException e) {
            isAway();
            return false;
        }
    }

    private void isAway() {
        if (!away) {
            away = true;
            spec.commandLine()
                    .getErr()
                    .println(
                            "Kafka at "
                                    + broker.bootstrapServers()
                                    + " does not answer. Waiting for it …");
        }
    }

    private void isBack() {
        if (away) {
            away = false;
            spec.commandLine().getErr().println("Kafka answers.");
        }
    }

    /** Whether somebody still wants to hear more. */
    private boolean tell(Alert alert) {
        if (!which.accepts(alert) || !seen.add(alert.eventId())) {
            return true;
        }
        var out = spec.commandLine().getOut();
        if (output.json()) {
            OutputOption.print(out, alert);
        } else {
            out.println(lines.of(alert));
        }
        told++;
        // Or a closed pipe (| head) would not be noticed.
        return !out.checkError() && (count == null || told < count);
    }

    /** How long ago. */
    static final class Ago implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (Durations.Unreadable e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
