-- detections: rules, what each customer does with them, and what they found.

-- ---- rules ----

-- A rule of the provider is there for every customer; one of a customer runs on that customer's events alone. The text
-- is the truth; what stands beside it was read out of it when it was saved.
CREATE TABLE rule (
    tenant_id      uuid NOT NULL REFERENCES tenant (id),
    id             uuid NOT NULL,
    key            text NOT NULL, -- the id it carries itself
    language       text NOT NULL CONSTRAINT rule_language_check CHECK (language IN ('sigma', 'xml')),
    title          text NOT NULL,
    title_ja       text,
    description    text,
    description_ja text,
    level          text,
    score          int NOT NULL CONSTRAINT rule_score_check CHECK (score BETWEEN 1 AND 100),
    techniques     text[] NOT NULL DEFAULT '{}', -- T1059.001
    tactics        text[] NOT NULL DEFAULT '{}', -- execution
    tags           text[] NOT NULL DEFAULT '{}',
    product        text,
    category       text,
    service        text,
    body           text NOT NULL,
    tests          jsonb,         -- {"match": [event], "no_match": [event]}
    origin         text NOT NULL CONSTRAINT rule_origin_check CHECK (origin IN ('starter', 'imported', 'own')),
    state          text NOT NULL CONSTRAINT rule_state_check CHECK (state IN ('draft', 'testing', 'active', 'retired')),
    correlates     boolean NOT NULL DEFAULT false,
    author_name    text NOT NULL,
    note           text,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT rule_key_key UNIQUE (tenant_id, key)
);
CREATE INDEX rule_by_id ON rule (id);

-- Every text a rule ever had.
CREATE TABLE rule_version (
    tenant_id   uuid NOT NULL,
    rule_id     uuid NOT NULL,
    version     bigint NOT NULL,
    body        text NOT NULL,
    state       text NOT NULL,
    author_name text NOT NULL,
    note        text,
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, rule_id, version),
    CONSTRAINT rule_version_rule_id_fkey FOREIGN KEY (tenant_id, rule_id) REFERENCES rule (tenant_id, id)
);

-- What one customer does with a rule of the provider: switched off, or judged otherwise.
CREATE TABLE rule_setting (
    tenant_id  uuid NOT NULL REFERENCES tenant (id),
    id         uuid NOT NULL,
    rule_id    uuid NOT NULL, -- of the provider, or own
    enabled    boolean NOT NULL DEFAULT true,
    score      int CONSTRAINT rule_setting_score_check CHECK (score BETWEEN 1 AND 100),
    reason     text NOT NULL,
    by_name    text NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT rule_setting_rule_id_key UNIQUE (tenant_id, rule_id)
);
CREATE INDEX rule_setting_by_id ON rule_setting (id);

-- ---- exclusions: conditions under which a match of a rule is no detection ----
--
--     DRAFT --> WAITING (for the customer) --> ACTIVE --> ENDED      or REJECTED; past expires_at it no longer holds

