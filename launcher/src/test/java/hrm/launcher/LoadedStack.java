package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hrm.model.Alert;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A stack of {@code ./hrm up} under a steady load, and what must be true of it in the end. */
final class LoadedStack implements AutoCloseable {
    private static final int PEOPLE = 30;

    final KeptStack stack = new KeptStack();
    private SteadyLoad load;

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
        var alerts = stack.alerts();
        assertThat(events(alerts)).as("alerts of the topic").isEqualTo(events(expected));
        assertThat(resolved(alerts)).containsAll(open);
        await("all readings are stored")
                .atMost(Duration.ofMinutes(3))
                .untilAsserted(
                        () ->
                                assertThat(number("SELECT sum(n) FROM reading_minutes"))
                                        .isEqualTo(sent.size()));
        assertThat(number("SELECT count(*) FROM readings"))
                .as("readings, one by one")
                .isEqualTo(sent.size());
        assertThat(number("SELECT count(*) FROM alert_events"))
                .as("alert events in the table")
                .isEqualTo(alerts.size());
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
