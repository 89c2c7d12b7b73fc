-- tickets: cases between customers and engineers, what is said in them, and the time promises on them.
--
-- A case belongs to the customer's tenant, also what engineers write in it. People of the provider stand in another
-- tenant that the customer may not read, so rows keep the name under which somebody acted beside the id.

-- ---- what can be asked for: one catalogue for all ----

CREATE TABLE ticket_category (
    id                       uuid PRIMARY KEY,
    key                      text NOT NULL CONSTRAINT ticket_category_key_key UNIQUE,
    service                  text NOT NULL CONSTRAINT ticket_category_service_check
                             CHECK (service IN ('inquiry', 'mdr', 'premium', 'mss')),
    name_en                  text NOT NULL,
    name_ja                  text NOT NULL,
    hint_en                  text NOT NULL,
    hint_ja                  text NOT NULL,
    plans                    text[] NOT NULL, -- which contracts include it
    registered_contacts_only boolean NOT NULL DEFAULT false,
    may_be_declined          boolean NOT NULL DEFAULT false,
    position                 int NOT NULL,
    active                   boolean NOT NULL DEFAULT true
);

-- ---- when a service is open ----

CREATE TABLE business_calendar (
    tenant_id  uuid NOT NULL REFERENCES tenant (id),
    id         uuid NOT NULL,
    name       text NOT NULL,
    time_zone  text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT business_calendar_name_key UNIQUE (tenant_id, name)
);
CREATE INDEX business_calendar_by_id ON business_calendar (id);

-- Valid from a local day until the next version begins: what was agreed for the past stays as it was.
CREATE TABLE business_calendar_version (
    tenant_id         uuid NOT NULL,
    calendar_id       uuid NOT NULL,
    from_day          date NOT NULL,
    windows           jsonb NOT NULL, -- [{"weekday": 0 is Monday, "from_s": 32400, "to_s": 61200}]
    exception_windows jsonb NOT NULL, -- of days that are opened by name: [{"from_s": …, "to_s": …}]
    exceptions        jsonb NOT NULL, -- [{"day": "2026-12-29", "open": false, "name": "年末年始休業"}]
    holidays          text NOT NULL CONSTRAINT business_calendar_version_holidays_check
                      CHECK (holidays IN ('none', 'japan')),
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, calendar_id, from_day),
    FOREIGN KEY (tenant_id, calendar_id) REFERENCES business_calendar (tenant_id, id) ON DELETE CASCADE
);

-- ---- what is promised ----

-- The provider's own rows serve everybody; a customer's rows take their place for that customer. The most exact row
-- counts: with a category before without, the latest from_at that is not in the future.
CREATE TABLE promise_target (
    tenant_id   uuid NOT NULL REFERENCES tenant (id),
    id          uuid NOT NULL,
    plan        text CONSTRAINT promise_target_plan_check CHECK (plan IN ('lite', 'ultimate', 'mss')), -- none: any
    category_id uuid REFERENCES ticket_category (id),                                                   -- none: any
    severity    text NOT NULL CONSTRAINT promise_target_severity_check CHECK (severity IN ('a', 'b', 'c')),
    metric      text NOT NULL CONSTRAINT promise_target_metric_check
                CHECK (metric IN ('acknowledge', 'first_response', 'next_update', 'resolve')),
    pace        text NOT NULL CONSTRAINT promise_target_pace_check
                CHECK (pace IN ('around_the_clock', 'business_time', 'business_days')),
    allowance   bigint NOT NULL CHECK (allowance > 0), -- seconds, or days
    mercy_s     bigint NOT NULL DEFAULT 1800 CHECK (mercy_s >= 0),
    pauses      boolean NOT NULL, -- stands still while a question to the customer is open
    from_at     timestamptz NOT NULL,
    active      boolean NOT NULL DEFAULT true, -- false: from from_at on nothing is promised here
    PRIMARY KEY (tenant_id, id)
);

-- ---- cases ----

CREATE TABLE ticket_counter (
    tenant_id uuid PRIMARY KEY REFERENCES tenant (id),
    last      bigint NOT NULL
);

