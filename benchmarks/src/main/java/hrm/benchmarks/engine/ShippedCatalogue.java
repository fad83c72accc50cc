package hrm.benchmarks.engine;

import hrm.benchmarks.Bar;
import hrm.functions.detection.Reference;
import hrm.functions.judgement.Catalogue;
import hrm.functions.judgement.Judgement;
import hrm.functions.judgement.UserState;
import hrm.model.PatternVersions;
import hrm.model.Reading;
import hrm.patterns.flink.Matchers;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The shipped catalogue on people whose heart races at rest for an hour, after half an hour of
 * calm: the whole judgement of a reading, divided by the number of patterns, and what is remembered
 * of such a person.
 */
final class ShippedCatalogue {
    private static final int PEOPLE = 100;
    private static final int HALF_AN_HOUR = 360;
    private static final int AN_HOUR = 720;

    private final int patterns = hrm.patterns.Catalogue.ids().size();
    private double calmNs = Double.POSITIVE_INFINITY;
    private double lastingNs = Double.POSITIVE_INFINITY;
    private int calmBytes;
    private int lastingBytes;
    private long alerts;

    /** Measures one round. */
    void run(long seed) throws IOException {
        var catalogue = Catalogue.EMPTY;
        for (var id : hrm.patterns.Catalogue.ids()) {
            var versions = PatternVersions.always(id, 1, hrm.patterns.Catalogue.yaml(id));
            catalogue = catalogue.with(versions, Matchers::of).catalogue();
        }
        var random = new Random(seed);
        var judgement = new Judgement();
        var references = new ArrayList<Reference>();
        var states = new ArrayList<UserState>();
        for (int i = 0; i < PEOPLE; i++) {
            references.add(new Reference());
            states.add(new UserState());
        }
        alerts = 0;
        var calm = readings(0, HALF_AN_HOUR, 60, random);
        calmNs = Math.min(calmNs, judge(judgement, states, references, calm, catalogue));
        calmBytes = bytes(states);
        var lasting = readings(HALF_AN_HOUR, AN_HOUR, 150, random);
        lastingNs = Math.min(lastingNs, judge(judgement, states, references, lasting, catalogue));
        lastingBytes = bytes(states);
        if (alerts < PEOPLE) {
            throw new IllegalStateException(
                    "the condition raised " + alerts + " alerts of " + PEOPLE + " people");
        }
    }

    /** By time, then by person. */
    private static List<Reading> readings(int from, int ticks, int bpm, Random random) {
        var readings = new ArrayList<Reading>();
        for (int tick = from; tick < from + ticks; tick++) {
            for (int i = 0; i < PEOPLE; i++) {
                readings.add(
                        Reading.of(
                                "user-" + i,
                                Reading.DEFAULT_DEVICE,
                                Readings.BASE_MS + tick * Readings.INTERVAL_MS,
                                bpm + random.nextInt(10),
                                0));
            }
        }
        return readings;
    }

    private double judge(
            Judgement judgement,
            List<UserState> states,
            List<Reference> references,
            List<Reading> readings,
            Catalogue catalogue) {
        var threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < readings.size(); i++) {
            int person = i % PEOPLE;
            alerts +=
                    judgement
                            .judge(
                                    states.get(person),
                                    references.get(person),
                                    readings.get(i),
                                    catalogue)
                            .alerts()
                            .size();
        }
        return (double) (threads.getCurrentThreadCpuTime() - began) / readings.size();
    }

    private static int bytes(List<UserState> states) throws IOException {
        int bytes = 0;
        for (var state : states) {
            var out = new ByteArrayOutputStream();
            state.write(new DataOutputStream(out));
            bytes += out.size();
        }
        return bytes / states.size();
    }

    List<String> lines() {
        return List.of(
                "The %d shipped patterns, whole judgement, a person at rest".formatted(patterns),
                "  %-34s %10s %22s %14s"
                        .formatted("", "CPU us", "CPU us, each pattern", "state, bytes"),
                line("calm", calmNs, calmBytes),
                line("racing for an hour", lastingNs, lastingBytes));
    }

    private String line(String who, double ns, int bytes) {
        return String.format(
                Locale.ROOT,
                "  %-34s %10.3f %22.3f %,14d",
                who,
                ns / 1e3,
                ns / 1e3 / patterns,
                bytes);
    }

    List<Bar> bars() {
        return List.of(
                Bar.atMost(
                        "a condition of an hour, CPU a reading and pattern",
                        lastingNs / 1e3 / patterns,
                        3,
                        "us"),
                Bar.atMost("a condition of an hour, state", lastingBytes, 2_048, "B"));
    }
}
