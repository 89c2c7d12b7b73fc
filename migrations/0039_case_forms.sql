-- case forms and documents: what a category asks for when a case is opened, and what customers read or approve in it.

-- ---- forms: one per category, as data ----

CREATE TABLE ticket_form (
    category_id     uuid PRIMARY KEY CONSTRAINT ticket_form_category_id_fkey REFERENCES ticket_category (id),
    fields          jsonb NOT NULL, -- [{"key", "kind", "label_en", "label_ja", "required", "choices": …}]
    sum_max         bigint,         -- of all fields that are added up
    updated_at      timestamptz NOT NULL,
    updated_by_name text NOT NULL,
    version         bigint NOT NULL DEFAULT 1
);
GRANT SELECT, INSERT, UPDATE ON ticket_form TO yagura_api;

-- The answers with the labels they were given under: a form that changes rewrites no case.
ALTER TABLE ticket ADD COLUMN answers jsonb NOT NULL DEFAULT '[]';

-- What was filled in can be found like anything else that was said.
CREATE FUNCTION ticket_answer_words(answers jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(concat_ws(' ', a->>'value', a->>'shown_ja', a->>'shown_en'), ' '), '')
      FROM jsonb_array_elements(answers) a
$$;

-- Some services end only when the customer has approved what was done.
ALTER TABLE ticket_category ADD COLUMN closes_on_approval boolean NOT NULL DEFAULT false;

-- ---- documents to read or approve ----

CREATE TABLE ticket_document (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    ticket_id       uuid NOT NULL,
    kind            text NOT NULL CONSTRAINT ticket_document_kind_check
                    CHECK (kind IN ('proposal', 'plan', 'completion', 'report', 'other')),
    title           text NOT NULL,
    body            text, -- Markdown; or
    attachment_id   uuid, -- a file of the case
    sha256          text NOT NULL CONSTRAINT ticket_document_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    wants           text NOT NULL CONSTRAINT ticket_document_wants_check CHECK (wants IN ('confirm', 'approve')),
    asks            text NOT NULL CONSTRAINT ticket_document_asks_check CHECK (asks IN ('people', 'administrators')),
    note            text,
    state           text NOT NULL DEFAULT 'open' CONSTRAINT ticket_document_state_check
                    CHECK (state IN ('open', 'accepted', 'refused', 'withdrawn')),
    created_by_id   uuid NOT NULL, -- of the provider's tenant
    created_by_name text NOT NULL,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_document_content_check CHECK ((body IS NULL) <> (attachment_id IS NULL)),
    CONSTRAINT ticket_document_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CONSTRAINT ticket_document_attachment_id_fkey FOREIGN KEY (tenant_id, attachment_id)
        REFERENCES attachment (tenant_id, id)
);
CREATE INDEX ticket_document_by_id ON ticket_document (id);
CREATE INDEX ticket_document_of_ticket ON ticket_document (tenant_id, ticket_id, created_at);
CREATE INDEX ticket_document_of_attachment ON ticket_document (tenant_id, attachment_id)
    WHERE attachment_id IS NOT NULL;
CREATE INDEX ticket_document_open ON ticket_document (tenant_id, created_at) WHERE state = 'open';

-- Who is asked by name.
CREATE TABLE ticket_document_person (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL,
    person_id   uuid NOT NULL,
    person_name text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_document_person_once UNIQUE (tenant_id, document_id, person_id),
    CONSTRAINT ticket_document_person_document_id_fkey FOREIGN KEY (tenant_id, document_id)
        REFERENCES ticket_document (tenant_id, id),
    CONSTRAINT ticket_document_person_person_id_fkey FOREIGN KEY (tenant_id, person_id)
        REFERENCES person (tenant_id, id)
);
CREATE INDEX ticket_document_person_of_person ON ticket_document_person (tenant_id, person_id);

