package hrm.sinks.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.model.Alert;
import hrm.model.Json;
import hrm.sinks.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertTableIT {
    private static TestDatabase database;

    @BeforeAll
    static void start() {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        database.execute("TRUNCATE alerts, alert_events");
    }

    @Test
    void rowHoldsTheWholeEvent() throws Exception {
        var alert = Alerts.resolved("u1", 2);

        write(List.of(alert));

        // Back to the topic's JSON, by the columns' names.
        var row =
                database.query(
                        """
                        SELECT to_jsonb(a) - 'limit_value' || jsonb_build_object('limit', limit_value)
                        FROM alerts a
                        """,
                        r -> r.getString(1));
        assertThat(row).hasSize(1);
        assertThat(Json.read(row.get(0).getBytes(StandardCharsets.UTF_8), Alert.class))
                .isEqualTo(alert);
        assertThat(events()).containsExactly(alert);
    }

    @Test
    void anyOrderAnyNumberOfTimesGivesTheNewestRevisionOfEachEpisodeAndEachEventOnce()
            throws Exception {
        long seed = Long.getLong("hrm.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dhrm.seed=" + seed + ")");
        var random = new Random(seed);
        var all = new ArrayList<Alert>();
        var newest = new HashMap<UUID, UUID>();
        for (int person = 0; person < 20; person++) {
            var episode = new ArrayList<Alert>();
            episode.add(Alerts.opened("u" + person));
            for (int revision = 2; revision < 2 + random.nextInt(4); revision++) {
                episode.add(Alerts.updated("u" + person, revision));
            }
            episode.add(Alerts.resolved("u" + person, episode.size() + 1));
            var last = episode.get(random.nextInt(episode.size()));
            // Some episodes are still open.
            episode.removeIf(e -> e.revision() > last.revision());
            newest.put(last.episodeId(), last.eventId());
            all.addAll(episode);
        }

        for (int time = 0; time < 2; time++) {
            Collections.shuffle(all, random);
            for (int from = 0; from < all.size(); from += 7) {
                write(all.subList(from, Math.min(from + 7, all.size())));
            }

            assertThat(rows()).isEqualTo(newest);
            assertThat(events()).containsExactlyInAnyOrderElementsOf(new HashSet<>(all));
        }
    }

    @Test
    void olderRevisionNeverOverwritesNewer() throws Exception {
        write(List.of(Alerts.resolved("u1", 3)));

        write(List.of(Alerts.updated("u1", 2), Alerts.opened("u1")));

        assertThat(database.query("SELECT state, revision FROM alerts", r -> r.getString(1)))
                .containsExactly("RESOLVED");
        assertThat(events()).hasSize(3);
    }

    /** After a failure the detection may say the same again, at another wall-clock time. */
    @Test
    void replayChangesNothing() throws Exception {
        var alert = Alerts.opened("u1");
        write(List.of(alert));
        var before = database.query("SELECT xmin || ' ' || ctid FROM alerts", r -> r.getString(1));

        write(List.of(alert, Alerts.unpublished(alert), alert));

        assertThat(database.query("SELECT xmin || ' ' || ctid FROM alerts", r -> r.getString(1)))
                .isEqualTo(before);
        assertThat(events()).containsExactly(alert);
    }

    @Test
    void twoEventsOfOneRevisionGiveTheSameRowInEitherOrder() throws Exception {
        var one = Alerts.event("u1", 1, Alert.State.OPENED, null, "One");
        var other = Alerts.event("u1", 1, Alert.State.OPENED, null, "Other");

        write(List.of(one, other));
        var first = rows();
        empty();
        write(List.of(other, one));

        assertThat(rows()).isEqualTo(first).hasSize(1);
    }

    @Test
    void whatABackfillTellsNeverTakesThePlaceOfWhatWasLiveWhicheverComesFirst() throws Exception {
        var opened = Alerts.opened("u1");
        var live = Alerts.updated("u1", 2);
        var backfilled =
                List.of(
                        opened.withMode(Alert.Mode.BACKFILL),
                        Alerts.resolved("u1", 5).withMode(Alert.Mode.BACKFILL));

        write(List.of(opened, live));
        write(backfilled);

        assertThat(rows()).containsOnly(Map.entry(live.episodeId(), live.eventId()));
        assertThat(events()).contains(opened, live);

        empty();
        write(backfilled);
        assertThat(database.query("SELECT mode || revision FROM alerts", r -> r.getString(1)))
                .containsExactly("backfill5");
        write(List.of(opened, live));

        assertThat(rows()).containsOnly(Map.entry(live.episodeId(), live.eventId()));
        // The event that both have told is the live one's.
        assertThat(events()).contains(opened, live).doesNotContain(backfilled.get(0));
    }

    @Test
    void characterZeroIsReplacedAndStopsNothing() throws Exception {
        write(List.of(Alerts.event("u1", 1, Alert.State.OPENED, null, "activity 'a\0b'")));

        assertThat(database.query("SELECT message FROM alerts", r -> r.getString(1)))
                .containsExactly("activity 'a\ufffdb'");
    }

    private static void write(List<Alert> alerts) throws SQLException {
        var table = new AlertTable();
        try (var connection = database.connect();
                var statement = connection.prepareStatement(table.query())) {
            for (var alert : alerts) {
                table.statement(statement, alert);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static Map<UUID, UUID> rows() throws SQLException {
        var rows = new HashMap<UUID, UUID>();
        database.query(
                "SELECT episode_id, event_id FROM alerts",
                r -> rows.put(r.getObject(1, UUID.class), r.getObject(2, UUID.class)));
        return rows;
    }

    private static List<Alert> events() throws SQLException {
        return database.query(
                "SELECT event FROM alert_events",
                r -> Json.read(r.getString(1).getBytes(StandardCharsets.UTF_8), Alert.class));
    }
}
