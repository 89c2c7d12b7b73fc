-- identity_upkeep: what a list of people shows, asked once per statement instead of once per row; and what may be
-- forgotten.

-- "people:write" stands for "people:use" and "people:read", too: with these spelled out, holding enough is <@.
-- plpgsql, which keeps its plans: these run with every list.
CREATE FUNCTION grants_reach(p_grants text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    g text;
    noun text;
    reach text[] := '{}';
BEGIN
    FOREACH g IN ARRAY p_grants LOOP
        noun := split_part(g, ':', 1);
        reach := reach || g || CASE split_part(g, ':', 2) WHEN 'write' THEN ARRAY[noun || ':use', noun || ':read']
                                                          WHEN 'use' THEN ARRAY[noun || ':read'] ELSE '{}' END;
    END LOOP;
    RETURN reach;
END $$;

-- Whose sign-in is held back at the moment, among those the transaction sees.
CREATE FUNCTION person_locks() RETURNS TABLE (tenant_id uuid, person_id uuid, blocked_until timestamptz)
    LANGUAGE plpgsql STABLE ROWS 5 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT l.tenant_id, l.person_id, max(a.blocked_until)
      FROM sign_in_attempt a JOIN login l USING (email_key)
     WHERE a.blocked_until > yagura_at() AND l.tenant_id = ANY ((SELECT yagura_tenants())::uuid[])
     GROUP BY l.tenant_id, l.person_id;
END $$;
CREATE INDEX sign_in_attempt_blocked ON sign_in_attempt (blocked_until) WHERE blocked_until IS NOT NULL;

REVOKE ALL ON FUNCTION grants_reach(text[]), person_locks() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION grants_reach(text[]), person_locks() TO yagura_api;

-- What the service no longer needs to remember. A bounded bite each time, so that no call is long.
CREATE INDEX person_token_by_age ON person_token (expires_at);
CREATE INDEX oidc_state_by_age ON oidc_state (expires_at);
CREATE INDEX session_by_age ON session (expires_at);
CREATE FUNCTION identity_sweep(p_at timestamptz) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM session WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM session WHERE expires_at < p_at - interval '7 days' LIMIT 5000);
    DELETE FROM person_token WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM person_token WHERE expires_at < p_at - interval '30 days' LIMIT 5000);
    DELETE FROM oidc_state WHERE (tenant_id, state_hash) IN (
        SELECT tenant_id, state_hash FROM oidc_state WHERE expires_at < p_at LIMIT 5000);
    DELETE FROM sign_in_attempt WHERE (email_key, place) IN (
        SELECT email_key, place FROM sign_in_attempt WHERE last_at < p_at - interval '2 days' LIMIT 5000);
$$;
REVOKE ALL ON FUNCTION identity_sweep(timestamptz) FROM PUBLIC;

-- The workers call core_sweep; each part that has something to forget adds itself here.
ALTER FUNCTION core_sweep(timestamptz) RENAME TO core_sweep_own;
CREATE FUNCTION core_sweep(p_at timestamptz) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT core_sweep_own(p_at);
    SELECT identity_sweep(p_at);
$$;
REVOKE ALL ON FUNCTION core_sweep(timestamptz), core_sweep_own(timestamptz) FROM PUBLIC, yagura_jobs;
GRANT EXECUTE ON FUNCTION core_sweep(timestamptz) TO yagura_jobs;
