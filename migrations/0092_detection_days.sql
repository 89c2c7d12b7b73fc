-- detection_days: the figures of a dashboard are read from rows that are few however many rules there are: hours of
-- each band, and days (UTC) of each rule.

-- drops figures alone: they are counted again from the detections themselves.
DROP TABLE detection_hour;
CREATE TABLE detection_hour (
    tenant_id  uuid NOT NULL REFERENCES tenant (id),
    hour       timestamptz NOT NULL,
    band       text NOT NULL CONSTRAINT detection_hour_band_check CHECK (band IN ('low', 'warning', 'threat')),
    detections bigint NOT NULL,
    PRIMARY KEY (tenant_id, hour, band)
);
CREATE TABLE detection_rule_day (
    tenant_id  uuid NOT NULL REFERENCES tenant (id),
    day        date NOT NULL,
    rule_id    uuid NOT NULL,
    band       text NOT NULL CONSTRAINT detection_rule_day_band_check CHECK (band IN ('low', 'warning', 'threat')),
    title      text NOT NULL,
    title_ja   text,
    detections bigint NOT NULL,
    PRIMARY KEY (tenant_id, day, rule_id, band)
);
-- What is over is counted again, from what is there.
DELETE FROM detection_hours_done;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['detection_hour', 'detection_rule_day'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api, yagura_jobs'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON detection_hour, detection_rule_day TO yagura_jobs;
GRANT SELECT ON detection_hour, detection_rule_day TO yagura_api;

-- The dashboard's figures of programs: counted from an index alone, and the newest rare ones found by one.
CREATE INDEX executable_figures ON executable (tenant_id, computers, verdict);
CREATE INDEX executable_rare ON executable (first_seen_at DESC) WHERE computers <= 2;

-- As executable_everywhere, without counting all computers there are.
CREATE FUNCTION executable_spread(p_hash text) RETURNS TABLE (computers bigint, customers bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(e.computers), 0)::bigint, count(DISTINCT e.tenant_id) FROM executable e WHERE e.hash = p_hash
$$;
REVOKE EXECUTE ON FUNCTION executable_spread(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION executable_spread(text) TO yagura_api, yagura_jobs;
