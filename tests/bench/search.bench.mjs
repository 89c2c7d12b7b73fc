// Looking into stored events, through the API and from a real database: how fast bytes are read beside
// `zstdcat | grep -c` on the same segments, all rules hunted through the past beside `rules eval`, and a hash or an
// address that stands once in 100 million events (some 40 GB of disk; YAGURA_BENCH_EVENTS says another number, and
// YAGURA_BENCH_PARTS=read,rules,once which parts). Needs the data of ../shared/data (or $YAGURA_DATA), which is not
// part of the repository; skipped without it.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { answered, until } from '../integration/harness.mjs';
import { event, startIngestHouse } from '../integration/ingest_house.mjs';
import { figure } from './figure.mjs';
import { writeProcessEvents } from './process_events.mjs';
import { data, recordings, writeRecordings } from './recordings.mjs';
import { top } from '../integration/postgres.mjs';

const MANY = Number(process.env.YAGURA_BENCH_EVENTS ?? 100_000_000);
const PROCESS_EVENTS = 400_000;
const EVENTS_OF_BATCH = 4000;
const DAYS = 6;
const ROUNDS = 5;
const TIMES = 4; // what is read and hunted through: so often the events that were sent
const PARTS = (process.env.YAGURA_BENCH_PARTS ?? 'read,rules,once').split(',');
const rules = path.join(data, 'sigmahq/rules');

if (!fs.existsSync(recordings) || !fs.existsSync(rules)) {
    console.log('skipped: no recordings and rules');
    process.exit(0);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yagura-bench.'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const inFolder = (name) => path.join(folder, name);

const house = await startIngestHouse({ start: false, env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0',
    YAGURA_INGEST_KEY_BATCHES: '32', YAGURA_INGEST_TENANT_BATCHES: '32', YAGURA_LOG_LEVEL: 'warn' } });
await house.start();
await house.signIn();
const tenant = house.aoba;
const key = await house.key(tenant, { events_per_second: 1_000_000 });
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
let serial = 0;

function post(list) {
    serial += 1;
    const body = execFileSync('zstd', ['-q', '-c', '-1'], { input: list.join('\n') + '\n', maxBuffer: 1 << 28 });
    return new Promise((done, failed) => {
        const request = http.request(`${house.url}/api/v1/ingest`, { method: 'POST', agent, headers: {
            authorization: `Bearer ${key.secret}`, 'content-encoding': 'zstd', 'content-type': 'application/x-ndjson',
            'content-length': body.length, 'x-batch-id': `bench-${serial}` } }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
            response.on('end', () => (response.statusCode === 200 ? done(JSON.parse(text))
                : failed(new Error(`${response.statusCode}: ${text}`))));
        });
        request.on('error', failed);
        request.end(body);
    });
}

// Small segments become large ones as they do within a quarter of an hour.
async function merged() {
    await house.sql(`UPDATE segment SET arrived_to = arrived_to - interval '1 hour'`);
    await until(async () => {
        await house.sql(`UPDATE job SET run_at = now() WHERE kind = 'segment_merge' AND state = 'ready'`);
        return (await house.sql(`SELECT FROM segment WHERE raw_bytes < 25165824 AND events < 262144
            GROUP BY tenant_id, tableoid, width_bucket(raw_bytes, ARRAY[65536, 524288, 4194304]::bigint[])
            HAVING count(*) >= 8`)).length === 0;
    }, 'small segments are merged', 600_000);
}

