-- mail_in: what came by mail, and what became of it. workflows/mail_in.h says how.
--
-- A row belongs to the customer whose person wrote, and to the provider while nobody knows the sender. It is the
-- service's own: customers see their words in the case, and not how they were sorted.

CREATE TABLE mail_arrival (
    tenant_id    uuid NOT NULL REFERENCES tenant (id),
    id           uuid NOT NULL,
    message_id   text NOT NULL, -- as the sender's system named it, or the hash of the mail
    from_address text,
    from_name    text,
    subject      text,
    excerpt      text,          -- of a refused one: the beginning of what it says
    state        text NOT NULL CONSTRAINT mail_arrival_state_check
                 CHECK (state IN ('reading', 'posted', 'opened', 'quiet', 'refused')),
    reason       text CONSTRAINT mail_arrival_reason_check
                 CHECK (reason IN ('unreadable', 'no_sender', 'stranger', 'own', 'provider', 'inactive', 'may_not',
                                   'automatic', 'no_case', 'closed', 'empty', 'not_possible')),
    detail       text,
    automatic    text,          -- what told that nobody typed it
    person_id    uuid,
    ticket_id    uuid,
    post_id      uuid,
    attachment_id uuid,         -- the mail itself, kept as an internal file
    bytes        bigint NOT NULL,
    arrived_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT mail_arrival_message_id_key UNIQUE (tenant_id, message_id),
    CONSTRAINT mail_arrival_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CONSTRAINT mail_arrival_post_id_fkey FOREIGN KEY (tenant_id, post_id) REFERENCES ticket_post (tenant_id, id),
    CONSTRAINT mail_arrival_attachment_id_fkey FOREIGN KEY (tenant_id, attachment_id)
        REFERENCES attachment (tenant_id, id)
);
CREATE INDEX mail_arrival_by_id ON mail_arrival (id);
CREATE INDEX mail_arrival_by_time ON mail_arrival (arrived_at, id);
CREATE INDEX mail_arrival_of_ticket ON mail_arrival (tenant_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX mail_arrival_of_attachment ON mail_arrival (tenant_id, attachment_id) WHERE attachment_id IS NOT NULL;
CREATE INDEX mail_arrival_of_post ON mail_arrival (tenant_id, post_id) WHERE post_id IS NOT NULL;

ALTER TABLE mail_arrival ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_arrival FORCE ROW LEVEL SECURITY;
REVOKE ALL ON mail_arrival FROM PUBLIC;
CREATE POLICY mail_arrival_owner ON mail_arrival TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY mail_arrival_tenant ON mail_arrival TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]) AND (SELECT yagura_side()) = 'provider');
GRANT SELECT, INSERT, UPDATE ON mail_arrival TO yagura_api;

-- An answer names what it answers: the Message-IDs of ours.
CREATE INDEX mail_by_message_id ON mail (tenant_id, message_id);

-- Who writes from this address, and what that person may do. It opens nothing by itself.
CREATE FUNCTION mail_in_sender(p_email text, OUT tenant_id uuid, OUT person_id uuid, OUT side text, OUT name text,
    OUT email text, OUT time_zone text, OUT language text, OUT grants text[], OUT active boolean)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.tenant_id, p.id, t.kind, p.name, p.email, p.time_zone, p.language, principal_grants(p.tenant_id, p.id),
           p.status = 'active' AND t.status IN ('onboarding', 'active')
      FROM login l
      JOIN person p ON p.tenant_id = l.tenant_id AND p.id = l.person_id AND p.kind = 'person'
      JOIN tenant t ON t.id = p.tenant_id
     WHERE l.email_key = lower(p_email)
$$;
REVOKE ALL ON FUNCTION mail_in_sender(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_in_sender(text) TO yagura_api;

-- Those that were refused go after ninety days, the others with their case.
CREATE FUNCTION mail_in_sweep(p_at timestamptz) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM mail_arrival WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM mail_arrival
         WHERE arrived_at < p_at - interval '90 days' AND state = 'refused' ORDER BY arrived_at LIMIT 5000);
$$;
REVOKE ALL ON FUNCTION mail_in_sweep(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_in_sweep(timestamptz) TO yagura_jobs;

-- A sender's address proves little: what came by mail says so. `folded` is what the mail quoted and how it was signed.
ALTER TABLE ticket_post ADD COLUMN by_mail boolean NOT NULL DEFAULT false, ADD COLUMN folded text;
ALTER TABLE ticket ADD COLUMN by_mail boolean NOT NULL DEFAULT false;

-- Whether a mail of a known person that belongs to no case opens one, and of which category; none: the first inquiry
-- of their contract that asks for nothing else.
ALTER TABLE notice_setting ADD COLUMN mail_opens_cases boolean NOT NULL DEFAULT true,
    ADD COLUMN mail_category_id uuid CONSTRAINT notice_setting_mail_category_id_fkey REFERENCES ticket_category (id);
CREATE INDEX notice_setting_of_category ON notice_setting (mail_category_id) WHERE mail_category_id IS NOT NULL;
