// A month of detections: a million of them on 25,000 computers of ten customers, a tenth of them in incidents. What the
// queue, its filters, one detection, the heaps, incidents, the dashboard and the inventory cost through the API, for an
// engineer who sees all customers and for one customer.

import { startHouse, until } from '../integration/harness.mjs';
import { makePerson, makeTenant, PROVIDER, signIn } from '../integration/http_people.mjs';
import { figure } from './figure.mjs';

const DETECTIONS = Number(process.env.YAGURA_BENCH_DETECTIONS ?? 1_000_000);
const COMPUTERS = 25_000;
const TENANTS = 10;
const RULES = 300;
const DAYS = 31;
const ROUNDS = 60;
let picked = 0;

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
}

// One detection of eleven is told of by an incident, which holds those of one computer and five days: seven or so.
async function fillIncidents() {
    await house.sql(`CREATE TABLE bench_told AS
        SELECT d.tenant_id, d.id, d.computer_id, d.computer_name, d.user_name, d.sha256, d.score, d.first_at,
               dense_rank() OVER (ORDER BY d.computer_id, (d.first_at::date - '2020-01-01'::date) / 5) AS incident
          FROM detection d JOIN bench_computer c ON c.id = d.computer_id WHERE c.n % 11 = 0`);
    await house.sql(
        'CREATE TABLE bench_incident AS SELECT incident, gen_random_uuid() AS id FROM bench_told GROUP BY 1');
    await house.sql(`INSERT INTO incident (tenant_id, id, number, title, title_ja, score, status, detections, computers,
            first_at, last_at, opened_at, closed_at, gather_by, window_minutes, updated_at)
        SELECT t.tenant_id, i.id, i.incident, 'Execution on ' || min(t.computer_name), '実行', max(t.score),
               CASE WHEN i.incident % 20 = 0 THEN 'open' ELSE 'closed' END, count(*), count(DISTINCT t.computer_id),
               min(t.first_at), max(t.first_at), min(t.first_at),
               CASE WHEN i.incident % 20 = 0 THEN NULL ELSE max(t.first_at) END, '{computer}', 240, max(t.first_at)
          FROM bench_told t JOIN bench_incident i USING (incident) GROUP BY 1, i.id, i.incident`);
    await house.sql(`UPDATE detection d SET incident_id = i.id FROM bench_told t JOIN bench_incident i USING (incident)
        WHERE d.tenant_id = t.tenant_id AND d.id = t.id`);
    await house.sql(`INSERT INTO incident_object (tenant_id, id, incident_id, kind, value, label, joins, detections,
            first_at, last_at)
        SELECT t.tenant_id, gen_random_uuid(), i.id, v.kind, lower(v.value), v.value, true, count(*), min(t.first_at),
               max(t.first_at)
          FROM bench_told t JOIN bench_incident i USING (incident),
               LATERAL (VALUES ('computer', t.computer_name), ('user', t.user_name), ('executable', t.sha256))
                   v (kind, value)
         GROUP BY t.tenant_id, i.id, v.kind, v.value`);
    await house.sql(`INSERT INTO incident_entry (tenant_id, id, incident_id, kind, body, author_name, by_staff,
            internal, at)
        SELECT i.tenant_id, gen_random_uuid(), i.id, 'comment', 'Looked at.', 'bench', true, n = 1, i.opened_at
          FROM incident i, generate_series(1, 3) n`);
}

// As the job that gathers does while detections come.
async function fillHours() {
    const band = "CASE WHEN score >= 70 THEN 'threat' WHEN score >= 40 THEN 'warning' ELSE 'low' END";
    const of = (name) => `count(*) FILTER (WHERE ${band} = '${name}')`;
    await house.sql(`INSERT INTO detection_hour (tenant_id, hour, low, warning, threat)
        SELECT tenant_id, date_trunc('hour', arrived_at), ${of('low')}, ${of('warning')}, ${of('threat')}
        FROM detection WHERE arrived_at < date_trunc('hour', now()) GROUP BY 1, 2`);
    await house.sql(`INSERT INTO detection_rule_day (tenant_id, day, rule_id, band, title, detections)
        SELECT tenant_id, (arrived_at AT TIME ZONE 'UTC')::date, rule_id, ${band}, min(title), count(*)
          FROM detection WHERE arrived_at < date_trunc('hour', now()) GROUP BY 1, 2, 3, 4`);
    await house.sql(`INSERT INTO detection_hours_done SELECT id, date_trunc('hour', now()) FROM tenant`);
}