async function fill() {
    writeRecordings(inFolder('attacks.ndjson'));
    await writeProcessEvents(inFolder('attacks.ndjson'), inFolder('processes.ndjson'), PROCESS_EVENTS);
    const today = new Date().toISOString().slice(0, 10); // recorded years ago: what is asked goes back 400 days
    const lines = ['attacks', 'processes'].flatMap((name) => fs.readFileSync(inFolder(`${name}.ndjson`), 'utf8')
        .replace(/\b20[12]\d-[01]\d-[0-3]\d/g, today).split('\n').filter((line) => line.startsWith('{')));
    fs.writeFileSync(inFolder('all.ndjson'), lines.join('\n') + '\n');
    for (let at = 0; at < lines.length; at += EVENTS_OF_BATCH) await post(lines.slice(at, at + EVENTS_OF_BATCH));
    await merged();
    return lines.length;
}

// Until it is over, as whoever waits sees it.
async function hunt(words) {
    const began = performance.now();
    const day = 86400e3;
    const made = answered(await house.admin.post('/hunts', { purpose: 'search', language: 'conditions',
        tenant_ids: [tenant], from_at: new Date(Date.now() - 400 * day + 60000).toISOString(),
        until_at: new Date(Date.now() + day).toISOString(), ...words }), 201);
    const over = await until(async () => {
        const seen = answered(await house.admin.get(`/hunts/${made.id}`));
        return ['done', 'failed', 'cancelled'].includes(seen.state) && seen;
    }, 'the hunt is over', 900_000);
    if (over.state !== 'done' || over.problem) throw new Error(`${over.state}: ${over.problem}`);
    return { ...over, seconds: (performance.now() - began) / 1000 };
}

async function best(rounds, words) {
    const all = [];
    for (let i = 0; i < rounds; i += 1) all.push(await hunt(words));
    return all.sort((a, b) => a.seconds - b.seconds)[0];
}