-- What they said, when, from where, about which content: rows are added, never changed.
CREATE TABLE ticket_document_answer (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    document_id uuid NOT NULL,
    person_id   uuid NOT NULL,
    person_name text NOT NULL,
    answer      text NOT NULL CONSTRAINT ticket_document_answer_answer_check
                CHECK (answer IN ('confirmed', 'approved', 'refused')),
    reason      text,
    address     text NOT NULL,
    sha256      text NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_document_answer_once UNIQUE (tenant_id, document_id, person_id),
    CONSTRAINT ticket_document_answer_document_id_fkey FOREIGN KEY (tenant_id, document_id)
        REFERENCES ticket_document (tenant_id, id),
    CONSTRAINT ticket_document_answer_person_id_fkey FOREIGN KEY (tenant_id, person_id)
        REFERENCES person (tenant_id, id)
);
CREATE INDEX ticket_document_answer_of_person ON ticket_document_answer (tenant_id, person_id);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['ticket_document', 'ticket_document_person', 'ticket_document_answer'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO yagura_api', t);
    END LOOP;
END $$;
-- What was put before somebody stays as it was: only where it stands may change.
GRANT UPDATE (state, ended_at) ON ticket_document TO yagura_api;

-- ---- the services that are asked for one by one ----

INSERT INTO ticket_category (id, key, service, name_en, name_ja, hint_en, hint_ja, plans, registered_contacts_only,
                             may_be_declined, position, closes_on_approval) VALUES
('01990000-0000-7000-8000-000000000111', 'file_report', 'mdr', 'Detailed file analysis', '詳細なファイル解析',
 'The verdict on a file and, when it is malicious, a report. Please hand in the file after opening the case.',
 'ファイルの判定と、不正な場合は詳細なレポートをお届けします。ファイルは作成後にご提出ください。', '{ultimate}', false, true, 25, false),
('01990000-0000-7000-8000-000000000112', 'forensics', 'mdr', 'Digital forensic analysis', 'デジタルフォレンジック分析',
 'After an incident: the way it came in and how far it went, as a report.',
 'インシデントの発生後に、侵入経路と影響範囲を分析し、報告書にまとめます。', '{ultimate}', false, false, 12, false),
('01990000-0000-7000-8000-000000000113', 'incident_response', 'mdr', 'Incident response assistance',
 'インシデントレスポンス支援', 'An incident in progress: we help to investigate and to handle it.',
 '発生中のインシデントの調査と対処を支援します。', '{ultimate}', false, false, 11, false),
('01990000-0000-7000-8000-000000000114', 'deployment', 'mdr', 'Deployment and upgrade',
 'デプロイメント&アップグレード', 'We install or upgrade programs with you, for up to 100 units per use.',
 'プログラムの導入やアップグレードを、1回につき100ユニットまで支援します。', '{ultimate}', false, false, 65, true),
('01990000-0000-7000-8000-000000000115', 'missed_detection', 'mdr', 'Missed detection', '検出漏れ',
 'A file, URL, domain or address that endpoint protection should have stopped.',
 '検出されなかったファイル、URL、ドメイン、IPアドレスを解析します。', '{ultimate}', false, false, 41, false),
('01990000-0000-7000-8000-000000000116', 'cleaning', 'mdr', 'Cleaning problem', '駆除に関する問題',
 'Malware was found and could not be removed.', '検出されたマルウェアが駆除できない場合にご相談ください。', '{ultimate}', false, false, 42,
 false),
('01990000-0000-7000-8000-000000000117', 'ransomware', 'mdr', 'Ransomware infection', 'ランサムウェア感染',
 'Files were encrypted. Please hand in some of them and what the ransomware left behind.',
 'ファイルが暗号化された場合の調査です。暗号化されたファイルと、作成されたファイルをご提出ください。', '{ultimate}', false, false, 43, false),
('01990000-0000-7000-8000-000000000118', 'false_positive', 'mdr', 'False positive', '誤検知',
 'Endpoint protection stopped something that is harmless.', '問題のないファイルやサイトが検出された場合にご相談ください。', '{ultimate}',
 false, false, 44, false),
('01990000-0000-7000-8000-000000000119', 'behaviour', 'mdr', 'Suspicious behaviour', '不審な挙動の調査',
 'Strange behaviour of a computer or of the product, and everything else about endpoint protection.',
 '端末や製品の不審な挙動など、その他のご相談です。', '{ultimate}', false, false, 45, false);

INSERT INTO ticket_form (category_id, fields, sum_max, updated_at, updated_by_name) VALUES
('01990000-0000-7000-8000-000000000105', -- on-demand hunting
 '[{"key": "theme", "kind": "text", "label_en": "Theme", "label_ja": "調査のテーマ", "required": true,
    "hint_en": "What we should look for", "hint_ja": "何を調べるかをお書きください"},
   {"key": "from", "kind": "date", "label_en": "From", "label_ja": "対象期間の開始日", "required": false},
   {"key": "until", "kind": "date", "label_en": "Until", "label_ja": "対象期間の終了日", "required": false}]',
 NULL, now(), 'Yagura'),
