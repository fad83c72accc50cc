-- How late do readings arrive, by device? What comes over an hour late is hardly ever judged live.
SET 'execution.runtime-mode' = 'batch';

SELECT device_id,
       COUNT(*) AS readings,
       ROUND(AVG(seconds), 1) AS mean_seconds,
       ROUND(100.0 * COUNT(*) FILTER (WHERE seconds <= 60) / COUNT(*), 1) AS within_a_minute_percent,
       ROUND(100.0 * COUNT(*) FILTER (WHERE seconds > 3600) / COUNT(*), 1) AS over_an_hour_percent,
       ROUND(MAX(seconds) / 3600, 1) AS latest_hours
FROM (
    SELECT COALESCE(device_id, 'default') AS device_id,
           TIMESTAMPDIFF(SECOND, `timestamp`, arrived_at) * CAST(1 AS DOUBLE) AS seconds
    FROM heart_rate_data
    WHERE `timestamp` IS NOT NULL)
GROUP BY device_id
ORDER BY latest_hours DESC;
