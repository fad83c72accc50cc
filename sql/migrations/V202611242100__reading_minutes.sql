-- One row per device and minute: a sixth of the bytes and many times the rate of a row per reading
-- (docs/decisions). Arrays have one element a reading, in the order of offset_ms. A missing value is a
-- NULL element; a column is NULL when no reading of the minute has it. Partitions: R__reading_partitions.
CREATE TABLE reading_minutes (
    -- Those of fixed length first: 6 bytes a row less padding.
    minute          timestamptz      NOT NULL,
    n               integer          NOT NULL,
    bpm_sum         integer          NOT NULL,
    bpm_min         smallint,
    bpm_max         smallint,
    user_id         text COLLATE "C" NOT NULL,
    device_id       text COLLATE "C" NOT NULL,
    offset_ms       integer[]        NOT NULL,
    bpm             smallint[],
    steps           smallint[],
    activity        text[],
    sensor_contact  boolean[],
    confidence      double precision[],
    rr_intervals_ms smallint[],
    rr_count        smallint[],
    -- Serves the merging upsert, and all reads of a person, of a device, and of a stretch of time of either.
    -- Nothing else is indexed: a column that changes in an index would end HOT updates (vacuum's relief).
    CONSTRAINT reading_minutes_pk PRIMARY KEY (user_id, device_id, minute),
    CONSTRAINT reading_minutes_n CHECK (n > 0 AND n = cardinality(offset_ms))
) PARTITION BY RANGE (minute);

COMMENT ON TABLE reading_minutes IS
    'Readings, a row per device and minute. Read them through the view readings or readings_of().';
COMMENT ON INDEX reading_minutes_pk IS
    'Serves the merging upsert, and reads of a person or device over a stretch of time.';
COMMENT ON COLUMN reading_minutes.minute IS 'Start of the minute.';
COMMENT ON COLUMN reading_minutes.offset_ms IS 'Milliseconds since the start of the minute, ascending, no two the same.';
COMMENT ON COLUMN reading_minutes.bpm IS 'Heart rate, beats per minute.';
COMMENT ON COLUMN reading_minutes.steps IS 'Steps of the minute so far.';
COMMENT ON COLUMN reading_minutes.rr_intervals_ms IS
    'RR intervals of all the minute''s readings, one after the other; rr_count says how many are whose.';
COMMENT ON COLUMN reading_minutes.rr_count IS
    'How many RR intervals the reading sent; 0 is an empty list, NULL is none sent.';
COMMENT ON COLUMN reading_minutes.n IS 'How many readings.';
COMMENT ON COLUMN reading_minutes.bpm_sum IS
    'Of those that have a heart rate, n or fewer: the mean is bpm_sum / cardinality(array_remove(bpm, NULL)).';