('01990000-0000-7000-8000-000000000102', -- suspicious file
 '[{"key": "hash", "kind": "hash", "label_en": "SHA-1 or MD5 of the file",
    "label_ja": "ファイルのSHA-1またはMD5", "required": false,
    "hint_en": "When you cannot hand in the file itself", "hint_ja": "ファイルを提出できない場合にご入力ください"},
   {"key": "file_name", "kind": "text", "label_en": "Name of the file", "label_ja": "ファイル名", "required": false},
   {"key": "opened", "kind": "choice", "label_en": "Was it opened?", "label_ja": "ファイルを開きましたか", "required": false,
    "choices": [{"key": "no", "label_en": "No", "label_ja": "いいえ"}, {"key": "yes", "label_en": "Yes", "label_ja": "はい"},
                {"key": "unknown", "label_en": "Not known", "label_ja": "わからない"}]}]',
 NULL, now(), 'Yagura'),
('01990000-0000-7000-8000-000000000111', -- detailed file analysis
 '[{"key": "file_name", "kind": "text", "label_en": "Name of the file", "label_ja": "ファイル名", "required": true},
   {"key": "hash", "kind": "hash", "label_en": "SHA-1 or MD5 of the file",
    "label_ja": "ファイルのSHA-1またはMD5", "required": false}]',
 NULL, now(), 'Yagura'),
('01990000-0000-7000-8000-000000000114', -- deployment and upgrade
 '[{"key": "programs", "kind": "text", "label_en": "Programs", "label_ja": "対象プログラム", "required": true},
   {"key": "products", "kind": "number", "label_en": "Programs to install", "label_ja": "プログラムの数", "required": true,
    "min": 0, "summed": true},
   {"key": "agents", "kind": "number", "label_en": "Agents to install",
    "label_ja": "エージェントの数", "required": true, "min": 0,
    "summed": true},
   {"key": "connectors", "kind": "number", "label_en": "Connectors to install", "label_ja": "コネクターの数", "required": true,
    "min": 0, "summed": true},
   {"key": "scope", "kind": "text", "label_en": "Scope", "label_ja": "対象範囲", "required": true,
    "hint_en": "Such as a group in the management console", "hint_ja": "例：管理コンソールのグループ"},
   {"key": "date", "kind": "date", "label_en": "Date wanted", "label_ja": "実施希望日", "required": true}]',
 100, now(), 'Yagura'),
('01990000-0000-7000-8000-000000000115', -- missed detection
 '[{"key": "object", "kind": "text", "label_en": "File, URL, domain or IP address", "label_ja": "ファイル、URL、ドメイン、IPアドレス",
    "required": true}]', NULL, now(), 'Yagura'),
('01990000-0000-7000-8000-000000000117', -- ransomware
 '[{"key": "noticed", "kind": "date", "label_en": "When it was noticed", "label_ja": "気付いた日", "required": true},
   {"key": "extension", "kind": "text", "label_en": "Extension of the encrypted files", "label_ja": "暗号化されたファイルの拡張子",
    "required": false}]', NULL, now(), 'Yagura'),
('01990000-0000-7000-8000-000000000118', -- false positive
 '[{"key": "object", "kind": "text", "label_en": "File, URL, domain or IP address", "label_ja": "ファイル、URL、ドメイン、IPアドレス",
    "required": true},
   {"key": "software", "kind": "text", "label_en": "Name of the software", "label_ja": "ソフトウェアの名前", "required": true},
   {"key": "vendor", "kind": "text", "label_en": "Vendor", "label_ja": "開発元", "required": true},
   {"key": "purpose", "kind": "text", "label_en": "What it is used for", "label_ja": "利用目的", "required": true}]',
 NULL, now(), 'Yagura');
