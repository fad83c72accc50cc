-- People whose profile has changed and is not yet on the topic user_profiles. Written in the transaction of the
-- change, so that neither is without the other; a relay publishes and then deletes.
CREATE TABLE profile_outbox (
    user_id    text COLLATE "C" NOT NULL,
    change     bigint           GENERATED ALWAYS AS IDENTITY,
    changed_at timestamptz      NOT NULL DEFAULT now(),
    CONSTRAINT profile_outbox_pk PRIMARY KEY (user_id)
);

COMMENT ON TABLE profile_outbox IS 'People whose profile still has to be published, one row each.';
COMMENT ON INDEX profile_outbox_pk IS 'Serves the upsert when a profile changes, and the relay''s delete.';
COMMENT ON COLUMN profile_outbox.change IS
    'Another one for each change: what was changed while it was published stays.';
COMMENT ON COLUMN profile_outbox.changed_at IS 'Time of the last change; says how long it waits.';
