CREATE TABLE baseline_runs (
    run_id      text COLLATE "C" NOT NULL,
    as_of       timestamptz      NOT NULL,
    started_at  timestamptz      NOT NULL DEFAULT now(),
    finished_at timestamptz,
    outcome     text             NOT NULL DEFAULT 'RUNNING',
    users       integer,
    ready       integer,
    readings    bigint,
    CONSTRAINT baseline_runs_pk PRIMARY KEY (run_id),
    CONSTRAINT baseline_runs_outcome CHECK (outcome IN ('RUNNING', 'SUCCEEDED', 'FAILED')),
    CONSTRAINT baseline_runs_finished CHECK ((outcome = 'RUNNING') = (finished_at IS NULL))
);

COMMENT ON TABLE baseline_runs IS 'Runs of the baseline job, one row each.';
COMMENT ON INDEX baseline_runs_pk IS 'Serves the end of a run, and the rollback of one.';
COMMENT ON COLUMN baseline_runs.as_of IS 'End of the window it looked at.';
COMMENT ON COLUMN baseline_runs.users IS 'People it wrote a baseline for.';
COMMENT ON COLUMN baseline_runs.ready IS 'How many of these baselines are READY.';
COMMENT ON COLUMN baseline_runs.readings IS 'Readings that fed them.';

CREATE TABLE baselines (
    user_id           text COLLATE "C" NOT NULL,
    run_id            text COLLATE "C" NOT NULL,
    effective_from    timestamptz      NOT NULL,
    state             text             NOT NULL,
    resting_bpm       double precision,
    cells             jsonb            NOT NULL,
    days_used         integer          NOT NULL,
    readings_used     bigint           NOT NULL,
    window_days       integer          NOT NULL,
    algorithm_version integer          NOT NULL,
    created_at        timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT baselines_pk PRIMARY KEY (user_id, run_id),
    CONSTRAINT baselines_run_fk FOREIGN KEY (run_id) REFERENCES baseline_runs (run_id),
    CONSTRAINT baselines_state CHECK (state IN ('LEARNING', 'READY', 'STALE', 'INSUFFICIENT'))
);

CREATE INDEX baselines_in_force ON baselines (user_id, effective_from DESC);
CREATE INDEX baselines_of_run ON baselines (run_id);

COMMENT ON TABLE baselines IS 'What is normal for a person, as one run found it.';
COMMENT ON INDEX baselines_pk IS 'Serves the upsert when a run is repeated.';
COMMENT ON INDEX baselines_in_force IS 'Serves a person''s versions that may still be needed, newest first.';
COMMENT ON INDEX baselines_of_run IS 'Serves the counts of a run and its rollback.';
COMMENT ON COLUMN baselines.effective_from IS 'Event time from which readings are judged by it.';
COMMENT ON COLUMN baselines.resting_bpm IS 'Median of the nights'' still minutes, bpm; NULL when no night was usable.';
COMMENT ON COLUMN baselines.cells IS 'Quantiles by hour-group and rest or active, as in the topic baselines.';
