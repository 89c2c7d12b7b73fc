-- audit: the only way into the log, and the proof that nobody went another.
--
--     hash(n) = sha256(hash(n-1) || canonical text of entry n)        hash(0) = 32 zero bytes
--
-- The tenant's head row is locked from the entry to the commit: entries of one tenant stand in one order, without gaps
-- (a rollback takes its number back). Nobody holds UPDATE or DELETE; an owner who used them anyway breaks the chain.

-- Everything but the hash. jsonb spells itself one way only; times are spelled in UTC, whatever the session's zone.
CREATE FUNCTION audit_canonical(e audit_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT convert_to(jsonb_build_array(e.tenant_id, e.seq, e.id,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor_id, e.actor_name, e.on_behalf_of,
        e.address, e.action, e.object_type, e.object_id, e.object_name, e.change, e.result)::text, 'UTF8')
$$;

CREATE FUNCTION audit_append(p_tenant uuid, p_id uuid, p_at timestamptz, p_actor uuid, p_actor_name text,
    p_on_behalf_of text, p_address text, p_action text, p_object_type text, p_object uuid, p_object_name text,
    p_change jsonb, p_result text) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head audit_head;
    e audit_entry;
BEGIN
    INSERT INTO audit_head VALUES (p_tenant, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_head WHERE tenant_id = p_tenant FOR UPDATE;
    e.tenant_id := p_tenant; e.seq := head.seq + 1; e.id := p_id; e.at := p_at; e.actor_id := p_actor;
    e.actor_name := p_actor_name; e.on_behalf_of := p_on_behalf_of; e.address := p_address; e.action := p_action;
    e.object_type := p_object_type; e.object_id := p_object; e.object_name := p_object_name; e.change := p_change;
    e.result := p_result; e.previous := head.hash;
    e.hash := sha256(head.hash || audit_canonical(e));
    INSERT INTO audit_entry VALUES (e.*);
    UPDATE audit_head SET seq = e.seq, hash = e.hash WHERE tenant_id = p_tenant;
END $$;

CREATE FUNCTION audit_heads() RETURNS SETOF audit_head LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT * FROM audit_head $$;

-- Walks every chain the caller may see (all, for the owner): how long it is and the first entry that does not fit.
CREATE FUNCTION audit_verify()
RETURNS TABLE (tenant_id uuid, tenant_name text, entries bigint, broken_seq bigint, head_hash text)
LANGUAGE sql STABLE AS $$
    WITH link AS (
        SELECT e.tenant_id, e.seq, e.hash = sha256(e.previous || audit_canonical(e))
               AND e.previous = lag(e.hash, 1, decode(repeat('00', 32), 'hex')) OVER w
               AND e.seq = lag(e.seq, 1, 0::bigint) OVER w + 1 AS fits, e.hash
          FROM audit_entry e WINDOW w AS (PARTITION BY e.tenant_id ORDER BY e.seq)),
    chain AS (
        SELECT l.tenant_id, count(*) AS entries, min(l.seq) FILTER (WHERE NOT fits) AS broken_seq,
               max(l.seq) AS last_seq, (array_agg(l.hash ORDER BY l.seq DESC))[1] AS last_hash
          FROM link l GROUP BY l.tenant_id)
    SELECT t.id, t.name, coalesce(c.entries, 0),
           coalesce(c.broken_seq, CASE WHEN coalesce(c.last_seq, 0) IS DISTINCT FROM coalesce(h.seq, 0)
                                         OR c.last_hash IS DISTINCT FROM h.hash THEN coalesce(c.last_seq, 0) + 1 END),
           encode(c.last_hash, 'hex')
      FROM tenant t LEFT JOIN chain c ON c.tenant_id = t.id LEFT JOIN audit_heads() h ON h.tenant_id = t.id
$$;

REVOKE ALL ON FUNCTION audit_verify(), audit_heads(), audit_canonical(audit_entry),
    audit_append(uuid, uuid, timestamptz, uuid, text, text, text, text, text, uuid, text, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    audit_append(uuid, uuid, timestamptz, uuid, text, text, text, text, text, uuid, text, jsonb, text)
    TO yagura_api, yagura_jobs, yagura_ingest;
GRANT EXECUTE ON FUNCTION audit_verify(), audit_heads(), audit_canonical(audit_entry) TO yagura_api, yagura_jobs;
