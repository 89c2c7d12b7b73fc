-- service_times: which calendar a customer goes by, when a promise starts, stops, pauses and begins anew (as data), and
-- what figures are counted from.

-- ---- calendars: the provider keeps several, and says whose hours hold for whom ----

CREATE TABLE calendar_use (
    tenant_id          uuid NOT NULL REFERENCES tenant (id),
    id                 uuid NOT NULL,
    calendar_tenant_id uuid NOT NULL,
    calendar_id        uuid NOT NULL,
    chosen_by          text NOT NULL,
    chosen_at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT calendar_use_tenant_id_key UNIQUE (tenant_id),
    CONSTRAINT calendar_use_calendar_id_fkey FOREIGN KEY (calendar_tenant_id, calendar_id)
        REFERENCES business_calendar (tenant_id, id)
);
CREATE INDEX calendar_use_of_calendar ON calendar_use (calendar_tenant_id, calendar_id);
ALTER TABLE calendar_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_use FORCE ROW LEVEL SECURITY;
REVOKE ALL ON calendar_use FROM PUBLIC;
CREATE POLICY calendar_use_owner ON calendar_use TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY calendar_use_tenant ON calendar_use USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_use TO yagura_api;
GRANT SELECT ON calendar_use TO yagura_jobs;

-- The one that was chosen, else the customer's own, else the provider's first.
CREATE FUNCTION calendar_of(p_tenant uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT b.id FROM business_calendar b
     WHERE b.tenant_id IN (p_tenant, '00000000-0000-7000-8000-000000000001')
     ORDER BY b.id IS NOT DISTINCT FROM (SELECT u.calendar_id FROM calendar_use u WHERE u.tenant_id = p_tenant) DESC,
              b.tenant_id = p_tenant DESC, b.id
     LIMIT 1
$$;

-- ---- targets: the conditions of a promise ----

ALTER TABLE promise_target
    ADD COLUMN starts_on    text[] NOT NULL DEFAULT '{case_opened,case_reopened}',
    ADD COLUMN stops_on     text[] NOT NULL DEFAULT '{engineer_answered}',
    ADD COLUMN pauses_while text[] NOT NULL DEFAULT '{}',
    ADD COLUMN resets_on    text[] NOT NULL DEFAULT '{}',
    ADD COLUMN warn_at      text[] NOT NULL DEFAULT '{50,75,90}',
    ADD COLUMN created_by   text NOT NULL DEFAULT 'Yagura',
    ADD COLUMN created_at   timestamptz NOT NULL DEFAULT now(),
    ALTER COLUMN pauses SET DEFAULT false;
UPDATE promise_target SET pauses_while = '{waiting_customer}' WHERE pauses;
UPDATE promise_target SET stops_on = '{engineer_answered,engineer_assigned}' WHERE metric = 'acknowledge';
UPDATE promise_target SET stops_on = '{}' WHERE metric = 'resolve';
ALTER TABLE promise_target
    ADD CONSTRAINT promise_target_starts_on_check CHECK (starts_on <@ '{case_opened,case_reopened,engineer_answered,
        customer_wrote,engineer_assigned}' AND cardinality(starts_on) > 0),
    ADD CONSTRAINT promise_target_stops_on_check CHECK (stops_on <@ '{engineer_answered,customer_wrote,
        engineer_assigned}'),
    ADD CONSTRAINT promise_target_resets_on_check CHECK (resets_on <@ '{engineer_answered,customer_wrote,
        engineer_assigned}'),
    ADD CONSTRAINT promise_target_pauses_while_check CHECK (pauses_while <@ '{waiting_customer,waiting_third_party}'),
    ADD CONSTRAINT promise_target_warn_at_check CHECK (warn_at <@ '{25,50,60,70,75,80,90,95}');
CREATE INDEX promise_target_by_id ON promise_target (id);
CREATE INDEX promise_target_of_category ON promise_target (category_id) WHERE category_id IS NOT NULL;
GRANT DELETE ON promise_target TO yagura_api;

-- ---- promises: what the target said when they began, and what the ledger came to ----

ALTER TABLE promise
    ADD COLUMN severity     text CONSTRAINT promise_severity_check CHECK (severity IN ('a', 'b', 'c')),
    ADD COLUMN pace         text CONSTRAINT promise_pace_check
                            CHECK (pace IN ('around_the_clock', 'business_time', 'business_days')),
    ADD COLUMN stops_on     text[] NOT NULL DEFAULT '{}',
    ADD COLUMN pauses_while text[] NOT NULL DEFAULT '{}',
    ADD COLUMN resets_on    text[] NOT NULL DEFAULT '{}',
    ADD COLUMN warn_at      text[] NOT NULL DEFAULT '{50,75,90}',
    ADD COLUMN allowance_s  bigint, -- as of the last line of the ledger
    ADD COLUMN elapsed_s    bigint, -- when it ended
    ADD COLUMN stopped_by   text,   -- the cause of the line that ended it
    ALTER COLUMN pauses SET DEFAULT false;

UPDATE promise p SET
    severity = t.severity,
    pauses_while = CASE WHEN p.pauses THEN '{waiting_customer}'::text[] ELSE '{}' END,
    stops_on = CASE p.metric WHEN 'acknowledge' THEN '{engineer_answered,engineer_assigned}'::text[]
                             WHEN 'resolve' THEN '{}' ELSE '{engineer_answered}' END,
    pace = (SELECT e.pace FROM promise_entry e WHERE e.tenant_id = p.tenant_id AND e.promise_id = p.id
               AND e.pace IS NOT NULL ORDER BY e.seq DESC LIMIT 1),
    stopped_by = (SELECT e.cause FROM promise_entry e WHERE e.tenant_id = p.tenant_id AND e.promise_id = p.id
                     AND e.event = 'stopped')
  FROM ticket t WHERE t.tenant_id = p.tenant_id AND t.id = p.ticket_id;

CREATE INDEX promise_by_id ON promise (id);
-- Figures of a month are read from this index alone.
CREATE INDEX promise_figures ON promise (tenant_id, started_at)
    INCLUDE (metric, severity, state, late, due_at, elapsed_s, stopped_by);
-- Open promises of a calendar, and those that are over: what a change of it touches, or would have touched.
CREATE INDEX promise_open_of_calendar ON promise (calendar_id, id)
    WHERE state IN ('running', 'paused') AND pace <> 'around_the_clock';
CREATE INDEX promise_over_of_calendar ON promise (calendar_id, id)
    WHERE state IN ('met', 'missed') AND pace <> 'around_the_clock';
CREATE INDEX promise_open_of_metric ON promise (metric, severity, id) WHERE state IN ('running', 'paused');
CREATE INDEX promise_over_of_metric ON promise (metric, severity, id) WHERE state IN ('met', 'missed');

-- Promises that ended before: their figures are computed from the ledgers, by a job.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
SELECT gen_random_uuid(), 'promise_settle', '{}', 'promise_settle', now(), now() WHERE EXISTS (SELECT FROM promise);
