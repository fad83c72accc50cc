-- How many alerts does each pattern open a day, and how many of them in shadow?
SET 'execution.runtime-mode' = 'batch';

SELECT DATE_FORMAT(onset, 'yyyy-MM-dd') AS `day`,
       pattern_id,
       severity,
       COUNT(DISTINCT episode_id) FILTER (WHERE `mode` = 'live') AS live,
       COUNT(DISTINCT episode_id) FILTER (WHERE `mode` = 'shadow') AS shadow,
       COUNT(DISTINCT user_id) AS people
FROM alert_events
WHERE `state` = 'OPENED'
GROUP BY DATE_FORMAT(onset, 'yyyy-MM-dd'), pattern_id, severity
ORDER BY `day`, pattern_id, severity;
