CREATE OR REPLACE VIEW readings AS
SELECT m.user_id,
       m.device_id,
       m.minute + x.offset_ms * interval '1 millisecond' AS "timestamp",
       x.bpm AS heart_rate,
       x.steps,
       x.activity,
       CASE
           WHEN x.rr_count = 0 THEN '{}'::smallint[]
           WHEN x.rr_count > 0 THEN m.rr_intervals_ms[x.rr_end - x.rr_count + 1 : x.rr_end]
       END AS rr_intervals_ms,
       x.sensor_contact,
       x.confidence,
       m.minute
FROM reading_minutes m
CROSS JOIN LATERAL unnest(
    m.offset_ms, m.bpm, m.steps, m.activity, m.sensor_contact, m.confidence, m.rr_count,
    -- Where each reading's intervals end; once a minute, and only where there are any.
    CASE WHEN m.rr_count IS NOT NULL THEN ARRAY(
        SELECT (sum(y.c) OVER (ORDER BY y.i))::integer
        FROM unnest(m.rr_count) WITH ORDINALITY y(c, i)
        ORDER BY y.i)
    END
) AS x(offset_ms, bpm, steps, activity, sensor_contact, confidence, rr_count, rr_end);

COMMENT ON VIEW readings IS
    'A row per reading, exactly as it was sent. A condition on timestamp alone reads everything: '
    'use readings_of(), or add one on minute.';

CREATE OR REPLACE FUNCTION readings_of(of_user text, since timestamptz, until timestamptz)
    RETURNS SETOF readings
    LANGUAGE sql STABLE
AS $$
    SELECT *
    FROM readings r
    WHERE r.user_id = of_user
      AND r.minute > since - interval '1 minute' AND r.minute < until
      AND r."timestamp" >= since AND r."timestamp" < until
$$;

COMMENT ON FUNCTION readings_of(text, timestamptz, timestamptz) IS
    'Readings of one person from since (included) to until (not included), in no particular order; '
    'reads only the minutes of that time.';
