package hrm.benchmarks.codec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import hrm.benchmarks.Bar;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The same messages read by the codec that ships and by Jackson, in turns, in one thread. */
@Command(
        name = "codec",
        description = "JSON of readings: the codec that ships against Jackson.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm bench codec --quick",
            "",
            "CPU time of one thread, best round. Exit code 1 if they do not read the same, or",
            "the codec is not 5 times as fast as Jackson binding a record, with Instant.parse."
        })
public final class CodecBenchmark implements Callable<Integer> {
    private static final int MESSAGES = 20_000;

    @Spec CommandSpec spec;

    @Option(names = "--quick", description = "Fewer rounds.")
    boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each, in turns. Default: 60; --quick: 20")
    Integer rounds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the messages. Default: 1")
    long seed;

    /** A way to read a message. */
    private enum Way {
        OURS("the codec that ships") {
            @Override
            Reading read(byte[] json) {
                return ReadingCodec.decode(json, Long.MAX_VALUE / 2).reading();
            }
        },
        BINDING("Jackson record, Instant.parse") {
            @Override
            Reading read(byte[] json) throws IOException {
                return ((Message) RECORD.readValue(json)).reading();
            }
        },
        STREAMING("Jackson streaming, Instant.parse") {
            @Override
            Reading read(byte[] json) throws IOException {
                return streamed(json);
            }
        };

        private static final ObjectReader RECORD =
                new ObjectMapper()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .readerFor(Message.class);

        final String title;

        Way(String title) {
            this.title = title;
        }

        abstract Reading read(byte[] json) throws IOException;
    }

    record Message(
            @JsonProperty("user_id") String user,
            @JsonProperty("timestamp") String timestamp,
            @JsonProperty("heart_rate") Integer bpm,
            @JsonProperty("device_id") String device,
            @JsonProperty("steps") Integer steps,
            @JsonProperty("activity") String activity,
            @JsonProperty("rr_intervals_ms") int[] intervals,
            @JsonProperty("sensor_contact") Boolean contact,
            @JsonProperty("confidence") Double confidence) {
        Reading reading() {
            return new Reading(
                    user,
                    device == null ? Reading.DEFAULT_DEVICE : device,
                    Instant.parse(timestamp).toEpochMilli(),
                    bpm == null ? Reading.UNKNOWN : bpm,
                    steps == null ? Reading.UNKNOWN : steps,
                    activity,
                    intervals,
                    contact,
                    confidence == null ? Double.NaN : confidence);
        }
    }

    private static final JsonFactory JSON = new JsonFactory();

    private static Reading streamed(byte[] json) throws IOException {
        String user = null;
        String device = Reading.DEFAULT_DEVICE;
        long timestampMs = 0;
        int bpm = Reading.UNKNOWN;
        int steps = Reading.UNKNOWN;
        String activity = null;
        int[] intervals = null;
        Boolean contact = null;
        double confidence = Double.NaN;
        try (var parser = JSON.createParser(json)) {
            parser.nextToken();
            String name;
            while ((name = parser.nextFieldName()) != null) {
                parser.nextToken();
                switch (name) {
                    case "user_id" -> user = parser.getText();
                    case "timestamp" ->
                            timestampMs = Instant.parse(parser.getText()).toEpochMilli();
                    case "heart_rate" -> bpm = parser.getIntValue();
                    case "device_id" -> device = parser.getText();
                    case "steps" -> steps = parser.getIntValue();
                    case "activity" -> activity = parser.getText();
                    case "rr_intervals_ms" -> {
                        var some = new int[8];
                        int count = 0;
                        while (parser.nextToken() != JsonToken.END_ARRAY) {
                            if (count == some.length) {
                                some = Arrays.copyOf(some, 2 * count);
                            }
                            some[count++] = parser.getIntValue();
                        }
                        intervals = Arrays.copyOf(some, count);
                    }
                    case "sensor_contact" -> contact = parser.getBooleanValue();
                    case "confidence" -> confidence = parser.getDoubleValue();
                    default -> parser.skipChildren();
                }
            }
        }
        return new Reading(
                user, device, timestampMs, bpm, steps, activity, intervals, contact, confidence);
    }

    @Override
    public Integer call() throws IOException {
        rounds = rounds == null ? Integer.valueOf(quick ? 20 : 60) : rounds;
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds is at least 1.");
        }
        var messages = messages(seed);
        var wrong = new ArrayList<String>();
        for (var way : Way.values()) {
            for (var json : messages) {
                if (!way.read(json).equals(Way.BINDING.read(json))) {
                    wrong.add(way.title);
                    break;
                }
            }
        }
        var best = new EnumMap<Way, Double>(Way.class);
        for (int round = 0; round < rounds; round++) {
            for (var way : Way.values()) {
                best.merge(way, nsEach(way, messages), Math::min);
            }
        }
        long bytes = messages.stream().mapToLong(json -> json.length).sum();
        var out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d messages of %d bytes on average, seed %d, best of %d rounds, load %.1f%n%n",
                messages.size(),
                bytes / messages.size(),
                seed,
                rounds,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        out.printf("  %-34s %10s %14s %10s%n", "", "CPU us", "a second, core", "x binding");
        best.forEach(
                (way, ns) ->
                        out.printf(
                                Locale.ROOT,
                                "  %-34s %10.3f %,14.0f %10.2f%n",
                                way.title,
                                ns / 1e3,
                                1e9 / ns,
                                best.get(Way.BINDING) / ns));
        out.println();
        var bar =
                Bar.atLeast(
                        "codec / Jackson record, Instant.parse",
                        best.get(Way.BINDING) / best.get(Way.OURS),
                        5);
        Bar.lines(List.of(bar)).forEach(out::println);
        wrong.forEach(way -> out.println("NOT THE SAME: " + way + " reads something else"));
        if (wrong.isEmpty()) {
            out.println("All of them read the same.");
        }
        return wrong.isEmpty() && bar.isReached() ? 0 : 1;
    }

    private static double nsEach(Way way, List<byte[]> messages) throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        long beats = 0;
        for (var json : messages) {
            beats += way.read(json).bpm();
        }
        long ns = threads.getCurrentThreadCpuTime() - began;
        if (beats == 0) {
            throw new IllegalStateException("nothing was read"); // and nothing optimised away
        }
        return (double) ns / messages.size();
    }

    /** Most say heart rate and steps; some of them more. */
    private static List<byte[]> messages(long seed) {
        var random = new Random(seed);
        var messages = new ArrayList<byte[]>(MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            boolean more = random.nextInt(4) == 0;
            messages.add(
                    ReadingCodec.encode(
                            new Reading(
                                    "user-%06d".formatted(random.nextInt(10_000)),
                                    "watch-1",
                                    1_772_000_000_000L + random.nextInt(1_000_000_000),
                                    40 + random.nextInt(120),
                                    random.nextInt(3) == 0 ? random.nextInt(120) : 0,
                                    more ? "walking" : null,
                                    more && random.nextInt(4) == 0
                                            ? random.ints(5, 400, 1200).toArray()
                                            : null,
                                    more ? Boolean.TRUE : null,
                                    more ? random.nextInt(101) / 100.0 : Double.NaN)));
        }
        return messages;
    }
}
