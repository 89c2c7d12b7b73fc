-- telemetry: what computers tell, as it arrived, and who may tell it.
--
-- A batch as it arrives is one segment: a compressed block of the original lines (xdr/segment.h) with what a search has
-- to know of it beside. Tables that grow with telemetry are partitioned by day: their ids are UUIDv7, which begin with
-- the time, so a day is a range of ids, and the primary key stays (tenant_id, id). Retention is dropping a day.

-- ---- days ----

-- The first id that can be made at this time.
CREATE FUNCTION uuid_from_time(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- What is kept by days, and for how long unless a customer's own setting says longer or shorter.
CREATE TABLE day_table (
    name      text PRIMARY KEY,
    keep      text NOT NULL CONSTRAINT day_table_keep_check CHECK (keep IN ('raw', 'detection')),
    keep_days int NOT NULL
);
REVOKE ALL ON day_table FROM PUBLIC;
GRANT SELECT ON day_table TO yagura_api, yagura_jobs, yagura_ingest;

-- How long this customer's telemetry is kept; absent: the platform's own days.
ALTER TABLE tenant ADD COLUMN raw_days int CONSTRAINT tenant_raw_days_check CHECK (raw_days BETWEEN 1 AND 400);
ALTER TABLE tenant ADD COLUMN detection_days int
    CONSTRAINT tenant_detection_days_check CHECK (detection_days BETWEEN 7 AND 1100);
GRANT UPDATE (raw_days, detection_days) ON tenant TO yagura_api;

-- Makes the partitions of one day (UTC) in every table kept by days; what is there already stays.
CREATE FUNCTION day_begin(p_day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    d record;
    part text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('yagura.day_begin'));
    FOR d IN SELECT name FROM day_table LOOP
        part := d.name || to_char(p_day, '_YYYYMMDD');
        CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)', part, d.name,
                       uuid_from_time(p_day::timestamp AT TIME ZONE 'UTC'),
                       uuid_from_time((p_day + 1)::timestamp AT TIME ZONE 'UTC'));
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY %I ON public.%I TO CURRENT_USER USING (true) WITH CHECK (true)', part || '_owner', part);
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', part);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION day_begin(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION day_begin(date) TO yagura_api, yagura_jobs, yagura_ingest;

-- ---- who may send ----

-- A key sends for one customer: for one computer, whose name it is bound to, or as a forwarder for any.
CREATE TABLE ingest_key (
    tenant_id         uuid NOT NULL REFERENCES tenant (id),
    id                uuid NOT NULL,
    name              text NOT NULL,
    kind              text NOT NULL CONSTRAINT ingest_key_kind_check CHECK (kind IN ('host', 'forwarder')),
    host              text,
    key_hash          bytea NOT NULL,
    prefix            text NOT NULL,
    events_per_second int, -- absent: the platform's share for one key
    expires_at        timestamptz,
    revoked_at        timestamptz,
    last_used_at      timestamptz,
    last_used_address text,
    events            bigint NOT NULL DEFAULT 0,
    bytes             bigint NOT NULL DEFAULT 0,
    refused           bigint NOT NULL DEFAULT 0,
    created_by_name   text NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ingest_key_name_key UNIQUE (tenant_id, name),
    CONSTRAINT ingest_key_host_check CHECK ((kind = 'host') = (host IS NOT NULL))
);
CREATE INDEX ingest_key_by_id ON ingest_key (id);
CREATE UNIQUE INDEX ingest_key_by_hash ON ingest_key (key_hash);

-- ---- what was sent ----

CREATE TABLE segment (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL, -- its time is that of arrival
    time_from    timestamptz,   -- of the events themselves; absent when none tells one
    time_to      timestamptz,
    events       bigint NOT NULL,
    raw_bytes    bigint NOT NULL,
    hosts        text[],        -- folded; absent: too many to list
    kinds        text[] NOT NULL,
    filter       bytea NOT NULL,
    body         bytea NOT NULL,
    batches      int NOT NULL DEFAULT 1, -- above 1: merged from so many
    arrived_to   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
-- Both are compressed already, and a filter is read in places.
ALTER TABLE segment ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN filter SET STORAGE EXTERNAL;
CREATE INDEX segment_by_time ON segment (tenant_id, time_to);
INSERT INTO day_table VALUES ('segment', 'raw', 7);

-- A batch is known by the name its sender gave it: sent again it is answered again. Its events stand in a segment from
-- first_event on. An event is (batch, number in it) for as long as raw telemetry is kept, also after merging.
CREATE TABLE ingest_batch (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    key_id       uuid NOT NULL,
    name         text NOT NULL,
    content_hash bytea NOT NULL,
    segment_id   uuid NOT NULL,
    first_event  bigint NOT NULL,
    events       bigint NOT NULL,
    refused      bigint NOT NULL,
    answer       jsonb NOT NULL, -- what the sender was told
    PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX ingest_batch_by_name ON ingest_batch (tenant_id, key_id, name);
CREATE INDEX ingest_batch_of_segment ON ingest_batch (tenant_id, segment_id);
INSERT INTO day_table VALUES ('ingest_batch', 'raw', 7);

-- Events that something relies on, copied before their day goes.
CREATE TABLE evidence (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    noun        text NOT NULL CONSTRAINT evidence_noun_check CHECK (noun IN ('incident', 'detection', 'hunt', 'ticket')),
    object_id   uuid NOT NULL,
    batch_id    uuid NOT NULL,
    event_index bigint NOT NULL,
    event_at    timestamptz,
    event       text NOT NULL, -- the line as it arrived
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT evidence_event_key UNIQUE (tenant_id, noun, object_id, batch_id, event_index)
);
CREATE INDEX evidence_by_id ON evidence (id);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['ingest_key', 'segment', 'ingest_batch', 'evidence'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api, yagura_jobs, yagura_ingest'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
END $$;
GRANT SELECT (tenant_id, id, name, kind, host, prefix, events_per_second, expires_at, revoked_at, last_used_at,
    last_used_address, events, bytes, refused, created_by_name, created_at), INSERT, UPDATE (revoked_at)
    ON ingest_key TO yagura_api;
GRANT SELECT, INSERT ON segment, ingest_batch TO yagura_api, yagura_ingest;
GRANT SELECT, INSERT, DELETE ON segment TO yagura_jobs;
GRANT SELECT, UPDATE (segment_id, first_event) ON ingest_batch TO yagura_jobs;
GRANT SELECT, INSERT ON evidence TO yagura_api, yagura_jobs, yagura_ingest;
GRANT DELETE ON evidence TO yagura_jobs;

SELECT day_begin(d::date) FROM generate_series(current_date - 1, current_date + 2, interval '1 day') d;
