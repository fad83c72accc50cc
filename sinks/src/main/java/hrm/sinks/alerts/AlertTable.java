package hrm.sinks.alerts;

import hrm.model.Alert;
import hrm.model.Json;
import hrm.sinks.JdbcOptions;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * The tables {@code alert_events}, every event once, and {@code alerts}, each episode as its newest
 * revision says: one statement writes both. Events may come in any order and any number of times.
 * What a backfill tells stands beside what was told live and never in its place.
 */
public final class AlertTable implements JdbcQueryStatement<Alert> {
    private static final long serialVersionUID = 1;

    private static final String SQL =
            """
            WITH given AS (
                SELECT x.*, message.event
                FROM (SELECT ?::jsonb AS event) message, jsonb_to_record(message.event) AS x(
                    episode_id uuid, alert_id uuid, event_id uuid, revision integer, sequence bigint,
                    state text, reason text, user_id text, device_id text, pattern_id text,
                    pattern_version integer, condition text, severity text, mode text,
                    onset timestamptz, detected_at timestamptz, resolved_at timestamptz,
                    detected_late boolean, published_at timestamptz, message text,
                    value double precision, "limit" double precision, limit_source text,
                    explanation jsonb, schema_version integer)
            ), events AS (
                INSERT INTO alert_events AS known
                    (event_id, episode_id, revision, state, user_id, published_at, event)
                SELECT event_id, episode_id, revision, state, user_id, published_at, event
                FROM given
                -- The same event told live and by a backfill has one id; what was live is kept.
                ON CONFLICT (event_id) DO UPDATE SET
                    (published_at, event) = ROW (excluded.published_at, excluded.event)
                WHERE known.event ->> 'mode' = 'backfill' AND excluded.event ->> 'mode' <> 'backfill'
            )
            INSERT INTO alerts AS a (
                episode_id, alert_id, event_id, revision, sequence, state, reason, user_id, device_id,
                pattern_id, pattern_version, condition, severity, mode, onset, detected_at,
                resolved_at, detected_late, published_at, message, value, limit_value, limit_source,
                explanation, schema_version)
            SELECT
                episode_id, alert_id, event_id, revision, sequence, state, reason, user_id, device_id,
                pattern_id, pattern_version, condition, severity, mode, onset, detected_at,
                resolved_at, detected_late, published_at, message, value, "limit", limit_source,
                explanation, schema_version
            FROM given
            ON CONFLICT (episode_id) DO UPDATE SET
                (alert_id, event_id, revision, sequence, state, reason, user_id, device_id,
                 pattern_id, pattern_version, condition, severity, mode, onset, detected_at,
                 resolved_at, detected_late, published_at, message, value, limit_value, limit_source,
                 explanation, schema_version)
                = ROW (excluded.alert_id, excluded.event_id, excluded.revision, excluded.sequence,
                 excluded.state, excluded.reason, excluded.user_id, excluded.device_id,
                 excluded.pattern_id, excluded.pattern_version, excluded.condition,
                 excluded.severity, excluded.mode, excluded.onset, excluded.detected_at,
                 excluded.resolved_at, excluded.detected_late, excluded.published_at,
                 excluded.message, excluded.value, excluded.limit_value, excluded.limit_source,
                 excluded.explanation, excluded.schema_version)
            -- A backfill never replaces what was told live, and that replaces it. Otherwise the newest
            -- revision; the id decides between two events of one, so that any order gives the same row.
            WHERE CASE
                WHEN (excluded.mode = 'backfill') = (a.mode = 'backfill')
                    THEN (excluded.revision, excluded.event_id) > (a.revision, a.event_id)
                ELSE a.mode = 'backfill' END
            """;

    public static Sink<Alert> sink(JdbcOptions database) {
        return database.sink(new AlertTable());
    }

    @Override
    public String query() {
        return SQL;
    }

    @Override
    public void statement(PreparedStatement statement, Alert alert) throws SQLException {
        var json = new String(Json.write(alert), StandardCharsets.UTF_8);
        // PostgreSQL has no character 0, and what a device calls an activity may.
        statement.setString(1, json.replace("\\u0000", "\\ufffd"));
    }
}