// As the job that counts files ahead does every ten minutes.
async function fillFigures() {
    await until(async () => {
        await house.sql("UPDATE job SET run_at = now() WHERE kind = 'file_figures' AND state = 'ready'");
        return (await house.sql('SELECT FROM file_figure LIMIT 1')).length > 0;
    }, 'files are counted', 120_000);
}

async function fillInventory() {
    await house.sql(`INSERT INTO executable (tenant_id, id, hash, name, path, computers, first_seen_at, last_seen_at,
            updated_at)
        SELECT t, gen_random_uuid(), md5(n::text), 'tool' || n || '.exe', 'C:\\Windows\\tool' || n || '.exe',
               1 + n % 900,
               now(), now(), now() FROM unnest($1::uuid[]) t, generate_series(0, 20000) n`, [tenants]);
    await house.sql(`UPDATE computer c SET open_detections = d.open, worst_score = d.worst FROM (
        SELECT computer_id, count(*) AS open, max(score) AS worst FROM detection WHERE status <> 'resolved' GROUP BY 1)
        d WHERE d.computer_id = c.id`);
}

const began = performance.now();
await fill();
await fillIncidents();
await fillHours();
await fillInventory();
await fillFigures();
await house.sql('VACUUM ANALYZE');
figure(`${DETECTIONS.toLocaleString('en')} detections written by SQL`, (performance.now() - began) / 1000,
    { unit: 's' });

const engineer = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
const customer = await signIn(house, await makePerson(house, tenants[3], 'customer_administrator'));
const some = (await house.sql(`SELECT id, rule_id, computer_id, computer_name FROM detection
    WHERE tenant_id = $1 ORDER BY id DESC LIMIT $2`, [tenants[3], ROUNDS]));

const only = new RegExp(process.env.YAGURA_BENCH_ONLY ?? '');
async function page(name, client, pathOf) {
    if (!only.test(name)) return;
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

const told = await house.sql('SELECT id FROM incident WHERE tenant_id = $1 ORDER BY detections DESC LIMIT $2',
    [tenants[3], ROUNDS]);
const programs = await house.sql('SELECT id FROM executable WHERE tenant_id = $1 LIMIT $2', [tenants[3], ROUNDS]);
const pick = (rows) => rows[picked++ % rows.length].id;
for (const [who, client] of [['engineer', engineer], ['customer', customer]]) {
    await page(`${who}: open incidents`, client, () => '/incidents?limit=50&status.ne=closed&sort=-score');
    await page(`${who}: incidents, newest first`, client, () => '/incidents?limit=50&sort=-last_at');
    await page(`${who}: incidents with their total`, client, () => '/incidents?limit=50&sort=-last_at&total=true');
    for (const part of ['', '/timeline', '/entries', '/objects', '/graph']) {
        const name = `${who}: an incident${part.replace('/', ', its ')}`;
        await page(name, client, () => `/incidents/${pick(told)}${part}`);
    }
    await page(`${who}: the dashboard of a week`, client, () => '/dashboard?days=7');
    await page(`${who}: the dashboard of a month`, client, () => '/dashboard?days=31');
    await page(`${who}: computers, the worst first`, client, () => '/computers?limit=50&sort=-worst_score');
    await page(`${who}: computers by name, counted`, client, () => '/computers?limit=50&sort=name&total=true');
    await page(`${who}: a computer found by its name`, client, (row) => `/computers?limit=50&q=${row.computer_name}`);
    await page(`${who}: one computer`, client, (row) => `/computers/${row.computer_id}`);
    await page(`${who}: programs, newest first`, client, () => '/executables?limit=50&sort=-first_seen_at');
    await page(`${who}: one program`, client, () => `/executables/${pick(programs)}`);
    await page(`${who}: how widespread it is`, client, () => `/executables/${pick(programs)}/popularity`);
}
const since = new Date(Date.now() - 7 * 86_400_000).toISOString();
await page('engineer: open ones of a week by rule', engineer, () =>
    `/detection-heaps?by=rule&since=${since}&status=new`);
await house.close();
