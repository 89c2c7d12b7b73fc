-- core: the roles the program works as, what a transaction may see, jobs, the change feed, repeated requests, blobs.
--
-- The migrating role owns everything and cannot bypass row-level security either: every table has it enabled and
-- forced, with a policy for the owner where functions of the owner (SECURITY DEFINER) must see more than the caller.

-- Roles belong to the cluster, not to the database: they may be there already, or another database may be making them
-- right now.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY ['yagura_api', 'yagura_jobs', 'yagura_ingest'] LOOP
        FOR attempt IN 1..20 LOOP
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
                END IF;
                IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
                    EXECUTE format('GRANT %I TO CURRENT_USER', name);
                END IF;
                EXIT;
            EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN
                PERFORM pg_sleep(0.05);
            END;
        END LOOP;
    END LOOP;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO yagura_api, yagura_jobs, yagura_ingest;

-- Whom this transaction sees. Unset means nobody. Policies ask `tenant_id = ANY ((SELECT yagura_tenants())::uuid[])`:
-- with the SELECT it is asked once for a statement, not once for every row.
CREATE FUNCTION yagura_tenants() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('yagura.tenants', true), ''), '{}')::uuid[];

-- For work of the platform that goes through all customers. The table comes with a later migration.
CREATE FUNCTION yagura_every_tenant() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM tenant);
END $$;
REVOKE EXECUTE ON FUNCTION yagura_every_tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION yagura_every_tenant() TO yagura_jobs;

-- ---- work for later ----

-- Work of the platform belongs to the provider, who is a tenant, too.
CREATE TABLE job (
    tenant_id    uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
    id           uuid NOT NULL,
    kind         text NOT NULL,
    state        text NOT NULL DEFAULT 'ready'
                 CONSTRAINT job_state_check CHECK (state IN ('ready', 'acting', 'done', 'dead')),
    args         jsonb NOT NULL DEFAULT '{}',
    unique_key   text,
    run_at       timestamptz NOT NULL,
    attempts     int NOT NULL DEFAULT 0,
    max_attempts int NOT NULL DEFAULT 10,
    last_error   text,
    created_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX job_by_id ON job (id);
CREATE INDEX job_due ON job (run_at) WHERE state = 'ready';
CREATE INDEX job_acting ON job (id) WHERE state = 'acting';
CREATE INDEX job_dead ON job (tenant_id, ended_at) WHERE state = 'dead';
CREATE INDEX job_done ON job (ended_at) WHERE state = 'done';
CREATE UNIQUE INDEX job_unique_key_key ON job (tenant_id, kind, unique_key)
    WHERE state = 'ready' AND unique_key IS NOT NULL;

ALTER TABLE job ENABLE ROW LEVEL SECURITY;
ALTER TABLE job FORCE ROW LEVEL SECURITY;
CREATE POLICY job_of_tenant ON job USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
CREATE POLICY job_for_workers ON job TO yagura_jobs USING (true);
CREATE POLICY job_for_owner ON job TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE ON job TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT ON job TO yagura_ingest;

-- For /metrics and the status page, over all tenants.
CREATE FUNCTION job_counts() RETURNS TABLE (kind text, state text, count bigint, oldest_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT kind, state, count(*), min(run_at) FROM job WHERE state <> 'done' GROUP BY kind, state
$$;
REVOKE EXECUTE ON FUNCTION job_counts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION job_counts() TO yagura_api, yagura_jobs;

-- ---- what changed, for streams and followers ----

-- Rows become visible in the order of commit, not of id: readers take those of transactions below every open one,
-- txid < pg_snapshot_xmin(pg_current_snapshot()), in the order (txid, id), and never miss one.
CREATE TABLE change (
    tenant_id uuid NOT NULL,
    id        bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    txid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at        timestamptz NOT NULL,
    noun      text NOT NULL,
    object_id uuid,
    verb      text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX change_in_order ON change (txid, id);
CREATE INDEX change_by_age ON change (at);

ALTER TABLE change ENABLE ROW LEVEL SECURITY;
ALTER TABLE change FORCE ROW LEVEL SECURITY;
CREATE POLICY change_of_tenant ON change USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
CREATE POLICY change_for_owner ON change TO CURRENT_USER USING (true);
GRANT SELECT, INSERT ON change TO yagura_api, yagura_jobs, yagura_ingest;

-- Runs as its caller: one can tell of a tenant only what one may see of it.
CREATE FUNCTION change_record(tenant_id uuid, noun text, object_id uuid, verb text, at timestamptz DEFAULT now())
    RETURNS void LANGUAGE sql AS $$
    INSERT INTO change (tenant_id, at, noun, object_id, verb) VALUES ($1, $5, $2, $3, $4);
    SELECT pg_notify('yagura_change', '');
$$;

-- ---- repeated requests (Idempotency-Key) ----

CREATE TABLE idempotency (
    tenant_id  uuid NOT NULL,
    person_id  uuid NOT NULL,
    key        text NOT NULL,
    route      text NOT NULL,
    body_hash  bytea NOT NULL,
    status     int,  -- NULL while the first one is still at work
    answer     text,
    headers    text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, person_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_of_tenant ON idempotency USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
CREATE POLICY idempotency_for_owner ON idempotency TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO yagura_api;

-- ---- files in the blob store that a tenant holds ----

CREATE TABLE blob (
    tenant_id  uuid NOT NULL,
    sha256     bytea NOT NULL CONSTRAINT blob_sha256_check CHECK (length(sha256) = 32),
    bytes      bigint NOT NULL,
    media_type text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sha256)
);
CREATE INDEX blob_by_sha256 ON blob (sha256);

ALTER TABLE blob ENABLE ROW LEVEL SECURITY;
ALTER TABLE blob FORCE ROW LEVEL SECURITY;
CREATE POLICY blob_of_tenant ON blob USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
CREATE POLICY blob_for_owner ON blob TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, DELETE ON blob TO yagura_api, yagura_jobs;

-- ---- what has had its time ----

-- Called by the workers now and then; a bounded bite each time, so that no call is long.
CREATE FUNCTION core_sweep(at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM job WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM job WHERE state = 'done' AND ended_at < $1 - interval '1 day'
        LIMIT 20000 FOR UPDATE SKIP LOCKED);
    DELETE FROM idempotency WHERE (tenant_id, person_id, key) IN (
        SELECT tenant_id, person_id, key FROM idempotency WHERE created_at < $1 - interval '1 day'
        LIMIT 20000 FOR UPDATE SKIP LOCKED);
    DELETE FROM change c WHERE (c.tenant_id, c.id) IN (
        SELECT o.tenant_id, o.id FROM change o WHERE o.at < $1 - interval '7 days' LIMIT 20000 FOR UPDATE SKIP LOCKED);
$$;
REVOKE EXECUTE ON FUNCTION core_sweep(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_sweep(timestamptz) TO yagura_jobs;
