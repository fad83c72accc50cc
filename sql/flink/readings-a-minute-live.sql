-- How many readings of how many people come in each minute? Goes on until it is stopped.
SET 'execution.runtime-mode' = 'streaming';

CREATE TEMPORARY VIEW coming_readings AS
SELECT *
FROM heart_rate_data /*+ OPTIONS('scan.startup.mode'='latest-offset', 'scan.bounded.mode'='unbounded') */;

SELECT window_start, COUNT(*) AS readings, COUNT(DISTINCT user_id) AS people
FROM TUMBLE(TABLE coming_readings, DESCRIPTOR(arrived_at), INTERVAL '1' MINUTE)
GROUP BY window_start, window_end;