CREATE TABLE ticket (
    tenant_id         uuid NOT NULL REFERENCES tenant (id),
    id                uuid NOT NULL,
    number            bigint NOT NULL, -- AOBA-42: the customer's short code and this
    category_id       uuid NOT NULL CONSTRAINT ticket_category_id_fkey REFERENCES ticket_category (id),
    subject           text NOT NULL,
    description       text NOT NULL,
    status            text NOT NULL CONSTRAINT ticket_status_check
                      CHECK (status IN ('new', 'in_progress', 'waiting_customer', 'waiting_third_party', 'resolved',
                                        'closed', 'declined')),
    severity          text NOT NULL CONSTRAINT ticket_severity_check CHECK (severity IN ('a', 'b', 'c')),
    severity_proposed text CONSTRAINT ticket_severity_proposed_check CHECK (severity_proposed IN ('a', 'b', 'c')),
    severity_reason   text,
    severity_decided  boolean NOT NULL DEFAULT false, -- by the service side, not only proposed
    priority          int NOT NULL DEFAULT 0,         -- premium support ranks above
    requester_id      uuid,
    requester_name    text NOT NULL,
    assignee_id       uuid, -- of the provider's tenant
    assignee_name     text,
    team              text,
    tags              text[] NOT NULL DEFAULT '{}',
    cycle             int NOT NULL DEFAULT 1, -- grows with each reopening; promises belong to one
    awaits            text NOT NULL DEFAULT 'provider' CONSTRAINT ticket_awaits_check
                      CHECK (awaits IN ('provider', 'customer', 'nobody')), -- whose turn it is
    due_at            timestamptz, -- the next promise that runs
    due_metric        text,
    post_count        int NOT NULL DEFAULT 0,
    opened_at         timestamptz NOT NULL,
    last_post_at      timestamptz,
    first_response_at timestamptz,
    resolved_at       timestamptz,
    closed_at         timestamptz,
    close_reason      text,
    words             tsvector NOT NULL DEFAULT '', -- ticket_words() of what the customer may read
    words_all         tsvector NOT NULL DEFAULT '', -- and of internal notes: searched by the provider alone
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    version           bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_number_key UNIQUE (tenant_id, number),
    CONSTRAINT ticket_requester_id_fkey FOREIGN KEY (tenant_id, requester_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX ticket_by_id ON ticket (id);
CREATE INDEX ticket_due ON ticket (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX ticket_of_tenant ON ticket (tenant_id, updated_at, id);
CREATE INDEX ticket_open ON ticket (status, opened_at, id) WHERE status NOT IN ('resolved', 'closed', 'declined');
CREATE INDEX ticket_of_assignee ON ticket (assignee_id, status) WHERE assignee_id IS NOT NULL;
CREATE INDEX ticket_of_requester ON ticket (tenant_id, requester_id);
CREATE INDEX ticket_by_words ON ticket USING gin (words);
CREATE INDEX ticket_by_words_all ON ticket USING gin (words_all);

-- What may follow what, by whom: the one place that knows. `level`: 2 use, 3 write of the function tickets.
CREATE TABLE ticket_move (
    verb        text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    side        text NOT NULL CHECK (side IN ('provider', 'customer')),
    level       int NOT NULL,
    PRIMARY KEY (verb, from_status, side)
);
INSERT INTO ticket_move VALUES
('start', 'new', 'in_progress', 'provider', 2),
('start', 'waiting_customer', 'in_progress', 'provider', 2),
('start', 'waiting_third_party', 'in_progress', 'provider', 2),
('ask', 'new', 'waiting_customer', 'provider', 2),
('ask', 'in_progress', 'waiting_customer', 'provider', 2),
('ask', 'waiting_third_party', 'waiting_customer', 'provider', 2),
('wait', 'new', 'waiting_third_party', 'provider', 2),
('wait', 'in_progress', 'waiting_third_party', 'provider', 2),
('wait', 'waiting_customer', 'waiting_third_party', 'provider', 2),
('answer', 'waiting_customer', 'in_progress', 'customer', 2),
('resolve', 'new', 'resolved', 'provider', 2),
('resolve', 'in_progress', 'resolved', 'provider', 2),
('resolve', 'waiting_customer', 'resolved', 'provider', 2),
('resolve', 'waiting_third_party', 'resolved', 'provider', 2),
('close', 'resolved', 'closed', 'provider', 2),
('close', 'resolved', 'closed', 'customer', 2),
('close', 'new', 'closed', 'customer', 2),
('close', 'in_progress', 'closed', 'customer', 2),
('close', 'waiting_customer', 'closed', 'customer', 2),
('decline', 'new', 'declined', 'provider', 2),
('decline', 'in_progress', 'declined', 'provider', 2),
('decline', 'waiting_customer', 'declined', 'provider', 2),
('reopen', 'resolved', 'in_progress', 'provider', 2),
('reopen', 'resolved', 'in_progress', 'customer', 2),
('reopen', 'closed', 'in_progress', 'provider', 2),
('reopen', 'closed', 'in_progress', 'customer', 2),
('reopen', 'declined', 'in_progress', 'provider', 2);

-- ---- chatter ----

CREATE TABLE ticket_post (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    ticket_id    uuid NOT NULL,
    visibility   text NOT NULL CONSTRAINT ticket_post_visibility_check CHECK (visibility IN ('customer', 'internal')),
    kind         text NOT NULL CONSTRAINT ticket_post_kind_check
                 CHECK (kind IN ('message', 'question', 'answer', 'automatic')),
    author_id    uuid,
    author_name  text NOT NULL,
    author_side  text NOT NULL CONSTRAINT ticket_post_author_side_check CHECK (author_side IN ('provider', 'customer')),
    body         text NOT NULL,
    quotes_id    uuid,
    answered_at  timestamptz, -- of a question: when the customer replied
    edited_at    timestamptz,
    created_at   timestamptz NOT NULL,
    version      bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_post_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CONSTRAINT ticket_post_quotes_id_fkey FOREIGN KEY (tenant_id, quotes_id) REFERENCES ticket_post (tenant_id, id)
);
CREATE INDEX ticket_post_by_id ON ticket_post (id);
CREATE INDEX ticket_post_quoting ON ticket_post (tenant_id, quotes_id) WHERE quotes_id IS NOT NULL;
CREATE INDEX ticket_post_of_ticket ON ticket_post (tenant_id, ticket_id, created_at, id);

CREATE TABLE ticket_post_edit (
    tenant_id uuid NOT NULL,
    post_id   uuid NOT NULL,
    at        timestamptz NOT NULL,
    by_name   text NOT NULL,
    body      text NOT NULL, -- as it was before
    PRIMARY KEY (tenant_id, post_id, at),
    FOREIGN KEY (tenant_id, post_id) REFERENCES ticket_post (tenant_id, id)
);

-- Until where somebody has read; also of people of the provider, who stand in another tenant.
CREATE TABLE ticket_read (
    tenant_id   uuid NOT NULL,
    ticket_id   uuid NOT NULL,
    person_id   uuid NOT NULL,
    person_name text NOT NULL,
    side        text NOT NULL CONSTRAINT ticket_read_side_check CHECK (side IN ('provider', 'customer')),
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, person_id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);

CREATE TABLE ticket_watcher (
    tenant_id   uuid NOT NULL,
    ticket_id   uuid NOT NULL,
    person_id   uuid NOT NULL,
    person_name text NOT NULL,
    side        text NOT NULL CONSTRAINT ticket_watcher_side_check CHECK (side IN ('provider', 'customer')),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, ticket_id, person_id),
    FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);

-- ---- promises ----

CREATE TABLE promise (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    ticket_id   uuid NOT NULL,
    cycle       int NOT NULL,
    metric      text NOT NULL CONSTRAINT promise_metric_check
                CHECK (metric IN ('acknowledge', 'first_response', 'next_update', 'resolve')),
    calendar_tenant_id uuid, -- the calendar may be the provider's
    calendar_id uuid,
    pauses      boolean NOT NULL,
    state       text NOT NULL CONSTRAINT promise_state_check CHECK (state IN ('running', 'paused', 'met', 'missed')),
    started_at  timestamptz NOT NULL,
    due_at      timestamptz, -- absent while paused
    stopped_at  timestamptz,
    late        boolean NOT NULL DEFAULT false,
    warned      int NOT NULL DEFAULT 0, -- the highest mark that was told: 50, 75, 90, 100
    next_at     timestamptz,            -- when the next mark is reached if it goes on running
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT promise_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    FOREIGN KEY (calendar_tenant_id, calendar_id) REFERENCES business_calendar (tenant_id, id)
);
CREATE INDEX promise_of_ticket ON promise (tenant_id, ticket_id, cycle);
CREATE INDEX promise_of_calendar ON promise (calendar_tenant_id, calendar_id) WHERE calendar_id IS NOT NULL;
CREATE INDEX promise_next ON promise (next_at) WHERE next_at IS NOT NULL;

-- The ledger: rows are added, never changed. Everything about a promise can be computed from it again.
CREATE TABLE promise_entry (
    tenant_id  uuid NOT NULL,
    promise_id uuid NOT NULL,
    seq        int NOT NULL,
    event      text NOT NULL CONSTRAINT promise_entry_event_check
               CHECK (event IN ('started', 'paused', 'resumed', 'retargeted', 'stopped')),
    at         timestamptz NOT NULL,
    pace       text CONSTRAINT promise_entry_pace_check
               CHECK (pace IN ('around_the_clock', 'business_time', 'business_days')),
    allowance  bigint,
    mercy_s    bigint,
    cause      text NOT NULL, -- ticket.opened, question.asked, severity.raised …
    note       text,
    actor_id   uuid,
    actor_name text NOT NULL,
    post_id    uuid, -- the question it waits for, the answer that ended it
    PRIMARY KEY (tenant_id, promise_id, seq),
    FOREIGN KEY (tenant_id, promise_id) REFERENCES promise (tenant_id, id)
);

-- ---- words to look for: whole words of letters and digits, and each pair of neighbouring characters of scripts that
-- put no spaces between words. The same function makes the index and the question. ----

CREATE FUNCTION ticket_words(body text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT w), '{}') FROM (
        SELECT left(word, 40) AS w FROM regexp_split_to_table(lower(body), '[^a-z0-9]+') word WHERE length(word) > 1
        UNION ALL
        SELECT substr(run[1], i, 2)
          FROM regexp_matches(lower(body), '[^\x01-\x7f[:space:][:punct:]]+', 'g') run,
               generate_series(1, greatest(length(run[1]) - 1, 1)) i) words
$$;

CREATE FUNCTION ticket_question(asked text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN cardinality(words) > 0
                THEN (SELECT string_agg(quote_literal(w), ' & ') FROM unnest(words) w)::tsquery END
      FROM (SELECT ticket_words(asked) AS words) q
$$;

-- A case's number is the next one of its customer; the row's lock keeps the order.
CREATE FUNCTION ticket_number_next(p_tenant uuid) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO ticket_counter AS c VALUES (p_tenant, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET last = c.last + 1 RETURNING last
$$;

-- ---- who sees what ----

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['business_calendar', 'business_calendar_version', 'promise_target',
        'ticket_counter', 'ticket', 'ticket_post', 'ticket_post_edit', 'ticket_read', 'ticket_watcher', 'promise',
        'promise_entry'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_jobs'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_jobs', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['business_calendar', 'business_calendar_version', 'promise_target',
        'ticket_counter', 'ticket', 'ticket_read', 'ticket_watcher', 'promise', 'promise_entry'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
    -- What the provider keeps for everybody can be read by everybody.
    FOREACH t IN ARRAY ARRAY['business_calendar', 'business_calendar_version', 'promise_target'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT USING (tenant_id = %L)', t || '_shared', t,
                       '00000000-0000-7000-8000-000000000001');
    END LOOP;
END $$;

-- Internal notes do not exist for customers, nor for engineers who look as a customer.
CREATE POLICY ticket_post_tenant ON ticket_post TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])
           AND (visibility = 'customer' OR (SELECT yagura_side()) = 'provider'));
CREATE POLICY ticket_post_edit_tenant ON ticket_post_edit TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])
           AND EXISTS (SELECT FROM ticket_post p WHERE p.tenant_id = ticket_post_edit.tenant_id AND p.id = post_id));

