-- Who gets so many alerts of one pattern that it tells them nothing any more: over three in a day?
SET 'execution.runtime-mode' = 'batch';

SELECT user_id,
       pattern_id,
       DATE_FORMAT(onset, 'yyyy-MM-dd') AS `day`,
       COUNT(DISTINCT episode_id) AS episodes,
       MIN(limit_source) AS limit_source
FROM alert_events
WHERE `state` = 'OPENED' AND `mode` = 'live'
GROUP BY user_id, pattern_id, DATE_FORMAT(onset, 'yyyy-MM-dd')
HAVING COUNT(DISTINCT episode_id) > 3
ORDER BY episodes DESC;
