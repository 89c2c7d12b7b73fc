-- identity: customers, people, what they may do, and what they did.
--
-- Two ways lead to these tables. What people administrate (tenant, person, permission_set, ...) the application role
-- reads and writes under row-level security. What proves who somebody is (password, second factor, sessions, tokens,
-- the directory of logins) and the audit log it reaches through the functions of 0011 and 0012 alone: it holds no
-- right on those tables. Those functions run as the owner of the schema, for whom each table has a policy of its own.

CREATE TABLE tenant (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CONSTRAINT tenant_kind_check CHECK (kind IN ('provider', 'customer')),
    name            text NOT NULL,
    name_kana       text,
    short_code      text NOT NULL CONSTRAINT tenant_short_code_key UNIQUE
                    CONSTRAINT tenant_short_code_check CHECK (short_code ~ '^[A-Z0-9]{2,12}$'),
    plan            text CONSTRAINT tenant_plan_check CHECK (plan IN ('lite', 'ultimate', 'mss')),
    language        text NOT NULL CONSTRAINT tenant_language_check CHECK (language IN ('ja', 'en')),
    time_zone       text NOT NULL,
    holiday_country text,
    status          text NOT NULL CONSTRAINT tenant_status_check
                    CHECK (status IN ('onboarding', 'active', 'suspended', 'ended')),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint NOT NULL DEFAULT 1,
    CHECK ((kind = 'customer') = (plan IS NOT NULL))
);

CREATE TABLE person (
    tenant_id         uuid NOT NULL REFERENCES tenant (id),
    id                uuid NOT NULL,
    kind              text NOT NULL CONSTRAINT person_kind_check CHECK (kind IN ('person', 'service')),
    email             text,
    name              text NOT NULL,
    language          text NOT NULL CONSTRAINT person_language_check CHECK (language IN ('ja', 'en')),
    time_zone         text NOT NULL,
    theme             text NOT NULL DEFAULT 'auto' CONSTRAINT person_theme_check
                      CHECK (theme IN ('auto', 'light', 'dark')),
    status            text NOT NULL CONSTRAINT person_status_check CHECK (status IN ('invited', 'active', 'disabled')),
    all_tenants       boolean NOT NULL DEFAULT false,
    second_factor     boolean NOT NULL DEFAULT false,
    terms_version     text,
    terms_accepted_at timestamptz,
    last_sign_in_at   timestamptz,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    version           bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CHECK ((kind = 'person') = (email IS NOT NULL))
);
CREATE INDEX person_by_id ON person (id);

-- Who signs in with which address, over all tenants: an address belongs to one person.
CREATE TABLE login (
    email_key text CONSTRAINT login_email_key PRIMARY KEY, -- lower case
    tenant_id uuid NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT login_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX login_by_person ON login (tenant_id, person_id);

CREATE TABLE permission_set (
    tenant_id  uuid NOT NULL REFERENCES tenant (id),
    id         uuid NOT NULL,
    key        text NOT NULL,
    name_en    text NOT NULL,
    name_ja    text NOT NULL,
    side       text NOT NULL CONSTRAINT permission_set_side_check CHECK (side IN ('provider', 'customer')),
    grants     text[] NOT NULL,
    builtin    boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT permission_set_key_key UNIQUE (tenant_id, key)
);
CREATE INDEX permission_set_by_id ON permission_set (id);

-- What every tenant gets on its first day. A later migration that changes a row changes the tenants' copies too.
CREATE TABLE builtin_permission_set (
    key     text PRIMARY KEY,
    side    text NOT NULL CHECK (side IN ('provider', 'customer')),
    ordinal int NOT NULL,
    name_en text NOT NULL,
    name_ja text NOT NULL,
    grants  text[] NOT NULL
);

CREATE TABLE person_permission_set (
    tenant_id         uuid NOT NULL,
    person_id         uuid NOT NULL,
    permission_set_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, person_id, permission_set_id),
    CONSTRAINT person_permission_set_person_id_fkey
        FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
    CONSTRAINT person_permission_set_permission_set_ids_fkey
        FOREIGN KEY (tenant_id, permission_set_id) REFERENCES permission_set (tenant_id, id)
);
CREATE INDEX person_permission_set_by_set ON person_permission_set (tenant_id, permission_set_id);

