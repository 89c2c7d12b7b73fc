// Telemetry from HTTP to durable: recorded Windows events with all SigmaHQ rules at work, beside COPY of the same
// events as jsonb rows in the same database, in turns. Needs the data of ../shared/data (or $YAGURA_DATA), which is not
// part of the repository; skipped without it.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answered } from '../integration/harness.mjs';
import { startIngestHouse } from '../integration/ingest_house.mjs';
import { figure } from './figure.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
const data = process.env.YAGURA_DATA ?? path.join(top, '../shared/data');
const EVENTS_OF_BATCH = Number(process.env.BENCH_BATCH ?? 8000); // of a forwarder that has so much to send
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const SENDERS = 4;
const TURNS = 2;

if (!fs.existsSync(path.join(data, 'otrf')) || !fs.existsSync(path.join(data, 'sigmahq'))) {
    console.log('skipped: no recordings and rules');
    process.exit(0);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yagura-bench.'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

function recordings() {
    const lines = [];
    for (const zip of fs.readdirSync(path.join(data, 'otrf')).filter((name) => name.endsWith('.zip')).sort()) {
        const { stdout } = spawnSync('unzip', ['-p', path.join(data, 'otrf', zip), '*.json', '-x', '__MACOSX/*'],
            { maxBuffer: 1 << 30, encoding: 'utf8' });
        lines.push(...stdout.split('\n').map((line) => line.trim()).filter((line) => line.startsWith('{')));
    }
    return lines;
}

const lines = recordings();
const raw = Buffer.byteLength(lines.join('\n'));
const batches = [];
for (let at = 0; at < lines.length; at += EVENTS_OF_BATCH) {
    const part = lines.slice(at, at + EVENTS_OF_BATCH);
    batches.push({ count: part.length,
        body: execFileSync('zstd', ['-q', '-c', '-3'], { input: part.join('\n') + '\n', maxBuffer: 1 << 28 }) });
}

const house = await startIngestHouse({ start: false,
    env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_INGEST_KEY_BATCHES: '32',
        YAGURA_INGEST_TENANT_BATCHES: '32', YAGURA_LOG_LEVEL: 'warn' } });
const imported = await house.yagura(['rules', 'import', path.join(data, 'sigmahq/rules')]);
if (imported.status !== 0) throw new Error(imported.stderr);
console.log(imported.stdout.trim().split('\n').at(-1));
await house.start();
await house.signIn();
const key = await house.key(house.aoba, { events_per_second: 1_000_000 });
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
let serial = 0;

function post(batch) {
    serial += 1;
    return new Promise((done, failed) => {
        const request = http.request(`${house.url}/api/v1/ingest`, { method: 'POST', agent, headers: {
            authorization: `Bearer ${key.secret}`, 'content-encoding': 'zstd', 'content-type': 'application/x-ndjson',
            'content-length': batch.body.length, 'x-batch-id': `bench-${serial}` } }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
            response.on('end', () => (response.statusCode === 200 ? done(JSON.parse(text))
                : failed(new Error(`${response.statusCode}: ${text}`))));
        });
        request.on('error', failed);
        request.end(batch.body);
    });
}

/* Of the service itself: what a busy machine does not change. */
function cpuSeconds() {
    const fields = fs.readFileSync(`/proc/${house.running()[0].child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
}

let perCore = 0;

async function ingest(seconds) {
    const began = Date.now();
    const cpu = cpuSeconds();
    let events = 0;
    let next = 0;
    const sender = async () => {
        while (Date.now() - began < seconds * 1000) {
            const batch = batches[next++ % batches.length];
            await post(batch);
            events += batch.count;
        }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    perCore = Math.max(perCore, events / (cpuSeconds() - cpu));
    return events / ((Date.now() - began) / 1000);
}

// The same events as rows: the tab is COPY's own mark, the backslash its escape.
const copyFile = path.join(folder, 'events.copy');
fs.writeFileSync(copyFile, lines.filter((line) => !line.includes('\\u0000'))
    .map((line) => line.replaceAll('\\', '\\\\').replaceAll('\t', '\\t')).join('\n') + '\n');
await house.sql('CREATE TABLE bench_row (id bigserial PRIMARY KEY, arrived_at timestamptz DEFAULT now(), event jsonb)');

function copy() {
    const began = Date.now();
    execFileSync('psql', ['-q', '-d', house.database, '-c', `\\copy bench_row (event) FROM '${copyFile}'`],
        { env: { ...process.env, PGHOST: process.env.YAGURA_TEST_PG, PGUSER: 'postgres' } });
    return lines.length / ((Date.now() - began) / 1000);
}

await ingest(5); // every kind of event has been met
const [ingested, copied] = [[], []];
for (let turn = 0; turn < TURNS; turn++) {
    copied.push(copy());
    ingested.push(await ingest(SECONDS));
}
const best = (list) => Math.max(...list);
figure('recorded Windows events copied as jsonb rows', best(copied), { unit: '/s' });
figure('sent by HTTP, evaluated and durable', best(ingested), { unit: '/s', atLeast: 100_000,
    because: `${SENDERS} senders, ${EVENTS_OF_BATCH} events a batch` });
figure('the same beside the copy', best(ingested) / best(copied), { unit: 'times', atLeast: 5 });
figure('events in a second of the service\'s own time', perCore, { unit: '/s' });
const [{ stored, told, events }] = await house.sql(`SELECT sum(length(body) + length(filter))::float8 AS stored,
    sum(raw_bytes)::float8 AS told, sum(events)::float8 AS events FROM segment`);
figure('stored of a byte of JSON', stored / told,
    { below: 0.1, because: `${Math.round(raw / lines.length)} bytes an event, ${events} events` });

// What a batch found stands in the transaction that its answer follows: so the answer's time is the detection's.
async function paced(rate, seconds) {
    const times = [];
    const began = performance.now();
    const pending = [];
    for (let sent = 0, next = 0; performance.now() - began < seconds * 1000; next++) {
        const batch = small[next % small.length];
        const due = began + (1000 * sent) / rate;
        if (performance.now() < due) await sleep(due - performance.now());
        while (pending.length - times.length > 30) await sleep(5); // it would be refused; its time counts from here on
        const start = performance.now();
        pending.push(post(batch).then(() => times.push(performance.now() - start)));
        sent += batch.count;
    }
    await Promise.all(pending);
    return times.sort((a, b) => a - b);
}

const small = [];
for (let at = 0; at < lines.length; at += 500) {
    const part = lines.slice(at, at + 500);
    small.push({ count: part.length,
        body: execFileSync('zstd', ['-q', '-c', '-3'], { input: part.join('\n') + '\n', maxBuffer: 1 << 28 }) });
}
const times = await paced(best(ingested) / 2, SECONDS);
const found = (await house.sql('SELECT count(*)::int AS count FROM detection'))[0].count;
figure('batch to visible detection, 99 of 100, at half the rate', times[Math.floor(times.length * 0.99)],
    { unit: 'ms', below: 1000, because: `${found} detections stand there` });
answered(await house.admin.get(`/ingest-keys/${key.id}`));
await house.close();
process.exit(0);
