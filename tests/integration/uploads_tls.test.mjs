// Files of any size over HTTPS that the service speaks itself: streamed in and out, resumed after a break, and slow.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';
import { until } from './harness.mjs';
import { operator } from './operator.mjs';
import { base64, bytesOf, sha256, stored } from './upload_house.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse();
const api = await operator(house, { grants: ['tickets:write', 'tenants:read'] });
const { authorization } = api.headers;
const [{ id: ticket }] = await house.sql(`SELECT id FROM ticket
    WHERE status NOT IN ('closed', 'declined', 'resolved') ORDER BY number LIMIT 1`);
await house.stopServers();
const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(house.folder, name));
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-keyout', key,
    '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
        { stdio: 'ignore' });
Object.assign(house.env, { YAGURA_TLS_CERT_FILE: cert, YAGURA_TLS_KEY_FILE: key,
    YAGURA_PUBLIC_URL: `https://127.0.0.1:${house.port}` });
const ca = fs.readFileSync(cert);

const tus = { 'tus-resumable': '1.0.0' };
function request(method, where, { headers = {}, body } = {}) {
    return new Promise((done, failed) => {
        const asked = https.request(`https://127.0.0.1:${house.port}${where}`,
            { method, ca, headers: { authorization, ...headers } }, (response) => {
                const pieces = [];
                response.on('data', (piece) => pieces.push(piece));
                response.on('end', () => done({ status: response.statusCode, headers: response.headers,
                    bytes: Buffer.concat(pieces) }));
                response.on('error', failed);
            });
        asked.on('error', failed);
        asked.end(body);
    });
}

const starting = house.start().catch(() => {}); // readiness is asked in plain HTTP there
await until(() => request('GET', '/readyz').then((answer) => answer.status === 200, () => false), 'HTTPS answers',
    30_000);

async function begin(length, name = 'memory.dmp') {
    const made = await request('POST', `/api/v1/tickets/${ticket}/uploads`, { headers: { ...tus,
        'upload-length': String(length), 'upload-metadata': `filename ${base64(name)}` } });
    assert.equal(made.status, 201, made.bytes.toString());
    return new URL(made.headers.location, `https://127.0.0.1:${house.port}`).pathname;
}
const patch = (where, offset, body) => request('PATCH', where, { body, headers: { ...tus,
    'upload-offset': String(offset),
    'content-type': 'application/offset+octet-stream' } });
const offsetOf = async (where) => Number((await request('HEAD', where, { headers: tus })).headers['upload-offset']);
const attached = async (hash) => (await house.sql('SELECT * FROM attachment WHERE sha256 = $1', [hash]))[0];

test('many megabytes go in and come out again unchanged, in one request and in several', async () => {
    const content = bytesOf(24 << 20, 'tls');
    const where = await begin(content.length);
    assert.equal((await patch(where, 0, content)).status, 204);
    const row = await attached(sha256(content));
    assert.equal(Number(row.size), content.length);
    assert.ok(stored(house, row.sha256).equals(content));
    const back = await request('GET', `/api/v1/attachments/${row.id}/content`);
    assert.equal(back.headers['content-disposition'].startsWith('attachment'), true);
    assert.ok(back.bytes.equals(content));
    const part = await request('GET', `/api/v1/attachments/${row.id}/content`,
        { headers: { range: 'bytes=1000000-1999999' } });
    assert.equal(part.status, 206);
    assert.ok(part.bytes.equals(content.subarray(1_000_000, 2_000_000)));

    const pieces = bytesOf(5_000_001, 'pieces');
    const again = await begin(pieces.length, 'pieces.bin');
    for (let at = 0; at < pieces.length; at += 1_500_000)
        assert.equal((await patch(again, at, pieces.subarray(at, at + 1_500_000))).status, 204);
    assert.ok((await attached(sha256(pieces))).id);
});

test('a connection that breaks in the middle of a record loses nothing that was noted, and is gone on with',
    async () => {
    const content = bytesOf(8 << 20, 'broken');
    const where = await begin(content.length, 'broken.bin');
    const socket = tls.connect({ host: '127.0.0.1', port: house.port, ca });
    await once(socket, 'secureConnect');
    socket.on('error', () => {});
    socket.write([`PATCH ${where} HTTP/1.1`, 'Host: 127.0.0.1', `Authorization: ${authorization}`,
        'Tus-Resumable: 1.0.0', 'Upload-Offset: 0', 'Content-Type: application/offset+octet-stream',
        `Content-Length: ${content.length}`, '', ''].join('\r\n'));
    await new Promise((done) => { socket.write(content.subarray(0, 3_000_000), done); });
    await until(async () => (await house.sql('SELECT received FROM upload WHERE name = $1',
        ['broken.bin'])).length === 1,
        'it is known');
    socket.destroy();
    let offset;
    const all = await until(async () => {
        offset = await offsetOf(where).catch(() => NaN);
        const answer = Number.isInteger(offset) && await patch(where, offset, content.subarray(offset));
        return answer && answer.status === 204; // 423 while the broken one still holds the file
    }, 'it is gone on with', 30_000);
    assert.ok(all && offset <= 3_000_000);
    assert.ok(stored(house, sha256(content)).equals(content));
});

test('a form comes in a stream, too; slow senders and many at once are no trouble', async () => {
    const content = bytesOf(2_000_000, 'form');
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="form.bin"\r\n\r\n';
    const answer = await request('POST', `/api/v1/tickets/${ticket}/files`, {
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--b--\r\n')]) });
    assert.equal(answer.status, 200, answer.bytes.toString());
    assert.ok((await attached(sha256(content))).id);

    const many = await Promise.all(Array.from({ length: 6 }, async (_, n) => {
        const one = bytesOf(1_000_000 + n, `many ${n}`);
        const where = await begin(one.length, `many-${n}.bin`);
        const asked = https.request(`https://127.0.0.1:${house.port}${where}`, { method: 'PATCH', ca, headers: { authorization,
            ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream',
                'content-length': one.length } });
        const got = once(asked, 'response');
        for (let at = 0; at < one.length; at += 100_000)
            await new Promise((done) => { asked.write(one.subarray(at, at + 100_000), done); });
        asked.end();
        const [response] = await got;
        response.resume();
        return [response.statusCode, Boolean((await attached(sha256(one)))?.id)];
    }));
    assert.deepEqual(many, Array.from({ length: 6 }, () => [204, true]));
});

test('the server ends cleanly', async () => {
    for (const process of house.running()) await process.stop();
    for (const process of house.processes) process.expected = true;
    await starting;
});
