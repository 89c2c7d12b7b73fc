-- case work: what is kept beside the words of a case: who follows it, which computers it is about, how it hangs
-- together with others, what is to be ticked off, and how long people worked on it.

-- ---- tags that a customer's cases have had: what is offered while somebody types ----

CREATE TABLE ticket_tag (
    tenant_id    uuid NOT NULL REFERENCES tenant (id),
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    tag          text NOT NULL,
    uses         bigint NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_tag_tag_key UNIQUE (tenant_id, tag)
);
CREATE INDEX ticket_tag_by_id ON ticket_tag (id);
INSERT INTO ticket_tag (tenant_id, tag, uses, last_used_at)
SELECT tenant_id, tag, count(*), max(updated_at) FROM ticket, unnest(tags) tag GROUP BY 1, 2;

-- ---- affected computers, by the name and address people give; computer_id waits for the inventory ----

CREATE TABLE ticket_computer (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    ticket_id     uuid NOT NULL,
    name          text NOT NULL,
    address       text,
    computer_id   uuid,
    added_by_id   uuid,
    added_by_name text NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_computer_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX ticket_computer_by_id ON ticket_computer (id);
CREATE UNIQUE INDEX ticket_computer_once ON ticket_computer (tenant_id, ticket_id, lower(name), coalesce(address, ''));
CREATE INDEX ticket_computer_of_ticket ON ticket_computer (tenant_id, ticket_id);
CREATE INDEX ticket_computer_by_name ON ticket_computer (tenant_id, lower(name));

-- ---- how cases hang together. Both ends carry the same tenant: a link between customers cannot be written. ----

CREATE TABLE ticket_link (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    ticket_id       uuid NOT NULL,
    other_id        uuid NOT NULL, -- ticket_id is a duplicate of it, a part of it, was split from it, merged into it
    kind            text NOT NULL CONSTRAINT ticket_link_kind_check
                    CHECK (kind IN ('related', 'duplicate', 'child', 'split', 'merged')),
    created_at      timestamptz NOT NULL,
    created_by_id   uuid,
    created_by_name text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_link_self_check CHECK (ticket_id <> other_id),
    CONSTRAINT ticket_link_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CONSTRAINT ticket_link_other_id_fkey FOREIGN KEY (tenant_id, other_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX ticket_link_by_id ON ticket_link (id);
CREATE UNIQUE INDEX ticket_link_once ON ticket_link
    (tenant_id, kind, least(ticket_id, other_id), greatest(ticket_id, other_id));
CREATE UNIQUE INDEX ticket_link_parent ON ticket_link (tenant_id, ticket_id) WHERE kind = 'child';
CREATE INDEX ticket_link_of_ticket ON ticket_link (tenant_id, ticket_id);
CREATE INDEX ticket_link_of_other ON ticket_link (tenant_id, other_id);

-- A merged case keeps its row, its messages and its ledgers; it only says where its story goes on.
ALTER TABLE ticket ADD COLUMN merged_into_id uuid,
    ADD CONSTRAINT ticket_merged_into_id_fkey FOREIGN KEY (tenant_id, merged_into_id) REFERENCES ticket (tenant_id, id);
CREATE INDEX ticket_merged_into ON ticket (tenant_id, merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX ticket_merged_into_by_id ON ticket (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- Premium support ranks above ordinary inquiries; then what is due next.
CREATE INDEX ticket_queue ON ticket (priority DESC, due_at, id) WHERE due_at IS NOT NULL;

INSERT INTO ticket_move VALUES
('merge', 'new', 'closed', 'provider', 2),
('merge', 'in_progress', 'closed', 'provider', 2),
('merge', 'waiting_customer', 'closed', 'provider', 2),
('merge', 'waiting_third_party', 'closed', 'provider', 2),
('merge', 'resolved', 'closed', 'provider', 2);

-- ---- checklists: what engineers tick off. Templates belong to the provider. ----

CREATE TABLE checklist_template (
    tenant_id   uuid NOT NULL REFERENCES tenant (id),
    id          uuid NOT NULL,
    category_id uuid CONSTRAINT checklist_template_category_id_fkey REFERENCES ticket_category (id), -- none: any
    name_en     text NOT NULL,
    name_ja     text NOT NULL,
    items       jsonb NOT NULL, -- [{"text_en": …, "text_ja": …}]
    automatic   boolean NOT NULL DEFAULT false, -- every new case of the category begins with it
    active      boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX checklist_template_by_id ON checklist_template (id);

CREATE TABLE ticket_check (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    ticket_id    uuid NOT NULL,
    template_id  uuid, -- of the provider's tenant
    list_en      text NOT NULL,
    list_ja      text NOT NULL,
    position     int NOT NULL,
    text_en      text NOT NULL,
    text_ja      text NOT NULL,
    done_at      timestamptz,
    done_by_id   uuid,
    done_by_name text,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_check_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX ticket_check_by_id ON ticket_check (id);
CREATE INDEX ticket_check_of_ticket ON ticket_check (tenant_id, ticket_id, position);

-- ---- time spent, in minutes: the provider's own affair ----

CREATE TABLE ticket_time (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    ticket_id   uuid NOT NULL,
    person_id   uuid NOT NULL, -- of the provider's tenant
    person_name text NOT NULL,
    worked_on   date NOT NULL,
    minutes     int NOT NULL CONSTRAINT ticket_time_minutes_check CHECK (minutes BETWEEN 1 AND 1440),
    note        text,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT ticket_time_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
);
CREATE INDEX ticket_time_by_id ON ticket_time (id);
CREATE INDEX ticket_time_of_ticket ON ticket_time (tenant_id, ticket_id);
CREATE INDEX ticket_time_of_person ON ticket_time (person_id, worked_on);

-- ---- who sees what ----

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['ticket_tag', 'ticket_computer', 'ticket_link', 'checklist_template', 'ticket_check',
                             'ticket_time'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', t);
        EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t || '_owner', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['ticket_tag', 'ticket_computer', 'ticket_link'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]))', t || '_tenant', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['ticket_check', 'ticket_time'] LOOP
        EXECUTE format('CREATE POLICY %I ON %I TO yagura_api'
                       ' USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[])'
                       ' AND (SELECT yagura_side()) = ''provider'')', t || '_tenant', t);
    END LOOP;
END $$;
CREATE POLICY checklist_template_provider ON checklist_template TO yagura_api
    USING (tenant_id = '00000000-0000-7000-8000-000000000001' AND (SELECT yagura_side()) = 'provider');

GRANT SELECT, INSERT, UPDATE ON ticket_tag, checklist_template, ticket_check TO yagura_api;
GRANT SELECT, INSERT, DELETE ON ticket_computer, ticket_link, ticket_time TO yagura_api;
GRANT DELETE ON ticket_check TO yagura_api;

-- What every new case of a category begins with, also when a customer, who sees no checklist, opens it.
CREATE FUNCTION ticket_checks_begin(p_tenant uuid, p_ticket uuid, p_category uuid, p_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO ticket_check (tenant_id, id, ticket_id, template_id, list_en, list_ja, position, text_en, text_ja,
                              created_at)
    SELECT p_tenant, gen_random_uuid(), p_ticket, c.id, c.name_en, c.name_ja,
           row_number() OVER (ORDER BY c.created_at, c.id, item.nth), item.row->>'text_en', item.row->>'text_ja', p_at
      FROM checklist_template c, jsonb_array_elements(c.items) WITH ORDINALITY AS item (row, nth)
     WHERE c.automatic AND c.active AND (c.category_id IS NULL OR c.category_id = p_category)
       AND p_tenant = ANY (yagura_tenants())
$$;
REVOKE ALL ON FUNCTION ticket_checks_begin(uuid, uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ticket_checks_begin(uuid, uuid, uuid, timestamptz) TO yagura_api;

-- ---- what is there from the first day ----

INSERT INTO checklist_template (tenant_id, id, category_id, name_en, name_ja, items, automatic, created_at, updated_at)
VALUES
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000401',
 '01990000-0000-7000-8000-000000000101', 'First steps in an incident', 'インシデントの初動',
 '[{"text_en": "Call the first contact of the customer", "text_ja": "お客様の第一連絡先へ電話する"},
   {"text_en": "Name the affected computers in the case", "text_ja": "影響のある端末を記録する"},
   {"text_en": "Agree on isolation with the customer", "text_ja": "隔離の要否をお客様と合意する"},
   {"text_en": "Say which logs to take and how", "text_ja": "取得するログと取得方法を伝える"},
   {"text_en": "Check other computers for the same traces", "text_ja": "他の端末に同じ痕跡がないか確認する"}]',
 true, now(), now()),
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000402',
 '01990000-0000-7000-8000-000000000102', 'File analysis', 'ファイル解析',
 '[{"text_en": "Confirm the hash of what was received", "text_ja": "受領したファイルのハッシュ値を照合する"},
   {"text_en": "Give the verdict with its grounds", "text_ja": "判定と根拠を伝える"},
   {"text_en": "Look for the file at other computers of the customer", "text_ja": "お客様の他の端末に同じファイルがないか確認する"}]',
 true, now(), now()),
('00000000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000403', NULL,
 'Before a case is resolved', '解決前の確認',
 '[{"text_en": "Every question of the customer is answered", "text_ja": "お客様の質問にすべて回答した"},
   {"text_en": "Cause and remedy stand in a message to the customer", "text_ja": "原因と対処をお客様向けに記載した"},
   {"text_en": "No exclusion or isolation was left behind", "text_ja": "一時的な除外・隔離が残っていない"}]',
 false, now(), now());