CREATE TABLE exclusion (
    tenant_id        uuid NOT NULL REFERENCES tenant (id), -- the provider's hold for every customer
    id               uuid NOT NULL,
    title            text NOT NULL,
    rule_id          uuid,              -- absent: of any rule
    scope            text NOT NULL DEFAULT 'all'
                     CONSTRAINT exclusion_scope_check CHECK (scope IN ('all', 'group', 'computer')),
    scope_id         uuid,              -- of the computer or its group
    conditions       jsonb,             -- of the wizard: [{field, operator, value, enabled}]
    body             text NOT NULL,     -- the condition in the rule language, made from them or written
    language         text NOT NULL CONSTRAINT exclusion_language_check CHECK (language IN ('sigma', 'xml')),
    state            text NOT NULL CONSTRAINT exclusion_state_check
                     CHECK (state IN ('draft', 'waiting', 'active', 'rejected', 'ended')),
    reason           text NOT NULL,
    from_detection_id uuid,
    learned          boolean NOT NULL DEFAULT false, -- proposed by learning mode
    acknowledgement  text,              -- why it may hide what was judged a true positive
    author_id        uuid,
    author_name      text NOT NULL,
    decided_by_name  text,
    decided_at       timestamptz,
    decision         text,
    expires_at       timestamptz,
    hits             bigint NOT NULL DEFAULT 0, -- see match_count
    last_hit_at      timestamptz,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX exclusion_by_id ON exclusion (id);
CREATE INDEX exclusion_of_rule ON exclusion (rule_id);

-- Learning mode: until then a customer's detections become proposals of exclusions, which do not hold by themselves.
ALTER TABLE tenant ADD COLUMN learning_until timestamptz;
GRANT UPDATE (learning_until) ON tenant TO yagura_api;

-- Grows with each change of the above, so that every process knows when to compile anew (NOTIFY yagura_rules).
CREATE TABLE rule_generation (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint NOT NULL
);
INSERT INTO rule_generation VALUES (true, 1);
REVOKE ALL ON rule_generation FROM PUBLIC;
GRANT SELECT ON rule_generation TO yagura_api, yagura_jobs, yagura_ingest;
CREATE FUNCTION rule_generation_next() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE rule_generation SET number = number + 1;
    PERFORM pg_notify('yagura_rules', '');
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION rule_generation_next() FROM PUBLIC;
CREATE TRIGGER rule_changed AFTER INSERT OR UPDATE OR DELETE ON rule
    FOR EACH STATEMENT EXECUTE FUNCTION rule_generation_next();
CREATE TRIGGER rule_setting_changed AFTER INSERT OR UPDATE OR DELETE ON rule_setting
    FOR EACH STATEMENT EXECUTE FUNCTION rule_generation_next();
CREATE TRIGGER exclusion_changed AFTER INSERT OR DELETE OR
    UPDATE OF rule_id, scope, scope_id, body, language, state, expires_at ON exclusion
    FOR EACH STATEMENT EXECUTE FUNCTION rule_generation_next();

-- ---- what was found ----

-- One thing that happened, however often: same rule, same computer, same process image and command line. It gathers
-- occurrences until it is resolved or a day has passed; then the next occurrence begins another.
CREATE TABLE detection (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL, -- its time is that of arrival
    rule_id        uuid NOT NULL,
    rule_key       text NOT NULL,
    rule_version   bigint NOT NULL,
    title          text NOT NULL,
    title_ja       text,
    score          int NOT NULL, -- 1-39 low, 40-69 warning, 70-100 threat
    techniques     text[] NOT NULL DEFAULT '{}',
    tactics        text[] NOT NULL DEFAULT '{}',
    computer_id    uuid,
    computer_name  text,
    user_name      text,
    process_name   text,
    process_path   text,
    process_guid   text,
    process_id     bigint,
    parent_path    text,
    parent_guid    text,
    command_line   text,
    sha256         text,
    sha1           text,
    md5            text,
    addresses      text[] NOT NULL DEFAULT '{}', -- remote addresses and domain names of the event
    target         text,                         -- file, key or pipe the event is about
    kind           text,                         -- process_creation
    matched        jsonb NOT NULL DEFAULT '[]',  -- [{field, value}] the condition read
    batch_id       uuid,                         -- absent: a correlation's
    event_index    bigint,
    event          text,                         -- the first event as it arrived
    occurrences    bigint NOT NULL DEFAULT 1,
    first_at       timestamptz NOT NULL, -- by the event's own time
    last_at        timestamptz NOT NULL,
    arrived_at     timestamptz NOT NULL,
    status         text NOT NULL DEFAULT 'new'
                   CONSTRAINT detection_status_check CHECK (status IN ('new', 'in_progress', 'resolved')),
    verdict        text CONSTRAINT detection_verdict_check
                   CHECK (verdict IN ('true_positive', 'false_positive', 'expected', 'test')),
    assignee_id    uuid,
    assignee_name  text,
    resolved_by_name text,
    resolved_at    timestamptz,
    reason         text,
    incident_id    uuid,
    origin         text NOT NULL DEFAULT 'rule'
                   CONSTRAINT detection_origin_check CHECK (origin IN ('rule', 'correlation', 'product', 'hunt')),
    updated_at     timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX detection_by_id ON detection (id);
CREATE INDEX detection_recent ON detection (tenant_id, last_at);
CREATE INDEX detection_everywhere ON detection (last_at, id); -- the queue over all customers
CREATE INDEX detection_by_score ON detection (score, last_at, id) WHERE status <> 'resolved';
CREATE INDEX detection_open ON detection (tenant_id, computer_id, score) WHERE status <> 'resolved';
CREATE INDEX detection_of_file ON detection (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX detection_of_computer ON detection (tenant_id, computer_id, last_at);
CREATE INDEX detection_of_incident ON detection (tenant_id, incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX detection_of_rule ON detection (rule_id, last_at);
CREATE INDEX detection_ungathered ON detection (tenant_id, arrived_at) WHERE incident_id IS NULL AND status = 'new';
INSERT INTO day_table VALUES ('detection', 'detection', 31);

-- Which detection gathers the occurrences of a thing right now.
CREATE TABLE detection_group (
    tenant_id    uuid NOT NULL,
    key          bytea NOT NULL,
    detection_id uuid NOT NULL,
    first_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX detection_group_of_detection ON detection_group (tenant_id, detection_id);

-- Where each occurrence's event stands. Of a thing that goes on and on the first thousand of a day; the count goes on.
CREATE TABLE detection_occurrence (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    detection_id uuid NOT NULL,
    batch_id     uuid NOT NULL,
    event_index  bigint NOT NULL,
    at           timestamptz NOT NULL,
    process_guid text,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX detection_occurrence_of_detection ON detection_occurrence (tenant_id, detection_id, at);
INSERT INTO day_table VALUES ('detection_occurrence', 'detection', 31);

-- What correlations read: kept as long as the longest timespan of a rule.
CREATE TABLE observation (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    rule_id     uuid NOT NULL,
    at          timestamptz NOT NULL,
    computer_name text,
    fields      jsonb NOT NULL, -- the fields that correlations group by and count
    batch_id    uuid NOT NULL,
    event_index bigint NOT NULL,
    part        text,           -- which rule of the row, where its text holds several
    taken       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX observation_in_order ON observation (tenant_id, rule_id, at);
CREATE INDEX observation_waiting ON observation (tenant_id, id) WHERE NOT taken;
INSERT INTO day_table VALUES ('observation', 'raw', 7);

-- What batches counted, to be added up by a job: rows are only ever added here, so that batches never wait for each
-- other's counters. Of an exclusion of the provider each customer's own count goes this way, too.
CREATE TABLE match_count (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    rule_id      uuid NOT NULL,
    exclusion_id uuid,          -- what hid them; absent: seen
    matches      bigint NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- How often a rule matches at a customer, by days (UTC); of rules that are tested, too.
CREATE TABLE rule_figure (
    tenant_id uuid NOT NULL,
    rule_id   uuid NOT NULL,
    day       date NOT NULL,
    seen      bigint NOT NULL DEFAULT 0,
    hidden    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, rule_id, day)
);
CREATE INDEX rule_figure_of_rule ON rule_figure (rule_id, day);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['rule', 'rule_version', 'rule_setting', 'exclusion', 'detection', 'detection_group',
        'detection_occurrence', 'observation', 'match_count', 'rule_figure'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api, yagura_jobs, yagura_ingest'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
    -- The provider's rules can be read by all: they are what everybody is protected by.
    FOREACH t IN ARRAY ARRAY['rule', 'rule_version'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yagura_api, yagura_jobs, yagura_ingest'
                       ' USING (tenant_id = ''00000000-0000-7000-8000-000000000001'')', t || '_shared', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON rule, rule_setting, exclusion, detection, detection_group TO yagura_api, yagura_jobs;
GRANT DELETE ON rule_setting, detection_group TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT ON rule_version TO yagura_api, yagura_jobs;
GRANT SELECT ON rule, rule_setting, exclusion TO yagura_ingest;
GRANT INSERT ON match_count TO yagura_api, yagura_ingest;
GRANT SELECT, INSERT, DELETE ON match_count TO yagura_jobs;
GRANT SELECT ON rule_figure TO yagura_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON rule_figure TO yagura_jobs;
GRANT SELECT, INSERT, UPDATE ON detection, detection_group TO yagura_ingest;
GRANT SELECT, INSERT ON detection_occurrence, observation TO yagura_api, yagura_jobs, yagura_ingest;
GRANT UPDATE (taken), DELETE ON observation TO yagura_jobs;
GRANT DELETE ON exclusion TO yagura_api;

SELECT day_begin(d::date) FROM generate_series(current_date - 1, current_date + 2, interval '1 day') d;
