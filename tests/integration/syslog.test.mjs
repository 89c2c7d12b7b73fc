// Telemetry by syslog: framing, who may send, audit records joined, and waiting for the database.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';
import { answered, freePort, until } from './harness.mjs';
import { startIngestHouse, storedEvents } from './ingest_house.mjs';

const [port, tlsPort] = [await freePort(), await freePort()];
const house = await startIngestHouse({ start: false });
const cert = path.join(house.folder, 'syslog.pem');
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${cert}.key`, '-out', cert,
    '-days', '2', '-subj', '/CN=localhost'], { stdio: 'ignore' });
Object.assign(house.env, { YAGURA_SYSLOG_LISTEN: `127.0.0.1:${port}`, YAGURA_SYSLOG_TLS_LISTEN: `127.0.0.1:${tlsPort}`,
    YAGURA_SYSLOG_TLS_CERT_FILE: cert, YAGURA_SYSLOG_TLS_KEY_FILE: `${cert}.key` });
await house.start();
await house.signIn();
const key = await house.key(house.aoba);

const stored = () => storedEvents(house, house.aoba);
const find = (what) => async () => (await stored()).find(what);

async function connect({ secure = false } = {}) {
    const socket = secure ? tls.connect({ port: tlsPort, host: '127.0.0.1', ca: fs.readFileSync(cert),
        servername: 'localhost' }) : net.connect(port, '127.0.0.1');
    await once(socket, secure ? 'secureConnect' : 'connect');
    socket.on('error', () => {});
    return socket;
}

const counted = (text) => `${Buffer.byteLength(text)} ${text}`;

const audit = (serial, exe) => [
    `type=SYSCALL msg=audit(1764410400.123:${serial}): arch=c000003e syscall=59 success=yes exit=0 ppid=900 pid=901 `
        + `auid=1000 uid=0 ses=3 comm="id" exe="${exe}" key="exec"`,
    `type=EXECVE msg=audit(1764410400.123:${serial}): argc=2 a0="${exe}" a1="-u"`,
    `type=PROCTITLE msg=audit(1764410400.123:${serial}): proctitle=6964002D75`,
];

test('audit records by TCP become one event of the computer that the header names', async () => {
    const socket = await connect();
    socket.write(`${key.secret}\n`);
    for (const line of audit(4711, '/usr/bin/id')) socket.write(`<14>Nov 29 10:00:00 db-02 audispd: ${line}\n`);
    const event = await until(find((one) => one.exe === '/usr/bin/id'), 'it is stored', 30_000);
    assert.equal(event.Computer, 'db-02');
    assert.deepEqual(event.type.includes('EXECVE'), true);
    const [row] = await house.sql("SELECT hosts, kinds FROM segment WHERE 'db-02' = ANY (hosts)");
    assert.deepEqual(row.kinds, ['process_creation']);
    socket.end();
});

test('counted frames by TLS, with the key in structured data', async () => {
    const socket = await connect({ secure: true });
    const texts = ['first line\nof two', 'second 日本'];
    socket.write(counted(`<13>1 2026-11-29T10:00:00Z web-01 nginx 77 - [yagura@0 key="${key.secret}"] ${texts[0]}`)
        + counted(`<13>1 2026-11-29T10:00:01Z web-01 nginx 77 - - ${texts[1]}`));
    const event = await until(find((one) => one.message === texts[1]), 'it is stored', 30_000);
    assert.equal(event.Computer, 'web-01');
    assert.equal(event.service, 'nginx');
    assert.equal(event['@timestamp'], '2026-11-29T10:00:01Z');
    assert.ok((await stored()).some((one) => one.message === texts[0]));
    assert.ok(!(await stored()).some((one) => JSON.stringify(one).includes(key.secret)), 'a key is stored nowhere');
    socket.end();
});

test('Sysmon for Linux writes XML into syslog', async () => {
    const socket = await connect();
    socket.write(`${key.secret}\n<14>Nov 29 10:00:00 app-03 sysmon: <Event><System><Provider Name="Linux-Sysmon" `
        + 'Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>1</EventID>'
        + '<Channel>Linux-Sysmon/Operational</Channel>'
        + '<Computer>app-03</Computer></System><EventData><Data Name="UtcTime">2026-11-29 10:00:00.000</Data>'
        + '<Data Name="Image">/usr/bin/curl</Data><Data Name="CommandLine">curl evil.example</Data></EventData>'
        + '</Event>\n');
    const event = await until(find((one) => JSON.stringify(one).includes('/usr/bin/curl')), 'it is stored', 30_000);
    assert.ok(JSON.stringify(event).includes('app-03'));
    socket.end();
});

const ends = (socket) => new Promise((done, fail) => {
    const late = setTimeout(() => { fail(new Error('the connection stays open')); socket.destroy(); }, 20_000);
    socket.resume().on('close', () => { clearTimeout(late); done(); });
});

test('without a good key the door is shut', async () => {
    for (const first of ['<13>1 - - - - - - hello\n', 'ygi_0_0\n', '<13>1 - h a - - [yagura@0 key="ygi_1_1"] x\n']) {
        const socket = await connect();
        socket.write(first);
        await ends(socket);
    }
    const socket = await connect();
    socket.write(`${key.secret}\n99999999999 <13>too long to be true\n`);
    await ends(socket);
});

test('while the database is away the sender waits, and nothing that was taken is lost or twice there', async () => {
    const socket = await connect();
    socket.write(`${key.secret}\n<13>Nov 29 10:00:00 q-1 app: before\n`);
    await until(find((one) => one.message === 'before'), 'it is stored', 30_000);
    await house.databaseGone(true);
    socket.write(Array.from({ length: 500 }, (_, i) => `<13>Nov 29 10:00:00 q-1 app: dark ${i}\n`).join(''));
    await until(() => house.log('syslog.waits').length > 0, 'it waits', 30_000);
    await house.databaseGone(false);
    await house.reconnect();
    const dark = async () => (await stored()).filter((one) => one.message?.startsWith('dark '));
    await until(async () => (await dark()).length >= 500, 'all are stored', 60_000);
    const messages = (await dark()).map((one) => one.message);
    assert.equal(new Set(messages).size, 500);
    assert.equal(messages.length, 500);
    socket.end();
});

test('what was sent before the end of a connection is stored behind it', async () => {
    const socket = await connect();
    socket.end(`${key.secret}\n<13>Nov 29 10:00:00 z-9 app: last words`);
    await until(find((one) => one.message === 'last words'), 'it is stored', 30_000);
    answered(await house.admin.get('/ingest-keys'));
});
