-- Who has sent no heart rate for a day, and when was the last?
SET 'execution.runtime-mode' = 'batch';

SELECT user_id,
       MAX(`timestamp`) AS last_heart_rate,
       COUNT(DISTINCT device_id) AS devices
FROM heart_rate_data
WHERE heart_rate IS NOT NULL AND COALESCE(sensor_contact, TRUE)
GROUP BY user_id
HAVING MAX(`timestamp`) < CURRENT_TIMESTAMP - INTERVAL '1' DAY
ORDER BY last_heart_rate;
