-- What the late run did, for whoever asks whether it runs and what keeps devices waiting.
CREATE TABLE late_runs (
    run_id      text COLLATE "C" NOT NULL,
    started_by  text             NOT NULL,
    started_at  timestamptz      NOT NULL,
    finished_at timestamptz      NOT NULL DEFAULT now(),
    judged      integer          NOT NULL,
    corrected   integer          NOT NULL,
    unsettled   integer          NOT NULL,
    unstored    integer          NOT NULL,
    trouble     text,
    CONSTRAINT late_runs_pk PRIMARY KEY (run_id)
);

CREATE INDEX late_runs_newest ON late_runs (finished_at);

COMMENT ON TABLE late_runs IS
    'Runs of the late run of the last 30 days, one row each, written at the end. The schedule starts none when nothing is marked.';
COMMENT ON INDEX late_runs_pk IS 'Serves the question what a run did.';
COMMENT ON INDEX late_runs_newest IS 'Serves the question for the last run, and the removal of old ones.';
COMMENT ON COLUMN late_runs.started_by IS 'Person and machine, or the schedule.';
COMMENT ON COLUMN late_runs.judged IS 'Devices that were judged again.';
COMMENT ON COLUMN late_runs.corrected IS 'Episodes for which a correction was sent.';
COMMENT ON COLUMN late_runs.unsettled IS 'Devices that wait: marked so lately that they may send more.';
COMMENT ON COLUMN late_runs.unstored IS 'Devices that wait: the store had not committed all that they sent.';
COMMENT ON COLUMN late_runs.trouble IS 'Why it failed; NULL when it did not.';
