-- service_contact: who may ask for premium support. Registered at enrolment, changed later; the audit log tells.

CREATE TABLE service_contact (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    person_id     uuid NOT NULL,
    registered_at timestamptz NOT NULL,
    registered_by text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT service_contact_person_id_key UNIQUE (tenant_id, person_id),
    CONSTRAINT service_contact_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX service_contact_by_id ON service_contact (id);
ALTER TABLE service_contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_contact FORCE ROW LEVEL SECURITY;
REVOKE ALL ON service_contact FROM PUBLIC;
CREATE POLICY service_contact_owner ON service_contact TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY service_contact_tenant ON service_contact TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, DELETE ON service_contact TO yagura_api;
