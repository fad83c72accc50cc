-- Which episodes are open now, and since when?
SET 'execution.runtime-mode' = 'batch';

SELECT user_id, device_id, pattern_id, severity, onset, message, revision
FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY episode_id ORDER BY revision DESC) AS newest
    FROM alert_events
    WHERE `mode` = 'live')
WHERE newest = 1 AND resolved_at IS NULL AND `state` <> 'RETRACTED'
ORDER BY onset;
