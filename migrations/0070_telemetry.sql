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

-- Makes a table of the day's rows the partition of its day, with the same protection as its parent.
CREATE FUNCTION day_attach(p_name text, p_day date) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    part text := p_name || to_char(p_day, '_YYYYMMDD');
BEGIN
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', p_name, part,
                   uuid_from_time(p_day::timestamp AT TIME ZONE 'UTC'),
                   uuid_from_time((p_day + 1)::timestamp AT TIME ZONE 'UTC'));
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE POLICY %I ON public.%I TO CURRENT_USER USING (true) WITH CHECK (true)', part || '_owner',
                   part);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', part);
END $$;
REVOKE EXECUTE ON FUNCTION day_attach(text, date) FROM PUBLIC;

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
        EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', part, d.name);
        PERFORM day_attach(d.name, p_day);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION day_begin(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION day_begin(date) TO yagura_api, yagura_jobs, yagura_ingest;

-- drops days of telemetry: only those older than what was agreed, and evidence of them was copied before.
-- Lets days go whose time is over. Where customers keep theirs longer, the day is written anew with only their rows;
-- where one keeps it shorter, its rows go before the day does. What is left is told.
CREATE FUNCTION days_expire(p_at timestamptz) RETURNS TABLE (part text, kept boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    today date := (p_at AT TIME ZONE 'UTC')::date;
    d record;
    p record;
    t record;
    keepers uuid[];
    has_kept boolean;
    has_gone boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('yagura.day_begin'));
    FOR d IN SELECT x.name, x.keep, x.keep_days FROM day_table x ORDER BY x.name LOOP
        FOR p IN SELECT c.relname AS name, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
                   FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                  WHERE i.inhparent = format('public.%I', d.name)::regclass AND right(c.relname, 8) ~ '^[0-9]{8}$'
                    AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - d.keep_days ORDER BY 2 LOOP
            keepers := ARRAY(SELECT x.id FROM tenant x
                              WHERE p.day >= today - CASE d.keep WHEN 'raw' THEN x.raw_days ELSE x.detection_days END);
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE tenant_id = ANY ($1)),'
                           ' EXISTS (SELECT FROM public.%I WHERE tenant_id <> ALL ($1))', p.name, p.name)
               INTO has_kept, has_gone USING keepers;
            CONTINUE WHEN has_kept AND NOT has_gone;
            IF has_kept THEN
                EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', p.name || '_kept', d.name);
                EXECUTE format('INSERT INTO public.%I SELECT * FROM public.%I WHERE tenant_id = ANY ($1)',
                               p.name || '_kept', p.name) USING keepers;
            END IF;
            EXECUTE format('DROP TABLE public.%I', p.name);
            IF has_kept THEN
                EXECUTE format('ALTER TABLE public.%I RENAME TO %I', p.name || '_kept', p.name);
                PERFORM day_attach(d.name, p.day);
            END IF;
            part := p.name;
            kept := has_kept;
            RETURN NEXT;
        END LOOP;
        FOR t IN SELECT x.id, CASE d.keep WHEN 'raw' THEN x.raw_days ELSE x.detection_days END AS days FROM tenant x
                  WHERE CASE d.keep WHEN 'raw' THEN x.raw_days ELSE x.detection_days END < d.keep_days LOOP
            EXECUTE format('DELETE FROM public.%I WHERE tenant_id = $1 AND id < $2', d.name)
              USING t.id, uuid_from_time((today - t.days)::timestamp AT TIME ZONE 'UTC');
        END LOOP;
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION days_expire(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION days_expire(timestamptz) TO yagura_jobs;

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

-- The opening of a sender's transaction: finds the key by its hash, refuses what is revoked, expired or suspended, and
-- sets the one tenant that the transaction sees. A key sees no person and holds no permission.
CREATE FUNCTION sender_open(p_hash bytea, p_at timestamptz, p_address text,
    OUT outcome text, OUT key_id uuid, OUT tenant_id uuid, OUT kind text, OUT host text, OUT name text,
    OUT events_per_second bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    k record;
BEGIN
    PERFORM set_config('yagura.tenants', '{}', true), set_config('yagura.grants', '{}', true),
            set_config('yagura.person', '', true), set_config('yagura.home', '', true),
            set_config('yagura.side', '', true);
    outcome := 'unknown';
    SELECT x.tenant_id, x.id, x.kind, x.host, x.name, x.events_per_second, x.last_used_at,
           coalesce(x.expires_at <= p_at, false) AS expired, t.status AS tenant_status
      INTO k FROM ingest_key x JOIN tenant t ON t.id = x.tenant_id
     WHERE x.key_hash = p_hash AND x.revoked_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    outcome := CASE WHEN k.expired THEN 'expired' WHEN k.tenant_status IN ('suspended', 'ended') THEN 'suspended'
                    ELSE 'open' END;
    IF outcome <> 'open' THEN
        RETURN;
    END IF;
    key_id := k.id; tenant_id := k.tenant_id; kind := k.kind; host := k.host; name := k.name;
    events_per_second := k.events_per_second;
    PERFORM set_config('yagura.tenants', ARRAY[k.tenant_id]::text, true);
    -- To the minute, and never waiting for another batch of the same key.
    IF p_address IS NOT NULL AND (k.last_used_at IS NULL OR k.last_used_at < p_at - interval '1 minute') THEN
        UPDATE ingest_key x SET last_used_at = p_at, last_used_address = p_address
         WHERE (x.tenant_id, x.id) = (SELECT l.tenant_id, l.id FROM ingest_key l
                                       WHERE l.tenant_id = k.tenant_id AND l.id = k.id FOR UPDATE SKIP LOCKED);
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION sender_open(bytea, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sender_open(bytea, timestamptz, text) TO yagura_api, yagura_ingest;

-- Telemetry is a function of its own in the permission sets: who may write makes keys, who may read reads events.
UPDATE builtin_permission_set b SET grants = b.grants || g.telemetry
  FROM (VALUES ('administrator', 'telemetry:write'), ('duty_lead', 'telemetry:write'), ('engineer', 'telemetry:read'),
               ('hunter', 'telemetry:read'), ('auditor', 'telemetry:read'),
               ('customer_administrator', 'telemetry:write'), ('customer_contact', 'telemetry:read'),
               ('customer_reader', 'telemetry:read')) AS g (key, telemetry)
 WHERE b.key = g.key;
UPDATE permission_set p SET grants = b.grants
  FROM builtin_permission_set b WHERE p.builtin AND p.key = b.key AND p.grants <> b.grants;

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
    noun        text NOT NULL CONSTRAINT evidence_noun_check
                CHECK (noun IN ('incident', 'detection', 'hunt', 'ticket')),
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
    last_used_address, events, bytes, refused, created_by_name, created_at), INSERT,
    UPDATE (revoked_at, events, bytes, refused) ON ingest_key TO yagura_api;
GRANT SELECT (tenant_id, id, events, bytes, refused), UPDATE (events, bytes, refused) ON ingest_key TO yagura_ingest;
GRANT SELECT, INSERT ON segment, ingest_batch TO yagura_api, yagura_ingest;
GRANT SELECT, INSERT, DELETE ON segment TO yagura_jobs;
GRANT SELECT, UPDATE (segment_id, first_event) ON ingest_batch TO yagura_jobs;
GRANT SELECT, INSERT ON evidence TO yagura_api, yagura_jobs, yagura_ingest;
GRANT DELETE ON evidence TO yagura_jobs;

SELECT day_begin(d::date) FROM generate_series(current_date - 1, current_date + 2, interval '1 day') d;

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'storage_upkeep', '{}', 'storage_upkeep', now(), now()),
       (gen_random_uuid(), 'segment_merge', '{}', 'segment_merge', now(), now());
