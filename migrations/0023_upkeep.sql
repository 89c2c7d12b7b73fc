-- upkeep: what is done now and then without anybody asking: telling people of API keys that are about to end, and
-- letting go of mails whose time has passed.

CREATE TABLE api_key_reminder (
    tenant_id  uuid NOT NULL,
    api_key_id uuid NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, api_key_id),
    FOREIGN KEY (tenant_id, api_key_id) REFERENCES api_key (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE api_key_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_key_reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY api_key_reminder_owner ON api_key_reminder TO CURRENT_USER USING (true);

-- Keys that end within two weeks, once each, with whom to tell: the person they belong to; for a service account, which
-- has no mailbox, those who administrate its tenant. Keys that live for days only are nobody's surprise.
CREATE FUNCTION api_keys_to_remind(p_at timestamptz)
    RETURNS TABLE (tenant_id uuid, person_id uuid, name text, email text, language text, time_zone text,
                   key_name text, key_prefix text, expires_at timestamptz)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH due AS (
        INSERT INTO api_key_reminder AS r (tenant_id, api_key_id, at)
        SELECT k.tenant_id, k.id, p_at
          FROM api_key k JOIN person o ON o.tenant_id = k.tenant_id AND o.id = k.person_id
         WHERE k.revoked_at IS NULL AND o.status = 'active'
           AND k.expires_at > p_at AND k.expires_at <= p_at + interval '14 days'
           AND k.expires_at - k.created_at > interval '15 days'
           AND NOT EXISTS (SELECT FROM api_key_reminder x WHERE x.tenant_id = k.tenant_id AND x.api_key_id = k.id)
         LIMIT 200
            ON CONFLICT DO NOTHING
        RETURNING r.tenant_id, r.api_key_id
    )
    SELECT p.tenant_id, p.id, p.name, p.email, p.language, p.time_zone, k.name, k.prefix, k.expires_at
      FROM due d
      JOIN api_key k ON k.tenant_id = d.tenant_id AND k.id = d.api_key_id
      JOIN person o ON o.tenant_id = k.tenant_id AND o.id = k.person_id
      JOIN person p ON p.tenant_id = o.tenant_id AND p.status = 'active' AND p.email IS NOT NULL
       AND (p.id = o.id OR o.kind = 'service' AND EXISTS (
            SELECT FROM person_permission_set m
              JOIN permission_set s ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id
             WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id
               AND grants_cover(s.grants, ARRAY['api_keys:write'])))
$$;
REVOKE EXECUTE ON FUNCTION api_keys_to_remind(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_keys_to_remind(timestamptz) TO yagura_jobs;

-- A bounded bite each time. Waiting mails stay.
CREATE FUNCTION mail_sweep(p_before timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM mail WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM mail WHERE state <> 'queued' AND updated_at < p_before
        LIMIT 5000 FOR UPDATE SKIP LOCKED);
$$;
REVOKE EXECUTE ON FUNCTION mail_sweep(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_sweep(timestamptz) TO yagura_jobs;
CREATE INDEX mail_by_age ON mail (updated_at) WHERE state <> 'queued';

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'upkeep', '{}', 'upkeep', now(), now());
