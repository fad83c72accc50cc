package hrm.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import hrm.importers.ByteLines;
import hrm.launcher.ReadingLines.Message;
import hrm.model.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Readings from anywhere into Kafka. */
@Command(
        name = "send",
        description = "Sends readings, JSON lines or CSV, to Kafka.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm send readings.csv.gz --user anna",
            "  device-export | hrm send --rate 100",
            "",
            "CSV: a header line with columns of user_id, timestamp, heart_rate (or bpm), steps,",
            "activity, device_id, rr_intervals_ms (832 840), sensor_contact, confidence; times",
            "without a zone are UTC. Each line is checked as the job checks it. Sending a reading",
            "twice does no harm."
        })
final class SendCommand implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "May be gzipped. Default: standard input")
    Path file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "json (an object a line) or csv. Default: as the first line looks")
    LineFormat format;

    @Option(names = "--user", paramLabel = "USER", description = "Of lines that name nobody.")
    String user;

    @Option(names = "--device", paramLabel = "DEVICE", description = "Of lines that name none.")
    String device;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Readings a second. Default: as fast as it goes")
    Double rate;

    @Option(names = "--unchecked", description = "Send what the job will reject, too, as it is.")
    boolean unchecked;

    @Option(
            names = "--max-errors",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many refused lines to show; the rest is counted. Default: 20")
    int maxErrors;

    @Mixin KafkaOption kafka;

    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong undelivered = new AtomicLong();
    private final AtomicReference<Exception> trouble = new AtomicReference<>();
    private final AtomicReference<Exception> stop = new AtomicReference<>();
    private final Set<String> people = new HashSet<>();
    private final long begin = System.nanoTime();
    private Screen screen;
    private long due = begin;
    private long refused;
    private long line;
    private boolean interrupted;
    private boolean finished;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rate != null && !(rate > 0)) {
            throw new ParameterException(spec.commandLine(), "--rate is above 0 a second.");
        }
        boolean terminal = System.console() != null;
        screen = new Screen(spec.commandLine().getErr(), terminal, Hrm.ansi(spec));
        var broker = kafka.broker();
        broker.requireTopic(Topics.READINGS);
        if (file == null && terminal) {
            screen.line("Reading from the keyboard; Ctrl-D ends it.");
        }
        try (var lines =
                        new ReadingLines(
                                ByteLines.open(file),
                                format,
                                user,
                                device,
                                screen::line,
                                Clock.systemUTC());
                var producer = broker.producer()) {
            var atCtrlC = new Thread(() -> interrupt(producer, broker), "hrm-send-stopping");
            Runtime.getRuntime().addShutdownHook(atCtrlC);
            try {
                sendAll(lines, producer);
                producer.flush();
            } catch (Failure | UncheckedIOException e) {
                producer.flush();
                if (line > 0) {
                    // What was taken before is sent, and said.
                    finish(broker);
                }
                throw e;
            } finally {
                forget(atCtrlC);
            }
        } catch (KafkaException e) {
            throw broker.doesNotAnswer(e);
        }
        return finish(broker);
    }

    private void sendAll(ReadingLines lines, KafkaProducer<byte[], byte[]> producer)
            throws InterruptedException {
        for (Message message; (message = lines.next()) != null; ) {
            if (rate != null) {
                await();
            }
            synchronized (this) {
                if (interrupted || stop.get() != null) {
                    return;
                }
                line = message.line();
                if (message.refused() != null) {
                    complain(message);
                    if (!unchecked) {
                        continue;
                    }
                }
                send(producer, message);
            }
            screen.status(progress());
        }
    }

    /** After an idle while it does not hurry to make up for it. */
    private void await() throws InterruptedException {
        for (long early; (early = due - System.nanoTime()) > 0; ) {
            TimeUnit.NANOSECONDS.sleep(early);
        }
        due = Math.max(due, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
        due += (long) (TimeUnit.SECONDS.toNanos(1) / rate);
    }

    private void complain(Message message) {
        if (++refused <= maxErrors) {
            screen.line("line " + message.line() + ": " + message.refused());
        } else if (refused == maxErrors + 1L) {
            screen.line("More lines are refused; they are counted only (--max-errors).");
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, Message message) {
        if (message.userId() != null) {
            people.add(message.userId());
        }
        producer.send(
                new ProducerRecord<>(
                        Topics.READINGS,
                        null,
                        // Now: when it arrived. FUTURE_TIMESTAMP is judged against this, by the job
                        // and above, and retention by age counts from it.
                        message.recordTimestampMs(),
                        message.userId() == null ? null : message.userId().getBytes(UTF_8),
                        message.value()),
                (metadata, e) -> {
                    if (e == null) {
                        delivered.incrementAndGet();
                    } else {
                        undelivered.incrementAndGet();
                        trouble.compareAndSet(null, e);
                        if (!(e instanceof RecordTooLargeException)) {
                            // Kafka has not taken one for 20 s: the next would wait as long.
                            stop.compareAndSet(null, e);
                        }
                    }
                });
    }

    /** At Ctrl-C: what was taken is sent, however it stands with the input. */
    private void interrupt(KafkaProducer<byte[], byte[]> producer, Broker broker) {
        synchronized (this) {
            interrupted = true;
        }
        producer.flush();
        finish(broker);
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    private String progress() {
        return "line "
                + Words.number(line)
                + ": "
                + Words.count(delivered.get(), "reading", "readings")
                + " sent, "
                + Words.number(refused)
                + " refused";
    }

    /**
     * Tells, once, what came of it.
     *
     * @return the exit code
     */
    private synchronized int finish(Broker broker) {
        int code = undelivered.get() > 0 || refused > 0 && !unchecked ? 1 : 0;
        if (finished) {
            return code;
        }
        finished = true;
        screen.endStatus();
        if (interrupted) {
            screen.line("Stopped after line " + line + ".");
        } else if (stop.get() != null) {
            screen.line("Stopped after line " + line + ", since Kafka takes nothing.");
        }
        var took = Duration.ofNanos(System.nanoTime() - begin);
        var summary = new StringBuilder("sent ");
        summary.append(Words.count(delivered.get(), "reading", "readings"));
        summary.append(" of ").append(Words.count(people.size(), "person", "people"));
        summary.append(" in ").append(Words.number(took.toMillis() / 1000.0)).append(" s");
        if (refused > 0) {
            summary.append("; ").append(Words.count(refused, "line", "lines"));
            summary.append(
                    unchecked
                            ? " that the job will reject among them"
                            : " refused (docs/errors.md says what to do)");
        }
        spec.commandLine().getOut().println(summary);
        if (undelivered.get() > 0) {
            screen.line(
                    "NOT delivered: "
                            + Words.count(undelivered.get(), "reading", "readings")
                            + ". "
                            + broker.doesNotAnswer(trouble.get()).getMessage()
                            + " Then send the file again: what is there already does no harm.");
        }
        return code;
    }
}
