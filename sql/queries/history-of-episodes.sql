-- What was said about a person's episodes since a day, in which order, and why?
-- psql -v user_id=u1 -v since=2026-01-31 -f history-of-episodes.sql
SELECT a.onset, a.pattern_id, e.revision, e.state, e.event ->> 'reason' AS reason,
       e.event ->> 'severity' AS severity, e.event ->> 'message' AS message,
       e.event -> 'explanation' ->> 'condition' AS condition, e.published_at, a.episode_id
FROM alerts a
JOIN alert_events e USING (episode_id)
WHERE a.user_id = :'user_id' AND a.onset >= (:'since')::timestamptz
ORDER BY a.onset, a.episode_id, e.revision;
