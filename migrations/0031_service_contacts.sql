-- service_contact: who may ask for premium support. Registered at enrolment, changed later with a trace in the audit log.

CREATE TABLE service_contact (
    tenant_id     uuid NOT NULL,
    person_id     uuid NOT NULL,
    registered_at timestamptz NOT NULL,
    registered_by text NOT NULL,
    PRIMARY KEY (tenant_id, person_id),
    CONSTRAINT service_contact_person_id_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
ALTER TABLE service_contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_contact FORCE ROW LEVEL SECURITY;
REVOKE ALL ON service_contact FROM PUBLIC;
CREATE POLICY service_contact_owner ON service_contact TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY service_contact_tenant ON service_contact TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, DELETE ON service_contact TO yagura_api;
