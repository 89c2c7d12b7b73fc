-- hunts: questions put to stored telemetry: a search of a minute, or a rule of today asked about the whole week.
--
-- A hunt goes through the segments of its customers from the newest to the oldest, a slice at a time; what it finds and
-- how far it came is written together, so that it goes on after a crash where it was. What it found is copied: raw
-- telemetry goes after days.

CREATE TABLE hunt (
    tenant_id       uuid NOT NULL REFERENCES tenant (id), -- the customer; of several: the provider
    id              uuid NOT NULL,
    title           text NOT NULL,
    note            text,
    purpose         text NOT NULL CONSTRAINT hunt_purpose_check CHECK (purpose IN ('search', 'hunt')),
    language        text NOT NULL CONSTRAINT hunt_language_check
                    CHECK (language IN ('conditions', 'sigma', 'xml', 'rules')),
    conditions      jsonb,  -- [{field, operator, values}]
    body            text,   -- the question in the rule language; absent: all active rules
    tenant_ids      uuid[] NOT NULL,
    host            text,   -- only of this computer, folded
    from_at         timestamptz NOT NULL,
    until_at        timestamptz NOT NULL,
    internal        boolean NOT NULL, -- not for the customer's side
    state           text NOT NULL DEFAULT 'waiting'
                    CONSTRAINT hunt_state_check CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    problem         text,
    owner_id        uuid,
    owner_name      text NOT NULL,
    events_total    bigint NOT NULL DEFAULT 0, -- that stand in segments of this time
    events_passed   bigint NOT NULL DEFAULT 0, -- looked at, or known not to matter
    events_read     bigint NOT NULL DEFAULT 0,
    bytes_read      bigint NOT NULL DEFAULT 0,
    segments_total  bigint NOT NULL DEFAULT 0,
    segments_passed bigint NOT NULL DEFAULT 0,
    segments_read   bigint NOT NULL DEFAULT 0,
    hits            bigint NOT NULL DEFAULT 0,
    kept            bigint NOT NULL DEFAULT 0, -- of them stand in hunt_hit
    busy_ms         bigint NOT NULL DEFAULT 0,
    cursor_id       uuid,   -- the last segment that was passed
    created_at      timestamptz NOT NULL,
    started_at      timestamptz,
    ended_at        timestamptz,
    updated_at      timestamptz NOT NULL,
    version         bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX hunt_by_id ON hunt (id);
CREATE INDEX hunt_recent ON hunt (tenant_id, created_at);

CREATE TABLE hunt_hit (
    tenant_id    uuid NOT NULL, -- whose event it is
    id           uuid NOT NULL,
    hunt_id      uuid NOT NULL,
    batch_id     uuid NOT NULL,
    event_index  bigint NOT NULL,
    at           timestamptz NOT NULL,
    host         text,
    kind         text,
    user_name    text,
    process_path text,
    summary      text,
    rule_key     text,
    rule_title   text,
    score        int,
    event        text NOT NULL,
    internal     boolean NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT hunt_hit_event_key UNIQUE (tenant_id, hunt_id, batch_id, event_index, rule_key)
);
CREATE INDEX hunt_hit_by_id ON hunt_hit (id);
CREATE INDEX hunt_hit_of_hunt ON hunt_hit (hunt_id, at, id);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['hunt', 'hunt_hit'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_jobs'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))',
                       t || '_jobs', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])'
                       ' AND (NOT internal OR (SELECT yagura_side()) = ''provider''))', t || '_tenant', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON hunt TO yagura_api, yagura_jobs;
GRANT SELECT, DELETE ON hunt_hit TO yagura_api;
GRANT SELECT, INSERT, DELETE ON hunt_hit TO yagura_jobs;

-- Customers search their own events.
UPDATE builtin_permission_set SET grants = array_replace(grants, 'hunts:read', 'hunts:use')
 WHERE key IN ('customer_administrator', 'customer_contact');
UPDATE permission_set p SET grants = b.grants
  FROM builtin_permission_set b WHERE p.builtin AND p.key = b.key AND p.grants <> b.grants;
