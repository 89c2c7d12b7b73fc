-- service_desk: whom to call and in which order, calls that were made, the quarterly drill, and what one shift hands to
-- the next.

-- ---- registered contacts: how they are reached ----

ALTER TABLE service_contact
    ADD COLUMN phone        text,
    ADD COLUMN phone_second text,
    ADD COLUMN languages    text[] NOT NULL DEFAULT '{}',
    ADD COLUMN hours        text, -- in words: 平日9時から18時
    ADD COLUMN note         text,
    ADD COLUMN call_order   int NOT NULL DEFAULT 100,
    ADD COLUMN updated_at   timestamptz,
    ADD COLUMN version      bigint NOT NULL DEFAULT 1,
    ADD CONSTRAINT service_contact_languages_check CHECK (languages <@ '{ja,en}');
CREATE POLICY service_contact_jobs ON service_contact TO yagura_jobs
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT UPDATE ON service_contact TO yagura_api;
GRANT SELECT ON service_contact TO yagura_jobs;

-- ---- calls ----

CREATE TABLE call_task (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    ticket_id  uuid NOT NULL,
    reason     text NOT NULL,
    state      text NOT NULL CONSTRAINT call_task_state_check CHECK (state IN ('open', 'reached', 'ended')),
    asked_by   text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_by   text,
    ended_at   timestamptz,
    end_note   text,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT call_task_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX call_task_by_id ON call_task (id);
CREATE INDEX call_task_of_ticket ON call_task (tenant_id, ticket_id);
CREATE INDEX call_task_open ON call_task (created_at) WHERE state = 'open';

CREATE TABLE call_attempt (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    call_task_id uuid NOT NULL,
    contact_id   uuid NOT NULL, -- as it was then: a contact may be taken off the list
    contact_name text NOT NULL,
    phone        text,
    outcome      text NOT NULL CONSTRAINT call_attempt_outcome_check
                 CHECK (outcome IN ('reached', 'no_answer', 'left_message')),
    note         text,
    made_by      text NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT call_attempt_call_task_id_fkey FOREIGN KEY (tenant_id, call_task_id)
        REFERENCES call_task (tenant_id, id)
);
CREATE INDEX call_attempt_of_task ON call_attempt (tenant_id, call_task_id, at);

-- ---- the quarterly drill ----

CREATE TABLE contact_drill (
    tenant_id       uuid NOT NULL REFERENCES tenant (id),
    id              uuid NOT NULL,
    quarter         text NOT NULL CONSTRAINT contact_drill_quarter_check CHECK (quarter ~ '^\d{4}-Q[1-4]$'),
    started_at      timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    finished_at     timestamptz,
    overdue_told_at timestamptz,
    version         bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT contact_drill_quarter_key UNIQUE (tenant_id, quarter)
);
CREATE INDEX contact_drill_by_id ON contact_drill (id);

CREATE TABLE contact_drill_line (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    drill_id   uuid NOT NULL,
    contact_id uuid NOT NULL,
    name       text NOT NULL,
    email      text,
    phone      text,
    call_order int NOT NULL,
    token_hash bytea NOT NULL,
    mailed_at  timestamptz,
    outcome    text CONSTRAINT contact_drill_line_outcome_check CHECK (outcome IN ('reached', 'failed')),
    way        text CONSTRAINT contact_drill_line_way_check CHECK (way IN ('mail', 'call')),
    at         timestamptz,
    made_by    text, -- who called; absent when the link was used
    note       text,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT contact_drill_line_drill_id_fkey FOREIGN KEY (tenant_id, drill_id)
        REFERENCES contact_drill (tenant_id, id)
);
CREATE INDEX contact_drill_line_by_id ON contact_drill_line (id);
CREATE INDEX contact_drill_line_of_drill ON contact_drill_line (tenant_id, drill_id, call_order);
CREATE UNIQUE INDEX contact_drill_line_by_token ON contact_drill_line (token_hash);

-- Everybody of it was reached, or it is known that they cannot be.
CREATE FUNCTION contact_drill_settle(p_tenant uuid, p_drill uuid, p_at timestamptz) RETURNS void LANGUAGE sql AS $$
    UPDATE contact_drill d SET finished_at = p_at, version = version + 1
     WHERE d.tenant_id = p_tenant AND d.id = p_drill AND d.finished_at IS NULL
       AND NOT EXISTS (SELECT FROM contact_drill_line l WHERE l.tenant_id = p_tenant AND l.drill_id = p_drill
                          AND l.outcome IS NULL)
$$;

-- Whoever holds the link of a mail has read the mail: that is all it proves, and all it opens.
CREATE FUNCTION contact_drill_answer(p_token_hash bytea, p_at timestamptz)
    RETURNS TABLE (tenant_id uuid, drill_id uuid, line_id uuid, name text, tenant_name text, answered_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    l contact_drill_line;
BEGIN
    SELECT x.* INTO l FROM contact_drill_line x JOIN contact_drill d ON d.tenant_id = x.tenant_id AND d.id = x.drill_id
     WHERE x.token_hash = p_token_hash AND d.due_at + interval '60 days' > p_at FOR UPDATE OF x;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF l.outcome IS DISTINCT FROM 'reached' THEN
        UPDATE contact_drill_line x SET outcome = 'reached', way = 'mail', at = p_at, made_by = NULL
         WHERE x.tenant_id = l.tenant_id AND x.id = l.id;
        PERFORM contact_drill_settle(l.tenant_id, l.drill_id, p_at);
    END IF;
    RETURN QUERY SELECT l.tenant_id, l.drill_id, l.id, l.name, t.name,
                        CASE WHEN l.outcome = 'reached' THEN l.at ELSE p_at END
                   FROM tenant t WHERE t.id = l.tenant_id;
END $$;
REVOKE ALL ON FUNCTION contact_drill_answer(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contact_drill_answer(bytea, timestamptz) TO yagura_api;

-- ---- from shift to shift ----

CREATE TABLE handover (
    tenant_id      uuid NOT NULL REFERENCES tenant (id), -- the provider
    id             uuid NOT NULL,
    written_by_id  uuid NOT NULL,
    written_by     text NOT NULL,
    written_at     timestamptz NOT NULL,
    notes          text,
    state          text NOT NULL CONSTRAINT handover_state_check CHECK (state IN ('waiting', 'accepted')),
    accepted_by_id uuid,
    accepted_by    text,
    accepted_at    timestamptz,
    remarks        text,
    version        bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX handover_by_id ON handover (id);
CREATE INDEX handover_by_age ON handover (tenant_id, written_at);

-- Each stands with the customer it is about: an engineer reads of those customers whom they may see.
CREATE TABLE handover_item (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    handover_tenant_id uuid NOT NULL,
    handover_id        uuid NOT NULL,
    kind               text NOT NULL CONSTRAINT handover_item_kind_check
                       CHECK (kind IN ('due', 'unanswered', 'approval', 'escalation', 'call')),
    ticket_id          uuid NOT NULL,
    reference          text NOT NULL,
    subject            text NOT NULL,
    tenant_name        text NOT NULL,
    severity           text NOT NULL,
    assignee_name      text,
    metric             text,
    due_at             timestamptz,
    since_at           timestamptz,
    detail             text,
    position           int NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT handover_item_handover_id_fkey FOREIGN KEY (handover_tenant_id, handover_id)
        REFERENCES handover (tenant_id, id),
    CONSTRAINT handover_item_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX handover_item_of_handover ON handover_item (handover_tenant_id, handover_id, position);
CREATE INDEX handover_item_of_ticket ON handover_item (tenant_id, ticket_id);

-- ---- who sees what ----

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['call_task', 'call_attempt', 'contact_drill', 'contact_drill_line', 'handover',
        'handover_item'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['call_task', 'call_attempt', 'contact_drill', 'contact_drill_line'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api, yagura_jobs'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
END $$;
-- A shift is the provider's own affair, also while a single customer is looked at.
CREATE POLICY handover_home ON handover TO yagura_api
    USING (tenant_id = (SELECT yagura_home()) AND (SELECT yagura_side()) = 'provider');
CREATE POLICY handover_item_tenant ON handover_item TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]) AND (SELECT yagura_side()) = 'provider');

GRANT SELECT, INSERT, UPDATE ON call_task, contact_drill, contact_drill_line TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT ON call_attempt, handover_item TO yagura_api;
GRANT SELECT, INSERT, UPDATE ON handover TO yagura_api;

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'contact_drill', '{}', 'contact_drill', now(), now());
