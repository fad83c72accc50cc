-- The hourly roll-up of reading_minutes, and curves from it.

CREATE OR REPLACE FUNCTION roll_up_hours(since timestamptz, until timestamptz, of_user text DEFAULT NULL)
    RETURNS integer
    LANGUAGE plpgsql
AS $$
DECLARE
    -- What has not arrived after two days is late even for a watch that syncs after a weekend.
    settled timestamptz := date_trunc('hour', now() - interval '2 days', 'UTC');
    first_hour timestamptz := date_trunc('hour', since, 'UTC');
    last_hour timestamptz := least(date_trunc('hour', until, 'UTC'), settled - interval '1 hour');
    changed integer;
BEGIN
    -- One at a time: two would wait for each other's rows.
    PERFORM pg_advisory_xact_lock(hashtextextended('reading_hours', 0));
    WITH hours AS (
        -- First what the minutes' own columns say, without their arrays.
        SELECT m.user_id, m.device_id, date_trunc('hour', m.minute, 'UTC') AS hour, sum(m.n)::integer AS readings
        FROM reading_minutes m
        WHERE m.minute >= first_hour AND m.minute < last_hour + interval '1 hour'
          AND (of_user IS NULL OR m.user_id = of_user)
        GROUP BY 1, 2, 3
    ),
    stale AS (
        SELECT h.user_id, h.device_id, h.hour
        FROM hours h
        LEFT JOIN reading_hours r USING (user_id, hour, device_id)
        WHERE r.readings IS DISTINCT FROM h.readings
    )
    INSERT INTO reading_hours AS r (
        user_id, device_id, hour, first_at, last_at, readings, n, bpm_sum, bpm_min, bpm_max, bpm_first, bpm_last)
    SELECT s.user_id, s.device_id, s.hour, x.first_at, x.last_at, x.readings, x.n, x.bpm_sum, x.bpm_min, x.bpm_max,
           x.bpm_first, x.bpm_last
    FROM stale s
    CROSS JOIN LATERAL (
        SELECT min(m.minute + m.offset_ms[1] * interval '1 millisecond') AS first_at,
               max(m.minute + m.offset_ms[m.n] * interval '1 millisecond') AS last_at,
               sum(m.n)::integer AS readings,
               sum(coalesce(cardinality(b.known), 0))::integer AS n,
               sum(m.bpm_sum)::integer AS bpm_sum,
               min(m.bpm_min) AS bpm_min,
               max(m.bpm_max) AS bpm_max,
               (array_agg(b.known[1] ORDER BY m.minute) FILTER (WHERE cardinality(b.known) > 0))[1] AS bpm_first,
               (array_agg(b.known[cardinality(b.known)] ORDER BY m.minute DESC)
                   FILTER (WHERE cardinality(b.known) > 0))[1] AS bpm_last
        FROM reading_minutes m
        CROSS JOIN LATERAL (SELECT array_remove(m.bpm, NULL) AS known) b
        WHERE m.user_id = s.user_id AND m.device_id = s.device_id
          AND m.minute >= s.hour AND m.minute < s.hour + interval '1 hour'
    ) x
    ON CONFLICT (user_id, hour, device_id) DO UPDATE SET
        (first_at, last_at, readings, n, bpm_sum, bpm_min, bpm_max, bpm_first, bpm_last) =
        ROW (excluded.first_at, excluded.last_at, excluded.readings, excluded.n, excluded.bpm_sum,
             excluded.bpm_min, excluded.bpm_max, excluded.bpm_first, excluded.bpm_last);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

COMMENT ON FUNCTION roll_up_hours(timestamptz, timestamptz, text) IS
    'Brings reading_hours up to date from the hour of since to that of until, both included, for everybody or one '
    'person; hours that are not over for two days are left out. Says how many rows it wrote. Safe to repeat.';

