-- At which hours (UTC) is each person's heart quickest? From the roll-up, so over years.
SET 'execution.runtime-mode' = 'batch';

SELECT user_id,
       EXTRACT(HOUR FROM `hour`) AS hour_of_day,
       ROUND(SUM(CAST(bpm_sum AS DOUBLE)) / SUM(n), 1) AS mean_bpm,
       MIN(bpm_min) AS least,
       MAX(bpm_max) AS greatest
FROM reading_hours
WHERE n > 0
GROUP BY user_id, EXTRACT(HOUR FROM `hour`)
ORDER BY user_id, hour_of_day;
