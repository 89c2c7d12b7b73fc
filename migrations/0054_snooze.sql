-- snooze: an engineer puts a case aside for a while. Theirs alone: nobody else's queue changes, and no clock does.

CREATE TABLE ticket_snooze (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    ticket_id  uuid NOT NULL,
    person_id  uuid NOT NULL, -- of the provider
    until_at   timestamptz NOT NULL,
    until_news boolean NOT NULL, -- earlier, when something happens in the case
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_snooze_person_key UNIQUE (tenant_id, ticket_id, person_id),
    CONSTRAINT ticket_snooze_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX ticket_snooze_by_id ON ticket_snooze (id);
CREATE INDEX ticket_snooze_of_person ON ticket_snooze (person_id, until_at);

ALTER TABLE ticket_snooze ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_snooze FORCE ROW LEVEL SECURITY;
REVOKE ALL ON ticket_snooze FROM PUBLIC;
CREATE POLICY ticket_snooze_owner ON ticket_snooze TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY ticket_snooze_person ON ticket_snooze TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]) AND (SELECT yagura_side()) = 'provider'
           AND person_id = (SELECT yagura_person()));
GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_snooze TO yagura_api;

-- Which of the caller's own still hold: not past their time, nothing has happened where that counts, and no promise of
-- the case has warned or been missed. What has to be seen is seen, whatever somebody wished before.
CREATE VIEW ticket_snoozed WITH (security_invoker = true) AS
    SELECT z.tenant_id, z.ticket_id, z.until_at
      FROM ticket_snooze z JOIN ticket t ON t.tenant_id = z.tenant_id AND t.id = z.ticket_id
     WHERE z.person_id = yagura_person() AND z.until_at > yagura_at()
       AND NOT (z.until_news AND (t.updated_at > z.at OR EXISTS (
               SELECT FROM ticket_post p WHERE p.tenant_id = z.tenant_id AND p.ticket_id = z.ticket_id
                  AND p.created_at > z.at AND p.kind <> 'automatic' AND p.author_id IS DISTINCT FROM z.person_id)))
       AND NOT EXISTS (
               SELECT FROM promise p WHERE p.tenant_id = z.tenant_id AND p.ticket_id = z.ticket_id
                  AND p.cycle = t.cycle AND p.state = 'running' AND (p.warned > 0 OR p.due_at <= yagura_at()));
GRANT SELECT ON ticket_snoozed TO yagura_api;