// Both processes' own time: what one core would take.
function grepSeconds(needle) {
    const times = [];
    for (let i = 0; i < ROUNDS; i += 1) {
        const { stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time { zstdcat ${inFolder('stored.zst')} |`
            + ` LC_ALL=C grep -c '${needle}' >/dev/null; }`], { encoding: 'utf8' });
        times.push(stderr.trim().split(/\s+/).map(Number).reduce((sum, one) => sum + one, 0));
    }
    return Math.min(...times);
}

async function reading() {
    const segments = await house.sql('SELECT body FROM segment WHERE tenant_id = $1 ORDER BY id', [tenant]);
    fs.writeFileSync(inFolder('stored.zst'), Buffer.concat(segments.map(({ body }) => body)));
    const [{ raw }] = await house.sql('SELECT sum(raw_bytes)::float8 AS raw FROM segment');
    for (const [needle, what] of [['voke-Mimika', 'a part of a word that is rare'], ['owershell.ex', 'of many']]) {
        const found = await best(ROUNDS, { conditions: [{ operator: 'contains', values: [needle] }] });
        const grep = raw / 1e6 / grepSeconds(needle);
        figure(`search for ${what}`, found.bytes_read / 1e6 / found.seconds, { unit: 'MB/s', atLeast: 0.6 * grep,
            because: `60 % of zstdcat | grep -c, ${Math.round(grep)} MB/s; ${found.hits} found` });
    }
}

// The rules come after the events, as whoever hunts with new ones has it.
async function rulesOfThePast() {
    const imported = await house.yagura(['rules', 'import', rules]);
    if (imported.status !== 0) throw new Error(imported.stderr);
    const all = await best(2, { language: 'rules', conditions: null });
    for (let i = 0; i < TIMES; i += 1) fs.appendFileSync(inFolder('times'), fs.readFileSync(inFolder('all.ndjson')));
    const began = performance.now();
    execFileSync(path.join(top, 'build/release/bin/yagura'), ['rules', 'eval', '--rules', rules, '--events',
        inFolder('times'), '--threads', '1'], { stdio: ['ignore', 'ignore', 'ignore'] });
    const evaluated = all.events_read / ((performance.now() - began) / 1000);
    figure('all rules hunted through the past', all.events_read / all.seconds, { unit: '/s', atLeast: 0.7 * evaluated,
        because: `70 % of rules eval, ${Math.round(evaluated)}/s; ${all.hits} hits, ${all.busy_ms} ms of work` });
}

// The same segments again and again, as if they had come over six days. What is sought came first of all.
async function multiply(count, wanted) {
    await house.sql(`SELECT day_begin(d::date) FROM generate_series(current_date - $1::int, current_date + 1,
        interval '1 day') d`, [DAYS + 1]);
    const copies = Math.ceil(wanted / count) - 1;
    for (let n = 1; n <= copies; n += 1)
        await house.sql(`INSERT INTO segment SELECT tenant_id, overlay(uuid_from_time(arrived_to - $1::interval)::text
                placing substr(md5($1::text || id::text), 1, 12) from 25)::uuid, time_from, time_to, events, raw_bytes,
                hosts, kinds, filter, body, batches, arrived_to - $1::interval FROM bench_segment`,
        [`${(n * DAYS * 86400) / copies} seconds`]);
    await merged();
    await house.sql('VACUUM ANALYZE segment');
    await house.sql('CHECKPOINT');
}

async function once() {
    const [{ events, segments, stored }] = await house.sql(`SELECT sum(events)::float8 AS events,
        count(*)::int AS segments, sum(length(body) + length(filter))::float8 AS stored FROM segment`);
    console.log(`${events.toLocaleString('en')} events in ${segments} segments, ${(stored / 2 ** 30).toFixed(1)} GiB`);
    const asked = {
        'a hash': { conditions: [{ operator: 'contains', values: [hash] }] },
        'a hash in its field': { conditions: [{ field: 'Hashes', operator: 'contains', values: [hash] }] },
        'an address': { conditions: [{ operator: 'has_word', values: [address] }] },
        'an address in its field': { conditions: [{ field: 'DestinationIp', operator: 'is', values: [address] }] },
        'a hash that is nowhere': { conditions: [{ operator: 'contains', values: [[...hash].reverse().join('')] }] },
    };
    for (const [what, words] of Object.entries(asked)) {
        const first = await hunt(words);
        const found = await best(ROUNDS - 1, words);
        if (found.hits !== (what.includes('nowhere') ? 0 : 1)) throw new Error(`${what}: ${found.hits} found`);
        figure(`${what}, once in ${Math.round(events / 1e6)} million events`, first.seconds, { unit: 's', below: 2,
            because: `the first time; then ${found.seconds.toFixed(2)} s, ${found.segments_read} of`
                + ` ${found.segments_total} blocks read` });
    }
}

const hash = Array.from({ length: 64 }, (_, i) => ((i * i * 7 + 3 * i + 5) % 16).toString(16)).join('');
const address = '203.0.113.219';
const began = performance.now();
const count = await fill();
figure(`${count.toLocaleString('en')} events sent and merged`, (performance.now() - began) / 1000, { unit: 's' });
await house.sql('CREATE TABLE bench_segment AS SELECT * FROM segment');
if (PARTS.includes('read') || PARTS.includes('rules')) await multiply(count, TIMES * count);
if (PARTS.includes('read')) await reading();
if (PARTS.includes('rules')) await rulesOfThePast();
if (!PARTS.includes('once')) process.exit(0);
await house.sql('DELETE FROM segment WHERE id NOT IN (SELECT id FROM bench_segment)');
await multiply(count, MANY);
await post([JSON.stringify(event({ Hashes: `SHA256=${hash.toUpperCase()}`, EventID: 3, DestinationIp: address }))]);
await house.sql(`UPDATE segment SET id = overlay(uuid_from_time(now() - $1::interval)::text placing '0123456789ab'
    from 25)::uuid, arrived_to = now() - $1::interval WHERE events = 1`, [`${DAYS * 86400 + 3600} seconds`]);
await house.sql(`UPDATE ingest_batch SET segment_id = (SELECT id FROM segment WHERE events = 1) WHERE events = 1`);
await once();
await house.close();
process.exit(0);
