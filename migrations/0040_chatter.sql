-- chatter: what people do with words in a case: correct them, name each other, repeat what was said well before, make
-- a note visible, and write at the same time.

-- ---- corrections ----

-- The words before a correction are for the author and for staff: a customer's colleague reads what stands there now.
DROP POLICY ticket_post_edit_tenant ON ticket_post_edit;
CREATE POLICY ticket_post_edit_tenant ON ticket_post_edit TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])
           AND EXISTS (SELECT FROM ticket_post p WHERE p.tenant_id = ticket_post_edit.tenant_id AND p.id = post_id
                          AND ((SELECT yagura_side()) = 'provider' OR p.author_id = (SELECT yagura_person()))));

-- Of an internal note: the message that made it visible. The note itself stays internal.
ALTER TABLE ticket_post ADD COLUMN revealed_as_id uuid;
ALTER TABLE ticket_post ADD CONSTRAINT ticket_post_revealed_as_id_fkey
    FOREIGN KEY (tenant_id, revealed_as_id) REFERENCES ticket_post (tenant_id, id);
CREATE INDEX ticket_post_revealed ON ticket_post (tenant_id, revealed_as_id) WHERE revealed_as_id IS NOT NULL;

-- ---- who is named ----

CREATE TABLE ticket_mention (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    ticket_id   uuid NOT NULL,
    post_id     uuid NOT NULL,
    person_id   uuid NOT NULL, -- of the customer or of the provider
    person_name text NOT NULL,
    internal    boolean NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_mention_person_key UNIQUE (tenant_id, post_id, person_id),
    CONSTRAINT ticket_mention_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CONSTRAINT ticket_mention_post_id_fkey FOREIGN KEY (tenant_id, post_id) REFERENCES ticket_post (tenant_id, id)
);
CREATE INDEX ticket_mention_by_id ON ticket_mention (id);
CREATE INDEX ticket_mention_of_ticket ON ticket_mention (tenant_id, ticket_id);
CREATE INDEX ticket_mention_of_person ON ticket_mention (person_id, created_at);

-- Who can be named in a case: whoever may read it. Customers find their colleagues and those engineers who have spoken
-- to them; in an internal note nobody of the customer can be named.
CREATE FUNCTION ticket_mentionable(p_ticket uuid, p_internal boolean)
    RETURNS TABLE (person_id uuid, person_name text, side text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.id, p.name, CASE WHEN p.tenant_id = t.tenant_id THEN 'customer' ELSE 'provider' END
      FROM ticket t
      JOIN person p ON (p.tenant_id = t.tenant_id AND NOT p_internal)
        OR (p.tenant_id = '00000000-0000-7000-8000-000000000001'
            AND (p.all_tenants OR EXISTS (SELECT FROM tenant_grant g WHERE g.tenant_id = p.tenant_id
                                             AND g.person_id = p.id AND g.granted_tenant_id = t.tenant_id))
            AND (yagura_side() = 'provider' OR p.id = t.assignee_id
                 OR EXISTS (SELECT FROM ticket_post x WHERE x.tenant_id = t.tenant_id AND x.ticket_id = t.id
                               AND x.author_id = p.id AND x.visibility = 'customer')))
     WHERE t.id = p_ticket AND t.tenant_id = ANY (yagura_tenants()) AND p.status = 'active' AND p.kind = 'person'
       AND (yagura_side() = 'provider' OR NOT p_internal)
       AND grant_rank(principal_grants(p.tenant_id, p.id), 'tickets') >= 1
$$;
REVOKE ALL ON FUNCTION ticket_mentionable(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ticket_mentionable(uuid, boolean) TO yagura_api;

-- ---- who is writing ----

-- For seconds only, so nothing is lost with the table's contents.
CREATE UNLOGGED TABLE ticket_writer (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    ticket_id   uuid NOT NULL,
    person_id   uuid NOT NULL,
    person_name text NOT NULL,
    side        text NOT NULL CONSTRAINT ticket_writer_side_check CHECK (side IN ('provider', 'customer')),
    internal    boolean NOT NULL,
    until_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_writer_person_key UNIQUE (tenant_id, ticket_id, person_id),
    CONSTRAINT ticket_writer_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX ticket_writer_by_id ON ticket_writer (id);

-- ---- canned answers ----

-- Of the provider, for engineers. Placeholders are checked when they are written: {{customer}}, {{reference}} …
CREATE TABLE canned_answer (
    tenant_id   uuid NOT NULL REFERENCES tenant (id),
    id          uuid NOT NULL,
    category_id uuid CONSTRAINT canned_answer_category_id_fkey REFERENCES ticket_category (id), -- none: any
    title_en    text NOT NULL,
    title_ja    text NOT NULL,
    body_en     text NOT NULL,
    body_ja     text NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    updated_by  text NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT canned_answer_title_en_key UNIQUE (tenant_id, title_en),
    CONSTRAINT canned_answer_title_ja_key UNIQUE (tenant_id, title_ja)
);
CREATE INDEX canned_answer_by_id ON canned_answer (id);
CREATE INDEX canned_answer_of_category ON canned_answer (category_id) WHERE category_id IS NOT NULL;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['ticket_mention', 'ticket_writer', 'canned_answer'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['ticket_mention', 'ticket_writer'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])'
                       '        AND (NOT internal OR (SELECT yagura_side()) = ''provider''))', t || '_tenant', t);
    END LOOP;
END $$;
CREATE POLICY canned_answer_tenant ON canned_answer TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]) AND (SELECT yagura_side()) = 'provider');
CREATE POLICY ticket_mention_jobs ON ticket_mention TO yagura_jobs
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT ON ticket_mention TO yagura_api;
GRANT SELECT ON ticket_mention TO yagura_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_writer, canned_answer TO yagura_api;

