-- How old a password may become, per organisation; NULL: as old as it likes. The next sign-in with an older one stands
-- in the stage 'password' until it is replaced. Who came through an identity provider has no part in it.
ALTER TABLE tenant ADD COLUMN password_max_days int
    CONSTRAINT tenant_password_max_days_check CHECK (password_max_days BETWEEN 1 AND 3650);
GRANT UPDATE (password_max_days) ON tenant TO yagura_api;

ALTER TABLE session ADD COLUMN by_password boolean NOT NULL DEFAULT true;
ALTER TABLE session DROP CONSTRAINT session_stage_check;
ALTER TABLE session ADD CONSTRAINT session_stage_check
    CHECK (stage IN ('totp_enrolment', 'totp', 'password', 'complete'));

-- As before, and how the person came; the function of before stays for the binary of before.
CREATE FUNCTION session_start(p_id uuid, p_tenant uuid, p_person uuid, p_hash bytea, p_stage text, p_at timestamptz,
    p_expires timestamptz, p_second_factor timestamptz, p_address text, p_agent text, p_by_password boolean)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT session_start(p_id, p_tenant, p_person, p_hash, p_stage, p_at, p_expires, p_second_factor, p_address,
                         p_agent);
    UPDATE session SET by_password = p_by_password
     WHERE tenant_id = p_tenant AND id = p_id AND person_reachable(p_tenant, p_person)
$$;

-- When the password by which this session began is too old; NULL: never, or it began otherwise.
CREATE FUNCTION session_password_due(p_tenant uuid, p_id uuid) RETURNS timestamptz LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(c.password_changed_at, p.created_at) + make_interval(days => t.password_max_days)
      FROM session s
      JOIN tenant t ON t.id = s.tenant_id
      JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id
      JOIN person_credential c ON c.tenant_id = s.tenant_id AND c.person_id = s.person_id
     WHERE s.tenant_id = p_tenant AND s.id = p_id AND s.by_password AND c.password_hash IS NOT NULL
       AND person_reachable(p_tenant, s.person_id)
$$;

REVOKE ALL ON FUNCTION session_start(uuid, uuid, uuid, bytea, text, timestamptz, timestamptz, timestamptz, text, text,
    boolean), session_password_due(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_start(uuid, uuid, uuid, bytea, text, timestamptz, timestamptz, timestamptz, text,
    text, boolean), session_password_due(uuid, uuid) TO yagura_api;