CREATE OR REPLACE FUNCTION reading_curve(of_user text, since timestamptz, until timestamptz, points integer)
    RETURNS TABLE ("at" timestamptz, readings bigint, bpm_mean numeric, bpm_min smallint, bpm_max smallint)
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    seconds numeric := extract(epoch FROM until - since);
    -- Of what a point consists; NULL for single readings.
    unit text;
    first_whole timestamptz;
    end_whole timestamptz;
BEGIN
    IF points < 1 OR NOT since < until THEN
        RAISE EXCEPTION 'reading_curve: points must be at least 1, and since before until' USING ERRCODE = '22023';
    END IF;
    unit := CASE WHEN seconds / points >= 3600 THEN 'hour' WHEN seconds / points >= 60 THEN 'minute' END;
    end_whole := date_trunc(unit, until, 'UTC');
    first_whole := date_trunc(
        unit, since + CASE unit WHEN 'hour' THEN interval '1 hour' ELSE interval '1 minute' END
              - interval '1 microsecond', 'UTC');
    IF unit IS NULL OR first_whole >= end_whole THEN
        first_whole := until;
        end_whole := until;
    END IF;
    RETURN QUERY
    WITH rolled AS (
        SELECT r.hour, sum(r.n) AS n, sum(r.bpm_sum) AS s, min(r.bpm_min) AS lo, max(r.bpm_max) AS hi
        FROM reading_hours r
        WHERE unit = 'hour' AND r.user_id = of_user AND r.hour >= first_whole AND r.hour < end_whole
        GROUP BY r.hour
    ),
    -- Stretches that the roll-up does not have: without readings, or not rolled up yet.
    gaps AS (
        SELECT y.gap_from, y.gap_to
        FROM (SELECT coalesce(lag(x.hour) OVER (ORDER BY x.hour) + interval '1 hour', first_whole) AS gap_from,
                     x.hour AS gap_to
              FROM (SELECT rolled.hour FROM rolled UNION ALL SELECT end_whole) x) y
        WHERE y.gap_from < y.gap_to
    ),
    pieces AS (
        SELECT rolled.hour AS begins, rolled.n, rolled.s, rolled.lo, rolled.hi FROM rolled
        UNION ALL
        SELECT date_trunc(unit, m.minute, 'UTC'), m.n, m.s, m.lo, m.hi
        FROM gaps g
        CROSS JOIN LATERAL (
            SELECT k.minute, coalesce(cardinality(array_remove(k.bpm, NULL)), 0) AS n, k.bpm_sum AS s,
                   k.bpm_min AS lo, k.bpm_max AS hi
            FROM reading_minutes k
            WHERE k.user_id = of_user AND k.minute >= g.gap_from AND k.minute < g.gap_to
            -- By index for each gap, not all minutes joined to all gaps.
            OFFSET 0) m
        UNION ALL
        -- What is no whole hour or minute: at both ends, or all of a short curve.
        SELECT greatest(since, coalesce(date_trunc(unit, o."timestamp", 'UTC'), o."timestamp")), 1,
               o.heart_rate, o.heart_rate, o.heart_rate
        FROM (SELECT * FROM readings_of(of_user, since, first_whole)
              UNION ALL
              SELECT * FROM readings_of(of_user, end_whole, until)) o
        WHERE o.heart_rate IS NOT NULL
    ),
    numbered AS (
        SELECT floor(points * extract(epoch FROM p.begins - since) / seconds) AS point, p.*
        FROM pieces p
        WHERE p.n > 0
    )
    SELECT since + make_interval(secs => (q.point * seconds / points)::double precision), sum(q.n)::bigint,
           round(sum(q.s)::numeric / sum(q.n), 1), min(q.lo), max(q.hi)
    FROM numbered q
    GROUP BY q.point
    ORDER BY q.point;
END
$$;

COMMENT ON FUNCTION reading_curve(text, timestamptz, timestamptz, integer) IS
    'A person''s heart rate from since (included) to until (not included) in at most so many points, a row for each '
    'that has one: its beginning, how many heart rates, their mean, least and greatest. An hour that a point''s '
    'beginning divides counts to where it begins. Hours come from the roll-up where it has them, else from minutes.';
