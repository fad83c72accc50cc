-- Which readings of the last day are on the topic and not in the store? None, but for the last minutes.
SET 'execution.runtime-mode' = 'batch';

SELECT sent.user_id, COUNT(*) AS missing, MIN(sent.`timestamp`) AS earliest, MAX(sent.`timestamp`) AS latest
FROM (
    SELECT DISTINCT user_id, COALESCE(device_id, 'default') AS device_id, `timestamp`
    FROM heart_rate_data
    WHERE `timestamp` > CURRENT_TIMESTAMP - INTERVAL '1' DAY AND heart_rate BETWEEN 20 AND 300) sent
LEFT JOIN readings stored
    ON stored.user_id = sent.user_id
    AND stored.device_id = sent.device_id
    AND stored.`timestamp` = CAST(sent.`timestamp` AS TIMESTAMP(3))
WHERE stored.user_id IS NULL
GROUP BY sent.user_id
ORDER BY missing DESC;