GRANT SELECT ON ticket_category, ticket_move TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT, UPDATE ON business_calendar, promise_target, ticket_counter, ticket, ticket_post, ticket_read,
    promise TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON business_calendar_version TO yagura_api;
GRANT SELECT ON business_calendar_version TO yagura_jobs;
GRANT SELECT, INSERT ON ticket_post_edit, promise_entry TO yagura_api, yagura_jobs;
GRANT SELECT, INSERT, DELETE ON ticket_watcher TO yagura_api, yagura_jobs;

-- ---- what is there from the first day ----

INSERT INTO ticket_category (id, key, service, name_en, name_ja, hint_en, hint_ja, plans, registered_contacts_only,
                             may_be_declined, position) VALUES
('01990000-0000-7000-8000-000000000101', 'incident', 'mdr', 'Incident', 'インシデントのご相談',
 'Something is happening, or has happened: we look into it with you.',
 '発生中・発生後のインシデントについて調査と対応を支援します。', '{lite,ultimate,mss}', false, false, 10),
('01990000-0000-7000-8000-000000000102', 'suspicious_file', 'mdr', 'Suspicious file', '不審なファイルの調査',
 'We tell you whether a file is malicious. A SHA-1 or MD5 value is enough to begin.',
 'ファイルが不正なものかを判定します。SHA-1またはMD5の値だけでも受け付けます。', '{ultimate}', false, true, 20),
