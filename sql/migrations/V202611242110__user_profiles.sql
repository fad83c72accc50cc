-- What a person or their provider has said; each version holds from an event time on.
CREATE TABLE user_profiles (
    user_id        text COLLATE "C" NOT NULL,
    effective_from timestamptz      NOT NULL,
    time_zone      text             NOT NULL,
    limit_high     smallint,
    limit_low      smallint,
    updated_at     timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT user_profiles_pk PRIMARY KEY (user_id, effective_from),
    CONSTRAINT user_profiles_limit_high CHECK (limit_high BETWEEN 20 AND 300),
    CONSTRAINT user_profiles_limit_low CHECK (limit_low BETWEEN 20 AND 300),
    CONSTRAINT user_profiles_limits CHECK (limit_low < limit_high)
);

COMMENT ON TABLE user_profiles IS 'Versions of each person''s profile.';
COMMENT ON INDEX user_profiles_pk IS 'Serves the version of a person that was in force at a time.';
COMMENT ON COLUMN user_profiles.effective_from IS 'Event time from which it holds.';
COMMENT ON COLUMN user_profiles.time_zone IS 'IANA name; hours and nights are local to it.';
COMMENT ON COLUMN user_profiles.limit_high IS 'bpm above which to tell; NULL when none was set.';
COMMENT ON COLUMN user_profiles.limit_low IS 'bpm below which to tell; NULL when none was set.';
