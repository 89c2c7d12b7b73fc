-- notice: what a person is told. workflows/notices.h says when.
--
-- A notice belongs to whom it is told to: tenant_id is that person's own organisation, about_tenant_id the customer
-- concerned. So a customer's word can be told to an engineer, who stands in another tenant: only notice_tell, which
-- runs as the owner, writes rows, and it tells nobody of a customer whom they may not see.

CREATE TABLE notice (
    tenant_id       uuid NOT NULL, -- of the person
    id              uuid NOT NULL,
    person_id       uuid NOT NULL,
    kind            text NOT NULL,
    about_tenant_id uuid NOT NULL REFERENCES tenant (id),
    ticket_id       uuid, -- of about_tenant_id; no foreign key, which would leave the tenant
    title_en        text NOT NULL,
    title_ja        text NOT NULL,
    body            text, -- somebody's words, cut
    path            text NOT NULL, -- the page of the portal it leads to
    created_at      timestamptz NOT NULL,
    read_at         timestamptz,
    mail            boolean NOT NULL, -- goes by mail, too
    mailed_at       timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT notice_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX notice_by_id ON notice (id);
CREATE INDEX notice_of_person ON notice (tenant_id, person_id, created_at DESC, id);
CREATE INDEX notice_unread ON notice (tenant_id, person_id) WHERE read_at IS NULL;
CREATE INDEX notice_to_mail ON notice (about_tenant_id, ticket_id) WHERE mail AND mailed_at IS NULL;
CREATE INDEX notice_by_age ON notice (created_at);

-- How somebody wants to hear of a kind; without a row as the kind's default says.
CREATE TABLE notice_preference (
    tenant_id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind      text NOT NULL,
    way       text NOT NULL CONSTRAINT notice_preference_way_check CHECK (way IN ('portal', 'mail', 'off')),
    PRIMARY KEY (tenant_id, person_id, kind),
    CONSTRAINT notice_preference_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX notice_preference_of_person ON notice_preference (tenant_id, person_id);

-- What an organisation wants of mails. The provider's row holds for everybody without one.
CREATE TABLE notice_setting (
    tenant_id     uuid NOT NULL PRIMARY KEY REFERENCES tenant (id),
    words_in_mail boolean NOT NULL,    -- messages are quoted in mails; else a mail says that there is one
    reminder_days bigint[] NOT NULL,   -- business days after which an unanswered question reminds
    updated_at    timestamptz NOT NULL,
    version       bigint NOT NULL DEFAULT 1
);
INSERT INTO notice_setting VALUES ('00000000-0000-7000-8000-000000000001', true, '{1,3,7}', now());

ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice FORCE ROW LEVEL SECURITY;
ALTER TABLE notice_preference ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_preference FORCE ROW LEVEL SECURITY;
ALTER TABLE notice_setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_setting FORCE ROW LEVEL SECURITY;
REVOKE ALL ON notice, notice_preference, notice_setting FROM PUBLIC;
CREATE POLICY notice_owner ON notice TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY notice_preference_owner ON notice_preference TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY notice_setting_owner ON notice_setting TO CURRENT_USER USING (true) WITH CHECK (true);
-- A person's own, of customers whom the person still sees.
CREATE POLICY notice_person ON notice TO yagura_api
    USING (tenant_id = (SELECT yagura_home()) AND person_id = (SELECT yagura_person())
           AND (about_tenant_id = tenant_id OR about_tenant_id = ANY ((SELECT yagura_tenants())::uuid[])));
CREATE POLICY notice_preference_person ON notice_preference TO yagura_api
    USING (tenant_id = (SELECT yagura_home()) AND person_id = (SELECT yagura_person()));
CREATE POLICY notice_setting_tenant ON notice_setting
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
CREATE POLICY notice_setting_shared ON notice_setting FOR SELECT
    USING (tenant_id = '00000000-0000-7000-8000-000000000001');
GRANT SELECT, UPDATE (read_at) ON notice TO yagura_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_preference TO yagura_api;
GRANT SELECT, INSERT, UPDATE ON notice_setting TO yagura_api;
GRANT SELECT ON notice_setting TO yagura_jobs;

-- Tells those of p_to who may hear it; returns who was told. Nobody can tell of a tenant they do not see themselves.
CREATE FUNCTION notice_tell(p_tenant uuid, p_ticket uuid, p_to uuid[], p_author uuid, p_kind text, p_internal boolean,
    p_way_provider text, p_way_customer text, p_fixed boolean, p_title_en text, p_title_ja text, p_body text,
    p_path text, p_at timestamptz)
    RETURNS TABLE (person_id uuid, person_name text, mail boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT p_tenant = ANY (yagura_tenants()) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH wanted AS (
        SELECT p.tenant_id, p.id, p.name,
               CASE WHEN p_fixed THEN 'mail' ELSE coalesce(w.way,
                   CASE t.kind WHEN 'provider' THEN p_way_provider ELSE p_way_customer END) END AS way
          FROM person p JOIN tenant t ON t.id = p.tenant_id
          LEFT JOIN notice_preference w ON w.tenant_id = p.tenant_id AND w.person_id = p.id AND w.kind = p_kind
         WHERE p.id = ANY (p_to) AND p.status = 'active' AND p.kind = 'person' AND p.id IS DISTINCT FROM p_author
           AND (t.kind = 'provider' OR NOT p_internal)
           AND (p.tenant_id = p_tenant OR t.kind = 'provider' AND (p.all_tenants OR EXISTS (
                SELECT FROM tenant_grant g WHERE g.tenant_id = p.tenant_id AND g.person_id = p.id
                   AND g.granted_tenant_id = p_tenant)))),
    told AS (
        INSERT INTO notice (tenant_id, id, person_id, kind, about_tenant_id, ticket_id, title_en, title_ja, body, path,
                            created_at, mail)
        SELECT w.tenant_id, gen_random_uuid(), w.id, p_kind, p_tenant, p_ticket, p_title_en, p_title_ja, p_body,
               p_path, p_at, w.way = 'mail'
          FROM wanted w WHERE w.way <> 'off'
        RETURNING notice.tenant_id, notice.person_id, notice.mail),
    heard AS (
        INSERT INTO change (tenant_id, at, noun, object_id, verb)
        SELECT o.tenant_id, p_at, 'notice', o.person_id, 'told' FROM told o)
    SELECT o.person_id, w.name, o.mail FROM told o JOIN wanted w ON w.id = o.person_id ORDER BY w.name, o.person_id;
    PERFORM pg_notify('yagura_change', '');
END $$;

-- What waits to go by mail about one case (or about none), as letters: taken once, and only while it was not read.
CREATE FUNCTION notice_take_mails(p_tenant uuid, p_ticket uuid, p_at timestamptz)
    RETURNS TABLE (person_id uuid, person_name text, email text, language text, time_zone text, is_provider boolean,
                   kind text, title_en text, title_ja text, body text, path text, created_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH taken AS (
        UPDATE notice n SET mailed_at = p_at
         WHERE n.about_tenant_id = p_tenant AND n.ticket_id IS NOT DISTINCT FROM p_ticket AND n.mail
           AND n.mailed_at IS NULL AND p_tenant = ANY (yagura_tenants())
        RETURNING n.*)
    SELECT p.id, p.name, p.email, p.language, p.time_zone, t.kind = 'provider', n.kind, n.title_en, n.title_ja, n.body,
           n.path, n.created_at
      FROM taken n JOIN person p ON p.tenant_id = n.tenant_id AND p.id = n.person_id JOIN tenant t ON t.id = p.tenant_id
     WHERE p.status = 'active' AND p.email IS NOT NULL AND t.status IN ('onboarding', 'active')
       AND (n.read_at IS NULL OR n.kind = 'escalation')
     ORDER BY p.id, n.created_at, n.id;
END $$;

-- Who has to do with a case: who asked, who watches, who is in charge.
CREATE FUNCTION ticket_people(p_tenant uuid, p_ticket uuid) RETURNS TABLE (person_id uuid, side text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT t.requester_id, 'customer' FROM ticket t WHERE t.tenant_id = p_tenant AND t.id = p_ticket
       AND t.requester_id IS NOT NULL AND p_tenant = ANY (yagura_tenants())
    UNION
    SELECT t.assignee_id, 'provider' FROM ticket t WHERE t.tenant_id = p_tenant AND t.id = p_ticket
       AND t.assignee_id IS NOT NULL AND p_tenant = ANY (yagura_tenants())
    UNION
    SELECT w.person_id, w.side FROM ticket_watcher w WHERE w.tenant_id = p_tenant AND w.ticket_id = p_ticket
       AND p_tenant = ANY (yagura_tenants());
END $$;

-- People of the provider who hold a permission set, named by its key, and see the customer: the duty leads, say.
CREATE FUNCTION provider_holders(p_tenant uuid, p_set text) RETURNS TABLE (person_id uuid, person_name text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT p.id, p.name
      FROM permission_set s
      JOIN person_permission_set m ON m.tenant_id = s.tenant_id AND m.permission_set_id = s.id
      JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
     WHERE s.tenant_id = '00000000-0000-7000-8000-000000000001' AND s.key = p_set
       AND p.status = 'active' AND p.kind = 'person' AND p_tenant = ANY (yagura_tenants())
       AND (p.all_tenants OR EXISTS (SELECT FROM tenant_grant g WHERE g.tenant_id = p.tenant_id AND g.person_id = p.id
                                        AND g.granted_tenant_id = p_tenant))
     ORDER BY p.name, p.id;
END $$;

-- Half a year is long enough for what was told. A bounded bite each time.
CREATE FUNCTION notice_sweep(p_at timestamptz) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM notice WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM notice WHERE created_at < p_at - interval '180 days' LIMIT 5000);
$$;

REVOKE ALL ON FUNCTION notice_tell(uuid, uuid, uuid[], uuid, text, boolean, text, text, boolean, text, text, text, text,
    timestamptz), notice_take_mails(uuid, uuid, timestamptz), ticket_people(uuid, uuid), provider_holders(uuid, text),
    notice_sweep(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notice_tell(uuid, uuid, uuid[], uuid, text, boolean, text, text, boolean, text, text, text,
    text, timestamptz), ticket_people(uuid, uuid), provider_holders(uuid, text) TO yagura_api, yagura_jobs;
GRANT EXECUTE ON FUNCTION notice_take_mails(uuid, uuid, timestamptz), notice_sweep(timestamptz) TO yagura_jobs;

-- Mails about one case belong together: readers' programs thread them by this (References).
ALTER TABLE mail ADD COLUMN thread text;
