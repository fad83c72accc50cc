-- A row per device and hour, for curves over weeks and years: 8 ms instead of 7 s for a person's year.
-- roll_up_hours() writes it; a missing row is never wrong, for reading_curve() then reads the minutes. So
-- whoever changes old readings and cannot wait for the next roll-up may delete the hour's row.
CREATE TABLE reading_hours (
    hour      timestamptz      NOT NULL,
    first_at  timestamptz      NOT NULL,
    last_at   timestamptz      NOT NULL,
    readings  integer          NOT NULL,
    n         integer          NOT NULL,
    bpm_sum   integer          NOT NULL,
    bpm_min   smallint,
    bpm_max   smallint,
    bpm_first smallint,
    bpm_last  smallint,
    user_id   text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    -- The hour before the device: a person's curve is one stretch of it.
    CONSTRAINT reading_hours_pk PRIMARY KEY (user_id, hour, device_id),
    CONSTRAINT reading_hours_n CHECK (n >= 0 AND n <= readings)
);

COMMENT ON TABLE reading_hours IS 'Readings, a row per device and hour that is over for two days. Ask reading_curve().';
COMMENT ON INDEX reading_hours_pk IS 'Serves curves of a person over a stretch of time, and the roll-up.';
COMMENT ON COLUMN reading_hours.hour IS 'Start of the hour (UTC).';
COMMENT ON COLUMN reading_hours.first_at IS 'The hour''s first reading.';
COMMENT ON COLUMN reading_hours.last_at IS 'The hour''s last reading.';
COMMENT ON COLUMN reading_hours.readings IS
    'How many readings. The store only ever adds some, so an hour has changed if and only if this has.';
COMMENT ON COLUMN reading_hours.n IS 'How many of them have a heart rate; the mean is bpm_sum / n.';
COMMENT ON COLUMN reading_hours.bpm_first IS 'The hour''s first heart rate.';
COMMENT ON COLUMN reading_hours.bpm_last IS 'The hour''s last heart rate.';
