-- inventory: the computers of customers, what ran on them, and who used them, as telemetry tells of it.

CREATE TABLE computer (
    tenant_id       uuid NOT NULL REFERENCES tenant (id),
    id              uuid NOT NULL,
    name            text NOT NULL, -- as its owner writes it; compared folded, without the domain
    name_key        text NOT NULL,
    domain          text,
    os              text CONSTRAINT computer_os_check CHECK (os IN ('windows', 'linux', 'macos')),
    os_version      text,
    agent           text,          -- what sends: sysmon, winlogbeat, yagura-agent
    agent_version   text,
    addresses       text[] NOT NULL DEFAULT '{}',
    tags            text[] NOT NULL DEFAULT '{}',
    note            text,
    muted_until     timestamptz,
    clock_skew_ms   bigint,        -- event time against arrival, of the last batch
    events          bigint NOT NULL DEFAULT 0,
    open_detections int NOT NULL DEFAULT 0,
    worst_score     int,           -- of those that are open
    first_seen_at   timestamptz NOT NULL,
    last_seen_at    timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT computer_name_key UNIQUE (tenant_id, name_key)
);
CREATE INDEX computer_by_id ON computer (id);
CREATE INDEX computer_by_score ON computer (tenant_id, worst_score, last_seen_at);

-- A static group is filled by hand; a dynamic one holds whoever meets its conditions, and is asked, not filled.
CREATE TABLE computer_group (
    tenant_id   uuid NOT NULL REFERENCES tenant (id),
    id          uuid NOT NULL,
    parent_id   uuid,
    name        text NOT NULL,
    description text,
    kind        text NOT NULL CONSTRAINT computer_group_kind_check CHECK (kind IN ('static', 'dynamic')),
    conditions  jsonb, -- of a dynamic one: [{field, operator, values}], all must hold
    builtin     text,  -- all, lost_found, windows, linux, macos, problems, silent
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT computer_group_name_key UNIQUE NULLS NOT DISTINCT (tenant_id, parent_id, name),
    CONSTRAINT computer_group_parent_id_fkey FOREIGN KEY (tenant_id, parent_id)
        REFERENCES computer_group (tenant_id, id)
);
CREATE INDEX computer_group_by_id ON computer_group (id);

CREATE TABLE computer_group_member (
    tenant_id   uuid NOT NULL,
    group_id    uuid NOT NULL,
    computer_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, group_id, computer_id),
    CONSTRAINT computer_group_member_group_id_fkey FOREIGN KEY (tenant_id, group_id)
        REFERENCES computer_group (tenant_id, id),
    CONSTRAINT computer_group_member_computer_id_fkey FOREIGN KEY (tenant_id, computer_id)
        REFERENCES computer (tenant_id, id)
);
CREATE INDEX computer_group_member_of_computer ON computer_group_member (tenant_id, computer_id);

-- A file that ran, by its hash: the longest that was told.
CREATE TABLE executable (
    tenant_id     uuid NOT NULL REFERENCES tenant (id),
    id            uuid NOT NULL,
    hash          text NOT NULL,
    sha256        text,
    sha1          text,
    md5           text,
    name          text NOT NULL,
    path          text NOT NULL, -- where it was first seen
    original_name text,
    company       text,
    product       text,
    description   text,
    signer        text,
    is_signed     boolean,
    os            text,
    markers       text[] NOT NULL DEFAULT '{}',
    verdict       text CONSTRAINT executable_verdict_check CHECK (verdict IN ('clean', 'unwanted', 'malicious')),
    verdict_source text,
    verdict_at    timestamptz,
    computers     bigint NOT NULL DEFAULT 0, -- popularity here
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT executable_hash_key UNIQUE (tenant_id, hash)
);
CREATE INDEX executable_by_id ON executable (id);
CREATE INDEX executable_recent ON executable (tenant_id, first_seen_at);
CREATE INDEX executable_everywhere ON executable (hash);

CREATE TABLE executable_computer (
    tenant_id     uuid NOT NULL,
    executable_id uuid NOT NULL,
    computer_id   uuid NOT NULL,
    path          text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, executable_id, computer_id),
    CONSTRAINT executable_computer_executable_id_fkey FOREIGN KEY (tenant_id, executable_id)
        REFERENCES executable (tenant_id, id),
    CONSTRAINT executable_computer_computer_id_fkey FOREIGN KEY (tenant_id, computer_id)
        REFERENCES computer (tenant_id, id)
);
CREATE INDEX executable_computer_of_computer ON executable_computer (tenant_id, computer_id);