('01990000-0000-7000-8000-000000000103', 'xdr', 'inquiry', 'Question about XDR', 'XDRに関するお問い合わせ',
 'Rules, exclusions, searches and everything else in the XDR console.',
 '検知ルール、除外、検索など、XDRコンソールに関するご質問です。', '{lite,ultimate,mss}', false, false, 30),
('01990000-0000-7000-8000-000000000104', 'endpoint', 'inquiry', 'Question about endpoint protection',
 'エンドポイントに関するお問い合わせ',
 'Missed or false detections, cleaning, strange behaviour.', '検出漏れ、誤検知、駆除、不審な挙動に関するご相談です。',
 '{lite,ultimate,mss}', false, false, 40),
('01990000-0000-7000-8000-000000000105', 'hunting', 'mdr', 'On-demand threat hunting', 'オンデマンド脅威ハンティング',
 'You name a theme, we look for it in your data.', 'ご指定のテーマで、お客様環境のデータを調査します。', '{ultimate}', false, false, 50),
('01990000-0000-7000-8000-000000000106', 'health_check', 'premium', 'Health check', 'ヘルスチェック',
 'We check whether your products work as they should. Once a year.', '製品が正しく動作しているかを点検します(年1回)。',
 '{ultimate}', true, false, 60),
('01990000-0000-7000-8000-000000000107', 'premium', 'premium', 'Premium support', 'プレミアムサポート',
 'Help with the programs, at any hour. For registered contacts.',
 'プログラムに関するお問い合わせを24時間365日受け付けます。登録済みのご担当者様専用です。', '{ultimate}', true, false, 70),
