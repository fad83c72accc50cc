-- How do episodes end, and how long do they last? Many lost signals: the sensor, not the heart.
SET 'execution.runtime-mode' = 'batch';

SELECT pattern_id,
       reason,
       COUNT(*) AS episodes,
       ROUND(AVG(TIMESTAMPDIFF(SECOND, onset, resolved_at) / 60.0), 1) AS mean_minutes
FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY episode_id ORDER BY revision DESC) AS newest
    FROM alert_events
    WHERE `mode` = 'live')
WHERE newest = 1 AND `state` = 'RESOLVED'
GROUP BY pattern_id, reason
ORDER BY pattern_id, episodes DESC;
