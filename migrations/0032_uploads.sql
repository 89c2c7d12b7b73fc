-- uploads: files on their way into a case, over one connection or many. The bytes lie in the blob store; a row knows
-- up to where they are durable, and the state of their hashes there. When all have come, the row stays for a while, so
-- that a sender whose connection broke at the last byte learns that it succeeded.

CREATE TABLE upload (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    ticket_id     uuid NOT NULL,
    creator_id    uuid,                       -- a person of either side,
    link_id       uuid,                       -- or a link that was given out
    creator_name  text NOT NULL,
    name          text NOT NULL,              -- as the sender calls the file, made harmless
    media_type    text,                       -- as the sender says; nobody relies on it
    metadata      jsonb NOT NULL DEFAULT '{}',
    metadata_sent text,                       -- as it was sent: a resuming client asks for it
    length        bigint NOT NULL CHECK (length >= 0),
    received      bigint NOT NULL DEFAULT 0,  -- durable
    hash_state    bytea,                      -- at `received`
    state         text NOT NULL CONSTRAINT upload_state_check CHECK (state IN ('receiving', 'complete')),
    sha256        text,
    attachment_id uuid,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    completed_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT upload_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CHECK (received BETWEEN 0 AND length),
    CHECK (creator_id IS NOT NULL OR link_id IS NOT NULL)
);
CREATE INDEX upload_by_id ON upload (id);
CREATE INDEX upload_of_ticket ON upload (tenant_id, ticket_id);
CREATE INDEX upload_of_creator ON upload (creator_id, created_at);
CREATE INDEX upload_by_age ON upload (expires_at);
CREATE INDEX upload_recent ON upload (tenant_id, created_at);

ALTER TABLE upload ENABLE ROW LEVEL SECURITY;
ALTER TABLE upload FORCE ROW LEVEL SECURITY;
REVOKE ALL ON upload FROM PUBLIC;
CREATE POLICY upload_owner ON upload TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY upload_tenant ON upload TO yagura_api USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
CREATE POLICY upload_jobs ON upload TO yagura_jobs USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON upload TO yagura_api;
GRANT SELECT, DELETE ON upload TO yagura_jobs;

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'upload_sweep', '{}', 'upload_sweep', now(), now());