('01990000-0000-7000-8000-000000000108', 'research', 'mss', 'On-demand research', 'オンデマンドリサーチ',
 'We look for traces of what you were told about. Up to five a month.',
 '外部からの情報などをもとに痕跡を調査します(月5回まで)。', '{mss}', false, false, 80);

INSERT INTO business_calendar (tenant_id, id, name, time_zone, created_at, updated_at) VALUES
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000201',
 'Japan, business days', 'Asia/Tokyo', now(), now());
INSERT INTO business_calendar_version VALUES
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000201', '2020-01-01',
 (SELECT jsonb_agg(jsonb_build_object('weekday', d, 'from_s', 32400, 'to_s', 63000)) FROM generate_series(0, 4) d),
 '[{"weekday": 0, "from_s": 32400, "to_s": 63000}]', '[]', 'japan', now());

-- SLA-03..07: A two hours, B four hours around the clock, C one business day; the first answer of a human.
INSERT INTO promise_target (tenant_id, id, severity, metric, pace, allowance, pauses, from_at) VALUES
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000301', 'a',
 'first_response', 'around_the_clock', 7200, false, '2020-01-01Z'),
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000302', 'b',
 'first_response', 'around_the_clock', 14400, false, '2020-01-01Z'),
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000303', 'c',
 'first_response', 'business_days', 1, false, '2020-01-01Z');
