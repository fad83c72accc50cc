package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hrm.model.Alert;
import hrm.model.Reading;
import hrm.model.ReadingCodec;
import hrm.model.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A stack of {@code ./hrm up} under a steady load, and what must be true of it in the end. */
final class LoadedStack implements AutoCloseable {
    private static final int PEOPLE = 30;

    /** One more person, who is no part of the load. */
    private static final String LATE = "late";

    private static final String OF_THE_LOAD = " WHERE user_id <> '" + LATE + "'";

    final KeptStack stack = new KeptStack();
    private SteadyLoad load;
    private List<Reading> inOrder = List.of();

    /** Starts both. */
    LoadedStack() throws Exception {
        stack.up();
        load = new SteadyLoad(stack.running().bootstrapServers(), "u", PEOPLE);
        stack.awaitWell(Instant.now());
    }

    /** When something is done to it, for whoever reads the log. */
    static void note(String what) {
        System.out.println(Instant.now() + " " + what);
    }

    /**
     * Ends the load. The readings in PostgreSQL must be those that were sent, and the alerts those
     * of the detection alone, which nothing has disturbed.
     *
     * @param open episodes that must have ended since
     */
    void requireNothingLostAndNothingDoubled(Set<Object> open) throws Exception {
        var sent = load.stop();
        note(sent.size() + " readings were sent");
        stack.awaitDone();
        var detection = new PureDetection(List.of());
        var expected = sent.stream().flatMap(reading -> detection.judge(reading).stream()).toList();
        var all = stack.alerts();
        var alerts = all.stream().filter(alert -> !alert.userId().equals(LATE)).toList();
        assertThat(events(alerts)).as("alerts of the topic").isEqualTo(events(expected));
        assertThat(resolved(alerts)).containsAll(open);
        await("all readings are stored")
                .atMost(Duration.ofMinutes(3))
                .untilAsserted(
                        () ->
                                assertThat(
                                                number(
                                                        "SELECT sum(n) FROM reading_minutes"
                                                                + OF_THE_LOAD))
                                        .isEqualTo(sent.size()));
        assertThat(number("SELECT count(*) FROM readings" + OF_THE_LOAD))
                .as("readings, one by one")
                .isEqualTo(sent.size());
        assertThat(number("SELECT count(*) FROM alert_events"))
                .as("alert events in the table")
                .isEqualTo(all.size());
    }

    /** Forty calm minutes of one more person, and then a minute of 160 bpm that was amid them. */
    void sendWhatComesLate() {
        var readings = new ArrayList<Reading>();
        for (int second = 0; second < 2_400; second += 5) {
            boolean high = second >= 1_200 && second < 1_260;
            readings.add(
                    Reading.of(
                            LATE,
                            "watch",
                            SteadyLoad.BEGIN.plusSeconds(second).toEpochMilli(),
                            (high ? 160 : 62) + Math.floorMod(31 * second / 5, 5),
                            0));
        }
        inOrder = List.copyOf(readings);
        readings.sort(Comparator.comparing(reading -> reading.bpm() >= 160));
        try (var producer = stack.broker().producer()) {
            readings.forEach(
                    reading ->
                            producer.send(
                                    new ProducerRecord<>(
                                            Topics.READINGS,
                                            LATE.getBytes(StandardCharsets.UTF_8),
                                            ReadingCodec.encode(reading))));
        }
    }

    /** Waits until their episodes are those of an in-order world; nobody starts a late run here. */
    void requireWhatCameLateIsTold() {
        var detection = new PureDetection(List.of());
        var truth =
                episodes(inOrder.stream().flatMap(one -> detection.judge(one).stream()).toList());
        assertThat(truth).as("episodes of an in-order world").isNotEmpty();
        await("what came late is told")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(episodes(ofTheLateOne())).isEqualTo(truth));
        assertThat(stack.status().lateRun()).isNotNull();
        assertThat(stack.status().nextLateRun()).isNotNull();
    }

    private List<Alert> ofTheLateOne() {
        return stack.alerts().stream().filter(alert -> alert.userId().equals(LATE)).toList();
    }

    private static Set<String> episodes(List<Alert> alerts) {
        var newest = new HashMap<Object, Alert>();
        alerts.forEach(
                alert ->
                        newest.merge(
                                alert.episodeId(),
                                alert,
                                (one, other) -> one.revision() > other.revision() ? one : other));
        return newest.values().stream()
                .filter(alert -> alert.state() != Alert.State.RETRACTED)
                .map(
                        alert ->
                                alert.patternId()
                                        + " "
                                        + alert.onset()
                                        + " "
                                        + alert.detectedAt()
                                        + " "
                                        + alert.resolvedAt())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Each event in all its fields, but for when it was published. */
    private static Set<String> events(Collection<Alert> alerts) {
        return alerts.stream()
                .map(alert -> alert.withPublishedAt(null).toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<Object> openEpisodes() {
        var open = new HashSet<Object>();
        stack.alerts().stream()
                .sorted(Comparator.comparing(Alert::revision))
                .forEach(
                        alert -> {
                            if (alert.resolvedAt() == null) {
                                open.add(alert.episodeId());
                            } else {
                                open.remove(alert.episodeId());
                            }
                        });
        return open;
    }

    private static Set<Object> resolved(Collection<Alert> alerts) {
        return alerts.stream()
                .filter(alert -> alert.state() == Alert.State.RESOLVED)
                .map(Alert::episodeId)
                .collect(Collectors.toSet());
    }

    private long number(String sql) throws Exception {
        try (var connection = DriverManager.getConnection(stack.running().jdbcUrl());
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    @Override
    public void close() throws Exception {
        try (stack) {
            if (load != null) {
                load.close();
            }
        }
    }
}
