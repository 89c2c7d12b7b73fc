-- escalation: who is told of a deadline that comes near, step by step, until somebody says "I have it"; and webhooks,
-- by which a customer's own systems hear of what changes.

-- What is told in one instant keeps its order.
ALTER TABLE notice ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
CREATE OR REPLACE FUNCTION notice_take_mails(p_tenant uuid, p_ticket uuid, p_at timestamptz)
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
     ORDER BY p.id, n.seq;
END $$;

-- ---- escalation ----

-- The provider's chain holds for everybody; a customer's takes its place for that customer.
CREATE TABLE escalation_chain (
    tenant_id  uuid NOT NULL REFERENCES tenant (id),
    id         uuid NOT NULL,
    name       text NOT NULL,
    steps      jsonb NOT NULL, -- workflows/escalations.h
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT escalation_chain_tenant_id_key UNIQUE (tenant_id)
);
CREATE INDEX escalation_chain_by_id ON escalation_chain (id);
INSERT INTO escalation_chain (tenant_id, id, name, steps, created_at, updated_at) VALUES
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000401', 'Default', '[
    {"who": "assignee", "set_key": null, "people": [], "portal": true, "mail": true, "webhook": false,
     "delay_minutes": 0, "from_mark": 50, "hours": "always"},
    {"who": "permission_set", "set_key": "duty_lead", "people": [], "portal": true, "mail": true, "webhook": false,
     "delay_minutes": 10, "from_mark": 75, "hours": "always"},
    {"who": "permission_set", "set_key": "administrator", "people": [], "portal": true, "mail": true, "webhook": true,
     "delay_minutes": 10, "from_mark": 90, "hours": "always"}]', now(), now());

-- One walk through the chain: at one mark of one promise, once. The steps are those of the day it began.
CREATE TABLE escalation (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    ticket_id       uuid NOT NULL,
    promise_id      uuid NOT NULL,
    metric          text NOT NULL CONSTRAINT escalation_metric_check
                    CHECK (metric IN ('acknowledge', 'first_response', 'next_update', 'resolve')),
    mark            bigint NOT NULL CONSTRAINT escalation_mark_check CHECK (mark IN (50, 75, 90, 100)),
    state           text NOT NULL CONSTRAINT escalation_state_check
                    CHECK (state IN ('walking', 'acknowledged', 'overtaken', 'settled', 'exhausted')),
    steps           jsonb NOT NULL,
    step            bigint NOT NULL, -- the next one
    next_at         timestamptz,     -- when it is taken, while walking
    raised_at       timestamptz NOT NULL,
    ended_at        timestamptz,
    acknowledged_by text,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT escalation_once UNIQUE (tenant_id, promise_id, mark),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    FOREIGN KEY (tenant_id, promise_id) REFERENCES promise (tenant_id, id)
);
CREATE INDEX escalation_by_id ON escalation (id);
CREATE INDEX escalation_of_ticket ON escalation (tenant_id, ticket_id);
CREATE INDEX escalation_of_promise ON escalation (tenant_id, promise_id);

-- Whom a step told, how, and when: rows are added, never changed.
CREATE TABLE escalation_call (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    escalation_id uuid NOT NULL,
    step          bigint NOT NULL,
    person_id     uuid, -- none: webhooks
    name          text NOT NULL,
    mail          boolean NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, escalation_id) REFERENCES escalation (tenant_id, id)
);
CREATE INDEX escalation_call_of ON escalation_call (tenant_id, escalation_id);

-- ---- webhooks ----

CREATE TABLE webhook (
    tenant_id      uuid NOT NULL REFERENCES tenant (id),
    id             uuid NOT NULL,
    name           text NOT NULL,
    url            text NOT NULL,
    events         text[] NOT NULL, -- 'ticket.opened'; empty: all
    state          text NOT NULL CONSTRAINT webhook_state_check CHECK (state IN ('active', 'paused', 'disabled')),
    secret         bytea NOT NULL,  -- sealed
    old_secret     bytea,           -- sealed; signs beside the new one until:
    old_until      timestamptz,
    failing_since  timestamptz,     -- the first failure of what is at the head of the queue
    disabled_why   text,
    sending_job    uuid,            -- one delivery of an endpoint is under way at a time
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT webhook_name_key UNIQUE (tenant_id, name)
);
CREATE INDEX webhook_by_id ON webhook (id);

