// A month of detections: a million of them on 25,000 computers of ten customers. What the queue, its filters, one
// detection and the heaps cost through the API, for an engineer who sees all customers and for one customer.

import { startHouse } from '../integration/harness.mjs';
import { makePerson, makeTenant, PROVIDER, signIn } from '../integration/http_people.mjs';
import { figure } from './figure.mjs';

const DETECTIONS = Number(process.env.YAGURA_BENCH_DETECTIONS ?? 1_000_000);
const COMPUTERS = 25_000;
const TENANTS = 10;
const RULES = 300;
const DAYS = 31;
const ROUNDS = 60;

const house = await startHouse({ env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0' } });
const tenants = [];
for (let i = 0; i < TENANTS; i += 1) tenants.push(await makeTenant(house, `T${i}`));

async function fill() {
    await house.sql(`SELECT day_begin(d::date) FROM generate_series(current_date - $1::int, current_date + 1,
        interval '1 day') d`, [DAYS]);
    await house.sql('ALTER TABLE rule DISABLE TRIGGER USER');
    await house.sql(`INSERT INTO rule (tenant_id, id, key, language, title, score, body, origin, state, author_name,
            created_at, updated_at)
        SELECT $1, gen_random_uuid(), 'bench-' || n, 'sigma', 'Rule ' || n, 1 + n % 100, 'x', 'starter', 'retired',
            'bench', now(), now() FROM generate_series(1, $2::int) n`, [PROVIDER, RULES]);
    await house.sql(`INSERT INTO computer (tenant_id, id, name, name_key, first_seen_at, last_seen_at, created_at,
            updated_at)
        SELECT ($1::uuid[])[1 + n % $2::int], gen_random_uuid(), 'PC-' || n, 'pc-' || n, now(), now(), now(), now()
          FROM generate_series(0, $3::int - 1) n`, [tenants, TENANTS, COMPUTERS]);
    await house.sql(`CREATE TABLE bench_computer AS SELECT row_number() OVER () - 1 AS n, tenant_id, id, name
        FROM computer`);
    await house.sql(`CREATE TABLE bench_rule AS SELECT row_number() OVER () - 1 AS n, * FROM rule`);
    await house.sql(`INSERT INTO detection (tenant_id, id, rule_id, rule_key, rule_version, title, score, techniques,
            tactics, computer_id, computer_name, user_name, process_name, process_path, command_line, sha256, kind,
            matched, batch_id, event_index, event, occurrences, first_at, last_at, arrived_at, status, verdict,
            updated_at)
        SELECT c.tenant_id,
            overlay(uuid_from_time(t.at)::text placing substr(md5(x.n::text), 1, 12) from 25)::uuid,
            r.id, r.key, 1, r.title, r.score, '{T1059.001}', '{execution}', c.id, c.name, 'CORP\\user' || x.n % 5000,
            'powershell.exe', 'C:\\Windows\\powershell.exe', 'powershell -enc ' || md5(x.n::text),
                md5((x.n % 3000)::text),
            'process_creation', '[]', gen_random_uuid(), 0, repeat('{"a":"event"}', 60), 1 + x.n % 20, t.at, t.at, t.at,
            CASE WHEN x.n % 50 = 0 THEN 'new' ELSE 'resolved' END,
            CASE WHEN x.n % 50 = 0 THEN NULL WHEN x.n % 7 = 0 THEN 'true_positive' ELSE 'false_positive' END, t.at
          FROM generate_series(1, $1::int) x (n)
          CROSS JOIN LATERAL (SELECT now() - x.n * (interval '30 days' / $1::int) AS at) t
          JOIN bench_computer c ON c.n = (x.n::bigint * 7919) % $2::int
          JOIN bench_rule r ON r.n = (x.n::bigint * 104729) % $3::int`, [DETECTIONS, COMPUTERS, RULES]);
    await house.sql('ANALYZE detection');
    await house.sql('ANALYZE computer');
}

const began = performance.now();
await fill();
figure(`${DETECTIONS.toLocaleString('en')} detections written by SQL`, (performance.now() - began) / 1000,
    { unit: 's' });

const engineer = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
const customer = await signIn(house, await makePerson(house, tenants[3], 'customer_administrator'));
const some = (await house.sql(`SELECT id, rule_id, computer_id, computer_name FROM detection
    WHERE tenant_id = $1 ORDER BY id DESC LIMIT $2`, [tenants[3], ROUNDS]));

async function page(name, client, pathOf) {
    const spans = [];
    for (let n = 0; n < ROUNDS; n += 1) {
        const start = performance.now();
        const answer = await client.get(pathOf(some[n % some.length]));
        if (answer.status !== 200) throw new Error(`${pathOf(some[0])}: ${answer.status} ${answer.text}`);
        spans.push(performance.now() - start);
    }
    spans.sort((a, b) => a - b);
    figure(name, spans[Math.floor(spans.length / 2)], { unit: 'ms', below: 100 });
}

const OPEN = 'limit=50&status=new&status=in_progress';
for (const [who, client] of [['engineer', engineer], ['customer', customer]]) {
    await page(`${who}: the open ones, newest first`, client, () => `/detections?${OPEN}&sort=-last_at`);
    await page(`${who}: the same with their total`, client, () => `/detections?${OPEN}&sort=-last_at&total=true`);
    await page(`${who}: open threats`, client, () => `/detections?${OPEN}&score.gte=70&sort=-last_at`);
    await page(`${who}: the worst first`, client, () => `/detections?${OPEN}&sort=-score`);
    await page(`${who}: everything, newest first`, client, () => '/detections?limit=50&sort=-last_at');
    await page(`${who}: of one rule`, client, (row) => `/detections?limit=50&rule_id=${row.rule_id}&sort=-last_at`);
    await page(`${who}: of one computer`, client, (row) => `/detections?limit=50&computer_id=${row.computer_id}`);
    await page(`${who}: one detection`, client, (row) => `/detections/${row.id}`);
    await page(`${who}: the same elsewhere`, client, (row) => `/detections/${row.id}/elsewhere`);
    await page(`${who}: its occurrences`, client, (row) => `/detections/${row.id}/occurrences`);
}
const since = new Date(Date.now() - 7 * 86_400_000).toISOString();
await page('engineer: open ones of a week by rule', engineer, () =>
    `/detection-heaps?by=rule&since=${since}&status=new`);
await house.close();
