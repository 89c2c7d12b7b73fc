-- mail: the outbox. What stands in subject, text and html is what people may read: one-time links are masked. The true
-- text of such a mail is sealed with the service's key and erased once the mail server took it.

CREATE TABLE mail (
    tenant_id       uuid NOT NULL REFERENCES tenant (id),
    id              uuid NOT NULL,
    kind            text NOT NULL,
    language        text NOT NULL CONSTRAINT mail_language_check CHECK (language IN ('ja', 'en')),
    person_id       uuid, -- no foreign key: mails stay when people go
    to_address      text NOT NULL,
    to_name         text,
    subject         text NOT NULL,
    text            text NOT NULL,
    html            text NOT NULL,
    sealed          bytea,
    files           jsonb NOT NULL DEFAULT '[]',
    message_id      text NOT NULL,
    state           text NOT NULL CONSTRAINT mail_state_check CHECK (state IN ('queued', 'sent', 'failed', 'kept')),
    attempts        bigint NOT NULL DEFAULT 0,
    trying_at       timestamptz, -- set while a worker talks to the mail server; still set: it never came back
    next_attempt_at timestamptz,
    give_up_at      timestamptz NOT NULL,
    repeated        boolean NOT NULL DEFAULT false, -- the server may have it twice
    answer_code     bigint, -- of the mail server
    answer          text,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    version         bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT mail_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX mail_by_id ON mail (id);
CREATE INDEX mail_by_time ON mail (tenant_id, created_at DESC);
CREATE INDEX mail_open ON mail (state, created_at) WHERE state IN ('queued', 'failed');

ALTER TABLE mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail FORCE ROW LEVEL SECURITY;
CREATE POLICY mail_tenant ON mail USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON mail TO yagura_api, yagura_jobs;
CREATE POLICY mail_owner ON mail TO CURRENT_USER USING (true);

-- For /metrics and the status page: figures over all tenants, nothing of what was written to whom.
CREATE FUNCTION mail_counts(p_late_before timestamptz, p_since timestamptz)
    RETURNS TABLE (queued bigint, late bigint, failed bigint, kept bigint, sent bigint, oldest_at timestamptz,
                   last_answer text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FILTER (WHERE state = 'queued'),
           count(*) FILTER (WHERE state = 'queued' AND created_at < p_late_before),
           count(*) FILTER (WHERE state = 'failed'),
           count(*) FILTER (WHERE state = 'kept'),
           count(*) FILTER (WHERE state = 'sent' AND sent_at >= p_since),
           min(created_at) FILTER (WHERE state = 'queued'),
           (SELECT answer FROM mail WHERE state IN ('queued', 'failed') AND answer IS NOT NULL
             ORDER BY updated_at DESC LIMIT 1)
      FROM mail WHERE state <> 'sent' OR sent_at >= p_since
$$;
REVOKE EXECUTE ON FUNCTION mail_counts(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_counts(timestamptz, timestamptz) TO yagura_api, yagura_jobs;
