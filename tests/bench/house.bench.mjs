// What the house costs: memory, the list call against bare libpq, the job queue, the second start.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, startHouse, until } from '../integration/harness.mjs';
import { top } from '../integration/postgres.mjs';
import { figure } from './figure.mjs';
import { statementsOf } from './statements.mjs';
import { hold, program, residentMiB, run } from './tools.mjs';
import { fiftyRows } from './world.mjs';

const IDLE = 10_000;
const CONNECTIONS = 32;
const SECONDS = 10;
const JOBS = 50_000;

const get = (where, headers = {}) => [
    `GET ${where} HTTP/1.1`, 'Host: 127.0.0.1', 'Accept: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', '',
].join('\r\n');

// The limits on one caller protect the service from it; here one caller is all there is.
const unlimited = { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0', YAGURA_CONNECTIONS_MAX: '12000' };

async function memory() {
    const house = await startHouse({ env: unlimited });
    const { pid } = house.running()[0].child;
    figure('memory after start', residentMiB(pid), { unit: 'MiB', below: 64 });
    const letGo = await hold(house.port, IDLE, get('/healthz'));
    figure(`memory with ${IDLE.toLocaleString('en')} idle connections`, residentMiB(pid), { unit: 'MiB', below: 256 });
    letGo();
    await house.close();
}

async function list() {
    const house = await startHouse({ env: unlimited });
    const { path: where, headers } = await fiftyRows(house);
    const request = get(where, headers);
    const answer = await fetch(house.url + where, { headers });
    const { items } = await answer.json();
    if (items?.length !== 50) throw new Error(`the list has ${items?.length} rows, not 50`);

    const listing = /\bperson\b[\s\S]*\bLIMIT\b/;
    const statements = await statementsOf(house, listing, () => fetch(house.url + where, { headers }));
    await run('bench_http', ['load', house.port, CONNECTIONS, 2], request); // warm
    const ours = await run('bench_http', ['load', house.port, CONNECTIONS, SECONDS], request);
    const bare = await run('bench_pipeline',
        [`${house.env.YAGURA_DATABASE_URL}&options=-crole%3Dyagura_api%20-cjit%3Doff`, CONNECTIONS, SECONDS],
        JSON.stringify(statements));
    const perSecond = bare.rounds / bare.seconds;

    figure(`bare libpq, ${statements.length} statements in a pipeline`, perSecond, { unit: '/s' });
    const share = Math.round((100 * ours.answers) / ours.seconds / perSecond);
    figure(`list of 50 rows, ${CONNECTIONS} connections`, ours.answers / ours.seconds,
        { unit: '/s', atLeast: 0.6 * perSecond, because: `${share} % of bare libpq; 60 % wanted` });
    figure('  its median', ours.p50_us / 1000, { unit: 'ms' });
    figure('  its 99th percentile', ours.p99_us / 1000,
        { unit: 'ms', below: 10 * ours.p50_us / 1000, because: 'ten times the median' });
    await house.close();
}

async function jobs() {
    const house = await startHouse({ start: false });
    await house.sql('CREATE TABLE bench_effect (n bigint NOT NULL)');
    await house.sql('GRANT INSERT ON bench_effect TO yagura_jobs');
    const start = (...args) => spawn(program('bench_jobs'), args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const [status] = await once(start('add', house.env.YAGURA_DATABASE_URL, String(JOBS)), 'exit');
    if (status !== 0) throw new Error('the jobs could not be added');

    const began = performance.now();
    const workers = [1, 2].map(() => start('work', house.env.YAGURA_DATABASE_URL, '2'));
    await until(async () => Number((await house.sql('SELECT count(*) FROM bench_effect'))[0].count) >= JOBS,
        'all jobs ran', 120_000);
    const seconds = (performance.now() - began) / 1000;
    for (const worker of workers) {
        worker.kill('SIGTERM');
        await once(worker, 'exit');
    }
    figure('trivial jobs on two processes', JOBS / seconds, { unit: '/s', atLeast: 5000 });
    await house.close();
}

async function secondStart() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yagura-bench.'));
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, YAGURA_VAR: folder, PORT: String(await freePort()) };
    let seconds;
    for (let start = 1; start <= 2; start += 1) {
        const began = performance.now();
        const script = spawn('script/server', { cwd: top, env, stdio: ['ignore', 'pipe', 'inherit'] });
        let out = '';
        script.stdout.setEncoding('utf8').on('data', (chunk) => { out += chunk; });
        await until(() => /^ready: /m.test(out) || script.exitCode !== null, 'script/server is ready', 120_000);
        seconds = (performance.now() - began) / 1000;
        script.kill('SIGTERM');
        await once(script, 'exit');
        if (!/^ready: /m.test(out)) throw new Error(out);
    }
    fs.rmSync(folder, { recursive: true, force: true });
    figure('second start of script/server', seconds, { unit: 's', below: 5 });
}

await memory();
await list();
await jobs();
await secondStart();
