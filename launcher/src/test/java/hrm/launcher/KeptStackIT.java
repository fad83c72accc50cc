package hrm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hrm.model.Alert;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * One stack of {@code ./hrm up} under a steady load, to which all happens that happens to machines.
 * Afterwards the readings in PostgreSQL are those that were sent, and the alerts are those of the
 * detection alone, which nothing has disturbed.
 */
class KeptStackIT {
    private static final int PEOPLE = 30;
    private static final Duration OUTAGE = Duration.ofSeconds(60);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(5);

    @Test
    void nothingIsLostAndNothingDoubledWhateverDies() throws Exception {
        try (var stack = new KeptStack()) {
            stack.up();
            try (var load = new SteadyLoad(stack.running().bootstrapServers(), "u", PEOPLE)) {
                stack.awaitWell(Instant.now());

                for (var part : List.of("Flink's TaskManager", "Flink's JobManager", "Kafka")) {
                    note("kill -9 of " + part);
                    stack.kill(part);
                    stack.awaitWell(Instant.now().plusSeconds(3));
                }

                note("PostgreSQL hangs");
                assertThat(longestGapWhilePostgresHangs(stack)).isLessThan(LONGEST_GAP);
                stack.awaitWell(Instant.now());

                note("kill -9 of everything");
                stack.killEverything();
                stack.up();
                stack.awaitWell(Instant.now());

                note("down and up");
                var open = openEpisodes(stack);
                stack.down();
                stack.up();
                stack.awaitWell(Instant.now());
                assertThat(open).isNotEmpty();

                var sent = load.stop();
                note(sent.size() + " readings were sent");
                stack.awaitDone();
                var detection = new PureDetection(List.of());
                var expected =
                        sent.stream()
                                .flatMap(reading -> detection.judge(reading).stream())
                                .toList();
                var alerts = stack.alerts();
                assertThat(events(alerts)).as("alerts of the topic").isEqualTo(events(expected));
                // The very episodes that were open before the stop have ended since.
                assertThat(resolved(alerts)).containsAll(open);
                await("all readings are stored")
                        .atMost(Duration.ofMinutes(3))
                        .untilAsserted(
                                () ->
                                        assertThat(
                                                        number(
                                                                stack,
                                                                "SELECT sum(n) FROM reading_minutes"))
                                                .isEqualTo(sent.size()));
                assertThat(number(stack, "SELECT count(*) FROM readings"))
                        .as("readings, one by one")
                        .isEqualTo(sent.size());
                assertThat(number(stack, "SELECT count(*) FROM alert_events"))
                        .as("alert events in the table")
                        .isEqualTo(alerts.size());
            }
        }
    }

    private static void note(String what) {
        System.out.println(Instant.now() + " " + what);
    }

    /** Also connections that are open get no answer, which is worse than being refused. */
    private static Duration longestGapWhilePostgresHangs(KeptStack stack) throws Exception {
        var arrivals = new ArrayList<Long>();
        try (var listener =
                new Listener(
                        stack.broker(),
                        new Sent(),
                        alert -> {
                            synchronized (arrivals) {
                                arrivals.add(System.nanoTime());
                            }
                        })) {
            await("alerts come").until(() -> listener.episodes() > 0);
            var end = System.nanoTime() + OUTAGE.toNanos();
            stack.signal("PostgreSQL", "STOP");
            try {
                await("the outage is over")
                        .atMost(OUTAGE.plusSeconds(30))
                        .until(() -> System.nanoTime() > end);
            } finally {
                stack.signal("PostgreSQL", "CONT");
            }
        }
        long longest = 0;
        synchronized (arrivals) {
            for (int i = 1; i < arrivals.size(); i++) {
                longest = Math.max(longest, arrivals.get(i) - arrivals.get(i - 1));
            }
            note(
                    arrivals.size()
                            + " alert events meanwhile, longest gap "
                            + longest / 1_000_000
                            + " ms");
        }
        return Duration.ofNanos(longest);
    }

    /** Each event in all its fields, but for when it was published. */
    private static Set<String> events(Collection<Alert> alerts) {
        return alerts.stream()
                .map(alert -> alert.withPublishedAt(null).toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Object> openEpisodes(KeptStack stack) {
        var open = new HashSet<Object>();
        for (var alert : byRevision(stack.alerts())) {
            if (alert.resolvedAt() == null) {
                open.add(alert.episodeId());
            } else {
                open.remove(alert.episodeId());
            }
        }
        return open;
    }

    private static Set<Object> resolved(Collection<Alert> alerts) {
        return alerts.stream()
                .filter(alert -> alert.state() == Alert.State.RESOLVED)
                .map(Alert::episodeId)
                .collect(Collectors.toSet());
    }

    private static List<Alert> byRevision(Collection<Alert> alerts) {
        return alerts.stream().sorted(Comparator.comparing(Alert::revision)).toList();
    }

    private static long number(KeptStack stack, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(stack.running().jdbcUrl());
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