-- A script or script host with its command line.
CREATE TABLE script (
    tenant_id     uuid NOT NULL REFERENCES tenant (id),
    id            uuid NOT NULL,
    key           bytea NOT NULL, -- of kind and text
    kind          text NOT NULL CONSTRAINT script_kind_check
                  CHECK (kind IN ('powershell', 'vbscript', 'jscript', 'batch', 'shell', 'python', 'other')),
    host          text NOT NULL, -- powershell.exe, wscript.exe, bash
    command_line  text,
    body          text,          -- of a script block, as far as it is kept
    runs          bigint NOT NULL DEFAULT 1,
    computers     bigint NOT NULL DEFAULT 0,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT script_key_key UNIQUE (tenant_id, key)
);
CREATE INDEX script_by_id ON script (id);
CREATE INDEX script_recent ON script (tenant_id, last_seen_at);

CREATE TABLE script_computer (
    tenant_id     uuid NOT NULL,
    script_id     uuid NOT NULL,
    computer_id   uuid NOT NULL,
    runs          bigint NOT NULL DEFAULT 1,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, script_id, computer_id),
    CONSTRAINT script_computer_script_id_fkey FOREIGN KEY (tenant_id, script_id) REFERENCES script (tenant_id, id),
    CONSTRAINT script_computer_computer_id_fkey FOREIGN KEY (tenant_id, computer_id)
        REFERENCES computer (tenant_id, id)
);
CREATE INDEX script_computer_of_computer ON script_computer (tenant_id, computer_id);

-- An account that was seen at work on a computer.
CREATE TABLE computer_user (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    computer_id   uuid NOT NULL,
    name          text NOT NULL, -- DOMAIN\name, folded
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT computer_user_name_key UNIQUE (tenant_id, name, computer_id),
    CONSTRAINT computer_user_computer_id_fkey FOREIGN KEY (tenant_id, computer_id) REFERENCES computer (tenant_id, id)
);
CREATE INDEX computer_user_by_id ON computer_user (id);
CREATE INDEX computer_user_of_computer ON computer_user (tenant_id, computer_id);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['computer', 'computer_group', 'computer_group_member', 'executable', 'executable_computer',
        'script', 'script_computer', 'computer_user'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api, yagura_jobs, yagura_ingest'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
END $$;
-- The groups that everybody has are rows of the provider.
CREATE POLICY computer_group_shared ON computer_group FOR SELECT TO yagura_api, yagura_jobs, yagura_ingest
    USING (tenant_id = '00000000-0000-7000-8000-000000000001' AND builtin IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON computer, executable, executable_computer, script, script_computer, computer_user
    TO yagura_api, yagura_jobs, yagura_ingest;
GRANT SELECT, INSERT, UPDATE, DELETE ON computer_group, computer_group_member TO yagura_api, yagura_jobs;
GRANT SELECT ON computer_group, computer_group_member TO yagura_ingest;

-- The tree that everybody begins with; their names in the reader's language are the portal's.
INSERT INTO computer_group (tenant_id, id, name, kind, conditions, builtin, created_at, updated_at)
SELECT '00000000-0000-7000-8000-000000000001', ('00000000-0000-7000-8000-00000c000' || lpad(nth::text, 3, '0'))::uuid,
       name, 'dynamic', conditions::jsonb, key, now(), now()
  FROM (VALUES (1, 'all', 'All', '[]'),
               (2, 'lost_found', 'Lost+Found', '[{"field":"grouped","operator":"is","values":["no"]}]'),
               (3, 'windows', 'Windows computers', '[{"field":"os","operator":"is","values":["windows"]}]'),
               (4, 'linux', 'Linux computers', '[{"field":"os","operator":"is","values":["linux"]}]'),
               (5, 'macos', 'Mac computers', '[{"field":"os","operator":"is","values":["macos"]}]'),
               (6, 'problems', 'Computers with problems',
                '[{"field":"score","operator":"at_least","values":["1"]}]'),
               (7, 'silent', 'Silent computers', '[{"field":"silent_days","operator":"at_least","values":["7"]}]'))
       AS g (nth, key, name, conditions);

-- How widespread a file is among all customers: numbers, never whose.
CREATE FUNCTION executable_everywhere(p_hash text)
    RETURNS TABLE (computers bigint, customers bigint, computers_total bigint, first_seen_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(e.computers), 0)::bigint, count(DISTINCT e.tenant_id),
           (SELECT count(*) FROM computer), min(e.first_seen_at)
      FROM executable e WHERE e.hash = p_hash
$$;
REVOKE EXECUTE ON FUNCTION executable_everywhere(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION executable_everywhere(text) TO yagura_api, yagura_jobs;
