-- severity_wish: near its deadline a case's severity is lowered by two people of the provider: one wishes, another
-- decides.

CREATE TABLE severity_wish (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    ticket_id      uuid NOT NULL,
    severity       text NOT NULL CONSTRAINT severity_wish_severity_check CHECK (severity IN ('a', 'b', 'c')),
    reason         text NOT NULL,
    wished_by      uuid NOT NULL, -- of the provider's tenant
    wished_by_name text NOT NULL,
    wished_at      timestamptz NOT NULL,
    outcome        text NOT NULL DEFAULT 'open' CONSTRAINT severity_wish_outcome_check
                   CHECK (outcome IN ('open', 'confirmed', 'refused', 'overtaken')),
    ended_by       uuid,
    ended_by_name  text,
    ended_at       timestamptz,
    end_reason     text,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT severity_wish_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CHECK ((outcome = 'open') = (ended_at IS NULL)),
    CHECK (outcome <> 'confirmed' OR ended_by <> wished_by)
);
CREATE INDEX severity_wish_by_id ON severity_wish (id);
CREATE INDEX severity_wish_of_ticket ON severity_wish (tenant_id, ticket_id);
CREATE UNIQUE INDEX severity_wish_open ON severity_wish (tenant_id, ticket_id) WHERE outcome = 'open';

ALTER TABLE severity_wish ENABLE ROW LEVEL SECURITY;
ALTER TABLE severity_wish FORCE ROW LEVEL SECURITY;
REVOKE ALL ON severity_wish FROM PUBLIC;
CREATE POLICY severity_wish_owner ON severity_wish TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY severity_wish_tenant ON severity_wish TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]) AND (SELECT yagura_side()) = 'provider');
CREATE POLICY severity_wish_jobs ON severity_wish TO yagura_jobs
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON severity_wish TO yagura_api;
GRANT SELECT ON severity_wish TO yagura_jobs;
