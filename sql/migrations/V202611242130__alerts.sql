-- Names and values are those of the topic alerts; only "limit", a word of SQL, is limit_value here.
CREATE TABLE alerts (
    episode_id      uuid             NOT NULL,
    alert_id        uuid             NOT NULL,
    event_id        uuid             NOT NULL,
    revision        integer          NOT NULL,
    sequence        bigint           NOT NULL,
    state           text             NOT NULL,
    reason          text,
    user_id         text COLLATE "C" NOT NULL,
    device_id       text COLLATE "C" NOT NULL,
    pattern_id      text COLLATE "C" NOT NULL,
    pattern_version integer          NOT NULL,
    condition       text             NOT NULL,
    severity        text             NOT NULL,
    mode            text             NOT NULL,
    onset           timestamptz      NOT NULL,
    detected_at     timestamptz      NOT NULL,
    resolved_at     timestamptz,
    detected_late   boolean          NOT NULL,
    published_at    timestamptz,
    message         text             NOT NULL,
    value           double precision,
    limit_value     double precision,
    limit_source    text,
    explanation     jsonb,
    schema_version  integer          NOT NULL,
    CONSTRAINT alerts_pk PRIMARY KEY (episode_id)
);

CREATE INDEX alerts_of_user ON alerts (user_id, onset DESC);
CREATE INDEX alerts_by_onset ON alerts (onset);

COMMENT ON TABLE alerts IS 'Episodes, one row each, as their newest revision says.';
COMMENT ON INDEX alerts_pk IS 'Serves the upsert of events, and one episode by its id.';
COMMENT ON INDEX alerts_of_user IS 'Serves a person''s episodes, newest first.';
COMMENT ON INDEX alerts_by_onset IS 'Serves all episodes of a stretch of time: what was raised today.';
COMMENT ON COLUMN alerts.event_id IS 'The event this row was last written by.';
COMMENT ON COLUMN alerts.value IS 'What was measured, usually bpm.';
COMMENT ON COLUMN alerts.limit_value IS 'What it was compared with.';

CREATE TABLE alert_events (
    event_id     uuid             NOT NULL,
    episode_id   uuid             NOT NULL,
    revision     integer          NOT NULL,
    state        text             NOT NULL,
    user_id      text COLLATE "C" NOT NULL,
    published_at timestamptz,
    event        jsonb            NOT NULL,
    CONSTRAINT alert_events_pk PRIMARY KEY (event_id)
);

CREATE INDEX alert_events_of_episode ON alert_events (episode_id, revision);

COMMENT ON TABLE alert_events IS 'Every event of every episode, once.';
COMMENT ON INDEX alert_events_pk IS 'Serves the de-duplication of events.';
COMMENT ON INDEX alert_events_of_episode IS 'Serves the history of one episode.';
COMMENT ON COLUMN alert_events.event IS 'The whole event as the topic carries it.';
