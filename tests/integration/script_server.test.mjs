// script/server: what the README promises of its first command. The build is there already; each test has its own
// YAGURA_VAR, so it stands beside whatever else runs on the machine.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort, startHouse, temporary, until } from './harness.mjs';
import { top } from './postgres.mjs';

const folder = temporary('script');
const scripts = [];
after(() => {
    scripts.forEach(({ child }) => child.kill('SIGKILL'));
});

const environment = () => {
    const { PATH, HOME } = process.env;
    return { PATH, HOME, YAGURA_VAR: path.join(folder, 'var') };
};

function run(variables) {
    const env = { ...environment(), ...variables };
    const child = spawn('script/server', { cwd: top, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const script = { child, out: '', ended: once(child, 'exit').then(([code, signal]) => code ?? signal) };
    for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk) => { script.out += chunk; });
    }
    scripts.push(script);
    return script;
}

async function ready(script) {
    const ended = script.ended.then((status) => { throw new Error(`ended with ${status}:\n${script.out}`); });
    await Promise.race([until(() => /^ready: /m.test(script.out), 'script/server is ready', 600_000), ended]);
    return /^ready: (\S+)$/m.exec(script.out)[1];
}

async function stop(script, signal = 'SIGTERM') {
    script.child.kill(signal);
    return script.ended;
}

const postmaster = () => {
    const file = path.join(folder, 'var/pg/data/postmaster.pid');
    return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8').split('\n')[0]) : undefined;
};
const lives = (pid) => fs.existsSync(`/proc/${pid}`);
const answers = (url) => fetch(url).then((answer) => answer.status, () => undefined);

let url;
let logins;

test('the first start makes a database, loads the demo data and says where to look and how to sign in', async () => {
    const port = await freePort();
    const script = run({ PORT: String(port) });
    url = await ready(script);
    assert.equal(url, `http://127.0.0.1:${port}`);
    assert.equal(await answers(`${url}/readyz`), 200);
    logins = fs.readFileSync(path.join(folder, 'var/demo-logins.txt'), 'utf8');
    await until(() => script.out.includes(logins.trim()), 'the logins are shown');
    assert.match(logins, /@/);
    assert.equal(fs.statSync(path.join(folder, 'var/secret.key')).mode & 0o777, 0o600);
});

test('its PostgreSQL listens on a socket that only its owner reaches, and does not run as root', async () => {
    const status = fs.readFileSync(`/proc/${postmaster()}/status`, 'utf8');
    assert.notEqual(/^Uid:\s+(\d+)/m.exec(status)[1], '0');
    const socket = fs.readFileSync(path.join(folder, 'var/pg/socket'), 'utf8').trim();
    assert.equal(fs.statSync(socket).mode & 0o777, 0o700);
    const lines = fs.readFileSync(path.join(folder, 'var/log/postgres.log'), 'utf8').match(/listening on .*/g);
    assert.ok(lines.length > 0 && lines.every((line) => line.includes('Unix socket')), lines.join('\n'));
});

test('script/code says what the authenticator apps of the demo would show', async () => {
    const { stdout } = await promisify(execFile)('script/code', { cwd: top, env: environment() });
    const lines = stdout.trim().split('\n');
    assert.ok(lines.length >= 2);
    for (const line of lines) assert.match(line, /^\S+@\S+ +\d{6}$/);
});

test('a second one with the same folder is refused and told who is in its way', async () => {
    const script = run({ PORT: String(await freePort()) });
    assert.equal(await script.ended, 1);
    assert.match(script.out, new RegExp(`process ${scripts[0].child.pid}`));
});

test('a signal stops everything that it started', async () => {
    const pid = postmaster();
    await stop(scripts[0]);
    assert.equal(await answers(url), undefined);
    assert.ok(!lives(pid), 'PostgreSQL still runs');
    assert.equal(postmaster(), undefined);
});

test('the next start builds nothing, loads nothing, and shows the same logins', async () => {
    const script = run({ PORT: new URL(url).port });
    assert.equal(await ready(script), url);
    await until(() => script.out.includes(logins.trim()), 'the logins are shown');
    for (const word of ['Installing', 'Building the portal', 'Loading', 'Making']) {
        assert.ok(!script.out.includes(word), `${word}: ${script.out}`);
    }
});

test('after kill -9 nothing is left behind, and the next start mends what there was', async () => {
    const script = scripts.at(-1);
    const pid = postmaster();
    await stop(script, 'SIGKILL');
    await until(async () => !lives(pid) && (await answers(url)) === undefined, 'all of it ends by itself');
    const next = run({ PORT: new URL(url).port });
    await ready(next);
    process.kill(postmaster(), 'SIGKILL'); // the database, too
    await stop(next, 'SIGKILL');
    const last = run({ PORT: new URL(url).port });
    await ready(last);
    assert.equal(await answers(`${url}/readyz`), 200);
    await stop(last);
});

test('a port that is taken is named', async (t) => {
    const server = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const script = run({ PORT: String(server.address().port) });
    assert.equal(await script.ended, 1);
    assert.match(script.out, new RegExp(`127\\.0\\.0\\.1:${server.address().port}`));
});

test('with YAGURA_DATABASE_URL it starts no PostgreSQL of its own', async () => {
    const house = await startHouse({ start: false });
    const folderOfItsOwn = path.join(folder, 'elsewhere');
    const script = run({
        PORT: String(await freePort()), YAGURA_VAR: folderOfItsOwn, YAGURA_DATABASE_URL: house.env.YAGURA_DATABASE_URL,
    });
    await ready(script);
    assert.ok(!fs.existsSync(path.join(folderOfItsOwn, 'pg')));
    await stop(script);
});
