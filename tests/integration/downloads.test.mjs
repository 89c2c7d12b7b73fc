// Files out of the store: whole or in parts, never shown by a browser, and never damaged without a word.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from './harness.mjs';
import { bytesOf, headersOf, idOf, rowOf, send, sha256, startUploadHouse } from './upload_house.mjs';

const MiB = 1024 * 1024;
const house = await startUploadHouse();
const ticket = await house.caseOf('AOBA');
const contact = await house.as('contact');

async function attached(content, name = 'メモリ "dump".dmp') {
    const upload = await send(house, contact, ticket, content, { metadata: { filename: name } });
    const row = await rowOf(house, idOf(upload.url));
    return { url: `${house.url}/api/v1/attachments/${row.attachment_id}/content`, sha256: row.sha256 };
}
const get = (file, headers = {}, options = {}) => fetch(file.url, { headers: { ...headersOf(contact), ...headers },
    ...options });
const bytes = async (answer) => Buffer.from(await answer.arrayBuffer());
const objectOf = (file) => path.join(house.folder, 'blobs', 'objects', file.sha256.slice(0, 2), file.sha256.slice(2));

test('a file leaves as it came, under its name, and is nothing a browser would show', async () => {
    const content = bytesOf(5 * MiB + 3, 'whole');
    const file = await attached(content);
    const answer = await get(file);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-length'), String(content.length));
    assert.match(answer.headers.get('content-disposition'), /^attachment; filename="[ -~]+"; filename\*=UTF-8''/);
    assert.equal(decodeURIComponent(answer.headers.get('content-disposition').split(`UTF-8''`)[1]), 'メモリ _dump_.dmp');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-security-policy'), /default-src 'none'.*sandbox/);
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'same-origin');
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
    assert.equal(sha256(await bytes(answer)), file.sha256);
    const head = await get(file, {}, { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), String(content.length));
});

test('parts of a file, and what is no part of it', async () => {
    const content = bytesOf(MiB, 'parts');
    const file = await attached(content);
    const etag = (await get(file)).headers.get('etag');
    const parts = [['bytes=0-99', 0, 100], ['bytes=1000-', 1000, MiB], ['bytes=-10', MiB - 10, MiB],
        [`bytes=${MiB - 1}-${2 * MiB}`, MiB - 1, MiB]];
    for (const [range, from, to] of parts) {
        const answer = await get(file, { range, 'if-range': etag });
        assert.equal(answer.status, 206, range);
        assert.equal(answer.headers.get('content-range'), `bytes ${from}-${to - 1}/${MiB}`);
        assert.ok((await bytes(answer)).equals(content.subarray(from, to)), range);
    }
    const behind = await get(file, { range: `bytes=${MiB}-` });
    assert.equal(behind.status, 416);
    assert.equal(behind.headers.get('content-range'), `bytes */${MiB}`);
    for (const headers of [{ range: 'bytes=0-1,5-6' }, { range: 'bytes=0-1', 'if-range': '"another"' }]) {
        const whole = await get(file, headers);
        assert.equal(whole.status, 200);
        assert.equal((await bytes(whole)).length, MiB);
    }
    assert.equal((await get(file, { 'if-none-match': etag })).status, 304);
});

test('a damaged file ends in a broken connection, never in a download that looks whole', async () => {
    const file = await attached(bytesOf(2 * MiB, 'damaged'));
    const object = fs.openSync(objectOf(file), 'r+');
    fs.writeSync(object, 'x', 100);
    fs.closeSync(object);
    await assert.rejects(async () => bytes(await get(file)));
    const short = await attached(bytesOf(2 * MiB, 'short'));
    fs.truncateSync(objectOf(short), MiB);
    const answer = await get(short);
    assert.equal(Number(answer.headers.get('content-length')), MiB);
    await assert.rejects(() => bytes(answer));
    await until(() => house.log('http.file_cut').length >= 2, 'both are told in the log');
});

test('a reader that takes its time holds neither memory nor anybody else', async () => {
    const file = await attached(bytesOf(64 * MiB, 'slow'));
    const { pid } = house.running()[0].child;
    const resident = () => Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
    const before = resident();
    const { port, pathname } = new URL(file.url);
    const head = Object.entries({ host: 'x', ...headersOf(contact) }).map((pair) => pair.join(': ')).join('\r\n');
    const sockets = Array.from({ length: 20 }, () => {
        const socket = net.connect({ port, host: '127.0.0.1' });
        socket.write(`GET ${pathname} HTTP/1.1\r\n${head}\r\n\r\n`);
        socket.once('data', () => socket.pause());
        return socket;
    });
    await sleep(500);
    const after = resident();
    assert.equal(sha256(await bytes(await get(file))), file.sha256);
    for (const socket of sockets) socket.destroy();
    assert.ok(after - before < 96 * 1024, `${before} kB, then ${after} kB for 20 times 64 MiB`);
});

test('a service that stops lets a download end', async () => {
    const file = await attached(bytesOf(64 * MiB, 'stopping'));
    const answer = await get(file);
    const reader = answer.body.getReader();
    let length = (await reader.read()).value.length;
    const stopped = house.stopServers();
    await until(() => house.log('serve.stopping').length > 0, 'it stops');
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) length += piece.value.length;
    assert.equal(length, 64 * MiB);
    await stopped;
});
