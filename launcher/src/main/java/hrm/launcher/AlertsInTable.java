package hrm.launcher;

import hrm.model.Alert;
import hrm.model.Json;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Alerts as the tables {@code alerts} and {@code alert_events} have them. */
final class AlertsInTable implements AlertSource {
    private static final int FETCH_SIZE = 2_000;

    private final DatabaseOption option;

    AlertsInTable(DatabaseOption option) {
        this.option = option;
    }

    @Override
    public List<Alert> episodes(AlertFilter.Episodes filter, int limit) {
        var parameters = new ArrayList<Object>();
        var sql =
                "SELECT e.event FROM alerts a JOIN alert_events e USING (event_id) WHERE "
                        + String.join(" AND ", filter.conditions(parameters))
                        + " ORDER BY a.onset DESC, a.episode_id LIMIT ?";
        parameters.add(limit);
        return query(sql, parameters);
    }

    @Override
    public void events(Consumer<Alert> each) {
        query("SELECT event FROM alert_events", List.of(), each);
    }

    @Override
    public List<Alert> find(AlertId id) {
        var ids = List.<Object>of(id.first(), id.last());
        var parameters = new ArrayList<Object>();
        for (int i = 0; i < 3; i++) {
            parameters.addAll(ids);
        }
        return query(
                """
                SELECT event FROM alert_events WHERE episode_id IN (
                    SELECT episode_id FROM alerts WHERE episode_id BETWEEN ? AND ?
                    UNION SELECT episode_id FROM alerts WHERE alert_id BETWEEN ? AND ?
                    UNION SELECT episode_id FROM alert_events WHERE event_id BETWEEN ? AND ?)
                """,
                parameters);
    }

    private List<Alert> query(String sql, List<Object> parameters) {
        var alerts = new ArrayList<Alert>();
        query(sql, parameters, alerts::add);
        return alerts;
    }

    private void query(String sql, List<Object> parameters, Consumer<Alert> each) {
        try (var connection = option.connect()) {
            // Or the driver gathers the whole answer first.
            connection.setAutoCommit(false);
            read(connection, sql, parameters, each);
        } catch (SQLException e) {
            throw new Failure(Failure.describe(e), e);
        }
    }

    private static void read(
            Connection connection, String sql, List<Object> parameters, Consumer<Alert> each)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_SIZE);
            for (int i = 0; i < parameters.size(); i++) {
                var parameter = parameters.get(i);
                statement.setObject(
                        i + 1,
                        parameter instanceof Instant time
                                ? time.atOffset(ZoneOffset.UTC)
                                : parameter);
            }
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    each.accept(
                            Json.read(
                                    row.getString(1).getBytes(StandardCharsets.UTF_8),
                                    Alert.class));
                }
            }
        }
    }
}