-- Which customers a person of the provider sees, unless person.all_tenants.
CREATE TABLE tenant_grant (
    tenant_id         uuid NOT NULL, -- of the person: the provider
    person_id         uuid NOT NULL,
    granted_tenant_id uuid NOT NULL REFERENCES tenant (id),
    PRIMARY KEY (tenant_id, person_id, granted_tenant_id),
    CONSTRAINT tenant_grant_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);

CREATE TABLE person_credential (
    tenant_id           uuid NOT NULL,
    person_id           uuid NOT NULL,
    password_hash       text,
    password_changed_at timestamptz,
    totp_secret         bytea, -- sealed
    totp_pending        bytea, -- sealed; shown as a QR code, not yet confirmed
    totp_last_step      bigint NOT NULL DEFAULT 0, -- a code is good once: later steps only
    PRIMARY KEY (tenant_id, person_id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);

CREATE TABLE recovery_code (
    tenant_id uuid NOT NULL,
    person_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    used_at   timestamptz,
    PRIMARY KEY (tenant_id, person_id, code_hash),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);

-- One-time links: invitation and password reset. Only the hash of the token is kept.
CREATE TABLE person_token (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    person_id  uuid NOT NULL,
    purpose    text NOT NULL CHECK (purpose IN ('invitation', 'password_reset')),
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX person_token_by_hash ON person_token (token_hash);
CREATE INDEX person_token_by_person ON person_token (tenant_id, person_id);

CREATE TABLE session (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    person_id        uuid NOT NULL,
    token_hash       bytea NOT NULL,
    stage            text NOT NULL CHECK (stage IN ('totp_enrolment', 'totp', 'complete')),
    created_at       timestamptz NOT NULL,
    last_seen_at     timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL, -- absolute
    revoked_at       timestamptz,
    second_factor_at timestamptz,
    code_failures    int NOT NULL DEFAULT 0,
    acting_tenant_id uuid REFERENCES tenant (id),
    address          text,
    agent            text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX session_by_token ON session (token_hash);
CREATE INDEX session_by_person ON session (tenant_id, person_id);

-- Browsers that once passed both factors: they are not held up by what strangers try against the same login.
CREATE TABLE known_device (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    person_id    uuid NOT NULL,
    token_hash   bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX known_device_by_token ON known_device (token_hash);
CREATE INDEX known_device_by_person ON known_device (tenant_id, person_id);

-- Failures in a row of one login, seen from one place (an address, a known device) and from everywhere ('*').
-- Kept for addresses nobody owns, too: whether a login exists must not show.
CREATE TABLE sign_in_attempt (
    email_key     text NOT NULL,
    place         text NOT NULL,
    failures      int NOT NULL,
    last_at       timestamptz NOT NULL,
    blocked_until timestamptz,
    PRIMARY KEY (email_key, place)
);
CREATE INDEX sign_in_attempt_by_age ON sign_in_attempt (last_at);

CREATE TABLE api_key (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    person_id         uuid NOT NULL,
    name              text NOT NULL,
    prefix            text NOT NULL,
    key_hash          bytea NOT NULL,
    scopes            text[] NOT NULL,
    expires_at        timestamptz,
    last_used_at      timestamptz,
    last_used_address text,
    revoked_at        timestamptz,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT api_key_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX api_key_by_hash ON api_key (key_hash);
CREATE INDEX api_key_by_id ON api_key (id);
CREATE INDEX api_key_by_person ON api_key (tenant_id, person_id);

CREATE TABLE identity_provider (
    tenant_id           uuid NOT NULL REFERENCES tenant (id),
    id                  uuid NOT NULL,
    name                text NOT NULL,
    issuer              text NOT NULL,
    client_id           text NOT NULL,
    client_secret       bytea, -- sealed
    email_domains       text[] NOT NULL,
    enabled             boolean NOT NULL,
    trust_second_factor boolean NOT NULL DEFAULT false,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    version             bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX identity_provider_by_id ON identity_provider (id);

-- A sign-in on its way to the identity provider and back.
CREATE TABLE oidc_state (
    tenant_id     uuid NOT NULL,
    provider_id   uuid NOT NULL,
    state_hash    bytea NOT NULL,
    browser_hash  bytea NOT NULL, -- of the cookie: the way back must end in the browser where it began
    nonce         text NOT NULL,
    code_verifier text NOT NULL,
    return_to     text,
    expires_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, state_hash),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES identity_provider (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX oidc_state_by_hash ON oidc_state (state_hash);
CREATE INDEX oidc_state_by_provider ON oidc_state (tenant_id, provider_id);

CREATE TABLE saved_view (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    person_id  uuid NOT NULL,
    page       text NOT NULL,
    name       text NOT NULL,
    state      jsonb NOT NULL,
    shared     boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT saved_view_name_key UNIQUE (tenant_id, person_id, page, name),
    FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);

-- The audit log: one chain of hashes per tenant. The head names the last link, so that a cut tail shows.
CREATE TABLE audit_entry (
    tenant_id    uuid NOT NULL,
    seq          bigint NOT NULL,
    id           uuid NOT NULL,
    at           timestamptz NOT NULL,
    actor_id     uuid,
    actor_name   text,
    on_behalf_of text,
    address      text,
    action       text NOT NULL,
    object_type  text,
    object_id    uuid,
    object_name  text,
    change       jsonb,
    result       text NOT NULL CONSTRAINT audit_entry_result_check CHECK (result IN ('done', 'refused', 'failed')),
    previous     bytea NOT NULL,
    hash         bytea NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_entry_by_time ON audit_entry (tenant_id, at, id);
CREATE INDEX audit_entry_by_object ON audit_entry (tenant_id, object_id) WHERE object_id IS NOT NULL;

CREATE TABLE audit_head (
    tenant_id uuid PRIMARY KEY,
    seq       bigint NOT NULL,
    hash      bytea NOT NULL
);

-- Whose person the transaction serves, where that person belongs, and on which side it stands ('provider' or
-- 'customer', which the provider's people are while they look as one); set with yagura.tenants by principal_open.
CREATE FUNCTION yagura_person() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('yagura.person', true), '')::uuid $$;
CREATE FUNCTION yagura_home() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('yagura.home', true), '')::uuid $$;
CREATE FUNCTION yagura_side() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT coalesce(current_setting('yagura.side', true), '') $$;

-- Row-level security, forced on all; what is seen is asked once per statement (a sub-select), not per row. The owner's
-- policy is for the functions that run as the owner, also where the owner is no superuser.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['tenant', 'person', 'login', 'permission_set', 'person_permission_set', 'tenant_grant',
        'person_credential', 'recovery_code', 'person_token', 'session', 'known_device', 'sign_in_attempt', 'api_key',
        'identity_provider', 'oidc_state', 'saved_view', 'audit_entry', 'audit_head'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['person', 'permission_set', 'person_permission_set', 'tenant_grant', 'api_key',
        'identity_provider', 'audit_entry'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))',
                       t || '_tenant', t);
    END LOOP;
END $$;
CREATE POLICY tenant_tenant ON tenant USING (id = ANY ((SELECT yagura_tenants())::uuid[]));
-- A view is the person's own and stays at home, also while a single customer is looked at.
CREATE POLICY saved_view_home ON saved_view USING (tenant_id = (SELECT yagura_home()));

GRANT SELECT, INSERT ON tenant, person, permission_set TO yagura_api;
GRANT UPDATE (name, name_kana, short_code, plan, language, time_zone, holiday_country, status, updated_at, version)
    ON tenant TO yagura_api;
GRANT UPDATE (email, name, language, time_zone, theme, status, all_tenants, updated_at, version)
    ON person TO yagura_api;
GRANT UPDATE (name_en, name_ja, grants, updated_at, version) ON permission_set TO yagura_api;
GRANT DELETE ON permission_set TO yagura_api;
GRANT SELECT, INSERT, DELETE ON person_permission_set, tenant_grant TO yagura_api;
GRANT SELECT (tenant_id, id, person_id, name, prefix, scopes, expires_at, last_used_at, last_used_address, revoked_at,
    created_at), INSERT, UPDATE (revoked_at) ON api_key TO yagura_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity_provider, saved_view TO yagura_api;
GRANT SELECT ON audit_entry, builtin_permission_set TO yagura_api;
GRANT SELECT ON tenant, person TO yagura_jobs;

-- An address in the directory for every person, kept by the database so that no writer can forget it.
CREATE FUNCTION person_login() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND lower(OLD.email) = lower(NEW.email) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM login WHERE tenant_id = OLD.tenant_id AND person_id = OLD.id;
    END IF;
    IF NEW.email IS NOT NULL THEN
        INSERT INTO login VALUES (lower(NEW.email), NEW.tenant_id, NEW.id);
    END IF;
    INSERT INTO person_credential (tenant_id, person_id) VALUES (NEW.tenant_id, NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION person_login() FROM PUBLIC;
CREATE TRIGGER person_login AFTER INSERT OR UPDATE OF email ON person FOR EACH ROW EXECUTE FUNCTION person_login();

INSERT INTO builtin_permission_set VALUES
('administrator', 'provider', 1, 'Administrator', '管理者', ARRAY['tenants:write', 'people:write', 'permissions:write',
    'api_keys:write', 'audit:write', 'mail:write', 'jobs:write', 'platform:write', 'sign_in:write', 'tickets:write',
    'incidents:write', 'detections:write', 'rules:write', 'computers:write', 'response:write', 'hunts:write',
    'reports:write', 'services:write', 'calendars:write']),
('duty_lead', 'provider', 2, 'Duty lead', '当番責任者', ARRAY['tenants:write', 'people:write', 'permissions:write',
    'api_keys:write', 'audit:read', 'mail:write', 'jobs:write', 'platform:read', 'sign_in:write', 'tickets:write',
    'incidents:write', 'detections:write', 'rules:write', 'computers:write', 'response:write', 'hunts:write',
    'reports:write', 'services:write', 'calendars:write']),
('engineer', 'provider', 3, 'Engineer', 'エンジニア', ARRAY['tenants:read', 'people:read', 'permissions:read',
    'audit:read', 'mail:use', 'jobs:read', 'platform:read', 'tickets:write', 'incidents:write', 'detections:write',
    'rules:use', 'computers:use', 'response:use', 'hunts:use', 'reports:write', 'services:use', 'calendars:read']),
('hunter', 'provider', 4, 'Hunter', 'ハンター', ARRAY['tenants:read', 'people:read', 'platform:read', 'tickets:use',
    'incidents:use', 'detections:write', 'rules:write', 'computers:use', 'response:read', 'hunts:write',
    'reports:use', 'services:read', 'calendars:read']),
('auditor', 'provider', 5, 'Auditor (read only)', '監査担当者（閲覧のみ）', ARRAY['tenants:read', 'people:read',
    'permissions:read', 'api_keys:read', 'audit:read', 'mail:read', 'jobs:read', 'platform:read', 'sign_in:read',
    'tickets:read', 'incidents:read', 'detections:read', 'rules:read', 'computers:read', 'response:read',
    'hunts:read', 'reports:read', 'services:read', 'calendars:read']),
('customer_administrator', 'customer', 1, 'Customer administrator', 'お客様管理者', ARRAY['people:write',
    'permissions:write', 'api_keys:write', 'audit:read', 'sign_in:write', 'tickets:use', 'incidents:use',
    'detections:read', 'rules:use', 'computers:use', 'response:write', 'hunts:read', 'reports:read', 'services:use']),
('customer_contact', 'customer', 2, 'Customer contact', 'お客様ご担当者', ARRAY['people:read', 'tickets:use',
    'incidents:use', 'detections:read', 'rules:read', 'computers:read', 'response:use', 'hunts:read', 'reports:read',
    'services:use']),
('customer_reader', 'customer', 3, 'Customer reader', 'お客様閲覧者', ARRAY['tickets:read', 'incidents:read',
    'detections:read', 'computers:read', 'response:read', 'hunts:read', 'reports:read', 'services:read']);

-- Every tenant is born with its permission sets. Their ids follow from tenant and key, so that scripts can name them.
CREATE FUNCTION tenant_permission_sets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO permission_set (tenant_id, id, key, name_en, name_ja, side, grants, builtin, created_at, updated_at)
    SELECT NEW.id, md5(NEW.id::text || b.key)::uuid, b.key, b.name_en, b.name_ja, b.side, b.grants, true,
           NEW.created_at, NEW.created_at
      FROM builtin_permission_set b
     WHERE b.side = NEW.kind;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION tenant_permission_sets() FROM PUBLIC;
CREATE TRIGGER tenant_permission_sets AFTER INSERT ON tenant FOR EACH ROW EXECUTE FUNCTION tenant_permission_sets();

INSERT INTO tenant (id, kind, name, short_code, language, time_zone, holiday_country, status, created_at, updated_at)
VALUES ('00000000-0000-7000-8000-000000000001', 'provider', 'Yagura MDR', 'MDR', 'ja', 'Asia/Tokyo', 'JP', 'active',
        now(), now());
