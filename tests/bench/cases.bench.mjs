// A million cases: what the queue, a case, a search and a burst of deadlines cost. YAGURA_BENCH_CASES takes fewer,
// YAGURA_BENCH_PARTS only some (pages,searches,burst).

import { setTimeout as sleep } from 'node:timers/promises';
import { startHouse, until } from '../integration/harness.mjs';
import { CASES, caseId, fill } from './cases_world.mjs';
import { figure } from './figure.mjs';
import { statementsOf } from './statements.mjs';
import { run } from './tools.mjs';

const ROUNDS = 200;
const BURST = 10_000;
const BEFORE = '2026-12-14T23:59:00Z';
const AFTER = '2026-12-15T00:00:01Z';

const count = (number) => number.toLocaleString('en');

const house = await startHouse({ clock: BEFORE,
    env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0' } });
const began = performance.now();
const { engineer, customer } = await fill(house);
figure(`${count(CASES)} cases and clocks written by SQL`, (performance.now() - began) / 1000, { unit: 's' });

async function ask(where, headers) {
    const answer = await fetch(`${house.url}/api/v1${where}`, { headers });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${where}: ${answer.status} ${JSON.stringify(body)}`);
    return body;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

async function spans(pathOf, headers, rounds = ROUNDS) {
    const list = [];
    for (let n = 0; n < rounds; n += 1) {
        const start = performance.now();
        await Promise.all([pathOf(n)].flat().map((where) => ask(where, headers)));
        list.push(performance.now() - start);
    }
    return median(list.slice(rounds / 10));
}

async function raw(where, headers, about) {
    const statements = await statementsOf(house, about, () => ask(where, headers));
    const url = `${house.env.YAGURA_DATABASE_URL}&options=-crole%3Dyagura_api%20-cjit%3Doff`;
    const bare = await run('bench_pipeline', [url, 1, 3], JSON.stringify(statements));
    return bare.p50_us / 1000;
}

async function page(name, pathOf, headers, below, about) {
    const ms = await spans(pathOf, headers);
    const bare = await raw([pathOf(0)].flat()[0], headers, about);
    const because = `${(ms / bare).toFixed(1)} times its bare SQL, ${bare.toFixed(1)} ms`;
    figure(name, ms, { unit: 'ms', below, because });
}

const list = (query, sort, more = '') =>
    `/tickets?limit=50&query=${encodeURIComponent(query)}&sort=${encodeURIComponent(sort)}${more}`;
const TICKETS = /\bFROM ticket t\b/;

async function pages() {
    const queue = (name, query) => page(name, () => list(query, '-priority,due_at'), engineer, 30, TICKETS);
    await queue('queue: what is due next', 'status:open due:any');
    await queue('queue: nobody in charge', 'status:open assignee:none');
    await queue('queue: one customer of 200', 'customer:C77 status:open');
    await page("a customer's own list", () => list('status:open', '-updated_at'), customer, 30, TICKETS);
    await page('a case', (n) => `/tickets/${caseId((n * 4999) % CASES)}`, engineer, 30, TICKETS);
    const whole = (n) => ['', '/posts?limit=100', '/clocks', '/work'].map((part) =>
        `/tickets/${caseId((n * 4999) % CASES)}${part}`);
    const home = () => '/tickets/home';
    figure('a case, its words, clocks and work at once', await spans(whole, engineer), { unit: 'ms', below: 30 });
    figure('where work begins, all sections counted', await spans(home, engineer), { unit: 'ms' });
}

async function searches() {
    const words = { 'found once': '九蓮宝燈', 'in one of a thousand': 'word77', 'in one of thirty': 'ransomware 隔離',
        'in one of five': '不審なメール', 'exact words, found once': '"九蓮宝燈"',
        'exact words, in one of three thousand': '"excel word77"',
        'exact words, in one of thirty': '"隔離を解除 ransomware"', 'exact words, in one of five': '"不審なメール"',
        'subject, found once': 'subject:九蓮', 'subject, in one of three thousand': 'subject:"excel word77"',
        'subject, in one of a hundred': 'subject:rd77', 'subject, in one of six': 'subject:vpn',
        'subject, in one of five': 'subject:検知' };
    for (const [name, text] of Object.entries(words)) {
        const path = list(text, '-updated_at');
        if ((await ask(path, engineer)).items.length === 0) throw new Error(`nothing found for ${text}`);
        await page(`search: ${name}`, () => path, engineer, 150, TICKETS);
    }
    for (const text of ['word0', '"不審なメール"', 'subject:vpn']) {
        const path = list(text, '-updated_at');
        figure(`a customer's search: ${text}`, await spans(() => path, customer), { unit: 'ms', below: 150 });
    }
    const apart = list('"ransomware 端末"', '-updated_at');
    if ((await ask(apart, engineer)).items.length !== 0) throw new Error('these words never stand together');
    figure('search: common words that never stand together', await spans(() => apart, engineer, 10), { unit: 'ms' });
}

// Ten thousand clocks end in the same second; of two servers one is killed while they are told.
async function burst() {
    await house.sql('SET session_replication_role = replica');
    await house.sql(`
        CREATE TABLE burst AS SELECT p.tenant_id, p.id, p.ticket_id FROM promise p ORDER BY p.id LIMIT ${BURST}`);
    for (const text of [
        `UPDATE promise p SET started_at = '2025-12-15', due_at = '2026-12-15', next_at = '2026-12-15' FROM burst b
          WHERE p.tenant_id = b.tenant_id AND p.id = b.id`,
        `UPDATE promise_entry e SET at = '2025-12-15' FROM burst b
          WHERE e.tenant_id = b.tenant_id AND e.promise_id = b.id`,
        `UPDATE job j SET run_at = '2026-12-15 00:00:00.000001Z' FROM burst b
          WHERE j.tenant_id = b.tenant_id AND j.kind = 'promise_mark' AND j.unique_key = b.id::text`,
        'RESET session_replication_role', 'ANALYZE']) await house.sql(text);
    const second = await house.start();
    await sleep(500);
    house.clock.set(AFTER);
    await house.sql('NOTIFY yagura_job');
    const start = performance.now();
    // Walks begin with the marks; counting promises would take as much of the machine as telling them does.
    const told = async () => Number((await house.sql('SELECT count(*) FROM escalation'))[0].count);
    await until(async () => await told() > BURST / 10, 'the first are told', 60_000);
    await house.kill(second);
    await until(async () => await told() === BURST, 'all are told', 120_000);
    const seconds = (performance.now() - start) / 1000;
    const [{ twice }] = await house.sql(`
        SELECT count(*) AS twice FROM (SELECT FROM ticket_post p JOIN burst b ON b.ticket_id = p.ticket_id
         WHERE p.kind = 'automatic' GROUP BY p.ticket_id HAVING count(*) <> 1) x`);
    const [{ late }] = await house.sql(
        'SELECT count(*) AS late FROM promise p JOIN burst b USING (tenant_id, id) WHERE p.warned = 100 AND p.late');
    if (Number(late) !== BURST) throw new Error(`${late} deadlines are known to be missed, not ${BURST}`);
    if (Number(twice) !== 0) throw new Error(`${twice} deadlines were told more than once, or never`);
    figure(`${count(BURST)} deadlines of one second, one server killed`, seconds, { unit: 's', below: 5 });
}

// What a tick costs with nothing due: the question that a worker asks.
async function tick() {
    const spent = [];
    for (let n = 0; n < ROUNDS; n += 1) {
        const start = performance.now();
        await house.sql("SELECT id FROM job WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at LIMIT 50", [BEFORE]);
        spent.push(performance.now() - start);
    }
    figure(`asking what is due among ${count(CASES)} open clocks`, median(spent), { unit: 'ms', below: 2 });
}

const parts = { tick, pages, searches, burst };
const chosen = process.env.YAGURA_BENCH_PARTS?.split(',') ?? Object.keys(parts);
for (const name of chosen) await parts[name]();
await house.close();
