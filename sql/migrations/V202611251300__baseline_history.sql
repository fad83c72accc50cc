-- What is new since a run is found without a scan: each row says in which transaction its readings came. STABLE, so
-- rows that are there get this migration's without being rewritten. Every way to write a row sets it, by hand too.
ALTER TABLE reading_minutes ADD COLUMN written_in bigint NOT NULL DEFAULT txid_current();

COMMENT ON COLUMN reading_minutes.written_in IS
    'Transaction that last brought readings: below txid_snapshot_xmin of a run, the run has seen it.';

-- BRIN: rows lie in the order in which they came, so a few kB say which pages are new; and of all indexes only a
-- summarising one lets an update of its column stay HOT (PostgreSQL 16 and later).
CREATE INDEX reading_minutes_written ON reading_minutes
    USING brin (written_in) WITH (pages_per_range = 32, autosummarize = on);

COMMENT ON INDEX reading_minutes_written IS 'Serves a baseline run: which person-days have readings since the last one.';

-- Time zones as they are kept; a person without a profile is not in it, and lives in UTC.
CREATE FUNCTION zones_at(at timestamptz) RETURNS TABLE (user_id text, time_zone text)
    LANGUAGE sql STABLE
AS $$
    SELECT DISTINCT ON (p.user_id) p.user_id, p.time_zone
    FROM user_profiles p
    WHERE p.effective_from <= at
    ORDER BY p.user_id, p.effective_from DESC
$$;

COMMENT ON FUNCTION zones_at(timestamptz) IS 'The time zone of each person with a profile at a time.';

CREATE TABLE day_histograms (
    user_id           text COLLATE "C" NOT NULL,
    day               date             NOT NULL,
    time_zone         text             NOT NULL,
    algorithm_version integer          NOT NULL,
    minutes           integer          NOT NULL,
    readings          integer          NOT NULL,
    run_id            text COLLATE "C" NOT NULL,
    histograms        bytea            NOT NULL,
    CONSTRAINT day_histograms_pk PRIMARY KEY (user_id, day)
);

CREATE INDEX day_histograms_by_day ON day_histograms (day);

COMMENT ON TABLE day_histograms IS
    'What the readings of a person''s local day amount to. Made from reading_minutes, and made again when one comes.';
COMMENT ON INDEX day_histograms_pk IS 'Serves the upsert of a day that is read again.';
COMMENT ON INDEX day_histograms_by_day IS 'Serves the window of a baseline run: everybody''s last 28 days.';
COMMENT ON COLUMN day_histograms.time_zone IS 'In which the day and its hours are local.';
COMMENT ON COLUMN day_histograms.algorithm_version IS 'Of what made it; another one reads all again.';
COMMENT ON COLUMN day_histograms.minutes IS 'Rows of reading_minutes that it was made from.';
COMMENT ON COLUMN day_histograms.readings IS 'Readings in them.';
COMMENT ON COLUMN day_histograms.run_id IS 'Baseline run that made it.';
COMMENT ON COLUMN day_histograms.histograms IS
    'Heart rates by hour and rest or active, minutes worn, and the night, packed: hrm.functions.baselines.DayHistograms.';

ALTER TABLE baseline_runs
    ADD COLUMN kind              text NOT NULL DEFAULT 'LEARN',
    ADD COLUMN started_by        text,
    ADD COLUMN effective_from    timestamptz,
    ADD COLUMN algorithm_version integer,
    ADD COLUMN changes_since     bigint,
    ADD COLUMN changes_until     bigint,
    ADD COLUMN days_read         bigint,
    ADD COLUMN minutes_read      bigint,
    ADD COLUMN readings_read     bigint,
    ADD COLUMN unchanged         bigint,
    ADD COLUMN undoes            text COLLATE "C",
    ADD COLUMN trouble           text,
    ADD COLUMN published_at      timestamptz,
    ADD CONSTRAINT baseline_runs_kind CHECK (kind IN ('LEARN', 'ROLLBACK')),
    ADD CONSTRAINT baseline_runs_undoes CHECK ((kind = 'ROLLBACK') = (undoes IS NOT NULL));

UPDATE baseline_runs SET published_at = finished_at WHERE outcome = 'SUCCEEDED';

COMMENT ON COLUMN baseline_runs.kind IS 'LEARN from readings, or ROLLBACK of a run that did.';
COMMENT ON COLUMN baseline_runs.started_by IS 'Person and machine, or the schedule.';
COMMENT ON COLUMN baseline_runs.effective_from IS 'Event time from which readings are judged by what it found.';
COMMENT ON COLUMN baseline_runs.changes_since IS
    'It read the person-days with readings of this transaction or later; NULL when it read everything.';
COMMENT ON COLUMN baseline_runs.changes_until IS 'All transactions before this one had ended when it began.';
COMMENT ON COLUMN baseline_runs.days_read IS 'Person-days it made histograms of.';
COMMENT ON COLUMN baseline_runs.minutes_read IS 'Rows of reading_minutes it read.';
COMMENT ON COLUMN baseline_runs.readings_read IS 'Readings in them.';
COMMENT ON COLUMN baseline_runs.unchanged IS 'People about whom it found nothing new, and so wrote nothing.';
COMMENT ON COLUMN baseline_runs.undoes IS 'Of a ROLLBACK: the run it undoes.';
COMMENT ON COLUMN baseline_runs.trouble IS 'Why it failed.';
COMMENT ON COLUMN baseline_runs.published_at IS 'When its baselines were on the topic; NULL while they are not.';

ALTER TABLE baselines
    ADD COLUMN lineage     jsonb,
    ADD COLUMN copied_from text COLLATE "C";

COMMENT ON COLUMN baselines.lineage IS
    'Window and time zone, what was read for it, days left out and why, the nights; NULL before 0.1.0.';
COMMENT ON COLUMN baselines.copied_from IS 'Of a ROLLBACK: the run that learnt it.';

-- What a run has found and not yet put in force: a run that breaks off leaves the baselines as they were.
CREATE TABLE baseline_drafts (
    LIKE baselines INCLUDING DEFAULTS,
    CONSTRAINT baseline_drafts_pk PRIMARY KEY (user_id, run_id),
    CONSTRAINT baseline_drafts_run_fk FOREIGN KEY (run_id) REFERENCES baseline_runs (run_id)
);

COMMENT ON TABLE baseline_drafts IS 'Baselines of a run that goes on; its end moves them to baselines.';
COMMENT ON INDEX baseline_drafts_pk IS 'Serves the upsert when a part of a run is repeated.';

-- As db-scheduler, which runs what is due at a time, asks for it.
CREATE TABLE scheduled_tasks (
    task_name            text        NOT NULL,
    task_instance        text        NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean     NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      NOT NULL,
    priority             smallint,
    CONSTRAINT scheduled_tasks_pk PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);

COMMENT ON TABLE scheduled_tasks IS 'What is run by the clock, and when next; db-scheduler''s.';
COMMENT ON INDEX scheduled_tasks_pk IS 'Serves each step of a task.';
COMMENT ON INDEX scheduled_tasks_due IS 'Serves the question what is due.';
