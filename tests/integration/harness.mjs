// harness: a whole Yagura for a test file, and its end.
//
//     import { startHouse, answered } from './harness.mjs';
//     const house = await startHouse({ smtp: true, clock: '2026-11-24T09:00:00Z' });
//     test('a stranger is told nothing', async () => { refused(await house.client().get('/people'), 401); });
//
// Every house has a database cloned from the migrated template, a server process on a free port, a folder, and where
// asked a mail server and a clock that only the test moves. All of it ends with the file, also when the file fails;
// a server that crashed, hung or did not stop cleanly fails the file.
//
//     node --test tests/integration/NAME.test.mjs      one file (it starts a PostgreSQL of its own)
//     script/test integration NAME                     the same with everything built before

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, rawRequest } from './client.mjs';
import { binary, connect, databaseUrl, dropDatabase, freshDatabase, serviceEnvironment, setGone, top }
    from './postgres.mjs';
import { startMailServer } from './smtp.mjs';

export { answered, refused, Client, rawRequest } from './client.mjs';
export { emptyDatabase } from './postgres.mjs';
export { startMailServer } from './smtp.mjs';
export { until };

// Generous: a limit ends what hangs, and judges no machine.
const READY_MS = 90_000;
const STOP_MS = 60_000;
const LOG_LINES = 400;

// Waits for a stated condition; `what` names it when it does not come true. An empty list is no answer.
async function until(condition, what, within = 60_000) {
    const deadline = Date.now() + within;
    for (;;) {
        const value = await condition();
        if (Array.isArray(value) ? value.length : value) return value;
        if (Date.now() > deadline) throw new Error(`not within ${within} ms: ${what}`);
        await sleep(20);
    }
}

// Waits until a claim holds; then, what it fails with.
export async function eventually(claim) {
    let failure;
    await until(() => claim().then(() => true, (error) => { failure = error; }), 'the claim').catch((error) => {
        throw failure ?? error;
    });
}

// temporary(name): a folder that goes with this process, however it ends (script/lib/temp.sh)
export function temporary(name) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `yagura-${name}.${process.pid}.`));
    folders.push(folder);
    return folder;
}

export async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

// A process of the service: its log, its readiness and how it ended.
class Process {
    constructor(args, env, port) {
        this.url = `http://127.0.0.1:${port}`;
        this.lines = [];
        // The kernel ends it with us, should we be killed.
        this.child = spawn('setpriv', ['--pdeathsig', 'KILL', binary, ...args], {
            cwd: top, env, stdio: ['ignore', 'pipe', 'pipe'],
        });
        this.ended = new Promise((done) => {
            this.child.on('close', (code, signal) => {
                this.exit = { code, signal };
                done(this.exit);
            });
        });
        for (const stream of [this.child.stdout, this.child.stderr]) {
            let rest = '';
            stream.setEncoding('utf8').on('data', (chunk) => {
                const lines = (rest + chunk).split('\n');
                rest = lines.pop();
                this.lines.push(...lines);
                if (this.lines.length > 2 * LOG_LINES) this.lines.splice(0, this.lines.length - LOG_LINES);
            });
        }
    }

    tail(lines = 40) { return this.lines.slice(-lines).join('\n'); }

    async ready() {
        await until(async () => {
            if (this.exit) throw new Error(`the server ended (${JSON.stringify(this.exit)}):\n${this.tail()}`);
            return fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
        }, 'the server is ready', READY_MS).catch((error) => {
            throw new Error(`${error.message}\n${this.tail()}`);
        });
    }

    async stop() {
        this.child.kill('SIGTERM');
        const late = sleep(STOP_MS, 'late', { ref: false });
        if (await Promise.race([this.ended, late]) === 'late') {
            this.child.kill('SIGKILL');
            throw new Error(`the server did not stop within ${STOP_MS} ms:\n${this.tail()}`);
        }
        assert.deepEqual(this.exit, { code: 0, signal: null }, `the server ended badly:\n${this.tail()}`);
    }

    async kill() {
        this.child.kill('SIGKILL');
        await this.ended;
    }
}

// The service's clock stands where the test put it.
class Clock {
    constructor(file, start) {
        this.file = file;
        this.set(start);
    }

    set(time) {
        this.now = new Date(time);
        fs.writeFileSync(`${this.file}.new`, `${this.now.toISOString()}\n`);
        fs.renameSync(`${this.file}.new`, this.file);
    }

    advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }) {
        this.set(this.now.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
    }
}

