-- incidents: what belongs together, told as one story, and worked on until it is over.
--
--     OPEN --> IN_PROGRESS <--> WAITING --> CLOSED --> OPEN (again)

CREATE TABLE incident_counter (
    tenant_id uuid PRIMARY KEY REFERENCES tenant (id),
    last      bigint NOT NULL
);

CREATE TABLE incident (
    tenant_id       uuid NOT NULL REFERENCES tenant (id),
    id              uuid NOT NULL,
    number          bigint NOT NULL, -- AOBA-I12
    title           text NOT NULL,
    title_ja        text NOT NULL,
    titled          boolean NOT NULL DEFAULT false, -- by a person: then the story does not rename it
    summary         text,
    status          text NOT NULL DEFAULT 'open'
                    CONSTRAINT incident_status_check CHECK (status IN ('open', 'in_progress', 'waiting', 'closed')),
    level           int CONSTRAINT incident_level_check CHECK (level BETWEEN 0 AND 4), -- decided by an engineer
    score           int NOT NULL,   -- the worst of its detections
    severity        text CONSTRAINT incident_severity_check CHECK (severity IN ('a', 'b', 'c')), -- proposed for a case
    verdict         text CONSTRAINT incident_verdict_check
                    CHECK (verdict IN ('true_positive', 'false_positive', 'expected', 'test')),
    close_reason    text,
    assignee_id     uuid,
    assignee_name   text,
    tags            text[] NOT NULL DEFAULT '{}',
    rule_id         uuid,           -- of the incident rule that began it; absent: a person did
    rule_name       text,
    opened_by_name  text,
    detections      bigint NOT NULL DEFAULT 0,
    computers       bigint NOT NULL DEFAULT 0,
    tactics         text[] NOT NULL DEFAULT '{}',
    techniques      text[] NOT NULL DEFAULT '{}',
    first_at        timestamptz NOT NULL, -- of its detections
    last_at         timestamptz NOT NULL,
    opened_at       timestamptz NOT NULL,
    taken_at        timestamptz,    -- by the first engineer
    told_at         timestamptz,    -- to the customer
    closed_at       timestamptz,
    merged_into_id  uuid,
    ticket_id       uuid,
    gather_by       text[] NOT NULL, -- by what more of it is known; of its rule
    window_minutes  int NOT NULL,
    layout          jsonb,          -- where nodes of the graph were moved to
    updated_at      timestamptz NOT NULL,
    version         bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT incident_number_key UNIQUE (tenant_id, number),
    CONSTRAINT incident_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX incident_by_id ON incident (id);
CREATE INDEX incident_of_ticket ON incident (tenant_id, ticket_id);
CREATE INDEX incident_recent ON incident (tenant_id, last_at);
CREATE INDEX incident_open ON incident (tenant_id, status, score) WHERE status <> 'closed';

-- What the detections of an incident have in common with others: by these, new ones find their way to it.
CREATE TABLE incident_object (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    incident_id uuid NOT NULL,
    kind        text NOT NULL CONSTRAINT incident_object_kind_check
                CHECK (kind IN ('computer', 'user', 'process', 'executable', 'address', 'domain', 'file', 'rule')),
    value       text NOT NULL, -- folded: a name, a process guid, a hash
    label       text NOT NULL,
    joins       boolean NOT NULL, -- others who share it belong here; else it is only shown
    seen        tstzmultirange NOT NULL DEFAULT '{}', -- the times of its detections, half a window wider on each side
    detections  bigint NOT NULL DEFAULT 0,
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT incident_object_value_key UNIQUE (tenant_id, incident_id, kind, value),
    CONSTRAINT incident_object_incident_id_fkey FOREIGN KEY (tenant_id, incident_id) REFERENCES incident (tenant_id, id)
);
CREATE INDEX incident_object_by_id ON incident_object (id);
CREATE INDEX incident_object_by_value ON incident_object (tenant_id, kind, value);
CREATE INDEX incident_of_rule ON incident (tenant_id, rule_id);

-- The story as people and the platform write it; never changed, only added to.
CREATE TABLE incident_entry (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    incident_id uuid NOT NULL,
    kind        text NOT NULL, -- opened, comment, status, level, assigned, merged, absorbed, split, case, closed …
    internal    boolean NOT NULL DEFAULT false,
    by_staff    boolean NOT NULL DEFAULT false,
    author_id   uuid,
    author_name text,          -- absent: the platform
    body        text,          -- of a comment, Markdown
    sections    jsonb,         -- of a comment after the form: {heading: text}
    detail      jsonb,         -- what else an entry of its kind says
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT incident_entry_incident_id_fkey FOREIGN KEY (tenant_id, incident_id) REFERENCES incident (tenant_id, id)
);
CREATE INDEX incident_entry_by_id ON incident_entry (id);
CREATE INDEX incident_entry_of_incident ON incident_entry (tenant_id, incident_id, at);

-- When detections are an incident: rows, not code. All given conditions must hold for what gathers within the window.
CREATE TABLE incident_rule (
    tenant_id      uuid NOT NULL REFERENCES tenant (id), -- the provider's hold for every customer
    id             uuid NOT NULL,
    name           text NOT NULL,
    name_ja        text NOT NULL,
    enabled        boolean NOT NULL DEFAULT true,
    position       int NOT NULL DEFAULT 100,
    min_score      int,           -- one detection of at least this
    sum_score      int,           -- or all together
    min_detections int,           -- of different rules
    min_tactics    int,           -- different ones: a chain
    tactic_order   text[],        -- seen in this order
    min_computers  int,
    correlation    boolean,       -- only what a correlation rule fired
    rule_keys      text[],        -- only these rules
    gather_by      text[] NOT NULL DEFAULT '{computer,user,process,executable,address,rule}',
    window_minutes int NOT NULL DEFAULT 240,
    severity       text NOT NULL DEFAULT 'b'
                   CONSTRAINT incident_rule_severity_check CHECK (severity IN ('a', 'b', 'c')),
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT incident_rule_name_key UNIQUE (tenant_id, name)
);
CREATE INDEX incident_rule_by_id ON incident_rule (id);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['incident_counter', 'incident', 'incident_object', 'incident_entry', 'incident_rule'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api, yagura_jobs'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
END $$;
CREATE POLICY incident_rule_shared ON incident_rule FOR SELECT TO yagura_api, yagura_jobs
    USING (tenant_id = '00000000-0000-7000-8000-000000000001');
-- An internal entry is not there for the customer's side.
DROP POLICY incident_entry_tenant ON incident_entry;
CREATE POLICY incident_entry_tenant ON incident_entry TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])
           AND (NOT internal OR (SELECT yagura_side()) = 'provider'));
