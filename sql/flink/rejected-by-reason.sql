-- Why are messages rejected, since when, and what does one look like?
SET 'execution.runtime-mode' = 'batch';

SELECT reason,
       detail,
       COUNT(*) AS messages,
       MIN(rejected_at) AS since,
       MAX(rejected_at) AS latest
FROM rejected_readings
GROUP BY reason, detail
ORDER BY messages DESC;
