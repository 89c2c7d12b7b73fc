-- sign_in: the functions that alone reach passwords, second factors, sessions, tokens and attempts.
--
-- Each runs as the owner, with a search path of its own, and is open to yagura_api only. Those that touch one person
-- ask person_reachable first: the transaction sees that person's tenant, or serves that very person. The time is
-- always an argument: the service's clock decides, not the database's.

CREATE FUNCTION person_reachable(p_tenant uuid, p_person uuid) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT coalesce(p_tenant = ANY (yagura_tenants()), false) OR coalesce(p_person = yagura_person(), false) $$;

-- ---- who asks ----

CREATE FUNCTION principal_grants(p_tenant uuid, p_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT g), '{}')
      FROM person_permission_set m
      JOIN permission_set p ON p.tenant_id = m.tenant_id AND p.id = m.permission_set_id, unnest(p.grants) g
     WHERE m.tenant_id = p_tenant AND m.person_id = p_person
$$;

-- "people:write" as a number: 1 read, 2 use, 3 write.
CREATE FUNCTION grant_rank(p_grants text[], p_function text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_function || ':write' = ANY (p_grants) THEN 3 WHEN p_function || ':use' = ANY (p_grants) THEN 2
                WHEN p_function || ':read' = ANY (p_grants) THEN 1 ELSE 0 END
$$;

-- No more than the cap: an API key ends with its scopes, a look as the customer with what their administrator may do.
CREATE FUNCTION grants_capped(p_grants text[], p_cap text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(f || ':' || (ARRAY['read', 'use', 'write'])[least(grant_rank(p_grants, f),
                                                                                grant_rank(p_cap, f))]), '{}')
      FROM (SELECT DISTINCT split_part(g, ':', 1) AS f FROM unnest(p_grants) g) own
     WHERE least(grant_rank(p_grants, f), grant_rank(p_cap, f)) > 0
$$;

CREATE FUNCTION grants_cover(p_grants text[], p_needed text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(bool_and(grant_rank(p_grants, split_part(g, ':', 1)) >=
                             grant_rank(ARRAY[g], split_part(g, ':', 1))), true)
      FROM unnest(p_needed) g
$$;

-- The credential with everything that hangs on it, in one statement each: this runs in front of every request.
CREATE FUNCTION principal_open(p_hash bytea, p_kind text, p_at timestamptz, p_address text, p_narrow uuid,
    OUT outcome text, OUT credential_id uuid, OUT person_id uuid, OUT tenant_id uuid, OUT acting_tenant_id uuid,
    OUT side text, OUT stage text, OUT name text, OUT email text, OUT time_zone text, OUT language text,
    OUT second_factor_at timestamptz, OUT all_tenants boolean, OUT tenant_ids uuid[], OUT grants text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    c record;
BEGIN
    PERFORM set_config('yagura.tenants', '{}', true), set_config('yagura.grants', '{}', true),
            set_config('yagura.person', '', true), set_config('yagura.home', '', true),
            set_config('yagura.side', '', true);
    all_tenants := false;
    outcome := 'unknown';
    IF p_kind = 'session' THEN
        SELECT x.tenant_id, x.id, x.person_id, x.stage, x.second_factor_at, x.acting_tenant_id, NULL::text[] AS scopes,
               x.last_seen_at AS used_at,
               x.expires_at <= p_at OR x.last_seen_at + interval '12 hours' <= p_at AS expired,
               p.name, p.email, p.time_zone, p.language, p.status, p.all_tenants, t.kind, t.status AS tenant_status,
               ARRAY(SELECT unnest(s.grants) FROM person_permission_set m JOIN permission_set s
                         ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id
                      WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id) AS grants
          INTO c FROM session x
          JOIN person p ON p.tenant_id = x.tenant_id AND p.id = x.person_id JOIN tenant t ON t.id = x.tenant_id
         WHERE x.token_hash = p_hash AND x.revoked_at IS NULL;
    ELSE
        SELECT x.tenant_id, x.id, x.person_id, 'complete' AS stage, NULL::timestamptz AS second_factor_at,
               NULL::uuid AS acting_tenant_id, x.scopes, x.last_used_at AS used_at,
               coalesce(x.expires_at <= p_at, false) AS expired,
               p.name, p.email, p.time_zone, p.language, p.status, p.all_tenants, t.kind, t.status AS tenant_status,
               ARRAY(SELECT unnest(s.grants) FROM person_permission_set m JOIN permission_set s
                         ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id
                      WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id) AS grants
          INTO c FROM api_key x
          JOIN person p ON p.tenant_id = x.tenant_id AND p.id = x.person_id JOIN tenant t ON t.id = x.tenant_id
         WHERE x.key_hash = p_hash AND x.revoked_at IS NULL;
    END IF;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    side := c.kind; name := c.name; language := c.language;
    outcome := CASE WHEN c.expired THEN 'expired' WHEN c.status <> 'active' THEN 'disabled'
                    WHEN c.tenant_status IN ('suspended', 'ended') THEN 'suspended' ELSE 'open' END;
    IF outcome <> 'open' THEN
        RETURN;
    END IF;
    credential_id := c.id; person_id := c.person_id; tenant_id := c.tenant_id; stage := c.stage; email := c.email;
    time_zone := c.time_zone; second_factor_at := c.second_factor_at; grants := c.grants;
    all_tenants := c.all_tenants AND side = 'provider';
    tenant_ids := ARRAY[c.tenant_id];
    IF all_tenants THEN
        tenant_ids := ARRAY(SELECT t.id FROM tenant t);
    ELSIF side = 'provider' THEN
        tenant_ids := tenant_ids || ARRAY(SELECT g.granted_tenant_id FROM tenant_grant g
                                           WHERE g.tenant_id = c.tenant_id AND g.person_id = c.person_id);
    END IF;
    IF c.scopes IS NOT NULL THEN
        grants := grants_capped(grants, c.scopes);
    END IF;
    IF c.acting_tenant_id = ANY (tenant_ids) THEN
        acting_tenant_id := c.acting_tenant_id;
        grants := grants_capped(grants, (SELECT b.grants FROM builtin_permission_set b
                                          WHERE b.key = 'customer_administrator'));
        tenant_ids := ARRAY[acting_tenant_id];
    END IF;
    IF p_narrow IS NOT NULL THEN
        IF NOT p_narrow = ANY (tenant_ids) THEN
            outcome := 'tenant';
            RETURN;
        END IF;
        tenant_ids := ARRAY[p_narrow];
    END IF;
    -- Before the second factor the session serves its person, and sees nothing.
    PERFORM set_config('yagura.person', person_id::text, true), set_config('yagura.home', tenant_id::text, true),
            set_config('yagura.tenants', CASE WHEN stage = 'complete' THEN tenant_ids ELSE '{}' END::text, true),
            set_config('yagura.grants', CASE WHEN stage = 'complete' THEN grants ELSE '{}' END::text, true),
            set_config('yagura.side', CASE WHEN acting_tenant_id IS NULL THEN side ELSE 'customer' END, true),
            set_config('yagura.language', language, true), set_config('yagura.at', p_at::text, true),
            set_config('yagura.credential', credential_id::text, true);
    IF c.used_at IS NULL OR c.used_at < p_at - interval '1 minute' THEN
        PERFORM principal_touch(c.tenant_id, c.id, p_kind, p_at, p_address);
    END IF;
END $$;

-- Last use, to the minute. Somebody else's request may hold the row: then that one says it.
CREATE FUNCTION principal_touch(p_tenant uuid, p_id uuid, p_kind text, p_at timestamptz, p_address text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_kind = 'session' THEN
        UPDATE session SET last_seen_at = p_at, address = coalesce(p_address, address)
         WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM session WHERE tenant_id = p_tenant AND id = p_id
                                      FOR UPDATE SKIP LOCKED);
    ELSE
        UPDATE api_key SET last_used_at = p_at, last_used_address = p_address
         WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM api_key WHERE tenant_id = p_tenant AND id = p_id
                                      FOR UPDATE SKIP LOCKED);
    END IF;
END $$;

-- The service's clock, as the request read it.
CREATE FUNCTION yagura_at() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT coalesce(nullif(current_setting('yagura.at', true), '')::timestamptz, now()) $$;

-- ---- passwords and attempts ----

-- Always one row: an unknown address answers like a known one, without an id. `place` is where the attempt counts.
CREATE FUNCTION sign_in_lookup(p_email text, p_device bytea, p_address text, p_at timestamptz,
    OUT person_id uuid, OUT tenant_id uuid, OUT name text, OUT email text, OUT language text, OUT time_zone text,
    OUT status text, OUT second_factor boolean, OUT password_hash text, OUT place text, OUT device_known boolean,
    OUT blocked_until timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    device uuid;
BEGIN
    SELECT p.id, p.tenant_id, p.name, p.email, p.language, p.time_zone,
           CASE WHEN t.status IN ('suspended', 'ended') THEN 'disabled' ELSE p.status END, p.second_factor,
           c.password_hash
      INTO person_id, tenant_id, name, email, language, time_zone, status, second_factor, password_hash
      FROM login l
      JOIN person p ON p.tenant_id = l.tenant_id AND p.id = l.person_id
      JOIN tenant t ON t.id = p.tenant_id
      JOIN person_credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id
     WHERE l.email_key = lower(p_email);
    SELECT d.id INTO device FROM known_device d
     WHERE d.token_hash = p_device AND d.tenant_id = sign_in_lookup.tenant_id
       AND d.person_id = sign_in_lookup.person_id AND d.last_used_at > p_at - interval '180 days';
    device_known := device IS NOT NULL;
    place := CASE WHEN device_known THEN 'device ' || device ELSE coalesce(p_address, '?') END;
    SELECT max(a.blocked_until) INTO blocked_until FROM sign_in_attempt a
     WHERE a.email_key = lower(p_email) AND a.blocked_until > p_at
       AND (a.place = sign_in_lookup.place OR (a.place = '*' AND NOT device_known));
END $$;

-- One more failure. From one place: the fifth blocks for half a minute, each further one twice as long, up to a quarter
-- of an hour. From everywhere together: the same from the twentieth on. A day without failures forgets them.
CREATE FUNCTION sign_in_failed(p_email text, p_place text, p_at timestamptz,
    OUT failures bigint, OUT blocked_until timestamptz, OUT newly_blocked boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here record;
    everywhere record;
BEGIN
    here := sign_in_count(lower(p_email), p_place, 5, p_at);
    everywhere := sign_in_count(lower(p_email), '*', 20, p_at);
    failures := greatest(here.failures, 0);
    blocked_until := greatest(here.blocked_until, everywhere.blocked_until);
    newly_blocked := here.failures = 5 OR everywhere.failures = 20;
END $$;

CREATE FUNCTION sign_in_count(p_email text, p_place text, p_free int, p_at timestamptz)
RETURNS sign_in_attempt LANGUAGE sql AS $$
    INSERT INTO sign_in_attempt AS a VALUES (p_email, p_place, 1, p_at, NULL)
    ON CONFLICT (email_key, place) DO UPDATE SET
        failures = CASE WHEN a.last_at < p_at - interval '1 day' THEN 1 ELSE a.failures + 1 END,
        last_at = p_at,
        blocked_until = CASE WHEN a.last_at >= p_at - interval '1 day' AND a.failures + 1 >= p_free
            THEN p_at + least(interval '15 minutes',
                              interval '30 seconds' * power(2, least(a.failures + 1 - p_free, 10))) END
    RETURNING *
$$;

-- The right password and second factor from one place say nothing about the guesses from another.
CREATE FUNCTION sign_in_succeeded(p_tenant uuid, p_person uuid, p_place text, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM sign_in_attempt a USING login l
     WHERE l.tenant_id = p_tenant AND l.person_id = p_person AND a.email_key = l.email_key AND a.place = p_place;
    UPDATE person SET last_sign_in_at = p_at WHERE tenant_id = p_tenant AND id = p_person;
END $$;

CREATE FUNCTION sign_in_unlock(p_tenant uuid, p_person uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    n bigint;
BEGIN
    DELETE FROM sign_in_attempt a USING login l
     WHERE l.tenant_id = p_tenant AND l.person_id = p_person AND a.email_key = l.email_key
       AND person_reachable(p_tenant, p_person);
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

CREATE FUNCTION person_locked_until(p_tenant uuid, p_person uuid) RETURNS timestamptz LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT max(a.blocked_until) FROM login l JOIN sign_in_attempt a USING (email_key)
     WHERE l.tenant_id = p_tenant AND l.person_id = p_person AND a.blocked_until > yagura_at()
       AND person_reachable(p_tenant, p_person)
$$;

CREATE FUNCTION password_read(p_tenant uuid, p_person uuid) RETURNS text LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT password_hash FROM person_credential
     WHERE tenant_id = p_tenant AND person_id = p_person AND person_reachable(p_tenant, p_person)
$$;

CREATE FUNCTION password_write(p_tenant uuid, p_person uuid, p_hash text, p_at timestamptz) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE person_credential SET password_hash = p_hash, password_changed_at = p_at
     WHERE tenant_id = p_tenant AND person_id = p_person AND person_reachable(p_tenant, p_person)
$$;

-- ---- sessions ----

CREATE FUNCTION session_start(p_id uuid, p_tenant uuid, p_person uuid, p_hash bytea, p_stage text, p_at timestamptz,
    p_expires timestamptz, p_second_factor timestamptz, p_address text, p_agent text) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM session WHERE tenant_id = p_tenant AND person_id = p_person
       AND (expires_at < p_at - interval '7 days' OR revoked_at < p_at - interval '7 days');
    INSERT INTO session (tenant_id, id, person_id, token_hash, stage, created_at, last_seen_at, expires_at,
                         second_factor_at, address, agent)
    SELECT p_tenant, p_id, p_person, p_hash, p_stage, p_at, p_at, p_expires, p_second_factor, p_address, p_agent
     WHERE person_reachable(p_tenant, p_person)
$$;

-- A new stage means a new token: who saw the old cookie has nothing.
CREATE FUNCTION session_advance(p_tenant uuid, p_id uuid, p_hash bytea, p_stage text, p_expires timestamptz,
    p_second_factor timestamptz) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE session SET token_hash = coalesce(p_hash, token_hash), stage = p_stage, code_failures = 0,
           expires_at = coalesce(p_expires, expires_at), second_factor_at = p_second_factor
     WHERE tenant_id = p_tenant AND id = p_id AND revoked_at IS NULL AND person_reachable(p_tenant, person_id)
$$;

-- Five wrong codes end a session that has not yet passed the second factor: the password is asked again.
CREATE FUNCTION session_code_failed(p_tenant uuid, p_id uuid, p_at timestamptz) RETURNS bigint LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE session SET code_failures = code_failures + 1,
           revoked_at = CASE WHEN code_failures >= 4 AND stage <> 'complete' THEN p_at ELSE revoked_at END
     WHERE tenant_id = p_tenant AND id = p_id AND person_reachable(p_tenant, person_id)
    RETURNING code_failures::bigint
$$;

CREATE FUNCTION session_act(p_tenant uuid, p_id uuid, p_acting uuid) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE session SET acting_tenant_id = p_acting
     WHERE tenant_id = p_tenant AND id = p_id AND revoked_at IS NULL AND person_id = yagura_person()
       AND (p_acting IS NULL OR p_acting = ANY (yagura_tenants()))
$$;

-- Ends one session (p_id), or all of a person except p_keep.
CREATE FUNCTION session_end(p_tenant uuid, p_person uuid, p_id uuid, p_keep uuid, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    n bigint;
BEGIN
    UPDATE session SET revoked_at = p_at
     WHERE tenant_id = p_tenant AND person_id = p_person AND revoked_at IS NULL
       AND (p_id IS NULL OR id = p_id) AND (p_keep IS NULL OR id <> p_keep)
       AND person_reachable(p_tenant, p_person);
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- The open sessions of one person, as their owner or an administrator may see them.
CREATE FUNCTION session_list(p_person uuid, p_at timestamptz)
RETURNS TABLE (id uuid, tenant_id uuid, person_id uuid, stage text, created_at timestamptz, last_seen_at timestamptz,
    expires_at timestamptz, second_factor_at timestamptz, acting_tenant_id uuid, address text, agent text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, s.tenant_id, s.person_id, s.stage, s.created_at, s.last_seen_at, s.expires_at, s.second_factor_at,
           s.acting_tenant_id, s.address, s.agent
      FROM session s JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id
     WHERE s.person_id = p_person AND s.revoked_at IS NULL AND s.expires_at > p_at
       AND s.last_seen_at + interval '12 hours' > p_at AND person_reachable(s.tenant_id, s.person_id)
$$;

CREATE FUNCTION session_owner(p_id uuid, OUT tenant_id uuid, OUT person_id uuid) RETURNS SETOF record LANGUAGE sql
    STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.tenant_id, s.person_id FROM session s
     WHERE s.id = p_id AND s.revoked_at IS NULL AND person_reachable(s.tenant_id, s.person_id)
$$;

-- ---- the second factor ----

CREATE FUNCTION totp_read(p_tenant uuid, p_person uuid, OUT secret bytea, OUT pending bytea,
    OUT last_step bigint) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT totp_secret, totp_pending, totp_last_step FROM person_credential
     WHERE tenant_id = p_tenant AND person_id = p_person AND person_reachable(p_tenant, p_person)
$$;

CREATE FUNCTION totp_propose(p_tenant uuid, p_person uuid, p_pending bytea) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE person_credential SET totp_pending = p_pending
     WHERE tenant_id = p_tenant AND person_id = p_person AND person_reachable(p_tenant, p_person)
$$;

-- True once per step, also when two requests bring the same code at the same moment.
CREATE FUNCTION totp_take_step(p_tenant uuid, p_person uuid, p_step bigint) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE person_credential SET totp_last_step = p_step
     WHERE tenant_id = p_tenant AND person_id = p_person AND totp_last_step < p_step
       AND person_reachable(p_tenant, p_person);
    RETURN FOUND;
END $$;

CREATE FUNCTION totp_enrol(p_tenant uuid, p_person uuid, p_secret bytea) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT person_reachable(p_tenant, p_person) THEN
        RETURN;
    END IF;
    UPDATE person_credential SET totp_secret = p_secret, totp_pending = NULL,
           totp_last_step = CASE WHEN p_secret IS NULL THEN 0 ELSE totp_last_step END
     WHERE tenant_id = p_tenant AND person_id = p_person;
    UPDATE person SET second_factor = p_secret IS NOT NULL WHERE tenant_id = p_tenant AND id = p_person;
    IF p_secret IS NULL THEN
        DELETE FROM recovery_code WHERE tenant_id = p_tenant AND person_id = p_person;
        DELETE FROM known_device WHERE tenant_id = p_tenant AND person_id = p_person;
    END IF;
END $$;

CREATE FUNCTION recovery_replace(p_tenant uuid, p_person uuid, p_hashes text[]) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM recovery_code
     WHERE tenant_id = p_tenant AND person_id = p_person AND person_reachable(p_tenant, p_person);
    INSERT INTO recovery_code SELECT p_tenant, p_person, decode(h, 'hex'), NULL FROM unnest(p_hashes) h
     WHERE person_reachable(p_tenant, p_person)
$$;

-- How many are left after this one; no row when it is none of them or was used.
CREATE FUNCTION recovery_use(p_tenant uuid, p_person uuid, p_hash bytea, p_at timestamptz, OUT remaining bigint)
RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE recovery_code SET used_at = p_at
     WHERE tenant_id = p_tenant AND person_id = p_person AND code_hash = p_hash AND used_at IS NULL
       AND person_reachable(p_tenant, p_person);
    IF FOUND THEN
        SELECT count(*) INTO remaining FROM recovery_code
         WHERE tenant_id = p_tenant AND person_id = p_person AND used_at IS NULL;
        RETURN NEXT;
    END IF;
END $$;

CREATE FUNCTION device_remember(p_id uuid, p_tenant uuid, p_person uuid, p_hash bytea, p_at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM known_device WHERE tenant_id = p_tenant AND person_id = p_person
       AND last_used_at < p_at - interval '180 days';
    INSERT INTO known_device (tenant_id, id, person_id, token_hash, created_at, last_used_at)
    SELECT p_tenant, p_id, p_person, p_hash, p_at, p_at WHERE person_reachable(p_tenant, p_person)
$$;

-- Known: used again just now. How many others there are tells a new device from the first one.
CREATE FUNCTION device_touch(p_tenant uuid, p_person uuid, p_hash bytea, p_at timestamptz,
    OUT known boolean, OUT others bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE known_device SET last_used_at = p_at
     WHERE tenant_id = p_tenant AND person_id = p_person AND token_hash = p_hash
       AND last_used_at > p_at - interval '180 days' AND person_reachable(p_tenant, p_person);
    known := FOUND;
    SELECT count(*) INTO others FROM known_device WHERE tenant_id = p_tenant AND person_id = p_person
       AND person_reachable(p_tenant, p_person);
END $$;

-- ---- one-time links ----

-- A new link of the same purpose takes the old ones' place. False: a reset was mailed within the last two minutes.
CREATE FUNCTION person_token_issue(p_id uuid, p_tenant uuid, p_person uuid, p_purpose text, p_hash bytea,
    p_at timestamptz, p_expires timestamptz) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT person_reachable(p_tenant, p_person) OR (p_purpose = 'password_reset' AND EXISTS (
        SELECT FROM person_token WHERE tenant_id = p_tenant AND person_id = p_person AND purpose = p_purpose
           AND used_at IS NULL AND created_at > p_at - interval '2 minutes')) THEN
        RETURN false;
    END IF;
    DELETE FROM person_token WHERE tenant_id = p_tenant AND person_id = p_person AND purpose = p_purpose;
    INSERT INTO person_token (tenant_id, id, person_id, purpose, token_hash, created_at, expires_at)
    VALUES (p_tenant, p_id, p_person, p_purpose, p_hash, p_at, p_expires);
    RETURN true;
END $$;

CREATE FUNCTION person_token_open(p_hash bytea, p_purpose text, p_at timestamptz,
    OUT tenant_id uuid, OUT person_id uuid, OUT email text, OUT name text, OUT tenant_name text, OUT language text,
    OUT time_zone text, OUT status text)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.tenant_id, k.person_id, p.email, p.name, t.name, p.language, p.time_zone, p.status
      FROM person_token k
      JOIN person p ON p.tenant_id = k.tenant_id AND p.id = k.person_id
      JOIN tenant t ON t.id = k.tenant_id
     WHERE k.token_hash = p_hash AND k.purpose = p_purpose AND k.used_at IS NULL AND k.expires_at > p_at
       AND p.status <> 'disabled' AND t.status NOT IN ('suspended', 'ended')
$$;

CREATE FUNCTION person_token_use(p_hash bytea, p_purpose text, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE person_token SET used_at = p_at
     WHERE token_hash = p_hash AND purpose = p_purpose AND used_at IS NULL AND expires_at > p_at;
    RETURN FOUND;
END $$;

-- The invited person's own words; an account is active from here on.
CREATE FUNCTION person_complete(p_tenant uuid, p_person uuid, p_name text, p_language text, p_time_zone text,
    p_terms text, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE person SET name = p_name, language = p_language, time_zone = p_time_zone, terms_version = p_terms,
           terms_accepted_at = p_at, status = 'active', updated_at = p_at, version = version + 1
     WHERE tenant_id = p_tenant AND id = p_person AND status = 'invited' AND person_reachable(p_tenant, p_person);
    RETURN FOUND;
END $$;

-- ---- the person as seen by itself, wherever it looks at the moment ----

CREATE FUNCTION person_self() RETURNS SETOF person LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM person WHERE tenant_id = yagura_home() AND id = yagura_person()
$$;

CREATE FUNCTION person_self_write(p_name text, p_language text, p_time_zone text, p_theme text, p_at timestamptz)
RETURNS SETOF person LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE person SET name = p_name, language = p_language, time_zone = p_time_zone, theme = p_theme,
           updated_at = p_at, version = version + 1
     WHERE tenant_id = yagura_home() AND id = yagura_person()
    RETURNING *
$$;

CREATE FUNCTION tenant_self(p_id uuid) RETURNS SETOF tenant LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM tenant WHERE id = p_id AND (id = yagura_home() OR id = ANY (yagura_tenants()))
$$;

CREATE FUNCTION api_key_self()
RETURNS TABLE (id uuid, tenant_id uuid, person_id uuid, person_name text, name text, prefix text, scopes text[],
    expires_at timestamptz, last_used_at timestamptz, last_used_address text, revoked_at timestamptz,
    created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.id, k.tenant_id, k.person_id, p.name, k.name, k.prefix, k.scopes, k.expires_at, k.last_used_at,
           k.last_used_address, k.revoked_at, k.created_at
      FROM api_key k JOIN person p ON p.tenant_id = k.tenant_id AND p.id = k.person_id
     WHERE k.tenant_id = yagura_home() AND k.person_id = yagura_person()
$$;

-- ---- OpenID Connect: an enabled provider of a customer that is served ----

CREATE FUNCTION oidc_choose(p_email text, OUT provider_id uuid, OUT name text) RETURNS SETOF record LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id, i.name FROM login l
      JOIN identity_provider i ON i.tenant_id = l.tenant_id AND i.enabled
       AND lower(split_part(l.email_key, '@', 2)) = ANY (i.email_domains)
     WHERE l.email_key = lower(p_email) ORDER BY i.id LIMIT 1
$$;

CREATE FUNCTION oidc_open(p_provider uuid, OUT provider_id uuid, OUT tenant_id uuid, OUT issuer text,
    OUT client_id text, OUT client_secret bytea, OUT trust_second_factor boolean) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id, i.tenant_id, i.issuer, i.client_id, i.client_secret, i.trust_second_factor
      FROM identity_provider i JOIN tenant t ON t.id = i.tenant_id
     WHERE i.id = p_provider AND i.enabled AND t.status NOT IN ('suspended', 'ended')
$$;

CREATE FUNCTION oidc_remember(p_provider uuid, p_state bytea, p_browser bytea, p_nonce text, p_verifier text,
    p_return_to text, p_at timestamptz, p_expires timestamptz) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM oidc_state WHERE expires_at < p_at;
    INSERT INTO oidc_state SELECT i.tenant_id, i.id, p_state, p_browser, p_nonce, p_verifier, p_return_to, p_expires
      FROM identity_provider i WHERE i.id = p_provider AND i.enabled
$$;

-- A way back is taken once, and in the browser where it began.
CREATE FUNCTION oidc_take(p_state bytea, p_browser bytea, p_at timestamptz, OUT provider_id uuid, OUT tenant_id uuid,
    OUT issuer text, OUT client_id text, OUT client_secret bytea, OUT trust_second_factor boolean, OUT nonce text,
    OUT code_verifier text, OUT return_to text) RETURNS SETOF record LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH taken AS (DELETE FROM oidc_state s WHERE s.state_hash = p_state AND s.browser_hash = p_browser
                    AND s.expires_at > p_at RETURNING s.*)
    SELECT i.id, i.tenant_id, i.issuer, i.client_id, i.client_secret, i.trust_second_factor, s.nonce,
           s.code_verifier, s.return_to
      FROM taken s JOIN identity_provider i ON i.tenant_id = s.tenant_id AND i.id = s.provider_id
      JOIN tenant t ON t.id = i.tenant_id
     WHERE i.enabled AND t.status NOT IN ('suspended', 'ended')
$$;

-- A provider speaks for the active people of its own tenant and its own domains, for nobody else.
CREATE FUNCTION oidc_find_person(p_provider uuid, p_email text, OUT tenant_id uuid, OUT person_id uuid, OUT name text,
    OUT email text, OUT language text, OUT time_zone text, OUT second_factor boolean) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.tenant_id, p.id, p.name, p.email, p.language, p.time_zone, p.second_factor
      FROM identity_provider i
      JOIN login l ON l.tenant_id = i.tenant_id AND l.email_key = lower(p_email)
      JOIN person p ON p.tenant_id = l.tenant_id AND p.id = l.person_id
     WHERE i.id = p_provider AND i.enabled AND p.status = 'active' AND p.kind = 'person'
       AND split_part(l.email_key, '@', 2) = ANY (i.email_domains)
$$;

-- ---- what the caller may do with a row ----

CREATE FUNCTION yagura_grants() RETURNS text[] LANGUAGE sql STABLE
    AS $$ SELECT coalesce(nullif(current_setting('yagura.grants', true), ''), '{}')::text[] $$;

-- The verbs the service would accept on this person; nobody administrates who may do more than they may.
CREATE FUNCTION person_can(p person, p_locked boolean) RETURNS text[] LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN grant_rank(yagura_grants(), 'people') < 3
                  OR NOT grants_cover(yagura_grants(), principal_grants(p.tenant_id, p.id)) THEN '{}'
    ELSE array_remove(ARRAY['update',
        CASE WHEN p.status <> 'disabled' AND p.id IS DISTINCT FROM yagura_person() THEN 'disable' END,
        CASE WHEN p.status = 'disabled' THEN 'enable' END,
        CASE WHEN p.status = 'invited' AND p.kind = 'person' THEN 'resend-invitation' END,
        CASE WHEN p.status = 'active' AND p.second_factor AND p.id IS DISTINCT FROM yagura_person()
             THEN 'reset-second-factor' END,
        CASE WHEN p_locked THEN 'unlock' END], NULL) END
$$;

-- ---- rights ----

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p
              WHERE p.pronamespace = 'public'::regnamespace
                AND p.proname ~ ('^(principal_|grants?_|sign_in_|password_|session_|totp_|recovery_|device_|person_'
                                 '|tenant_self|api_key_self|oidc_)')
                AND p.prorettype <> 'trigger'::regtype LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        IF f::text ~ '^grants?_' OR (SELECT prosecdef FROM pg_proc WHERE oid = f) THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO yagura_api', f);
        END IF;
    END LOOP;
END $$;
