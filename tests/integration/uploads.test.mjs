// Files into a case by tus 1.0: with the client that browsers use, and with clients that do it wrong.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { refused } from './harness.mjs';
import { begin, bytesOf, headersOf, idOf, offsetOf, partials, patch, rowOf, send, sha256, startUploadHouse, stored,
    tusHeaders } from './upload_house.mjs';

const MiB = 1024 * 1024;
const house = await startUploadHouse({ env: { YAGURA_UPLOAD_MAX_BYTES: String(2 * 1024 * MiB) } });
const ticket = await house.caseOf('AOBA');
const contact = await house.as('contact');

test('what the service can is said to everybody who asks', async () => {
    const answer = await house.browser().request('OPTIONS', `/tickets/${ticket}/uploads`);
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('tus-version'), '1.0.0');
    assert.equal(answer.headers.get('tus-max-size'), String(2 * 1024 * MiB));
    assert.equal(answer.headers.get('tus-checksum-algorithm'), 'sha256,sha1,md5');
    const extensions = answer.headers.get('tus-extension').split(',');
    for (const name of ['creation', 'creation-with-upload', 'expiration', 'checksum', 'termination']) {
        assert.ok(extensions.includes(name), name);
    }
});

test('a file arrives as it was sent, with its three hashes, and leaves no part behind', async () => {
    const content = bytesOf(40 * MiB + 7);
    const upload = await send(house, contact, ticket, content);
    const row = await rowOf(house, idOf(upload.url));
    assert.equal(row.state, 'complete');
    assert.equal(row.received, String(content.length));
    assert.equal(row.sha256, sha256(content));
    assert.equal(row.name, 'memory.dmp');
    assert.ok(stored(house, row.sha256).equals(content));
    assert.deepEqual(partials(house), []);
    assert.equal(await offsetOf(contact, `/uploads/${row.id}`), content.length);
});

test('a file of nothing is a file', async () => {
    const upload = await send(house, contact, ticket, Buffer.alloc(0));
    const row = await rowOf(house, idOf(upload.url));
    assert.equal(row.state, 'complete');
    assert.equal(row.sha256, sha256(''));
});

test('pieces, a pause in between, and going on', async () => {
    const content = bytesOf(5 * MiB, 'paused');
    let paused;
    const upload = await send(house, contact, ticket, content, {
        chunkSize: MiB,
        onUpload: (it) => { paused = it; },
        onChunkComplete(size, accepted) {
            if (accepted !== 2 * MiB) return;
            paused.abort().then(() => sleep(50)).then(() => paused.start());
        },
    });
    const row = await rowOf(house, idOf(upload.url));
    assert.equal(row.sha256, sha256(content));
});

test('a body without a length, faster than the disk, arrives whole, and the service stops as it should', async () => {
    const content = bytesOf(96 * MiB, 'chunks');
    const where = await begin(contact, ticket, content.length);
    const answer = await fetch(`${house.url}/api/v1${where}`, { method: 'PATCH', duplex: 'half',
        headers: { ...headersOf(contact), ...tusHeaders, 'upload-offset': '0',
            'content-type': 'application/offset+octet-stream' },
        body: Readable.toWeb(Readable.from((function* pieces() {
            const step = 65536;
            for (let at = 0; at < content.length; at += step) yield content.subarray(at, at + step);
        })())) });
    assert.equal(answer.status, 204);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256(content));
    await house.restart(); // fails when a connection was forgotten
});

test('a refusal reaches whoever is about to send much', async () => {
    const where = await begin(contact, ticket, 64 * MiB);
    assert.equal(refused(await patch(contact, where, 5, Buffer.alloc(50 * MiB)), 409).code, 'upload-offset');
    assert.equal(await offsetOf(contact, where), 0);
});

const form = (fields, file, name) => {
    const made = new FormData();
    for (const [key, value] of Object.entries(fields)) made.append(key, value);
    if (file) made.append('file', new Blob([file], { type: 'text/plain' }), name);
    return made;
};

test('a program without tus sends a form, and gets what became of it', async () => {
    const content = bytesOf(3 * MiB + 1, 'form');
    const answer = await contact.request('POST', `/tickets/${ticket}/files`,
        { body: form({ note: '調査 用' }, content, '調査.log') });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.state, 'complete');
    assert.equal(answer.body.name, '調査.log');
    assert.equal(answer.body.sha256, sha256(content));
    assert.equal(answer.body.metadata.note, '調査 用');
    assert.ok(stored(house, answer.body.sha256).equals(content));
});

test('a form without a file, with two, or broken off leaves nothing', async () => {
    const incoming = () => fs.readdirSync(path.join(house.folder, 'blobs', 'incoming'));
    const two = form({}, 'one', 'a.txt');
    two.append('more', new Blob(['two']), 'b.txt');
    const ask = (body, headers) => contact.request('POST', `/tickets/${ticket}/files`, { body, headers });
    assert.equal(refused(await ask(two), 422).code, 'form-file');
    refused(await ask(form({ note: 'x' })), 422);
    refused(await ask(form({ a: 'x'.repeat(2000) }, 'y', 'z')), 400);
    refused(await ask('--b\r\nContent-Disposition: form-data; '
        + 'name="f"; filename="x"\r\n\r\nhalf', { 'content-type': 'multipart/form-data; boundary=b' }), 400);
    refused(await ask({}), 400);
    assert.deepEqual(incoming(), []);
});