-- In the order of the feed: (txid, seq), and none goes while an older transaction may still add one before it.
CREATE TABLE webhook_delivery (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    webhook_id      uuid NOT NULL,
    txid            xid8 NOT NULL DEFAULT pg_current_xact_id(),
    seq             bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    event           text NOT NULL, -- 'ticket.opened'
    object_id       uuid,
    at              timestamptz NOT NULL, -- of the change
    state           text NOT NULL CONSTRAINT webhook_delivery_state_check
                    CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts        bigint NOT NULL DEFAULT 0,
    first_at        timestamptz, -- of the first attempt: a day later it has failed
    next_attempt_at timestamptz,
    delivered_at    timestamptz,
    body            text, -- as it was sent; made at the first attempt and kept, so that a repetition is the same
    signed          text, -- the headers that went with the last attempt
    status          bigint,
    answer          text, -- the beginning of what the receiver said
    error           text, -- why nothing was said
    elapsed_ms      bigint,
    replay_of       uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhook (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_delivery_by_id ON webhook_delivery (id);
CREATE INDEX webhook_delivery_of ON webhook_delivery (tenant_id, webhook_id);
CREATE INDEX webhook_delivery_queue ON webhook_delivery (webhook_id, txid, seq) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_age ON webhook_delivery (at);

-- A delivery for each endpoint that wants it, and a job for it, in the transaction of the change. No key keeps a second
-- job away: one that found the first ready might commit after that had looked.
CREATE FUNCTION webhook_enqueue(p_tenant uuid, p_event text, p_object uuid, p_at timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    queued bigint;
BEGIN
    WITH added AS (
        INSERT INTO webhook_delivery (tenant_id, id, webhook_id, event, object_id, at, state)
        SELECT w.tenant_id, gen_random_uuid(), w.id, p_event, p_object, p_at, 'waiting' FROM webhook w
         WHERE w.tenant_id = p_tenant AND w.state = 'active' AND (w.events = '{}' OR p_event = ANY (w.events))
        RETURNING webhook_delivery.tenant_id, webhook_delivery.webhook_id),
    jobs AS (
        INSERT INTO job (tenant_id, id, kind, args, run_at, created_at, max_attempts)
        SELECT a.tenant_id, gen_random_uuid(), 'webhook_send', jsonb_build_object('webhook_id', a.webhook_id), p_at,
               p_at, 1000000 FROM added a)
    SELECT count(*) INTO queued FROM added;
    IF queued > 0 THEN
        PERFORM pg_notify('yagura_job', '');
    END IF;
    RETURN queued;
END $$;

-- What customers may hear of, and nothing that is the provider's own: notes, notices, mails, escalations stay inside.
CREATE FUNCTION webhook_of_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM webhook_enqueue(NEW.tenant_id, NEW.noun || '.' || NEW.verb, NEW.object_id, NEW.at);
    RETURN NULL;
END $$;
CREATE TRIGGER webhook_of_change AFTER INSERT ON change FOR EACH ROW
    WHEN (NEW.noun IN ('ticket', 'attachment', 'document')) EXECUTE FUNCTION webhook_of_change();

CREATE FUNCTION webhook_sweep(p_at timestamptz) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM webhook_delivery WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM webhook_delivery WHERE at < p_at - interval '30 days' AND state <> 'waiting'
         LIMIT 5000);
$$;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['escalation_chain', 'escalation', 'escalation_call', 'webhook', 'webhook_delivery'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_jobs'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_jobs', t);
    END LOOP;
    -- Who is called when we are late is the provider's own affair, of whichever customer.
    FOREACH t IN ARRAY ARRAY['escalation_chain', 'escalation', 'escalation_call'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])'
                       '        AND (SELECT yagura_side()) = ''provider'')', t || '_provider', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['webhook', 'webhook_delivery'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
END $$;
CREATE POLICY escalation_chain_shared ON escalation_chain FOR SELECT TO yagura_jobs
    USING (tenant_id = '00000000-0000-7000-8000-000000000001');

GRANT SELECT, INSERT, UPDATE, DELETE ON escalation_chain TO yagura_api;
GRANT SELECT ON escalation_chain TO yagura_jobs;
GRANT SELECT, INSERT, UPDATE ON escalation TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT ON escalation_call TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook, webhook_delivery TO yagura_api;
GRANT SELECT, UPDATE ON webhook, webhook_delivery TO yagura_jobs;
REVOKE ALL ON FUNCTION webhook_enqueue(uuid, text, uuid, timestamptz), webhook_of_change(), webhook_sweep(timestamptz)
    FROM PUBLIC;
-- Customers' endpoints hear of changes alone; this is for the provider's own.
GRANT EXECUTE ON FUNCTION webhook_enqueue(uuid, text, uuid, timestamptz) TO yagura_jobs;
GRANT EXECUTE ON FUNCTION webhook_sweep(timestamptz) TO yagura_jobs;

-- Who of an organisation keeps its keys and webhooks.
CREATE FUNCTION tenant_holders(p_tenant uuid, p_grant text) RETURNS TABLE (person_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT p.id FROM person p
      JOIN person_permission_set m ON m.tenant_id = p.tenant_id AND m.person_id = p.id
      JOIN permission_set s ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id
     WHERE p.tenant_id = p_tenant AND p_tenant = ANY (yagura_tenants()) AND p.status = 'active' AND p.kind = 'person'
       AND p_grant = ANY (s.grants);
END $$;
REVOKE ALL ON FUNCTION tenant_holders(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_holders(uuid, text) TO yagura_api, yagura_jobs;
