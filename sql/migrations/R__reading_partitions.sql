-- Partitions of reading_minutes: one per month (UTC). Twelve a year plan in under 1 ms; 365 take 7 to 22.

CREATE OR REPLACE FUNCTION ensure_reading_partition(at timestamptz) RETURNS boolean
    LANGUAGE plpgsql
AS $$
DECLARE
    first_day timestamptz := date_trunc('month', at, 'UTC');
    next_month timestamptz := (first_day AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
    partition text := 'reading_minutes_' || to_char(first_day AT TIME ZONE 'UTC', 'YYYY_MM');
BEGIN
    IF is_reading_partition(partition) THEN
        RETURN false;
    END IF;
    -- One creator at a time; who waited finds the partition below.
    PERFORM pg_advisory_xact_lock(hashtextextended('reading_minutes', 0));
    IF is_reading_partition(partition) THEN
        RETURN false;
    END IF;
    -- Not CREATE … PARTITION OF: that locks out every reader and writer of the table. ATTACH locks out neither.
    EXECUTE format(
        'CREATE TABLE %I (LIKE reading_minutes INCLUDING ALL) '
        -- Room for the merge of late readings on the same page (HOT).
        'WITH (fillfactor = 93)', partition);
    EXECUTE format(
        'ALTER TABLE reading_minutes ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, first_day, next_month);
    RETURN true;
END
$$;

COMMENT ON FUNCTION ensure_reading_partition(timestamptz) IS
    'Makes the month''s partition of reading_minutes when it is missing, and says whether it did. '
    'Safe when several do so at once.';

CREATE OR REPLACE FUNCTION is_reading_partition(partition text) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'reading_minutes'::regclass AND c.relname = partition)
$$;

COMMENT ON FUNCTION is_reading_partition(text) IS
    'Whether a table of this name is attached to reading_minutes; one that was detached is not.';

CREATE OR REPLACE FUNCTION ensure_reading_partitions("from" timestamptz, "to" timestamptz) RETURNS integer
    LANGUAGE sql
AS $$
    SELECT count(*) FILTER (WHERE ensure_reading_partition(month AT TIME ZONE 'UTC'))::integer
    FROM generate_series(
        date_trunc('month', "from" AT TIME ZONE 'UTC'), "to" AT TIME ZONE 'UTC', interval '1 month') month
$$;

COMMENT ON FUNCTION ensure_reading_partitions(timestamptz, timestamptz) IS
    'Makes the missing partitions of all months from the one to the other, both included; says how many it made.';

DO $$ BEGIN PERFORM ensure_reading_partitions(now() - interval '1 month', now() + interval '3 months'); END $$;
