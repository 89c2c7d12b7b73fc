-- entitlements: how often a contract includes what is asked for one by one, and which case used it.
--
-- A contract year counts from the delivery of the licence; without that day, from the day the customer was added.

ALTER TABLE tenant ADD COLUMN contract_start date;
GRANT UPDATE (contract_start) ON tenant TO yagura_api;

-- One catalogue for all. What has no category is not asked for by cases.
CREATE TABLE entitlement (
    id          uuid PRIMARY KEY,
    key         text NOT NULL,
    plan        text NOT NULL CONSTRAINT entitlement_plan_check CHECK (plan IN ('lite', 'ultimate', 'mss')),
    category_id uuid NOT NULL CONSTRAINT entitlement_category_id_fkey REFERENCES ticket_category (id),
    period      text NOT NULL CONSTRAINT entitlement_period_check CHECK (period IN ('contract_year', 'month')),
    amount      bigint NOT NULL CONSTRAINT entitlement_amount_check CHECK (amount > 0),
    CONSTRAINT entitlement_category_id_key UNIQUE (plan, category_id)
);
GRANT SELECT ON entitlement TO yagura_api, yagura_jobs;
INSERT INTO entitlement VALUES
('01990000-0000-7000-8000-000000000601', 'hunting', 'ultimate', '01990000-0000-7000-8000-000000000105',
    'contract_year', 1),
('01990000-0000-7000-8000-000000000602', 'health_check', 'ultimate', '01990000-0000-7000-8000-000000000106',
 'contract_year', 1),
('01990000-0000-7000-8000-000000000603', 'deployment', 'ultimate', '01990000-0000-7000-8000-000000000114',
 'contract_year', 2),
('01990000-0000-7000-8000-000000000604', 'research', 'mss', '01990000-0000-7000-8000-000000000108', 'month', 5);

CREATE TABLE entitlement_use (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    entitlement_id  uuid NOT NULL CONSTRAINT entitlement_use_entitlement_id_fkey REFERENCES entitlement (id),
    ticket_id       uuid NOT NULL,
    period_from     date NOT NULL, -- of the period that it counts for
    override_reason text,          -- it was given although nothing was left
    used_at         timestamptz NOT NULL,
    used_by_name    text NOT NULL,
    returned_at     timestamptz,   -- it does not count: declined, merged, or given back by a duty lead
    return_cause    text CONSTRAINT entitlement_use_return_cause_check
                    CHECK (return_cause IN ('declined', 'merged', 'given_back')),
    return_reason   text,
    returned_by_name text,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT entitlement_use_ticket_id_key UNIQUE (tenant_id, ticket_id),
    CONSTRAINT entitlement_use_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX entitlement_use_by_id ON entitlement_use (id);
CREATE INDEX entitlement_use_of_period ON entitlement_use (tenant_id, entitlement_id, period_from);
CREATE INDEX entitlement_use_of_entitlement ON entitlement_use (entitlement_id);

ALTER TABLE entitlement_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE entitlement_use FORCE ROW LEVEL SECURITY;
REVOKE ALL ON entitlement_use FROM PUBLIC;
CREATE POLICY entitlement_use_owner ON entitlement_use TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY entitlement_use_tenant ON entitlement_use TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON entitlement_use TO yagura_api;

-- The first day of the period in which a day falls, `ahead` periods later.
CREATE FUNCTION entitlement_period_from(p_period text, p_start date, p_day date, p_ahead int) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE p_period
        WHEN 'month' THEN (date_trunc('month', p_day::timestamp) + make_interval(months => p_ahead))::date
        ELSE (p_start + make_interval(years => n + p_ahead
                  - CASE WHEN p_start + make_interval(years => n) > p_day THEN 1 ELSE 0 END))::date END
      FROM (SELECT extract(year FROM p_day)::int - extract(year FROM p_start)::int AS n) years
$$;

-- Since when a customer's years count.
CREATE FUNCTION contract_begin(t tenant) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT coalesce(t.contract_start, (t.created_at AT TIME ZONE t.time_zone)::date)
$$;

-- Cases that were opened before this count, too.
INSERT INTO entitlement_use (tenant_id, id, entitlement_id, ticket_id, period_from, used_at, used_by_name, returned_at,
                             return_cause)
SELECT t.tenant_id, gen_random_uuid(), e.id, t.id,
       entitlement_period_from(e.period, contract_begin(c), (t.opened_at AT TIME ZONE c.time_zone)::date, 0),
           t.opened_at,
       t.requester_name, CASE WHEN t.status = 'declined' OR t.merged_into_id IS NOT NULL THEN t.updated_at END,
       CASE WHEN t.status = 'declined' THEN 'declined' WHEN t.merged_into_id IS NOT NULL THEN 'merged' END
  FROM ticket t JOIN tenant c ON c.id = t.tenant_id
  JOIN entitlement e ON e.plan = c.plan AND e.category_id = t.category_id;
