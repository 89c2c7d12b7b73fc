-- reputation: what others know of a file, an address or a name; and figures of detections by the hour.

-- One service that is asked, with the key of this customer (or the provider's, for everybody without one).
CREATE TABLE reputation_source (
    tenant_id     uuid NOT NULL REFERENCES tenant (id),
    id            uuid NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL CONSTRAINT reputation_source_kind_check CHECK (kind IN ('virustotal', 'misp')),
    url           text NOT NULL,
    key_sealed    bytea NOT NULL,
    enabled       boolean NOT NULL DEFAULT true,
    per_minute    int NOT NULL CONSTRAINT reputation_source_per_minute_check CHECK (per_minute BETWEEN 1 AND 10000),
    per_day       int NOT NULL CONSTRAINT reputation_source_per_day_check CHECK (per_day BETWEEN 1 AND 10000000),
    keep_hours    int NOT NULL DEFAULT 168 CONSTRAINT reputation_source_keep_hours_check
                  CHECK (keep_hours BETWEEN 1 AND 8760),    -- of something that was known there
    unknown_hours int NOT NULL DEFAULT 24 CONSTRAINT reputation_source_unknown_hours_check
                  CHECK (unknown_hours BETWEEN 1 AND 8760), -- of what was not
    asked_minute  timestamptz, -- the minute and the day that are being counted
    minute_count  int NOT NULL DEFAULT 0,
    asked_day     date,
    day_count     int NOT NULL DEFAULT 0,
    paused_until  timestamptz, -- it said that it was too much
    trouble       text,        -- why it could not be asked last
    trouble_at    timestamptz,
    answered_at   timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT reputation_source_name_key UNIQUE (tenant_id, name)
);
CREATE INDEX reputation_source_by_id ON reputation_source (id);

-- What a source said of a thing, kept until expires_at.
CREATE TABLE reputation_answer (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    source_id   uuid NOT NULL,
    kind        text NOT NULL CONSTRAINT reputation_answer_kind_check CHECK (kind IN ('hash', 'address', 'domain')),
    value       text NOT NULL,
    state       text NOT NULL CONSTRAINT reputation_answer_state_check
                CHECK (state IN ('waiting', 'known', 'unknown', 'failed')),
    verdict     text CONSTRAINT reputation_answer_verdict_check CHECK (verdict IN ('clean', 'unwanted', 'malicious')),
    malicious   int,
    suspicious  int,
    harmless    int,
    labels      text[] NOT NULL DEFAULT '{}',
    link        text,
    trouble     text,
    asked_at    timestamptz NOT NULL,
    answered_at timestamptz,
    expires_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT reputation_answer_value_key UNIQUE (tenant_id, source_id, kind, value),
    CONSTRAINT reputation_answer_source_id_fkey FOREIGN KEY (tenant_id, source_id)
        REFERENCES reputation_source (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX reputation_answer_by_id ON reputation_answer (id);
CREATE INDEX reputation_answer_of_value ON reputation_answer (tenant_id, kind, value);

-- Pages of others about a thing: {value} stands for the hash, the address or the name.
CREATE TABLE reputation_link (
    tenant_id  uuid NOT NULL REFERENCES tenant (id), -- the provider's are there for everybody
    id         uuid NOT NULL,
    name       text NOT NULL,
    kind       text NOT NULL CONSTRAINT reputation_link_kind_check CHECK (kind IN ('hash', 'address', 'domain')),
    url        text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT reputation_link_name_key UNIQUE (tenant_id, name)
);
CREATE INDEX reputation_link_by_id ON reputation_link (id);
INSERT INTO reputation_link VALUES
    ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000c002001', 'VirusTotal', 'hash',
     'https://www.virustotal.com/gui/file/{value}', now(), now()),
    ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000c002002', 'VirusTotal (IP)', 'address',
     'https://www.virustotal.com/gui/ip-address/{value}', now(), now()),
    ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000c002003', 'VirusTotal (domain)', 'domain',
     'https://www.virustotal.com/gui/domain/{value}', now(), now());

-- How many detections each hour of arrival had, of hours that are over: a dashboard adds a few thousand rows instead
-- of a million. The hours since then are counted where they stand.
CREATE TABLE detection_hour (
    tenant_id  uuid NOT NULL REFERENCES tenant (id),
    hour       timestamptz NOT NULL,
    rule_id    uuid NOT NULL,
    band       text NOT NULL CONSTRAINT detection_hour_band_check CHECK (band IN ('low', 'warning', 'threat')),
    title      text NOT NULL,
    title_ja   text,
    detections bigint NOT NULL,
    PRIMARY KEY (tenant_id, hour, rule_id, band)
);
CREATE TABLE detection_hours_done (
    tenant_id uuid PRIMARY KEY REFERENCES tenant (id),
    until     timestamptz NOT NULL
);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reputation_source', 'reputation_answer', 'reputation_link', 'detection_hour',
        'detection_hours_done'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api, yagura_jobs'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
END $$;
CREATE POLICY reputation_link_shared ON reputation_link FOR SELECT TO yagura_api, yagura_jobs
    USING (tenant_id = '00000000-0000-7000-8000-000000000001');
-- Who serves the API can set a key and never read one.
GRANT SELECT (tenant_id, id, name, kind, url, enabled, per_minute, per_day, keep_hours, unknown_hours, minute_count,
    day_count, asked_day, paused_until, trouble, trouble_at, answered_at, created_at, updated_at, version), INSERT,
    UPDATE, DELETE ON reputation_source TO yagura_api;
GRANT SELECT, UPDATE (asked_minute, minute_count, asked_day, day_count, paused_until, trouble, trouble_at, answered_at)
    ON reputation_source TO yagura_jobs;
GRANT SELECT, INSERT, UPDATE ON reputation_answer TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON reputation_link TO yagura_api;
GRANT SELECT ON reputation_link TO yagura_jobs;
GRANT SELECT, INSERT, DELETE ON detection_hour TO yagura_jobs;
GRANT SELECT, INSERT, UPDATE ON detection_hours_done TO yagura_jobs;
GRANT SELECT ON detection_hour, detection_hours_done TO yagura_api;