INSERT INTO canned_answer (tenant_id, id, category_id, title_en, title_ja, body_en, body_ja, created_at, updated_at,
                           updated_by) VALUES
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000401', NULL, 'We are looking into it',
 '受付と調査開始のご連絡',
 E'Dear {{requester}},\n\nthank you for your message about {{reference}}. I am looking into it and will write'
 ' again as soon as I know more.\n\n{{engineer}}',
 E'{{customer}}\n{{requester}}様\n\nお問い合わせいただきありがとうございます（{{reference}}）。\n担当の{{engineer}}です。'
 'ただいま調査を進めております。わかり次第ご連絡いたします。', now(), now(), 'Yagura'),
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000402', NULL, 'Please send logs',
 'ログ採取のお願い',
 E'Dear {{requester}},\n\nto go on with {{reference}} we need logs of the computer concerned. Please add them to this'
 ' case:\n\n1. the computer''s name\n2. when it happened\n3. the log file\n\n{{engineer}}',
 E'{{requester}}様\n\n{{reference}}の調査のため、対象端末のログをご提供いただけますでしょうか。'
 '次の内容をこのお問い合わせに添えてお送りください。\n\n1. 端末名\n2. 発生日時\n3. ログファイル\n\n{{engineer}}', now(), now(), 'Yagura'),
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000403', '01990000-0000-7000-8000-000000000101',
 'Leave the computer on', '端末の電源を切らないお願い',
 E'Dear {{requester}},\n\nplease leave the computer switched on and disconnect it from the network. Do not delete'
 ' anything: what is in memory helps us to see what happened.\n\n{{engineer}}',
 E'{{requester}}様\n\n対象の端末は、**電源を切らずに**ネットワークから切り離してください。'
 'メモリー上の情報が調査に必要なため、ファイルの削除や再起動もお控えください。\n\n{{engineer}}', now(), now(), 'Yagura'),
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000404', NULL, 'May we close this case?',
 'クローズのご確認',
 E'Dear {{requester}},\n\nwe have not heard of further trouble with {{reference}}. If nothing is left to do, we will'
 ' close the case. You can reopen it for thirty days.\n\n{{engineer}}',
 E'{{requester}}様\n\n{{reference}}について、その後問題は発生していないものと存じます。'
 'ほかにご不明な点がなければ、本件を終了いたします。終了後も30日間は再開できます。\n\n{{engineer}}', now(), now(), 'Yagura');