class House {
    async open({ clock, smtp, env = {}, args = ['serve'], start = true, database }) {
        this.folder = temporary('house');
        this.database = database ?? await freshDatabase();
        this.db = await connect(this.database);
        // What the migrations planned for the day on which they ran is planned for the day of the test.
        if (clock) await this.db.query('UPDATE job SET run_at = $1 WHERE run_at > $1', [new Date(clock)]);
        this.port = await freePort();
        this.url = `http://127.0.0.1:${this.port}`;
        this.args = args;
        this.processes = [];
        if (clock) this.clock = new Clock(path.join(this.folder, 'clock'), clock);
        if (smtp) this.mail = await startMailServer(smtp === true ? {} : smtp);
        fs.writeFileSync(path.join(this.folder, 'secret.key'), '5a'.repeat(32), { mode: 0o600 });
        fs.mkdirSync(path.join(this.folder, 'blobs'));
        this.env = {
            ...serviceEnvironment(),
            YAGURA_DATABASE_URL: databaseUrl(this.database),
            YAGURA_LISTEN: `127.0.0.1:${this.port}`,
            YAGURA_PUBLIC_URL: this.url,
            YAGURA_KEY_FILE: path.join(this.folder, 'secret.key'),
            YAGURA_BLOB_DIR: path.join(this.folder, 'blobs'),
            ...(this.clock ? { YAGURA_TEST_CLOCK: this.clock.file } : {}),
            ...(this.mail ? { YAGURA_SMTP_URL: this.mail.url } : {}),
            ...env,
        };
        if (start) await this.start();
        return this;
    }

    client(options) { return new Client(this.url, options); }
    raw(bytes, options) { return rawRequest(this.url, bytes, options); }

    // Statements as the database's superuser, whom row-level security does not bind. Returns the rows.
    async sql(text, values) { return (await this.db.query(text, values)).rows; }

    // The log as objects; `event` picks lines of one name.
    log(event) {
        const lines = this.processes.flatMap((process) => process.lines).filter((line) => line.startsWith('{'));
        return lines.map((line) => JSON.parse(line)).filter((line) => event === undefined || line.event === event);
    }

    // One more process of the service against the same database; the first one listens on house.url.
    async start({ args = this.args, env = {} } = {}) {
        const port = this.running().length === 0 ? this.port : await freePort();
        const process = new Process(args, { ...this.env, YAGURA_LISTEN: `127.0.0.1:${port}`, ...env }, port);
        this.processes.push(process);
        await process.ready();
        return process;
    }

    running() { return this.processes.filter((process) => !process.exit); }

    async restart() {
        await this.stopServers();
        return this.start();
    }

    async stopServers() {
        const died = this.processes.filter((process) => process.exit && !process.expected);
        for (const process of this.running()) {
            await process.stop();
            process.expected = true;
        }
        for (const process of died) {
            process.expected = true;
            throw new Error(`a server died on its way (${JSON.stringify(process.exit)}):\n${process.tail()}`);
        }
    }

    // kill -9, on purpose
    async kill(process = this.running()[0]) {
        process.expected = true;
        await process.kill();
    }

    // A subcommand: { status, stdout, stderr }; never throws for a status other than 0.
    async yagura(args, { input = '', env = {} } = {}) {
        const child = spawn(binary, args, { cwd: top, env: { ...this.env, ...env } });
        const out = { stdout: '', stderr: '' };
        for (const name of ['stdout', 'stderr']) {
            child[name].setEncoding('utf8').on('data', (chunk) => { out[name] += chunk; });
        }
        child.stdin.on('error', () => {}); // it may not want any
        child.stdin.end(input);
        const [code, signal] = await once(child, 'close');
        return { status: code ?? signal, ...out };
    }

    // Our own statements again, after the database was gone.
    async reconnect() {
        await this.db.end().catch(() => {});
        this.db = await connect(this.database);
    }

    // Until the workers have done what is due at the time that the clock shows, and what followed from it.
    async settled() {
        const due = `SELECT kind, count(*)::int AS n, max(last_error) AS error FROM job
                      WHERE state IN ('ready', 'acting') AND run_at <= $1 AND kind <> 'status_probe' GROUP BY kind`;
        let left = [];
        await until(async () => (left = await this.sql(due, [this.clock.now])).length === 0, 'no job is due')
            .catch((error) => { throw new Error(`${error.message}: ${JSON.stringify(left)}`); });
    }

    databaseGone(gone) { return setGone(this.database, gone); }

    async close() {
        if (this.closed) return;
        this.closed = true;
        try {
            await this.stopServers();
        } finally {
            await this.mail?.stop();
            await this.db?.end().catch(() => {});
            await dropDatabase(this.database).catch(() => {});
            fs.rmSync(this.folder, { recursive: true, force: true });
        }
    }
}

const houses = [];
const endings = [];
const folders = [];

// What was opened last ends first: a browser before the house that it looks at. All of it ends, whatever fails.
export const atEnd = (work) => endings.push(work);

async function end() {
    const failures = [];
    while (endings.length > 0) await Promise.resolve().then(endings.pop()).catch((error) => failures.push(error));
    // Said here, since the runner tells of a failed end only that the file failed.
    for (const failure of failures) console.error(failure);
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
}
// What is no test (a bench, pictures) closes what it opens.
if (process.argv[1].endsWith('.test.mjs')) after(end);
process.on('exit', () => {
    for (const house of houses) house.running?.().forEach(({ child }) => child.kill('SIGKILL'));
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

// startHouse({ clock, smtp, env, args, start, database }): all optional
//   clock      the time at which the service's clock stands until house.clock moves it; without it, real time
//   smtp       true, or { user, password }: a mail server at house.mail
//   env        more settings, e.g. { YAGURA_WORKERS: '2' }
//   start      false: everything but the process; house.start() starts it
export async function startHouse(options = {}) {
    const house = new House();
    houses.push(house);
    atEnd(() => house.close());
    return house.open(options);
}
