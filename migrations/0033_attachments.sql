-- attachments: files of a case, who had them in hand, and the links by which somebody without a login hands them in.
--
-- A row is never deleted: what is removed loses its content, and its record stays. The content lies in the blob store
-- under its SHA-256; that of a sample lies there encrypted.

CREATE TABLE upload_link (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    ticket_id       uuid NOT NULL,
    token_hash      bytea NOT NULL CONSTRAINT upload_link_token_hash_key UNIQUE,
    note            text,             -- what is asked for; the visitor reads it
    needs_sign_in   boolean NOT NULL,
    max_files       int NOT NULL CONSTRAINT upload_link_max_files_check CHECK (max_files > 0),
    max_bytes       bigint NOT NULL CONSTRAINT upload_link_max_bytes_check CHECK (max_bytes > 0), -- of all together
    files           int NOT NULL DEFAULT 0,
    bytes           bigint NOT NULL DEFAULT 0,
    expires_at      timestamptz NOT NULL,
    opened_at       timestamptz,      -- when somebody last came by it
    revoked_at      timestamptz,
    revoked_by_name text,
    created_by_id   uuid NOT NULL,    -- of the provider's tenant
    created_by_name text NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT upload_link_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX upload_link_by_id ON upload_link (id);
CREATE INDEX upload_link_of_ticket ON upload_link (tenant_id, ticket_id);

CREATE TABLE attachment (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    ticket_id        uuid NOT NULL,
    post_id          uuid,
    name             text NOT NULL, -- as it was sent, without folders and control characters
    size             bigint NOT NULL CHECK (size >= 0),
    media_type       text NOT NULL, -- by its content, never by what the sender says
    sha256           text NOT NULL CONSTRAINT attachment_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    sha1             text NOT NULL CONSTRAINT attachment_sha1_check CHECK (sha1 ~ '^[0-9a-f]{40}$'),
    md5              text NOT NULL CONSTRAINT attachment_md5_check CHECK (md5 ~ '^[0-9a-f]{32}$'),
    internal         boolean NOT NULL DEFAULT false, -- for the provider alone
    malicious        boolean NOT NULL DEFAULT false, -- leaves only inside of an encrypted archive
    malicious_reason text,
    sealed           boolean NOT NULL DEFAULT false, -- the content lies encrypted
    scan_state       text NOT NULL DEFAULT 'not_scanned' CONSTRAINT attachment_scan_state_check
                     CHECK (scan_state IN ('not_scanned', 'waiting', 'clean', 'infected', 'too_large', 'failed')),
    scan_result      text,          -- the name of what was found
    scanned_at       timestamptz,
    uploaded_by_id   uuid,          -- none: by a link
    uploaded_by_name text,
    uploaded_by_side text NOT NULL CONSTRAINT attachment_uploaded_by_side_check
                     CHECK (uploaded_by_side IN ('provider', 'customer', 'link')),
    link_id          uuid,
    removed_at       timestamptz,
    removed_by_name  text,
    removed_reason   text,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT attachment_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CONSTRAINT attachment_post_id_fkey FOREIGN KEY (tenant_id, post_id) REFERENCES ticket_post (tenant_id, id),
    CONSTRAINT attachment_link_id_fkey FOREIGN KEY (tenant_id, link_id) REFERENCES upload_link (tenant_id, id)
);
CREATE INDEX attachment_by_id ON attachment (id);
CREATE INDEX attachment_of_ticket ON attachment (tenant_id, ticket_id, created_at, id);
CREATE INDEX attachment_of_post ON attachment (tenant_id, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX attachment_of_link ON attachment (tenant_id, link_id) WHERE link_id IS NOT NULL;
CREATE INDEX attachment_by_content ON attachment (sha256);

-- Who had it in hand: rows are added, never changed.
CREATE TABLE attachment_custody (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    attachment_id uuid NOT NULL,
    event         text NOT NULL CONSTRAINT attachment_custody_event_check
                  CHECK (event IN ('received', 'fetched', 'fetched_archive', 'previewed', 'flagged', 'unflagged',
                                   'sealed', 'scanned', 'published', 'removed')),
    at            timestamptz NOT NULL,
    actor_id      uuid,
    actor_name    text,
    actor_side    text NOT NULL CONSTRAINT attachment_custody_actor_side_check
                  CHECK (actor_side IN ('provider', 'customer', 'link', 'service')),
    link_id       uuid,
    address       text,
    detail        text,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT attachment_custody_attachment_id_fkey
        FOREIGN KEY (tenant_id, attachment_id) REFERENCES attachment (tenant_id, id)
);
CREATE INDEX attachment_custody_by_id ON attachment_custody (id);
CREATE INDEX attachment_custody_of ON attachment_custody (tenant_id, attachment_id, at, id);

-- ---- who sees what ----

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['upload_link', 'attachment', 'attachment_custody'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_jobs'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_jobs', t);
    END LOOP;
END $$;

CREATE POLICY upload_link_tenant ON upload_link TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
-- Internal files do not exist for customers, nor for engineers who look as a customer, nor for visitors of a link.
CREATE POLICY attachment_tenant ON attachment TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])
           AND (NOT internal OR (SELECT yagura_side()) = 'provider'));
CREATE POLICY attachment_custody_tenant ON attachment_custody TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])
           AND EXISTS (SELECT FROM attachment a
                        WHERE a.tenant_id = attachment_custody.tenant_id AND a.id = attachment_id));

GRANT SELECT, INSERT ON upload_link, attachment, attachment_custody TO yagura_api, yagura_jobs;
GRANT UPDATE (files, bytes, opened_at, revoked_at, revoked_by_name, updated_at, version) ON upload_link TO yagura_api;
GRANT UPDATE (post_id, internal, malicious, malicious_reason, sealed, scan_state, scan_result, scanned_at, removed_at,
              removed_by_name, removed_reason, updated_at, version) ON attachment TO yagura_api, yagura_jobs;

-- A visitor has no tenant yet: the token is what opens one case's link, and says nothing else of the case. Dead links
-- come back too, with what ended them, so that the visitor reads why.
CREATE FUNCTION upload_link_open(p_hash bytea,
    OUT id uuid, OUT tenant_id uuid, OUT ticket_id uuid, OUT reference text, OUT tenant_name text, OUT note text,
    OUT needs_sign_in boolean, OUT max_files bigint, OUT max_bytes bigint, OUT files bigint, OUT bytes bigint,
    OUT expires_at timestamptz, OUT revoked boolean, OUT over boolean, OUT created_by_name text)
RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.id, l.tenant_id, l.ticket_id, c.short_code || '-' || t.number, c.name, l.note, l.needs_sign_in,
           l.max_files, l.max_bytes, l.files, l.bytes, l.expires_at, l.revoked_at IS NOT NULL,
           t.status IN ('closed', 'declined'), l.created_by_name
      FROM upload_link l
      JOIN ticket t ON t.tenant_id = l.tenant_id AND t.id = l.ticket_id
      JOIN tenant c ON c.id = l.tenant_id
     WHERE l.token_hash = p_hash AND c.status NOT IN ('suspended', 'ended')
$$;
REVOKE ALL ON FUNCTION upload_link_open(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION upload_link_open(bytea) TO yagura_api;