CREATE POLICY incident_entry_jobs ON incident_entry TO yagura_jobs
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON incident_counter, incident, incident_object TO yagura_api, yagura_jobs;
GRANT DELETE ON incident_object TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT ON incident_entry TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_rule TO yagura_api;
GRANT SELECT ON incident_rule TO yagura_jobs;

CREATE FUNCTION incident_number_next(p_tenant uuid) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO incident_counter AS c VALUES (p_tenant, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET last = c.last + 1 RETURNING last
$$;

-- What the provider calls an incident, unless a customer's own rules say otherwise.
INSERT INTO incident_rule (tenant_id, id, name, name_ja, position, min_score, sum_score, min_detections, min_tactics,
                           min_computers, correlation, severity, window_minutes, created_at, updated_at)
SELECT '00000000-0000-7000-8000-000000000001',
       ('00000000-0000-7000-8000-00000c001' || lpad(position::text, 3, '0'))::uuid,
       name, name_ja, position, min_score, sum_score, min_detections, min_tactics, min_computers, correlation, severity,
       window_minutes, now(), now()
  FROM (VALUES
    (10, 'One grave threat', '重大な脅威の検知', 90, NULL::int, NULL::int, NULL::int, NULL::int, NULL::boolean, 'a', 240),
    (20, 'A threat on several computers', '複数のコンピューターでの脅威', 70, NULL, NULL, NULL, 3, NULL, 'a', 240),
    (30, 'A chain of attack steps', '攻撃手順の連鎖', NULL, 120, 3, 3, NULL, NULL, 'b', 240),
    (40, 'A correlation fired', '相関ルールの成立', NULL, NULL, NULL, NULL, NULL, true, 'b', 240))
    AS r (position, name, name_ja, min_score, sum_score, min_detections, min_tactics, min_computers, correlation,
          severity, window_minutes);

-- Who hunts works on what comes of it.
UPDATE builtin_permission_set SET grants = array_replace(grants, 'incidents:use', 'incidents:write')
 WHERE key = 'hunter';
UPDATE permission_set p SET grants = b.grants
  FROM builtin_permission_set b WHERE p.builtin AND p.key = b.key AND p.grants <> b.grants;
