-- Judging history again: what a run was asked for, how far it has come, and what it has told.
CREATE TABLE backfill_runs (
    run_id     text COLLATE "C" NOT NULL,
    settings   jsonb            NOT NULL,
    started_at timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT backfill_runs_pk PRIMARY KEY (run_id)
);

COMMENT ON TABLE backfill_runs IS 'Runs of the backfill job, one row each.';
COMMENT ON COLUMN backfill_runs.settings IS
    'What it was asked for, the patterns included, so that a run that was interrupted goes on as it began.';

CREATE TABLE backfill_chunks (
    run_id     text COLLATE "C" NOT NULL,
    chunk      integer          NOT NULL,
    first_user text COLLATE "C" NOT NULL,
    last_user  text COLLATE "C" NOT NULL,
    state      text             NOT NULL DEFAULT 'WAITING',
    people     bigint,
    minutes    bigint,
    readings   bigint,
    alerts     bigint,
    done_at    timestamptz,
    CONSTRAINT backfill_chunks_pk PRIMARY KEY (run_id, chunk),
    CONSTRAINT backfill_chunks_run_fk FOREIGN KEY (run_id) REFERENCES backfill_runs (run_id) ON DELETE CASCADE,
    CONSTRAINT backfill_chunks_state CHECK (state IN ('WAITING', 'DONE')),
    CONSTRAINT backfill_chunks_done CHECK ((state = 'DONE') = (done_at IS NOT NULL))
);

COMMENT ON TABLE backfill_chunks IS
    'The ledger: a chunk is DONE in the transaction that keeps its alerts, and is never judged again.';
COMMENT ON COLUMN backfill_chunks.first_user IS 'People from this one to last_user, both included.';
COMMENT ON COLUMN backfill_chunks.alerts IS 'Alert events that were told.';

CREATE TABLE backfill_alerts (
    run_id     text COLLATE "C" NOT NULL,
    event_id   uuid             NOT NULL,
    pattern_id text COLLATE "C" NOT NULL,
    event      jsonb            NOT NULL,
    CONSTRAINT backfill_alerts_pk PRIMARY KEY (run_id, event_id),
    CONSTRAINT backfill_alerts_run_fk FOREIGN KEY (run_id) REFERENCES backfill_runs (run_id) ON DELETE CASCADE
);

COMMENT ON TABLE backfill_alerts IS
    'Alert events by the run that told them: two runs that try other patterns do not mix, nor do they with what was live.';
COMMENT ON INDEX backfill_alerts_pk IS 'Serves a run''s alerts, and the de-duplication of a chunk that is judged again.';
COMMENT ON INDEX backfill_chunks_pk IS 'Serves what of a run is left to do.';
COMMENT ON INDEX backfill_runs_pk IS 'Serves a run that goes on.';
