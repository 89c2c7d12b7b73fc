// A million cases of two hundred customers, two messages in each, and a million clocks that run. Rows are written by
// SQL as the verbs would leave them; what is measured afterwards goes through the service.

import { createHash, randomUUID } from 'node:crypto';

export const CUSTOMERS = 200;
export const CASES = Number(process.env.YAGURA_BENCH_CASES ?? 1_000_000);
export const OPENED_FROM = '2026-01-01T00:00:00Z';
const PROVIDER = '00000000-0000-7000-8000-000000000001';

const bulk = (house, text) =>
    house.sql(`SET session_replication_role = replica; ${text}; RESET session_replication_role`);

async function customers(house) {
    await house.sql(`
        INSERT INTO tenant (id, kind, name, short_code, plan, language, time_zone, status, created_at, updated_at)
        SELECT ('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'customer', 'Customer ' || n, 'C' || n,
               'ultimate', 'ja', 'Asia/Tokyo', 'active', '${OPENED_FROM}', '${OPENED_FROM}'
          FROM generate_series(1, ${CUSTOMERS}) n`);
}

async function programOf(house, tenant, set, allTenants) {
    const [id, secret, prefix] = [randomUUID(), randomUUID().replaceAll('-', '').repeat(2), randomUUID().slice(0, 8)];
    const key = `ygk_${prefix}00_${secret}`;
    await house.sql(`
        INSERT INTO person (tenant_id, id, kind, name, language, time_zone, status, all_tenants, created_at, updated_at)
        VALUES ($1, $2, 'service', 'Bench', 'ja', 'Asia/Tokyo', 'active', $3, now(), now())`, [tenant, id, allTenants]);
    await house.sql(`
        INSERT INTO person_permission_set (tenant_id, person_id, permission_set_id)
        SELECT $1, $2, id FROM permission_set WHERE tenant_id = $1 AND key = $3`, [tenant, id, set]);
    await house.sql(`
        INSERT INTO api_key (tenant_id, id, person_id, name, prefix, key_hash, scopes, created_at)
        VALUES ($1, gen_random_uuid(), $2, 'Bench', $3, $4, '{tickets:use,tenants:read}', now())`,
    [tenant, id, `${prefix}00`, createHash('sha256').update(key).digest()]);
    return { authorization: `Bearer ${key}` };
}

// Words of mixed text: some in every case, some in one of a thousand, one in a single case.
const TEXT = `
    (ARRAY['サーバーが応答しません','不審なメールを開きました','検知ルールについて','端末の隔離を解除','ログの採取方法'])[1 + n % 5]
    || ' ' || (ARRAY['powershell','printer','ransomware','update','vpn','excel'])[1 + n % 6] || ' word' || n % 1000
    || CASE WHEN n = 777777 % ${CASES} THEN ' 九蓮宝燈' ELSE '' END`;

async function cases(house) {
    await bulk(house, `
        DROP INDEX ticket_by_words, ticket_by_words_all, ticket_by_subject;
        INSERT INTO ticket (tenant_id, id, number, category_id, subject, description, status, severity,
            severity_proposed, severity_decided, requester_name, assignee_id, assignee_name, awaits, due_at, due_metric,
            post_count, opened_at, last_post_at, words, words_all, created_at, updated_at, resolved_at)
        SELECT ('01990000-0000-7000-8000-' || lpad(to_hex(1 + n % ${CUSTOMERS}), 12, '0'))::uuid,
               ('01991000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n / ${CUSTOMERS} + 1,
               '01990000-0000-7000-8000-000000000103', text, text || ' 詳細', 'in_progress',
               (ARRAY['a','b','c'])[1 + n % 3], (ARRAY['a','b','c'])[1 + n % 3], true, '山田 太郎', NULL, NULL,
               'provider', at + interval '1 year', 'resolve', 2, at, at + interval '1 hour', w, w, at,
               at + interval '1 hour', NULL
          FROM generate_series(0, ${CASES - 1}) n,
               LATERAL (SELECT ${TEXT} AS text, '${OPENED_FROM}'::timestamptz + n * interval '20 seconds' AS at) x,
               LATERAL array_to_tsvector(ticket_words(text || ' 詳細')) w;
        CREATE INDEX ticket_by_words ON ticket USING gin (words);
        CREATE INDEX ticket_by_words_all ON ticket USING gin (words_all);
        CREATE INDEX ticket_by_subject ON ticket USING gin (ticket_pairs(subject))`);
    await bulk(house, `
        INSERT INTO ticket_post (tenant_id, id, ticket_id, visibility, kind, author_name, author_side, body, created_at)
        SELECT t.tenant_id, gen_random_uuid(), t.id, 'customer', 'message', '山田 太郎',
               (ARRAY['provider','customer'])[side], '確認しました。' || t.subject, t.opened_at + side * interval '10 minutes'
          FROM ticket t, generate_series(1, 2) side`);
    await house.sql(`
        INSERT INTO ticket_counter SELECT tenant_id, max(number) FROM ticket GROUP BY tenant_id`);
}

// One running clock per case, each with its waiting job, as promise_wait leaves it.
async function clocks(house) {
    await bulk(house, `
        INSERT INTO promise (tenant_id, id, ticket_id, cycle, metric, severity, pace, state, started_at, due_at, warned,
            next_at, allowance_s)
        SELECT tenant_id, ('01992000-0000-7000-8000-' || right(id::text, 12))::uuid, id, 1, 'resolve', severity,
               'around_the_clock', 'running', opened_at, due_at, 90, due_at + interval '1 microsecond', 31536000
          FROM ticket`);
    await bulk(house, `
        INSERT INTO promise_entry (tenant_id, promise_id, seq, event, at, pace, allowance, mercy_s, cause, actor_name)
        SELECT tenant_id, id, 1, 'started', started_at, 'around_the_clock', 31536000, 1800, 'ticket.opened', 'Yagura'
          FROM promise`);
    await bulk(house, `
        INSERT INTO job (tenant_id, id, kind, args, unique_key, run_at, created_at)
        SELECT tenant_id, gen_random_uuid(), 'promise_mark', jsonb_build_object('id', id), id::text, next_at, started_at
          FROM promise`);
}

// fill(house): { engineer, customer }, the headers of a program of each side
export async function fill(house) {
    await customers(house);
    await cases(house);
    await clocks(house);
    const customer = '01990000-0000-7000-8000-000000000001';
    await house.sql(`
        INSERT INTO person (tenant_id, id, kind, email, name, language, time_zone, status, all_tenants, created_at,
            updated_at)
        SELECT $1, gen_random_uuid(), 'person', key || '@bench.example', key, 'ja', 'Asia/Tokyo', 'active', true,
               now(), now()
          FROM unnest(ARRAY['duty_lead', 'administrator', 'engineer']) key`, [PROVIDER]);
    await house.sql(`
        INSERT INTO person_permission_set (tenant_id, person_id, permission_set_id)
        SELECT p.tenant_id, p.id, s.id FROM person p JOIN permission_set s USING (tenant_id)
         WHERE p.tenant_id = $1 AND s.key = p.name`, [PROVIDER]);
    await house.sql('VACUUM ANALYZE');
    return {
        engineer: await programOf(house, PROVIDER, 'engineer', true),
        customer: await programOf(house, customer, 'customer_administrator', false),
    };
}

export const caseId = (n) => `01991000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
